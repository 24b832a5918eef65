package rp_test

import (
	"strings"
	"testing"
	"time"

	"muster/internal/rp"
	"muster/internal/rp/rptest"
	"muster/models"
)

func TestVerifyAccessToken_RefusesWhatIsNoAccessTokenForUs(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) int64 { return newClock().Now().Add(d).Unix() }
	for name, c := range map[string]struct {
		change func(h, c object)
		cause  string
	}{
		"iss of another":          {func(_, c object) { c["iss"] = "https://evil.example" }, "iss"},
		"iss with a slash more":   {func(_, c object) { c["iss"] = c["iss"].(string) + "/" }, "last \"/\""},
		"sub missing":             {func(_, c object) { delete(c, "sub") }, "sub"},
		"aud of another":          {func(_, c object) { c["aud"] = "other-api" }, "aud"},
		"aud missing":             {func(_, c object) { delete(c, "aud") }, "aud"},
		"aud only our client":     {func(_, c object) { c["aud"] = rptest.ClientID }, "aud"},
		"expired":                 {func(_, c object) { c["exp"] = at(-time.Minute) }, "exp"},
		"exp missing":             {func(_, c object) { delete(c, "exp") }, "exp"},
		"exp no number":           {func(_, c object) { c["exp"] = "never" }, "exp"},
		"exp beyond all years":    {func(_, c object) { c["exp"] = 1e300 }, "exp"},
		"iat a year ahead":        {func(_, c object) { c["iat"] = at(8760 * time.Hour) }, "iat"},
		"nbf in ten minutes":      {func(_, c object) { c["nbf"] = at(10 * time.Minute) }, "nbf"},
		"ID token by nonce":       {func(_, c object) { c["nonce"] = "n" }, "ID or logout"},
		"ID token by at_hash":     {func(_, c object) { c["at_hash"] = "h" }, "ID or logout"},
		"logout token":            {func(_, c object) { c["events"] = object{} }, "ID or logout"},
		"Keycloak ID token":       {func(h, c object) { h["typ"], c["typ"] = "JWT", "ID" }, "another kind"},
		"Keycloak refresh token":  {func(h, c object) { h["typ"], c["typ"] = "JWT", "Refresh" }, "another kind"},
		"typ logout+jwt":          {func(h, _ object) { h["typ"] = "logout+jwt" }, "another kind"},
		"plain JWT without scope": {func(h, c object) { h["typ"] = "JWT"; delete(c, "scope"); delete(c, "client_id") }, "told from an ID token"},
		"bound to a key":          {func(_, c object) { c["cnf"] = object{"jkt": "x"} }, "bound"},
		"jwk header":              {func(h, _ object) { h["jwk"] = object{"kty": "EC"} }, "jwk"},
		"unknown crit":            {func(h, _ object) { h["crit"] = []string{"b64"} }, "crit"},
		"alg says none":           {func(h, _ object) { h["alg"] = "none" }, "algorithm"},
		"alg says HS256":          {func(h, _ object) { h["alg"] = "HS256" }, "algorithm"},
		"alg says RS256":          {func(h, _ object) { h["alg"] = "RS256" }, "no key of the provider"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			who, err := s.provider.VerifyAccessToken(t.Context(), s.idp.AccessToken(c.change))
			mustFail(t, who, err, models.KindUnauthenticated, c.cause)
			if strings.Contains(name, "iss") || strings.Contains(name, "aud") {
				if n := s.idp.Calls(wellKnown) + s.idp.Calls("/jwks"); n != 0 {
					t.Errorf("a stranger's token made %d calls to the provider", n)
				}
			}
		})
	}
}

func TestVerifyAccessToken_RefusesIDTokenShapeEvenWhenAudienceIsTheClient(t *testing.T) {
	t.Parallel()
	for _, listed := range []string{rptest.ClientID, "muster-cli"} {
		s := start(t, func(c *rp.Config) { c.Audience, c.APIClients = rptest.ClientID, []string{listed} })
		token := func(typ string) string {
			return s.idp.AccessToken(func(h, c map[string]any) {
				h["typ"], c["aud"], c["client_id"] = typ, rptest.ClientID, listed
				delete(c, "scope")
			})
		}
		if listed == rptest.ClientID {
			who, err := s.provider.VerifyAccessToken(t.Context(), token("JWT"))
			mustFail(t, who, err, models.KindUnauthenticated, "told from an ID token")
		}
		// Marked as what it is, it passes.
		if _, err := s.provider.VerifyAccessToken(t.Context(), token("at+jwt")); err != nil {
			t.Error(err)
		}
	}
	// But not from a client that is not listed.
	s := start(t, func(c *rp.Config) { c.Audience = rptest.ClientID })
	who, err := s.provider.VerifyAccessToken(t.Context(), s.idp.AccessToken(func(_, c map[string]any) { c["aud"] = rptest.ClientID }))
	mustFail(t, who, err, models.KindUnauthenticated, "not listed")
}

