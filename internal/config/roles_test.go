package config_test

import (
	"slices"
	"strings"
	"testing"

	"muster/internal/config"
)

// loadRoles reads value as MUSTER_ADMIN_ROLES of a production server.
func loadRoles(t *testing.T, value string) (*config.Config, error) {
	t.Helper()
	return config.Load(config.Flags{}, environment(t, production(map[string]string{"MUSTER_ADMIN_ROLES": value})))
}

func TestLoad_RolesAreSeparatedByCommasAndLinesOnly(t *testing.T) {
	t.Parallel()
	const dn = "CN=Muster Admins,OU=Groups,DC=example,DC=com"
	for name, tt := range map[string]struct {
		value string
		want  []string
	}{
		"a space belongs to the value":     {"Licence Admin", []string{"Licence Admin"}},
		"commas":                           {"Licence Admin, owners ,x", []string{"Licence Admin", "owners", "x"}},
		"lines":                            {"Licence Admin\r\nowners\n\n  x\n", []string{"Licence Admin", "owners", "x"}},
		"a comma at the end":               {"Licence Admin,", []string{"Licence Admin"}},
		"tabs around values":               {"\tadmins\t,\towners", []string{"admins", "owners"}},
		"quotes around all of it":          {`"Licence Admin"`, []string{"Licence Admin"}},
		"single quotes around all of it":   {`'Licence Admin'`, []string{"Licence Admin"}},
		"quotes around one value":          {`owners, "Licence Admin"`, []string{"owners", "Licence Admin"}},
		"quotes around each":               {`'Licence Admin','owners'`, []string{"Licence Admin", "owners"}},
		"both quotes":                      {`"Bob's team", '5" disks'`, []string{"Bob's team", `5" disks`}},
		"an apostrophe inside":             {"Bob's team,O'Brien", []string{"Bob's team", "O'Brien"}},
		"a quoted LDAP name":               {`"` + dn + `"`, []string{dn}},
		"quoted LDAP names":                {`'` + dn + `','CN=b,DC=c'`, []string{dn, "CN=b,DC=c"}},
		"a quoted LDAP name on each line":  {`"` + dn + "\"\n\"CN=b,DC=c\"", []string{dn, "CN=b,DC=c"}},
		"an escaped comma stays as it is":  {`"CN=Smith\, John,DC=c"`, []string{`CN=Smith\, John,DC=c`}},
		"a JSON array":                     {`["Licence Admin","` + dn + `"]`, []string{"Licence Admin", dn}},
		"a JSON array over lines":          {"[\n  \"Licence Admin\",\n  \"x\"\n]", []string{"Licence Admin", "x"}},
		"a JSON array in single quotes":    {`'["Bob's team","x"]'`, []string{"Bob's team", "x"}},
		"quoted values in a pair of quote": {`'"Licence Admin","x"'`, []string{"Licence Admin", "x"}},
		"a bracket first, in a JSON array": {`["[x]"]`, []string{"[x]"}},
		"one part of an LDAP name alone":   {"OU=Groups", []string{"OU=Groups"}},
		"an equals sign that names no part": {"YWRtaW4=,YWRtaW4==,https://x.example/?a=b",
			[]string{"YWRtaW4=", "YWRtaW4==", "https://x.example/?a=b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := loadRoles(t, tt.value)
			if err != nil || !slices.Equal(c.OIDC.AdminRoles, tt.want) {
				t.Errorf("%q was read as %q (%v), want %q", tt.value, c.OIDC.AdminRoles, err, tt.want)
			}
		})
	}
}

// A list that may mean something else than it says must not start a server:
// other people have the roles it would give rights to.
func TestLoad_RefusesRolesThatAreNotClear(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ value, want string }{
		"an LDAP name without quotes":  {"CN=Muster Admins,OU=Groups,DC=example,DC=com", `["CN=Admins,OU=Groups,DC=example,DC=com"]`},
		"one beside a quoted value":    {`"owners",OU=Groups`, "LDAP"},
		"one beside another role":      {"owners,OU=Groups", "LDAP"},
		"one on a line of several":     {"owners\nCN=a,DC=b", "LDAP"},
		"one with an escaped comma":    {`CN=Smith\, John`, "LDAP"},
		"one with object identifiers":  {"2.5.4.3=a,2.5.4.11=b", "LDAP"},
		"one with a quoted part":       {`CN="a, b",OU=c`, "LDAP"},
		"broken JSON":                  {`["Licence Admin"`, "JSON"},
		"JSON and more":                {`["a"],["b"]`, "JSON"},
		"JSON of numbers":              {`[1]`, "JSON"},
		"no JSON":                      {`[admins]`, "JSON"},
		"an unclosed quote":            {`"Licence Admin`, "never closed"},
		"an unclosed single quote":     {`a,'b`, "never closed"},
		"a quote over lines":           {"\"a\nb\"", "never closed"},
		"text after a quote":           {`"a" b`, "after"},
		"an empty quoted value":        {`a,""`, "empty value"},
		"a blank quoted value":         {`a,' '`, "empty value"},
		"an empty value in JSON":       {`["a",""]`, "empty value"},
		"null in JSON":                 {`["a",null]`, "empty value"},
		"an empty JSON array":          {`[]`, "no value"},
		"commas alone":                 {",\n,", "no value"},
		"no UTF-8":                     {"a\xefb", "UTF-8"},
		"a byte order mark":            {"\ufeff[\"a\"]", "byte order mark"},
		"a byte order mark in between": {"a\n\ufeffb", "byte order mark"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := loadRoles(t, tt.value)
			if err == nil {
				t.Fatalf("%q was read as %q", tt.value, c.OIDC.AdminRoles)
			}
			if got := err.Error(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "- MUSTER_ADMIN_ROLES ") || !strings.Contains(got, tt.want) || !strings.HasSuffix(got, ".") {
				t.Errorf("%q: %v; want one sentence with %q", tt.value, err, tt.want)
			}
		})
	}
}

