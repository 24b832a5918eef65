package config_test

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"muster/internal/config"
)

// key is 32 bytes in base64.
var key = base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))

func environment(t *testing.T, vars map[string]string) config.Environment {
	t.Helper()
	return config.Environment{
		Lookup: func(name string) (string, bool) { v, ok := vars[name]; return v, ok },
		Dir:    t.TempDir(),
	}
}

// flags are those of a command line.
func flags(t *testing.T, args ...string) config.Flags {
	t.Helper()
	f := config.NewFlags()
	parser, err := kong.New(&f)
	if err == nil {
		_, err = parser.Parse(args)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func production(changes map[string]string) map[string]string {
	vars := map[string]string{
		"MUSTER_BASE_URL":           "https://muster.example.com",
		"MUSTER_OIDC_ISSUER":        "https://id.example.com/realms/main",
		"MUSTER_OIDC_CLIENT_ID":     "muster",
		"MUSTER_OIDC_CLIENT_SECRET": "a-client-secret",
		"MUSTER_OIDC_AUDIENCE":      "muster-api",
		"MUSTER_ADMIN_ROLES":        "muster-admin",
	}
	for name, value := range changes {
		vars[name] = value
	}
	return vars
}

func TestLoad_DevelopmentNeedsNothing(t *testing.T) {
	t.Parallel()
	env := environment(t, nil)
	c, err := config.Load(config.Flags{Dev: true, Demo: true}, env)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if c.Listen != "127.0.0.1:8080" || c.BaseURL != "" || c.MetricsListen != "" {
		t.Errorf("listen %q, base URL %q, metrics %q", c.Listen, c.BaseURL, c.MetricsListen)
	}
	if want := "sqlite://" + filepath.Join(env.Dir, "data", "muster.db"); c.DatabaseURL.Reveal() != want || !c.DefaultDatabase {
		t.Errorf("database %q, want the default %q", c.DatabaseURL.Reveal(), want)
	}
	if c.OIDC.ClientID != "" || len(c.OIDC.Scopes) > 0 {
		t.Errorf("development has login settings: %+v", c.OIDC)
	}
}

func TestLoad_ProductionDefaults(t *testing.T) {
	t.Parallel()
	c, err := config.Load(config.Flags{}, environment(t, production(nil)))
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	const day = 24 * time.Hour
	if c.AccessTokenTTL != 15*time.Minute || c.RefreshIdle != 90*day || c.MaxTokenLifetime != 366*day || c.Retention != 400*day {
		t.Errorf("durations %v %v %v %v", c.AccessTokenTTL, c.RefreshIdle, c.MaxTokenLifetime, c.Retention)
	}
	if c.OIDC.RoleClaim != "groups" || !slices.Equal(c.OIDC.Scopes, []string{"openid", "profile", "email"}) {
		t.Errorf("role claim %q, scopes %q", c.OIDC.RoleClaim, c.OIDC.Scopes)
	}
	if len(c.Warnings) > 0 {
		t.Errorf("warnings for a complete configuration: %q", c.Warnings)
	}
}

func TestLoad_FlagBeatsVariableAndEmptyIsNotSet(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"MUSTER_LISTEN": "127.0.0.1:9001", "MUSTER_RETENTION": " ", "MUSTER_OIDC_ISSUER": ""}
	c, err := config.Load(flags(t, "--dev", "--listen=localhost:9002"), environment(t, vars))
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if c.Listen != "localhost:9002" || c.Retention != 400*24*time.Hour {
		t.Errorf("listen %q, retention %v", c.Listen, c.Retention)
	}
}

func TestLoad_ListsAndNetworks(t *testing.T) {
	t.Parallel()
	c, err := config.Load(config.Flags{}, environment(t, production(map[string]string{
		"MUSTER_ADMIN_ROLES":     "admins, owners,,",
		"MUSTER_TRUSTED_PROXIES": "10.1.2.3/8,2001:db8::/32",
		"MUSTER_OIDC_SCOPES":     "openid groups",
	})))
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if !slices.Equal(c.OIDC.AdminRoles, []string{"admins", "owners"}) || !slices.Equal(c.OIDC.Scopes, []string{"openid", "groups"}) {
		t.Errorf("roles %q, scopes %q", c.OIDC.AdminRoles, c.OIDC.Scopes)
	}
	if len(c.TrustedProxies) != 2 || c.TrustedProxies[0].String() != "10.0.0.0/8" {
		t.Errorf("networks %v", c.TrustedProxies)
	}
}

func TestLoad_ServiceAccountsAreNamesAsReported(t *testing.T) {
	t.Parallel()
	c, err := config.Load(config.Flags{}, environment(t, production(map[string]string{
		"MUSTER_SERVICE_ACCOUNTS": "svc-deploy, build-*\nCONTOSO\\nightly*,scan*@contoso.example",
	})))
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if want := []string{"svc-deploy", "build-*", `CONTOSO\nightly*`, "scan*@contoso.example"}; !slices.Equal(c.ServiceAccounts, want) {
		t.Errorf("service accounts %q, want %q", c.ServiceAccounts, want)
	}
}

func TestLoad_AllMissingAtOnce(t *testing.T) {
	t.Parallel()
	_, err := config.Load(config.Flags{}, environment(t, map[string]string{"MUSTER_LISTEN": "8080"}))
	problems, ok := errors.AsType[*config.Problems](err)
	if !ok {
		t.Fatalf("Load: %v", err)
	}
	for _, variable := range []string{"MUSTER_BASE_URL", "MUSTER_OIDC_ISSUER", "MUSTER_OIDC_CLIENT_ID"} {
		if !slices.ContainsFunc(problems.Missing, func(p string) bool { return strings.HasPrefix(p, variable+" ") }) {
			t.Errorf("%s is not named as missing in %q", variable, problems.Missing)
		}
	}
	if len(problems.Wrong) != 1 {
		t.Errorf("wrong: %q, want the listen address alone", problems.Wrong)
	}
}

func TestLoad_RefusesNamingTheFix(t *testing.T) {
	t.Parallel()
	dev := config.Flags{Dev: true}
	tests := map[string]struct {
		flags config.Flags
		vars  map[string]string
		want  string // part of the one problem
	}{
		"http base URL":          {vars: production(map[string]string{"MUSTER_BASE_URL": "http://muster.example.com"}), want: "use https://muster.example.com"},
		"base URL with path":     {vars: production(map[string]string{"MUSTER_BASE_URL": "https://example.com/muster"}), want: "use https://example.com"},
		"base URL with query":    {vars: production(map[string]string{"MUSTER_BASE_URL": "https://example.com?x=1"}), want: "no path, query"},
		"base URL without host":  {vars: production(map[string]string{"MUSTER_BASE_URL": "muster.example.com"}), want: "write it like"},
		"base URL with password": {vars: production(map[string]string{"MUSTER_BASE_URL": "https://u:hunter2@example.com"}), want: "leave them out"},
		"http issuer":            {vars: production(map[string]string{"MUSTER_OIDC_ISSUER": "http://id.example.com"}), want: "https address"},
		"scopes without openid":  {vars: production(map[string]string{"MUSTER_OIDC_SCOPES": "email"}), want: "openid"},
		"broken claim path":      {vars: production(map[string]string{"MUSTER_ROLE_CLAIM": `["resource_access",`}), want: "MUSTER_ROLE_CLAIM begins like a JSON array"},
		"claim without a name":   {vars: production(map[string]string{"MUSTER_ROLE_CLAIM": `[]`}), want: "MUSTER_ROLE_CLAIM has no segment"},
		"one role twice":         {vars: production(map[string]string{"MUSTER_HELPDESK_ROLES": "muster-admin"}), want: "one of them"},
		"everybody's accounts":   {vars: production(map[string]string{"MUSTER_SERVICE_ACCOUNTS": "build-*, *"}), want: `"*", which names nobody`},
		"accounts of a domain":   {vars: production(map[string]string{"MUSTER_SERVICE_ACCOUNTS": `CONTOSO\*`}), want: `which names nobody`},
		"accounts, a separator":  {vars: production(map[string]string{"MUSTER_SERVICE_ACCOUNTS": `\`}), want: `which names nobody`},
		"accounts, a * between":  {vars: production(map[string]string{"MUSTER_SERVICE_ACCOUNTS": "svc-*-build"}), want: "only at the end"},
		"accounts, a * domain":   {vars: production(map[string]string{"MUSTER_SERVICE_ACCOUNTS": "build@*"}), want: "only at the end"},
		"proxy not a network":    {vars: production(map[string]string{"MUSTER_TRUSTED_PROXIES": "10.0.0.1"}), want: "CIDR"},
		"everybody a proxy":      {vars: production(map[string]string{"MUSTER_TRUSTED_PROXIES": "0.0.0.0/0"}), want: "proxy's own network"},
		"duration":               {vars: production(map[string]string{"MUSTER_RETENTION": "forever"}), want: "write it like 90d"},
		"duration too short":     {vars: production(map[string]string{"MUSTER_ACCESS_TOKEN_TTL": "0s"}), want: "between 1s and 1d"},
		"key too short":          {vars: production(map[string]string{"MUSTER_MASTER_KEY": "c2hvcnQ="}), want: "32 random bytes"},
		"key not base64":         {vars: production(map[string]string{"MUSTER_MASTER_KEY": strings.Repeat("!", 44)}), want: "32 random bytes"},
		"secret and its file":    {vars: production(map[string]string{"MUSTER_OIDC_CLIENT_SECRET_FILE": "/nowhere"}), want: "unset one"},
		"secret file missing":    {vars: production(map[string]string{"MUSTER_OIDC_CLIENT_SECRET": "", "MUSTER_OIDC_CLIENT_SECRET_FILE": "/nowhere/secret"}), want: "correct the path"},
		"relative SQLite path":   {vars: production(map[string]string{"MUSTER_DATABASE_URL": "sqlite://data/muster.db"}), want: "three slashes"},
		"unknown database":       {vars: production(map[string]string{"MUSTER_DATABASE_URL": "mysql://h/d"}), want: "sqlite:/// or postgres://"},
		"PostgreSQL, no name":    {vars: production(map[string]string{"MUSTER_DATABASE_URL": "postgres://h"}), want: "names no database"},
		"demo in production":     {flags: config.Flags{Demo: true}, vars: production(nil), want: "add --dev"},
		"dev for everybody":      {flags: flags(t, "--dev", "--listen=0.0.0.0:8080"), want: "127.0.0.1"},
		"dev on all addresses":   {flags: flags(t, "--dev", "--listen=:8080"), want: "127.0.0.1"},
		"dev with issuer":        {flags: dev, vars: map[string]string{"MUSTER_OIDC_ISSUER": "https://id.example.com"}, want: "MUSTER_OIDC_ISSUER cannot be set with --dev"},
		"dev with roles":         {flags: dev, vars: map[string]string{"MUSTER_ADMIN_ROLES": "x"}, want: "MUSTER_ADMIN_ROLES cannot be set with --dev"},
		"dev with secret":        {flags: dev, vars: map[string]string{"MUSTER_OIDC_CLIENT_SECRET": "x"}, want: "MUSTER_OIDC_CLIENT_SECRET cannot be set with --dev"},
		"dev with base URL":      {flags: dev, vars: map[string]string{"MUSTER_BASE_URL": "http://localhost:8080"}, want: "unset it"},
		"vendor name too long":   {flags: flags(t, "--dev", "--vendor-name="+strings.Repeat("x", 61)), want: "MUSTER_VENDOR_NAME"},
		"logo missing":           {flags: flags(t, "--dev", "--vendor-logo=/nowhere/logo.png"), want: "MUSTER_VENDOR_LOGO"},
		"logo no picture":        {flags: flags(t, "--dev", "--vendor-logo=config_test.go"), want: "MUSTER_VENDOR_LOGO"},
		"help text turned round": {flags: flags(t, "--dev", "--help-text=call \u202e us"), want: "MUSTER_HELP_TEXT"},
		"ticket of a script":     {flags: flags(t, "--dev", "--ticket-url=javascript:alert({ticket})"), want: "which is not an address"},
		"ticket at no address":   {flags: flags(t, "--dev", "--ticket-url=desk.example.com/{ticket}"), want: "write it like https://"},
		"ticket without a place": {flags: flags(t, "--dev", "--ticket-url=https://desk.example.com/browse/"), want: "must have {ticket} behind the host name"},
		"ticket chooses a host":  {flags: flags(t, "--dev", "--ticket-url=https://{ticket}.example.com/{ticket}"), want: "MUSTER_TICKET_URL"},
		"ticket with password":   {flags: flags(t, "--dev", "--ticket-url=https://u:hunter2@desk.example.com/{ticket}"), want: "leave them out"},
		"dev shows metrics":      {flags: flags(t, "--dev", "--metrics-listen=0.0.0.0:9090"), want: "MUSTER_METRICS_LISTEN"},
		"dev metrics anywhere":   {flags: dev, vars: map[string]string{"MUSTER_METRICS_LISTEN": ":9090"}, want: "127.0.0.1"},
		"base URL, wrong port":   {vars: production(map[string]string{"MUSTER_BASE_URL": "https://muster.example.com:99999"}), want: "write it like"},
		"password in a flag":     {flags: flags(t, "--dev", "--database-url=postgres://u:hunter2@h/d"), want: "MUSTER_DATABASE_URL_FILE"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(tt.flags, environment(t, tt.vars))
			problems, ok := errors.AsType[*config.Problems](err)
			if !ok {
				t.Fatalf("Load accepted it: %v", err)
			}
			all := append(problems.Wrong, problems.Missing...)
			if len(all) != 1 || !strings.Contains(all[0], tt.want) || !strings.HasSuffix(all[0], ".") {
				t.Errorf("problems %q, want one sentence with %q", all, tt.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the problem shows a password: %v", err)
			}
		})
	}
}

func TestLoad_AcceptsLoopbackHTTP(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:8080"} {
		c, err := config.Load(config.Flags{}, environment(t, production(map[string]string{"MUSTER_BASE_URL": base})))
		if err != nil {
			t.Errorf("%s: %v", base, err)
		} else if c.BaseURL != strings.TrimSuffix(base, "/") {
			t.Errorf("base URL %q", c.BaseURL)
		}
	}
}

// Browsers leave out a port that the scheme implies and write host names in
// small letters; the login redirect compares with what they send.
func TestLoad_BaseURLIsWrittenAsBrowsersDo(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://Muster.Example.com:443/": "https://muster.example.com",
		"HTTPS://muster.example.com":      "https://muster.example.com",
		"https://muster.example.com:":     "https://muster.example.com",
		"https://muster.example.com:8443": "https://muster.example.com:8443",
		"https://muster.example.com:0443": "https://muster.example.com",
		"https://muster.example.com:80":   "https://muster.example.com:80",
		"http://localhost:80":             "http://localhost",
		"http://[::1]:80":                 "http://[::1]",
		"https://[2001:DB8::1]:443":       "https://[2001:db8::1]",
	} {
		c, err := config.Load(config.Flags{}, environment(t, production(map[string]string{"MUSTER_BASE_URL": given})))
		if err != nil || c.BaseURL != want {
			t.Errorf("%s became %q, %v; want %q", given, c.BaseURL, err, want)
		}
	}
}

func TestLoad_DevelopmentMetricsOnLoopback(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"127.0.0.1:9090", "[::1]:9090", "localhost:0"} {
		if _, err := config.Load(flags(t, "--dev", "--metrics-listen="+listen), environment(t, nil)); err != nil {
			t.Errorf("%s: %v", listen, err)
		}
	}
	// A production server's metrics belong inside, wherever that is.
	if _, err := config.Load(flags(t, "--metrics-listen=10.0.0.5:9090"), environment(t, production(nil))); err != nil {
		t.Error(err)
	}
}

func TestLoad_SecretFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	vars := production(map[string]string{
		"MUSTER_OIDC_CLIENT_SECRET":      "",
		"MUSTER_OIDC_CLIENT_SECRET_FILE": write("client", "from-a-file\n", 0o644),
		"MUSTER_DATABASE_URL_FILE":       write("database", "postgres://u:pw@db/muster\n", 0o600),
		"MUSTER_MASTER_KEY_FILE":         write("key", key+"\n", 0o600),
	})
	c, err := config.Load(config.Flags{}, environment(t, vars))
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if c.OIDC.ClientSecret.Reveal() != "from-a-file" || c.DatabaseURL.Reveal() != "postgres://u:pw@db/muster" {
		t.Error("a secret file was not read")
	}
	if k, err := c.MasterKey(nil, nil); err != nil || string(k) != "0123456789abcdef0123456789abcdef" {
		t.Errorf("master key: %v", err)
	}

	vars["MUSTER_MASTER_KEY_FILE"] = write("open-key", key, 0o660)
	if _, err := config.Load(config.Flags{}, environment(t, vars)); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key file its group may write: %v", err)
	}
	vars["MUSTER_MASTER_KEY_FILE"] = write("no-key", "", 0o600)
	if _, err := config.Load(config.Flags{}, environment(t, vars)); err == nil || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("an empty key file: %v", err)
	}
}

func TestLoadDatabase_NeedsNothingElse(t *testing.T) {
	t.Parallel()
	env := environment(t, map[string]string{"MUSTER_DATABASE_URL": "sqlite:///var/lib/muster/muster.db", "MUSTER_LISTEN": "nonsense"})
	c, err := config.LoadDatabase(config.DatabaseFlags{}, env)
	if err != nil || c.DatabaseURL.Reveal() != "sqlite:///var/lib/muster/muster.db" || c.DefaultDatabase {
		t.Fatalf("LoadDatabase: %+v, %v", c, err)
	}
}

func TestSettings_NoSecretShows(t *testing.T) {
	t.Parallel()
	vars := production(map[string]string{
		"MUSTER_DATABASE_URL": "postgres://muster:hunter2@db.example.com/muster?password=hunter2",
		"MUSTER_MASTER_KEY":   key,
	})
	c, err := config.Load(config.Flags{}, environment(t, vars))
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	shown := map[string]string{}
	for _, s := range c.Settings() {
		shown[s.Variable] = s.Value
		for _, secret := range []string{"hunter2", "a-client-secret", key} {
			if strings.Contains(s.Value, secret) {
				t.Errorf("%s shows a secret", s.Variable)
			}
		}
	}
	if shown["MUSTER_REFRESH_IDLE"] != "90d" || shown["MUSTER_DATABASE_URL"] != "postgres://muster@db.example.com/muster" ||
		shown["MUSTER_OIDC_CLIENT_SECRET"] != "[redacted]" || shown["MUSTER_OIDC_ISSUER"] == "" {
		t.Errorf("settings %q", shown)
	}
}

func TestDevBaseURL_KeepsTheHostNameGiven(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		"127.0.0.1:0":    "http://127.0.0.1:4711",
		"localhost:8080": "http://localhost:4711",
		"[::1]:0":        "http://[::1]:4711",
	} {
		if got := config.DevBaseURL(listen, 4711); got != want {
			t.Errorf("DevBaseURL(%q) = %q, want %q", listen, got, want)
		}
	}
	for listen, want := range map[string]string{"127.0.0.1:80": "http://127.0.0.1", "[::1]:80": "http://[::1]", "LocalHost:80": "http://localhost"} {
		if got := config.DevBaseURL(listen, 80); got != want {
			t.Errorf("DevBaseURL(%q) = %q, want %q", listen, got, want)
		}
	}
}
