package rp_test

import (
	"strings"
	"testing"
	"time"

	"muster/internal/rp/rptest"
	"muster/models"
)

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

func TestVerifyLogoutToken_AcceptsTheKnownShapes(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(h, c map[string]any){
		"as the standard says": nil,
		"application/":         func(h, _ map[string]any) { h["typ"] = "application/logout+jwt" },
		"no typ":               func(h, _ map[string]any) { delete(h, "typ") },
		"Keycloak":             func(h, c map[string]any) { h["typ"], c["typ"], c["sid"] = "JWT", "Logout", "s" },
		"session alone":        func(_, c map[string]any) { delete(c, "sub"); c["sid"] = "s" },
		"several aud":          func(_, c map[string]any) { c["aud"] = []string{"other", rptest.ClientID} },
	} {
		s := start(t)
		logout, err := s.provider.VerifyLogoutToken(t.Context(), s.idp.LogoutToken(change))
		if err != nil || logout.Issuer != s.idp.URL || logout.ID == "" || logout.Subject+logout.Session == "" || !logout.Expires.After(s.clock.Now().Add(time.Hour)) {
			t.Errorf("%s: %+v, %v", name, logout, err)
		}
	}
}

func TestVerifyLogoutToken_RefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) int64 { return newClock().Now().Add(d).Unix() }
	for name, c := range map[string]struct {
		change func(h, c object)
		cause  string
	}{
		"iss of another":       {func(_, c object) { c["iss"] = "https://evil.example" }, "iss"},
		"aud of another":       {func(_, c object) { c["aud"] = "other" }, "aud"},
		"aud missing":          {func(_, c object) { delete(c, "aud") }, "aud"},
		"no event":             {func(_, c object) { delete(c, "events") }, "no logout"},
		"another event":        {func(_, c object) { c["events"] = object{"http://example.com/x": object{}} }, "no logout"},
		"event no object":      {func(_, c object) { c["events"] = object{logoutEvent: true} }, "no logout"},
		"events a list":        {func(_, c object) { c["events"] = []string{logoutEvent} }, "no logout"},
		"nonce":                {func(_, c object) { c["nonce"] = "n" }, "nonce"},
		"iat missing":          {func(_, c object) { delete(c, "iat") }, "iat"},
		"iat of yesterday":     {func(_, c object) { c["iat"] = at(-24 * time.Hour) }, "iat"},
		"iat ahead":            {func(_, c object) { c["iat"] = at(time.Hour) }, "iat"},
		"exp missing":          {func(_, c object) { delete(c, "exp") }, "exp"},
		"expired":              {func(_, c object) { c["exp"] = at(-time.Minute) }, "exp"},
		"jti missing":          {func(_, c object) { delete(c, "jti") }, "jti"},
		"nobody":               {func(_, c object) { delete(c, "sub") }, "neither"},
		"sub of a whole page":  {func(_, c object) { c["sub"] = strings.Repeat("x", 300) }, "plain text"},
		"typ of an ID token":   {func(h, _ object) { h["typ"] = "JWT" }, "another kind"},
		"typ of an access one": {func(h, _ object) { h["typ"] = "at+jwt" }, "another kind"},
		"Keycloak ID token":    {func(h, c object) { h["typ"], c["typ"] = "JWT", "ID" }, "another kind"},
		"claim typ":            {func(_, c object) { c["typ"] = "Bearer" }, "another kind"},
		"alg none":             {func(h, _ object) { h["alg"] = "none" }, "algorithm"},
		"alg HS256":            {func(h, _ object) { h["alg"] = "HS256" }, "algorithm"},
		"alg of another key":   {func(h, _ object) { h["alg"] = "RS256" }, "no key of the provider"},
		"jwk header":           {func(h, _ object) { h["jwk"] = object{"kty": "EC"} }, "jwk"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			logout, err := s.provider.VerifyLogoutToken(t.Context(), s.idp.LogoutToken(c.change))
			if logout != (models.ProviderLogout{}) {
				t.Errorf("told %+v", logout)
			}
			mustFail(t, nil, err, models.KindUnauthenticated, c.cause)
			if n := s.idp.Calls(wellKnown) + s.idp.Calls("/jwks"); n != 0 && c.cause != "no key of the provider" {
				t.Errorf("what looks wrong made %d calls to the provider", n)
			}
		})
	}
}

func FuzzVerifyLogoutToken(f *testing.F) {
	s := newClock()
	idp := rptest.New(f, s.Now)
	provider := providerAt(f, idp, s)
	f.Add(idp.LogoutToken(nil)[1:])
	f.Add("e30.e30.e30")
	f.Add("")
	f.Fuzz(func(t *testing.T, raw string) {
		if logout, err := provider.VerifyLogoutToken(t.Context(), raw); err == nil {
			t.Errorf("accepted %q: %+v", raw, logout)
		}
	})
}
