package rp_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"muster/internal/rp"
	"muster/internal/rp/rptest"
	"muster/models"
)

func TestRole_ComesFromTheConfiguredClaim(t *testing.T) {
	t.Parallel()
	const dotted, array = "resource_access.my.client.roles", `["resource_access","my.client","roles"]`
	zitadel := object{"admin": object{"312": "acme.example"}, "other": object{}}
	for name, c := range map[string]struct {
		claim   string
		claims  object
		role    models.Role
		finding models.RoleFinding
	}{
		"array":                    {"", object{"groups": []string{"staff", "helpdesk"}}, models.RoleHelpdesk, models.RoleFound},
		"admin wins":               {"", object{"groups": []string{"helpdesk", "admin"}}, models.RoleAdmin, models.RoleFound},
		"string is one value":      {"", object{"groups": "admin"}, models.RoleAdmin, models.RoleFound},
		"string is not a list":     {"", object{"groups": "admin,helpdesk"}, models.RoleNone, models.RoleNotAmongValues},
		"array with other kinds":   {"", object{"groups": []any{1, nil, "admin"}}, models.RoleAdmin, models.RoleFound},
		"empty array":              {"", object{"groups": []string{}}, models.RoleNone, models.RoleClaimEmpty},
		"case counts":              {"", object{"groups": []string{"Admin"}}, models.RoleNone, models.RoleNotAmongValues},
		"null":                     {"", object{"groups": nil}, models.RoleNone, models.RoleClaimNull},
		"number":                   {"", object{"groups": 7}, models.RoleNone, models.RoleClaimUnreadable},
		"missing":                  {"", object{}, models.RoleNone, models.RoleClaimAbsent},
		"Zitadel":                  {"urn:zitadel:iam:org:project:roles", object{"urn:zitadel:iam:org:project:roles": zitadel}, models.RoleAdmin, models.RoleFound},
		"object keyed by role":     {"", object{"groups": object{"helpdesk": true}}, models.RoleHelpdesk, models.RoleFound},
		"object that says no":      {"", object{"groups": object{"admin": false, "helpdesk": nil}}, models.RoleNone, models.RoleClaimEmpty},
		"object of other things":   {"", object{"groups": object{"admin": "no", "helpdesk": []string{"x"}}}, models.RoleNone, models.RoleClaimEmpty},
		"object, role inside":      {"", object{"groups": object{"a": object{"admin": "x"}}}, models.RoleNone, models.RoleNotAmongValues},
		"nested":                   {"realm_access.roles", object{"realm_access": object{"roles": []string{"admin"}}}, models.RoleAdmin, models.RoleFound},
		"nested, wrong shape":      {"realm_access.roles", object{"realm_access": []string{"roles"}}, models.RoleNone, models.RoleClaimAbsent},
		"name with dots":           {"https://example.com/roles", object{"https://example.com/roles": []string{"admin"}}, models.RoleAdmin, models.RoleFound},
		"Keycloak client":          {dotted, object{"resource_access": object{"my.client": object{"roles": []string{"admin"}}}}, models.RoleAdmin, models.RoleFound},
		"Keycloak client, exact":   {array, object{"resource_access": object{"my.client": object{"roles": []string{"admin"}}}}, models.RoleAdmin, models.RoleFound},
		"Keycloak, another client": {dotted, object{"resource_access": object{"my": object{"roles": []string{"admin"}}, "client": object{"roles": []string{"admin"}}}}, models.RoleNone, models.RoleClaimAbsent},
		"Cognito":                  {"cognito:groups", object{"cognito:groups": []string{"admin"}}, models.RoleAdmin, models.RoleFound},
		"Entra ID over 200 groups": {"", object{"_claim_names": object{"groups": "src1"}, "_claim_sources": object{"src1": object{"endpoint": "https://graph.example"}}}, models.RoleNone, models.RoleClaimOverage},
		"Entra ID, hasgroups":      {"", object{"hasgroups": true}, models.RoleNone, models.RoleClaimOverage},
		"overage of another claim": {"roles", object{"_claim_names": object{"groups": "src1"}, "_claim_sources": object{"src1": object{"endpoint": "https://graph.example"}}, "roles": []string{"admin"}}, models.RoleAdmin, models.RoleFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, func(cfg *rp.Config) { cfg.RoleClaim = c.claim })
			s.idp.Set(func(b *rptest.Behaviour) {
				b.Discovery = func(d map[string]any) { delete(d, "userinfo_endpoint") }
				b.IDClaims = func(m map[string]any) {
					delete(m, "groups")
					maps.Copy(m, c.claims)
				}
			})
			who, err := s.logIn(t)
			if err != nil {
				t.Fatal(err)
			}
			if who.Role != c.role || who.RoleFinding != c.finding {
				t.Errorf("role %q: %s, want %q: %s", who.Role, who.RoleFinding, c.role, c.finding)
			}
			raw := s.idp.AccessToken(func(_, m map[string]any) {
				delete(m, "groups")
				maps.Copy(m, c.claims)
			})
			if who, err = s.provider.VerifyAccessToken(t.Context(), raw); err != nil {
				t.Fatal(err)
			}
			if who.Role != c.role || who.RoleFinding != c.finding {
				t.Errorf("access token: role %q: %s, want %q: %s", who.Role, who.RoleFinding, c.role, c.finding)
			}
		})
	}
}

