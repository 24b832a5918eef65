package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// Cookie names: __Host- binds them to this host, path / and HTTPS; browsers treat
// loopback like HTTPS. The provider of --dev sets no cookies.
const (
	SessionCookie  = "__Host-muster-session"
	LoginCookie    = "__Host-muster-login"
	LanguageCookie = "__Host-muster-language"
	ColumnsCookie  = "__Host-muster-columns"
	// AuthTokenColumnsCookie is the ColumnsCookie of auth tokens.
	AuthTokenColumnsCookie = "__Host-muster-auth-token-columns"
)

// PreferenceLife is how long a browser keeps a preference.
const PreferenceLife = 365 * Day

const cookieSecretSize = 32

// NewSecret returns a secret and its digest; only the digest is stored.
func NewSecret() (secret, digest []byte) {
	secret = make([]byte, cookieSecretSize)
	_, _ = rand.Read(secret) // never fails: crypto/rand aborts the program instead
	return secret, SecretDigest(secret)
}

// SecretDigest is the SHA-256 of a secret.
func SecretDigest(secret []byte) []byte {
	sum := sha256.Sum256(secret)
	return sum[:]
}

// SetCookie keeps a text in the browser, for this host only and hidden from
// scripts.
func SetCookie(c echo.Context, name, value string, life time.Duration) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// SetSecretCookie keeps bytes in the browser; [CookieBytes] reads them.
func SetSecretCookie(c echo.Context, name string, value []byte, life time.Duration) {
	SetCookie(c, name, base64.RawURLEncoding.EncodeToString(value), life)
}

// ClearCookie deletes a cookie.
func ClearCookie(c echo.Context, name string) { SetCookie(c, name, "", -time.Second) }

// CookieBytes reads a cookie of at most longest characters; nil when it is missing
// or malformed.
func CookieBytes(c echo.Context, name string, longest int) []byte {
	cookie, err := c.Cookie(name)
	if err != nil || len(cookie.Value) > longest {
		return nil
	}
	if value, err := base64.RawURLEncoding.DecodeString(cookie.Value); err == nil {
		return value
	}
	return nil
}

// CookieSecret reads the secret in a cookie; nil when it is missing or malformed.
func CookieSecret(c echo.Context, name string) []byte {
	secret := CookieBytes(c, name, base64.RawURLEncoding.EncodedLen(cookieSecretSize))
	if len(secret) != cookieSecretSize {
		return nil
	}
	return secret
}