// The default does not stand in for a list that was refused.
func TestLoad_RefusedRolesAreNone(t *testing.T) {
	t.Parallel()
	c, err := config.Load(config.Flags{}, environment(t, production(map[string]string{"MUSTER_ADMIN_ROLES": `"x`, "MUSTER_HELPDESK_ROLES": "admin"})))
	if err == nil || len(c.OIDC.AdminRoles) > 0 || setting(c, "MUSTER_ADMIN_ROLES") != "" || !strings.Contains(err.Error(), "1 problem:") {
		t.Errorf("%q, %v", c.OIDC.AdminRoles, err)
	}
}

// What other lists hold never has a space, and is read as it always was.
func TestLoad_OtherListsAreSeparatedByBlanksToo(t *testing.T) {
	t.Parallel()
	c, err := config.Load(config.Flags{}, environment(t, production(map[string]string{
		"MUSTER_OIDC_SCOPES":     "openid profile,email\ngroups",
		"MUSTER_TRUSTED_PROXIES": "10.0.0.0/8 192.0.2.0/24,\n2001:db8::/32",
	})))
	if err != nil || !slices.Equal(c.OIDC.Scopes, []string{"openid", "profile", "email", "groups"}) || len(c.TrustedProxies) != 3 {
		t.Errorf("scopes %q, proxies %v, %v", c.OIDC.Scopes, c.TrustedProxies, err)
	}
}

func TestSettings_RolesReadBackAsTheyAreShown(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"admin", "Licence Admin", `"a,b"`, `"CN=A & B\, C,DC=c"`, `'5" disks'`, `["[x]","y"]`} {
		c, err := loadRoles(t, value)
		if err != nil {
			t.Fatalf("%s: %v", value, err)
		}
		shown := setting(c, "MUSTER_ADMIN_ROLES")
		again, err := loadRoles(t, shown)
		if err != nil || !slices.Equal(again.OIDC.AdminRoles, c.OIDC.AdminRoles) {
			t.Errorf("%s is shown as %s and reads back as %q, %v", value, shown, again.OIDC.AdminRoles, err)
		}
	}
	c, err := loadRoles(t, `Licence Admin,"R&D, all"`)
	if shown := setting(c, "MUSTER_ADMIN_ROLES"); err != nil || shown != `["Licence Admin","R&D, all"]` {
		t.Errorf("shown as %s, %v", shown, err)
	}
}

// Quotes around a whole list make one value of it: that works, and helps
// nobody.
func TestLoad_WarnsOfACommaInAValueThatIsNoLDAPName(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int{`"admins,owners"`: 1, `"CN=a,DC=b"`: 0, `a,"b c"`: 0} {
		c, err := loadRoles(t, value)
		if err != nil || len(c.Warnings) != want {
			t.Errorf("%s: warnings %q, %v", value, c.Warnings, err)
		}
	}
}

// setting is what `muster config` prints of a variable.
func setting(c *config.Config, variable string) string {
	for _, s := range c.Settings() {
		if s.Variable == variable {
			return s.Value
		}
	}
	return "(missing)"
}

// Whatever is accepted reads back from what is shown.
func FuzzRoles(f *testing.F) {
	for _, seed := range []string{"Licence Admin,x", `"a,b"`, `["a"]`, `'["a"]'`, "CN=a,DC=b", `"'a','b'"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		c, err := loadRoles(t, value)
		if err != nil {
			return
		}
		if len(c.OIDC.AdminRoles) == 0 || slices.Contains(c.OIDC.AdminRoles, "") {
			t.Fatalf("%q was read as %q", value, c.OIDC.AdminRoles)
		}
		again, err := loadRoles(t, setting(c, "MUSTER_ADMIN_ROLES"))
		if err != nil || !slices.Equal(again.OIDC.AdminRoles, c.OIDC.AdminRoles) {
			t.Fatalf("%q was read as %q and shown as %q, which reads back as %q, %v", value, c.OIDC.AdminRoles, setting(c, "MUSTER_ADMIN_ROLES"), again.OIDC.AdminRoles, err)
		}
	})
}