func TestRole_ConfiguredValuesReplaceTheDefaults(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *rp.Config) { c.AdminRoles = []string{"/licence-admins"} })
	who, err := s.logIn(t) // groups: admin
	if err != nil || who.Role != models.RoleNone {
		t.Errorf("%+v %v", who, err)
	}
}

func onlySub(c map[string]any) {
	for _, name := range []string{"name", "email", "groups"} {
		delete(c, name)
	}
}

func TestUserInfo_FillsWhatTheIDTokenLacks(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.idp.Set(func(b *rptest.Behaviour) { b.IDClaims = onlySub })
	who, err := s.logIn(t)
	if err != nil {
		t.Fatal(err)
	}
	if who.Name != "Nora of UserInfo" || who.Email != "userinfo@example.com" || who.Role != models.RoleHelpdesk || who.RoleFinding != models.RoleFound {
		t.Errorf("%+v", who)
	}
	// What the ID token does say stays.
	s.idp.Set(func(b *rptest.Behaviour) { b.IDClaims = func(c map[string]any) { delete(c, "email") } })
	who, err = s.logIn(t)
	if err != nil || who.Name != "Nora Lindqvist" || who.Email != "userinfo@example.com" || who.Role != models.RoleAdmin {
		t.Errorf("%+v %v", who, err)
	}
}

func TestUserInfo_Troubles(t *testing.T) {
	t.Parallel()
	huge := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"sub":"person-1","groups":["admin"],"x":"` + strings.Repeat("a", 2<<20) + `"}`))
	}
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		change func(map[string]any)
		kind   models.Kind // empty: a login without role
		cause  string
	}{
		"sub of another":  {change: func(m map[string]any) { m["sub"] = "person-2" }, kind: models.KindUnauthenticated, cause: "sub is not that"},
		"sub missing":     {change: func(m map[string]any) { delete(m, "sub") }, kind: models.KindUnauthenticated, cause: "sub is not that"},
		"duplicate names": {handle: jsonAnswer(200, `{"sub":"person-1","groups":[],"groups":["admin"]}`), kind: models.KindUnavailable, cause: "twice"},
		"huge":            {handle: huge, kind: models.KindUnavailable, cause: "1 MiB"},
		"down":            {handle: jsonAnswer(503, ""), kind: models.KindUnavailable, cause: "503"},
		"redirect":        {handle: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://169.254.169.254/", 302) }, kind: models.KindUnavailable, cause: "302"},
		"says no":         {handle: jsonAnswer(403, "")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.idp.Set(func(b *rptest.Behaviour) {
				b.IDClaims, b.UserInfo = onlySub, c.change
				if c.handle != nil {
					b.Handle = map[string]http.HandlerFunc{"/userinfo": c.handle}
				}
			})
			who, err := s.logIn(t)
			if c.kind != "" {
				mustFail(t, who, err, c.kind, c.cause)
				return
			}
			if err != nil || who.Role != models.RoleNone || who.RoleFinding != models.RoleClaimAbsent {
				t.Errorf("%+v %v", who, err)
			}
		})
	}
}

func TestUserInfo_SignedAnswerIsVerified(t *testing.T) {
	t.Parallel()
	s := start(t)
	serve := func(k rptest.Key, claims object) {
		raw := k.Sign(t, k.Header(), rptest.Marshal(t, claims))
		s.idp.Set(func(b *rptest.Behaviour) {
			b.IDClaims = onlySub
			b.Handle = map[string]http.HandlerFunc{"/userinfo": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/jwt")
				_, _ = w.Write([]byte(raw))
			}}
		})
	}
	claims := object{"iss": s.idp.URL, "aud": rptest.ClientID, "sub": rptest.Subject, "groups": "admin"}
	serve(s.idp.Key(), claims)
	if who, err := s.logIn(t); err != nil || who.Role != models.RoleAdmin {
		t.Errorf("%+v %v", who, err)
	}
	serve(rptest.NewECKey(t, "key-1"), claims)
	who, err := s.logIn(t)
	mustFail(t, who, err, models.KindUnavailable, "no key of the provider")
	claims["aud"] = "somebody"
	serve(s.idp.Key(), claims)
	who, err = s.logIn(t)
	mustFail(t, who, err, models.KindUnavailable, "aud")
}

func TestIdentity_LeavesOutWhatWouldMislead(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.idp.Set(func(b *rptest.Behaviour) {
		b.Discovery = func(d map[string]any) { delete(d, "userinfo_endpoint") }
		b.IDClaims = func(c map[string]any) {
			c["email"] = "admin@corp.example@evil.example"
			c["name"] = "Nora \u202Egnol"
			c["preferred_username"] = "nora"
		}
	})
	who, err := s.logIn(t)
	if err != nil || who.Email != "" || who.Name != "nora" {
		t.Errorf("%+v %v", who, err)
	}
}

// The rules on who may redeem go by the e-mail address, so one that anybody
// could have typed must not count.
func TestIdentity_LeavesOutAnEmailThatIsNotVerified(t *testing.T) {
	t.Parallel()
	s := start(t)
	for value, want := range map[any]string{true: "nora@example.com", "true": "nora@example.com", false: "", "false": "", 1: ""} {
		s.idp.Set(func(b *rptest.Behaviour) { b.IDClaims = func(c map[string]any) { c["email_verified"] = value } })
		if who, err := s.logIn(t); err != nil || who.Email != want {
			t.Errorf("email_verified %v: %+v %v", value, who, err)
		}
	}
}
