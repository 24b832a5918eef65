package tokens_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"muster/models"
	"muster/tokens"
)

func TestAccessToken_HoldsTheClaimsOfRFC9068(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issued := r.device()
	raw, err := r.JWKS(t.Context())
	if err != nil || strings.Contains(string(raw), `"d":`) {
		t.Fatalf("key set %s, %v", raw, err)
	}
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal(raw, &keys); err != nil || len(keys.Keys) != 1 {
		t.Fatalf("key set %s, %v", raw, err)
	}
	jws, err := jose.ParseSignedCompact(issued.AccessToken.Reveal(), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	header := jws.Signatures[0].Protected
	if header.ExtraHeaders[jose.HeaderType] != "at+jwt" || header.KeyID != keys.Keys[0].KeyID || header.KeyID == "" {
		t.Errorf("header %+v", header)
	}
	payload, err := jws.Verify(keys.Keys[0])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"iss": issuer, "sub": issued.AuthToken.ID, "client_id": "muster-device", "customer": customerName,
		"iat": float64(start.Unix()), "exp": float64(start.Add(accessTTL).Unix()), "jti": claims["jti"], "aud": claims["aud"],
	}
	if aud, _ := json.Marshal(claims["aud"]); !maps.Equal(toText(claims), toText(want)) || !strings.Contains(string(aud), issuer) || claims["jti"] == "" {
		t.Errorf("claims %v", claims)
	}
}

func toText(m map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		b, _ := json.Marshal(v)
		out[k] = string(b)
	}
	return out
}

func TestIntrospect_AccessTokenEndsAtTheVerySecond(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issued := r.device()
	for _, c := range []struct {
		d    time.Duration
		want bool
	}{{-time.Second, true}, {0, false}, {time.Second, false}} {
		r.clock.set(start.Add(accessTTL + c.d))
		if r.active(issued.AccessToken) != c.want {
			t.Errorf("at %s: active %v", c.d, !c.want)
		}
	}
}

