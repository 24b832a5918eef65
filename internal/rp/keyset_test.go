package rp_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"muster/internal/rp/rptest"
	"muster/models"
)

func TestKeys_RotationIsFollowed(t *testing.T) {
	t.Parallel()
	s := start(t)
	if _, err := s.logIn(t); err != nil {
		t.Fatal(err)
	}
	// Just before signing: the very next token has the new key.
	second := rptest.NewECKey(t, "key-2")
	s.idp.Set(func(b *rptest.Behaviour) { b.Keys = append(b.Keys, second); b.Signer = second })
	if _, err := s.logIn(t); err != nil {
		t.Fatalf("after rotation: %v", err)
	}
	s.clock.Add(11 * time.Second)
	third := rptest.NewRSAKey(t, "key-3")
	s.idp.Set(func(b *rptest.Behaviour) { b.Keys = []rptest.Key{third}; b.Signer = third })
	if _, err := s.logIn(t); err != nil {
		t.Fatalf("after second rotation: %v", err)
	}
	// The keys before it were not published any more at that read.
	s.idp.Set(func(b *rptest.Behaviour) { b.Signer = second })
	who, err := s.logIn(t)
	mustFail(t, who, err, models.KindUnauthenticated, "no key of the provider")
}

func TestKeys_WithdrawnKeyEndsWithinAnHour(t *testing.T) {
	t.Parallel()
	s := start(t)
	old := s.idp.Key()
	if _, err := s.logIn(t); err != nil {
		t.Fatal(err)
	}
	fresh := rptest.NewECKey(t, "key-2")
	s.idp.Set(func(b *rptest.Behaviour) { b.Keys, b.Signer = []rptest.Key{fresh}, old })
	if _, err := s.logIn(t); err != nil {
		t.Fatalf("our copy still has it: %v", err)
	}
	s.clock.Add(time.Hour)
	who, err := s.logIn(t)
	mustFail(t, who, err, models.KindUnauthenticated, "no key of the provider")
}

func TestKeys_UnknownKeysAreAskedForAtALimitedPace(t *testing.T) {
	t.Parallel()
	s := start(t)
	flood := func() {
		for i := range 200 {
			raw := s.idp.AccessToken(func(h, _ map[string]any) { h["kid"] = fmt.Sprint("unknown-", i) })
			who, err := s.provider.VerifyAccessToken(t.Context(), raw)
			mustFail(t, who, err, models.KindUnauthenticated, "no key of the provider")
		}
	}
	flood()
	if n := s.idp.Calls("/jwks"); n > 2 {
		t.Errorf("%d key reads for 200 tokens, want at most 2", n)
	}
	s.clock.Add(11 * time.Second)
	flood()
	if n := s.idp.Calls("/jwks"); n > 3 {
		t.Errorf("%d key reads after the pause, want one more", n)
	}
	if _, err := s.provider.VerifyAccessToken(t.Context(), s.idp.AccessToken(nil)); err != nil {
		t.Errorf("a good token amid the flood: %v", err)
	}
}

func TestKeys_UnreadableKeysAreUnavailable(t *testing.T) {
	t.Parallel()
	for name, handle := range map[string]http.HandlerFunc{
		"down":     jsonAnswer(500, ""),
		"no JSON":  jsonAnswer(200, "<html>"),
		"redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://169.254.169.254/", 302) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.idp.Set(func(b *rptest.Behaviour) { b.Handle = map[string]http.HandlerFunc{"/jwks": handle} })
			who, err := s.logIn(t)
			mustFail(t, who, err, models.KindUnavailable, "signing keys")
			for range 10 {
				who, err := s.provider.VerifyAccessToken(t.Context(), s.idp.AccessToken(nil))
				mustFail(t, who, err, models.KindUnavailable, "signing keys")
			}
			if n := s.idp.Calls("/jwks"); n > 1 {
				t.Errorf("%d key reads in a row", n)
			}
			s.idp.Set(func(b *rptest.Behaviour) { b.Handle = nil })
			s.clock.Add(time.Second)
			if _, err := s.logIn(t); err != nil {
				t.Errorf("the keys are back: %v", err)
			}
		})
	}
}

func TestKeys_ForeignKindsArePassedOver(t *testing.T) {
	t.Parallel()
	s := start(t)
	good := rptest.Marshal(t, s.idp.Key().Public())
	s.idp.Set(func(b *rptest.Behaviour) {
		b.Handle = map[string]http.HandlerFunc{"/jwks": jsonAnswer(200, `{"keys":[
			{"kty":"quantum","kid":"q"}, {"kty":"oct","k":"c2VjcmV0","kid":"key-1"},
			{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"key-1"}, 5, `+string(good)+`]}`)}
	})
	if _, err := s.logIn(t); err != nil {
		t.Fatal(err)
	}
}