func TestVerifyAccessToken_RefusesForgeriesAndJunk(t *testing.T) {
	t.Parallel()
	s := start(t)
	stranger := rptest.NewECKey(t, "key-1")
	header := stranger.Header()
	payload := rptest.Marshal(t, s.idp.AccessClaims())
	good := s.idp.AccessToken(nil)
	twice := s.idp.Key().Sign(t, s.idp.Key().Header(), []byte(`{"sub":"x",`+string(payload[1:])))
	for name, raw := range map[string]string{
		"signed by a stranger": stranger.Sign(t, header, payload),
		"unsigned":             rptest.Unsigned(t, payload),
		"HS256":                rptest.SignHS256(t, rptest.ClientSecret, object{"typ": "at+jwt"}, payload),
		"sub twice":            twice,
		"signature cut":        good[:len(good)-5],
		"empty":                "",
		"opaque":               "abcdef",
		"dots":                 "..",
		"padding":              good + "=",
		"space before":         " " + good,
		"17 KiB":               good + strings.Repeat("A", 17<<10),
		"null parts":           "bnVsbA.bnVsbA.AA",
		"registration token":   "mrt_0123456789abcdefghjkmnpqrstvwxyz",
	} {
		who, err := s.provider.VerifyAccessToken(t.Context(), raw)
		if err == nil || models.ErrorKind(err) != models.KindUnauthenticated || who != nil {
			t.Errorf("%s: %+v %v", name, who, err)
		}
		if err != nil && len(raw) > 40 && strings.Contains(err.Error(), raw[len(raw)-40:]) {
			t.Errorf("%s: the error repeats the token", name)
		}
	}
}

func TestVerifyAccessToken_AcceptsTheKnownShapes(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(h, c map[string]any){
		"RFC 9068":              nil,
		"application/at+jwt":    func(h, _ map[string]any) { h["typ"] = "application/at+jwt" },
		"Keycloak":              func(h, c map[string]any) { h["typ"], c["typ"] = "JWT", "Bearer"; delete(c, "client_id") },
		"no typ, scp":           func(h, c map[string]any) { delete(h, "typ"); delete(c, "scope"); c["scp"] = []string{"a"} },
		"several aud":           func(_, c map[string]any) { c["aud"] = []string{"account", rptest.Audience} },
		"expired within leeway": func(_, c map[string]any) { c["exp"] = newClock().Now().Add(-20 * time.Second).Unix() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			who, err := s.provider.VerifyAccessToken(t.Context(), s.idp.AccessToken(change))
			if err != nil {
				t.Fatal(err)
			}
			if who.Issuer != s.idp.URL || who.Subject != rptest.Subject || who.Role != models.RoleAdmin ||
				who.Email != "nora@example.com" || who.IDToken != "" {
				t.Errorf("%+v", who)
			}
			if n := s.idp.Calls("/userinfo"); n != 0 {
				t.Error("REST asked UserInfo")
			}
		})
	}
}

func TestVerifyAccessToken_NoneWithoutAudience(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *rp.Config) { c.Audience = "" })
	who, err := s.provider.VerifyAccessToken(t.Context(), s.idp.AccessToken(nil))
	mustFail(t, who, err, models.KindUnauthenticated, "no audience")
}

func TestVerifyAccessToken_ProviderDown(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.idp.Set(func(b *rptest.Behaviour) {
		b.Discovery = func(d map[string]any) { d["issuer"] = "other" }
	})
	who, err := s.provider.VerifyAccessToken(t.Context(), s.idp.AccessToken(nil))
	mustFail(t, who, err, models.KindUnavailable, "discovery")
}

func FuzzVerifyAccessToken(f *testing.F) {
	clock := newClock()
	idp := rptest.New(f, clock.Now)
	provider, err := rp.New(rp.Config{
		Issuer: idp.URL, ClientID: rptest.ClientID, RedirectURL: rptest.RedirectURL,
		Audience: rptest.Audience, Now: clock.Now,
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(idp.AccessToken(nil)[1:])
	f.Add("e30.e30.e30")
	f.Add("..")
	f.Fuzz(func(t *testing.T, raw string) {
		if who, err := provider.VerifyAccessToken(t.Context(), raw); err == nil {
			t.Errorf("accepted %q: %+v", raw, who)
		}
	})
}
