package rp_test

import (
	"net/http"
	"testing"

	"muster/internal/rp"
	"muster/internal/rp/rptest"
	"muster/models"
)

// refreshable is a login that the provider gave a refresh token for.
func refreshable(t *testing.T) (*setup, *rp.Identity) {
	t.Helper()
	s := start(t)
	s.idp.Set(func(b *rptest.Behaviour) {
		b.RefreshTokens = true
		b.IDClaims = func(c map[string]any) { c["sid"] = "session-1" }
	})
	who, err := s.logIn(t)
	if err != nil || who.RefreshToken == "" || who.Session != "session-1" {
		t.Fatalf("%+v, %v", who, err)
	}
	return s, who
}

func TestRefresh_SaysWhichRoleSomebodyHasNow(t *testing.T) {
	t.Parallel()
	s, who := refreshable(t)
	again, err := s.provider.Refresh(t.Context(), who.RefreshToken, who.IDToken)
	if err != nil || again.Role != models.RoleAdmin || again.Subject != who.Subject || again.RefreshToken == who.RefreshToken || again.IDToken == "" {
		t.Fatalf("%+v, %v", again, err)
	}
	s.idp.Set(func(b *rptest.Behaviour) {
		b.IDClaims = func(c map[string]any) { c["groups"] = []string{"staff"}; delete(c, "nonce") }
	})
	again, err = s.provider.Refresh(t.Context(), again.RefreshToken, again.IDToken)
	if err != nil || again.Role != models.RoleNone {
		t.Errorf("after the role was taken: %+v, %v", again, err)
	}
	// A provider without a new ID token is asked by UserInfo.
	s.idp.Set(func(b *rptest.Behaviour) { b.NoIDTokenAtRefresh = true })
	again, err = s.provider.Refresh(t.Context(), again.RefreshToken, who.IDToken)
	if err != nil || again.Role != models.RoleHelpdesk || again.IDToken != who.IDToken {
		t.Errorf("by UserInfo: %+v, %v", again, err)
	}
}

func TestRefresh_RefusesWhoIsSomebodyElse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*rptest.Behaviour)
		kind   models.Kind
		cause  string
	}{
		"refused": {func(b *rptest.Behaviour) {
			b.Handle = map[string]http.HandlerFunc{"/token": jsonAnswer(400, `{"error":"invalid_grant"}`)}
		}, models.KindUnauthenticated, "invalid_grant"},
		"provider overloaded":  {func(b *rptest.Behaviour) { b.Handle = map[string]http.HandlerFunc{"/token": jsonAnswer(503, "")} }, models.KindUnavailable, "token endpoint"},
		"too many requests":    {func(b *rptest.Behaviour) { b.Handle = map[string]http.HandlerFunc{"/token": jsonAnswer(429, "")} }, models.KindUnavailable, "429"},
		"other sub":            {func(b *rptest.Behaviour) { b.IDClaims = func(c map[string]any) { c["sub"] = "other" } }, models.KindUnauthenticated, "sub is not"},
		"other iss":            {func(b *rptest.Behaviour) { b.IDClaims = func(c map[string]any) { c["iss"] = "https://evil.example" } }, models.KindUnauthenticated, "iss"},
		"other aud":            {func(b *rptest.Behaviour) { b.IDClaims = func(c map[string]any) { c["aud"] = "other" } }, models.KindUnauthenticated, "aud"},
		"other nonce":          {func(b *rptest.Behaviour) { b.IDClaims = func(c map[string]any) { c["nonce"] = "other" } }, models.KindUnauthenticated, "nonce"},
		"signed by a stranger": {func(b *rptest.Behaviour) { b.Signer = rptest.NewECKey(t, "key-1") }, models.KindUnauthenticated, "no key of the provider"},
		"UserInfo of another": {func(b *rptest.Behaviour) {
			b.NoIDTokenAtRefresh, b.UserInfo = true, func(c map[string]any) { c["sub"] = "other" }
		}, models.KindUnauthenticated, "sub is not"},
		"UserInfo refuses": {func(b *rptest.Behaviour) {
			b.NoIDTokenAtRefresh, b.Handle = true, map[string]http.HandlerFunc{"/userinfo": jsonAnswer(401, "")}
		}, models.KindUnauthenticated, "401"},
		"UserInfo is down": {func(b *rptest.Behaviour) {
			b.NoIDTokenAtRefresh, b.Handle = true, map[string]http.HandlerFunc{"/userinfo": jsonAnswer(500, "")}
		}, models.KindUnavailable, "500"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, before := refreshable(t)
			s.idp.Set(c.change)
			who, err := s.provider.Refresh(t.Context(), before.RefreshToken, before.IDToken)
			mustFail(t, who, err, c.kind, c.cause)
		})
	}
}
