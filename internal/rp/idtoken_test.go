package rp_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"muster/internal/rp/rptest"
	"muster/models"
)

type object = map[string]any

func TestExchange_RefusesIDTokensThatDoNotHold(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) int64 { return newClock().Now().Add(d).Unix() }
	for name, c := range map[string]struct {
		claims func(object)
		header func(object)
		cause  string
	}{
		"iss of another":             {claims: func(c object) { c["iss"] = "https://evil.example" }, cause: "different provider"},
		"iss missing":                {claims: func(c object) { delete(c, "iss") }, cause: "different provider"},
		"sub missing":                {claims: func(c object) { delete(c, "sub") }, cause: "sub is missing"},
		"sub empty":                  {claims: func(c object) { c["sub"] = "" }, cause: "sub is missing"},
		"sub with control character": {claims: func(c object) { c["sub"] = "a\u0000b" }, cause: "plain text"},
		"sub of 300 characters":      {claims: func(c object) { c["sub"] = strings.Repeat("a", 300) }, cause: "255"},
		"aud of another":             {claims: func(c object) { c["aud"] = "somebody" }, cause: "audience"},
		"aud missing":                {claims: func(c object) { delete(c, "aud") }, cause: "audience"},
		"several aud, no azp":        {claims: func(c object) { c["aud"] = []string{rptest.ClientID, "other"} }, cause: "no azp"},
		"several aud, foreign azp":   {claims: func(c object) { c["aud"], c["azp"] = []string{rptest.ClientID, "other"}, "other" }, cause: "azp is somebody else"},
		"one aud, foreign azp":       {claims: func(c object) { c["azp"] = "other" }, cause: "azp is somebody else"},
		"iat missing":                {claims: func(c object) { delete(c, "iat") }, cause: "iat is missing"},
		"iat a text":                 {claims: func(c object) { c["iat"] = "now" }, cause: "unmarshal"},
		"iat a year old":             {claims: func(c object) { c["iat"] = at(-365 * 24 * time.Hour) }, cause: "iat is not of this moment"},
		"iat a year ahead":           {claims: func(c object) { c["iat"] = at(365 * 24 * time.Hour) }, cause: "iat is not of this moment"},
		"exp missing":                {claims: func(c object) { delete(c, "exp") }, cause: "expired"},
		"exp beyond the leeway":      {claims: func(c object) { c["exp"] = at(-31 * time.Second) }, cause: "expired"},
		"nbf in ten minutes":         {claims: func(c object) { c["nbf"] = at(10 * time.Minute) }, cause: "nbf"},
		"nonce of another":           {claims: func(c object) { c["nonce"] = "another" }, cause: "nonce"},
		"nonce missing":              {claims: func(c object) { delete(c, "nonce") }, cause: "nonce"},
		"at_hash of another":         {claims: func(c object) { c["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA" }, cause: "at_hash"},
		"at_hash empty":              {claims: func(c object) { c["at_hash"] = "" }, cause: "at_hash"},
		"logout token by events":     {claims: func(c object) { c["events"] = object{"http://schemas.openid.net/event/backchannel-logout": object{}} }, cause: "logout or event token"},
		"Keycloak bearer token":      {claims: func(c object) { c["typ"] = "Bearer" }, cause: "another kind"},
		"iss spelt in capitals too":  {claims: func(c object) { c["ISS"] = c["iss"] }, cause: "misspelt"},
		"typ at+jwt":                 {header: func(h object) { h["typ"] = "at+jwt" }, cause: "another kind of token"},
		"typ application/at+jwt":     {header: func(h object) { h["typ"] = "application/AT+JWT" }, cause: "another kind of token"},
		"typ logout+jwt":             {header: func(h object) { h["typ"] = "logout+jwt" }, cause: "another kind of token"},
		"typ no text":                {header: func(h object) { h["typ"] = 1 }, cause: "another kind of token"},
		"unknown crit":               {header: func(h object) { h["crit"], h["x"] = []string{"x"}, true }, cause: "crit"},
		"jku header":                 {header: func(h object) { h["jku"] = "https://evil.example/jwks" }, cause: "jku"},
		"x5u header":                 {header: func(h object) { h["x5u"] = "https://evil.example/cert" }, cause: "x5u"},
		"kid unknown":                {header: func(h object) { h["kid"] = "unknown" }, cause: "no key of the provider"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.idp.Set(func(b *rptest.Behaviour) { b.IDClaims, b.IDHeader = c.claims, c.header })
			who, err := s.logIn(t)
			mustFail(t, who, err, models.KindUnauthenticated, c.cause)
		})
	}
}