func TestIntrospect_RefusesEveryForgery(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issued := r.device()
	good := issued.AccessToken.Reveal()
	parts := strings.Split(good, ".")
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jose.ParseSignedCompact(good, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	sign := func(alg jose.SignatureAlgorithm, key any, kid, typ string) string {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, (&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
		if err != nil {
			t.Fatal(err)
		}
		jws, err := signer.Sign(parsed.UnsafePayloadWithoutVerification())
		if err != nil {
			t.Fatal(err)
		}
		text, err := jws.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	kid := parsed.Signatures[0].Protected.KeyID
	// The same payload, signed by another service with our master key but
	// another issuer, fails on iss and aud; that is the next test.
	for name, text := range map[string]string{
		"another key, our kid": sign(jose.ES256, stranger, kid, "at+jwt"),
		"unknown kid":          sign(jose.ES256, stranger, "other", "at+jwt"),
		"typ JWT":              sign(jose.ES256, stranger, kid, "JWT"),
		"HS256":                sign(jose.HS256, []byte(strings.Repeat("k", 32)), kid, "at+jwt"),
		"none":                 "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0." + parts[1] + ".",
		"payload changed":      parts[0] + "." + parts[1] + "A." + parts[2],
		"signature cut":        parts[0] + "." + parts[1] + "." + parts[2][:20],
		"oversize":             good + strings.Repeat("A", 9000),
		"empty":                "",
		"garbage":              "a.b.c",
	} {
		if r.active(models.Secret(text)) {
			t.Errorf("%s: active", name)
		}
	}
	if !r.active(issued.AccessToken) {
		t.Error("the true one is not active")
	}
}

// Vault CVE-2024-5798: a token for somebody else is not for us.
func TestIncident10_AudienceAndIssuerAreChecked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issued := r.device()
	for name, change := range map[string]func(*tokens.Config){
		"issuer":   func(c *tokens.Config) { c.Issuer, c.Audience = "https://other.example.org", issuer },
		"audience": func(c *tokens.Config) { c.Audience = "https://licences.example.org" },
	} {
		cfg := r.config()
		change(&cfg)
		other, err := tokens.New(r.db, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := other.Introspect(t.Context(), licenceServer, issued.AccessToken, ""); err != nil || got.Active {
			t.Errorf("another %s: active %v, %v", name, got.Active, err)
		}
	}
}

func TestIntrospect_AnotherReplicaKnowsTheKey(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	replicas := []*tokens.Service{r.service(r.open()), r.service(r.open())}
	for _, err := range parallel(8, func(i int) error { return replicas[i%2].EnsureSigningKey(t.Context()) }) {
		if err != nil {
			t.Fatal(err)
		}
	}
	keys, err := r.db.SigningKeys(t.Context())
	if err != nil || len(keys) != 1 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	issued := r.device()
	for _, s := range replicas {
		if got, err := s.Introspect(t.Context(), licenceServer, issued.AccessToken, ""); err != nil || !got.Active {
			t.Errorf("not active there: %v", err)
		}
	}
	cfg := r.config()
	cfg.MasterKey = make([]byte, 32)
	wrong, err := tokens.New(r.db, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := wrong.EnsureSigningKey(t.Context()); err == nil {
		t.Error("another master key opens the signing key")
	}
}

func TestIntrospect_TouchesAtMostOnceAMinute(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issued := r.device()
	seen := func(at time.Duration) time.Time {
		r.clock.set(start.Add(at))
		if !r.active(issued.AccessToken) {
			t.Fatal("not active")
		}
		r.Settle()
		row := r.authToken(issued.AuthToken.ID)
		if row.LastSeenIP != origin.IP || row.FirstUsedAt == nil {
			t.Errorf("row %+v", row)
		}
		return row.LastSeenAt
	}
	for at, want := range map[time.Duration]time.Duration{time.Second: time.Second} {
		if got := seen(at); !got.Equal(start.Add(want)) {
			t.Errorf("first use at %s", got)
		}
	}
	if got := seen(60 * time.Second); !got.Equal(start.Add(time.Second)) {
		t.Errorf("touched again within the minute: %s", got)
	}
	if got := seen(61 * time.Second); !got.Equal(start.Add(61 * time.Second)) {
		t.Errorf("not touched after a minute: %s", got)
	}
}

func TestRevoke_EitherTokenDeletes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, pick := range map[string]func(first, second *tokens.IssuedSecrets) models.Secret{
		"current refresh token": func(_, second *tokens.IssuedSecrets) models.Secret { return second.RefreshToken },
		"older refresh token":   func(first, _ *tokens.IssuedSecrets) models.Secret { return first.RefreshToken },
		"access token":          func(_, second *tokens.IssuedSecrets) models.Secret { return second.AccessToken },
	} {
		first := r.device()
		second := r.refresh(first.RefreshToken)
		for range 2 { // again is fine
			if _, err := r.Revoke(t.Context(), pick(&first.IssuedSecrets, second), origin); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		row := r.authToken(first.AuthToken.ID)
		if row.DeletedAt == nil || row.DeleteReason != "revoked by its holder" || r.active(second.AccessToken) {
			t.Errorf("%s: %+v", name, row)
		}
	}
	for text, want := range map[string]bool{someMRF: true, someMRT: false, "": false, "a.b.c": false} {
		if guess, err := r.Revoke(t.Context(), models.Secret(text), origin); err != nil || guess != want {
			t.Errorf("%q: guess %v, %v", text, guess, err)
		}
	}
}

// faulty fails what it is told to.
type faulty struct {
	tokens.Store
	err error
}

func (f *faulty) DeleteAuthTokens(context.Context, models.AuthTokenDeletion, time.Time, string, models.AuditEvent) (models.AuthTokenDeletionResult, []string, error) {
	return models.AuthTokenDeletionResult{}, nil, f.err
}

func (f *faulty) RecordRefusedAttempt(context.Context, *models.RefusedAttempt, models.RefusedCaps) (bool, error) {
	return false, f.err
}

func TestRedeem_AFailingRecordDoesNotChangeTheAnswer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, secret := r.create(1)
	r.redeem(secret, "a")
	_, err := r.service(&faulty{r.db, errors.New("broken")}).Redeem(t.Context(), request(secret, "b"))
	refused(t, err, models.KindConflict, models.CodeRegistrationTokenExhausted)
	_, err = r.service(&faulty{r.db, models.Unavailable(nil)}).Redeem(t.Context(), request(secret, "b"))
	refused(t, err, models.KindUnavailable, models.CodeUnavailable)
}

// fosite CVE-2020-15223: a storage error is never a success.
func TestIncident7_RevokeNeverHidesAStorageError(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issued := r.device()
	_, err := r.service(&faulty{r.db, models.Unavailable(nil)}).Revoke(t.Context(), issued.RefreshToken, origin)
	refused(t, err, models.KindUnavailable, models.CodeUnavailable)
	if !r.active(issued.AccessToken) {
		t.Error("deleted all the same")
	}
}
