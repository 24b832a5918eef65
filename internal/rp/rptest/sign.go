package rptest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// Key is a signing key of the provider.
type Key struct {
	ID      string
	private crypto.Signer
	pss     bool // signs with PS256 instead of RS256
}

// NewECKey makes an ES256 key.
func NewECKey(tb testing.TB, id string) Key {
	tb.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return Key{ID: id, private: k}
}

// NewRSAKey makes an RS256 key.
func NewRSAKey(tb testing.TB, id string) Key {
	tb.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	return Key{ID: id, private: k}
}

// NewPSSKey makes a PS256 key.
func NewPSSKey(tb testing.TB, id string) Key {
	tb.Helper()
	k := NewRSAKey(tb, id)
	k.pss = true
	return k
}

// NewEdKey makes an EdDSA key.
func NewEdKey(tb testing.TB, id string) Key {
	tb.Helper()
	_, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return Key{ID: id, private: k}
}

// Algorithm returns ES256, RS256, PS256 or EdDSA.
func (k Key) Algorithm() string {
	switch k.private.(type) {
	case *rsa.PrivateKey:
		if k.pss {
			return "PS256"
		}
		return "RS256"
	case ed25519.PrivateKey:
		return "EdDSA"
	default:
		return "ES256"
	}
}

// Public returns the key as the key set shows it; without "kid" when the key
// has no ID.
func (k Key) Public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: k.private.Public(), KeyID: k.ID, Algorithm: k.Algorithm(), Use: "sig"}
}

// Header returns a proper JWT header for the key.
func (k Key) Header() map[string]any {
	h := map[string]any{"alg": k.Algorithm(), "typ": "JWT"}
	if k.ID != "" {
		h["kid"] = k.ID
	}
	return h
}

// Sign makes a compact JWS of any header and payload, right or wrong.
func (k Key) Sign(tb testing.TB, header map[string]any, payload []byte) string {
	tb.Helper()
	input := encode(tb, header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	sum := sha256.Sum256([]byte(input))
	var signature []byte
	switch key := k.private.(type) {
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
		if err != nil {
			tb.Fatal(err)
		}
		signature = make([]byte, 64)
		r.FillBytes(signature[:32])
		s.FillBytes(signature[32:])
	case *rsa.PrivateKey:
		var err error
		if k.pss {
			signature, err = rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		} else {
			signature, err = rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		}
		if err != nil {
			tb.Fatal(err)
		}
	case ed25519.PrivateKey:
		signature = ed25519.Sign(key, []byte(input))
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// SignHS256 makes a JWS under a shared secret.
func SignHS256(tb testing.TB, secret string, header map[string]any, payload []byte) string {
	tb.Helper()
	header["alg"] = "HS256"
	input := encode(tb, header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(input))
	return input + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Unsigned makes a JWS with alg none.
func Unsigned(tb testing.TB, payload []byte) string {
	tb.Helper()
	return encode(tb, map[string]any{"alg": "none", "typ": "JWT"}) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}

func encode(tb testing.TB, v any) string {
	tb.Helper()
	return base64.RawURLEncoding.EncodeToString(Marshal(tb, v))
}

// Marshal is json.Marshal for tests.
func Marshal(tb testing.TB, v any) []byte {
	tb.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