func TestExchange_RefusesForgedSignatures(t *testing.T) {
	t.Parallel()
	for name, forge := range map[string]func(t *testing.T, s *setup, payload []byte) string{
		"alg none": func(t *testing.T, _ *setup, payload []byte) string { return rptest.Unsigned(t, payload) },
		"HS256 under the client secret": func(t *testing.T, _ *setup, payload []byte) string {
			return rptest.SignHS256(t, rptest.ClientSecret, object{"typ": "JWT"}, payload)
		},
		"ES256 by a stranger under the same kid": func(t *testing.T, s *setup, payload []byte) string {
			k := rptest.NewECKey(t, "key-1")
			return k.Sign(t, k.Header(), payload)
		},
		"RS256 by a stranger without kid": func(t *testing.T, _ *setup, payload []byte) string {
			k := rptest.NewRSAKey(t, "")
			return k.Sign(t, k.Header(), payload)
		},
		"stranger with his own key in jwk": func(t *testing.T, _ *setup, payload []byte) string {
			k := rptest.NewECKey(t, "own")
			h := k.Header()
			h["jwk"] = k.Public()
			return k.Sign(t, h, payload)
		},
		"payload changed after signing": func(t *testing.T, s *setup, payload []byte) string {
			k := s.idp.Key()
			parts := strings.Split(k.Sign(t, k.Header(), payload), ".")
			other := strings.Split(k.Sign(t, k.Header(), []byte(strings.Replace(string(payload), "person-1", "person-2", 1))), ".")
			return parts[0] + "." + other[1] + "." + parts[2]
		},
		"iss twice": func(t *testing.T, s *setup, payload []byte) string {
			k := s.idp.Key()
			return k.Sign(t, k.Header(), []byte(`{"iss":"https://evil.example",`+string(payload[1:])))
		},
		"groups twice inside an object": func(t *testing.T, s *setup, payload []byte) string {
			k := s.idp.Key()
			return k.Sign(t, k.Header(), []byte(`{"realm_access":{"roles":[],"roles":["admin"]},`+string(payload[1:])))
		},
		"payload no object": func(t *testing.T, s *setup, _ []byte) string {
			return s.idp.Key().Sign(t, s.idp.Key().Header(), []byte(`null`))
		},
		"two parts":       func(*testing.T, *setup, []byte) string { return "e30.e30" },
		"nothing":         func(*testing.T, *setup, []byte) string { return "" },
		"far too long":    func(*testing.T, *setup, []byte) string { return strings.Repeat("a", 200<<10) },
		"JSON serialised": func(*testing.T, *setup, []byte) string { return `{"payload":"e30","signatures":[]}` },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.idp.Set(func(b *rptest.Behaviour) {
				b.RawIDToken = func(c map[string]any) string {
					payload, _ := json.Marshal(c)
					return forge(t, s, payload)
				}
			})
			who, err := s.logIn(t)
			mustFail(t, who, err, models.KindUnauthenticated, "ID token: ")
		})
	}
}

func TestExchange_AcceptsWhatTheStandardAllows(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) int64 { return newClock().Now().Add(d).Unix() }
	for name, change := range map[string]func(t *testing.T, b *rptest.Behaviour){
		"untouched": func(*testing.T, *rptest.Behaviour) {},
		"expired within leeway": func(_ *testing.T, b *rptest.Behaviour) {
			b.IDClaims = func(c object) { c["exp"] = at(-20 * time.Second) }
		},
		"nbf in four minutes": func(_ *testing.T, b *rptest.Behaviour) {
			b.IDClaims = func(c object) { c["nbf"] = at(4 * time.Minute) }
		},
		"several aud, azp is us": func(_ *testing.T, b *rptest.Behaviour) {
			b.IDClaims = func(c object) { c["aud"], c["azp"] = []string{"x", rptest.ClientID}, rptest.ClientID }
		},
		"no at_hash":            func(_ *testing.T, b *rptest.Behaviour) { b.IDClaims = func(c object) { delete(c, "at_hash") } },
		"no typ header":         func(_ *testing.T, b *rptest.Behaviour) { b.IDHeader = func(h object) { delete(h, "typ") } },
		"Keycloak claim typ ID": func(_ *testing.T, b *rptest.Behaviour) { b.IDClaims = func(c object) { c["typ"] = "ID" } },
		"kid absent, one key":   func(_ *testing.T, b *rptest.Behaviour) { b.IDHeader = func(h object) { delete(h, "kid") } },
		"RS256":                 func(t *testing.T, b *rptest.Behaviour) { b.Keys = []rptest.Key{rptest.NewRSAKey(t, "rsa")} },
		"kid absent, several keys": func(t *testing.T, b *rptest.Behaviour) {
			b.Keys = []rptest.Key{rptest.NewECKey(t, "a"), rptest.NewECKey(t, "b"), rptest.NewRSAKey(t, "c")}
			b.Signer = b.Keys[1]
			b.IDHeader = func(h object) { delete(h, "kid") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.idp.Set(func(b *rptest.Behaviour) { change(t, b) })
			who, err := s.logIn(t)
			if err != nil {
				t.Fatal(err)
			}
			if who.Issuer != s.idp.URL || who.Subject != rptest.Subject || who.Role != models.RoleAdmin ||
				who.RoleFinding != models.RoleFound || who.Name != "Nora Lindqvist" || who.Email != "nora@example.com" || who.IDToken == "" {
				t.Errorf("identity %+v", who)
			}
			if n := s.idp.Calls("/userinfo"); n != 0 {
				t.Errorf("UserInfo asked %d times though nothing was missing", n)
			}
		})
	}
}
