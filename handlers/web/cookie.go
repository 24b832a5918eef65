package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Cookie names, as the functions here take them; [guarded] says what a browser
// keeps them as. The provider of --dev sets no cookies.
const (
	SessionCookie  = "muster-session"
	LoginCookie    = "muster-login"
	CheckCookie    = "muster-check"
	LanguageCookie = "muster-language"
	ColumnsCookie  = "muster-columns"
	// RecentCookie has the ids of what somebody looked up, and nothing of what they typed.
	RecentCookie = "muster-recent"
	// AuthTokenColumnsCookie is the ColumnsCookie of auth tokens.
	AuthTokenColumnsCookie = "muster-auth-token-columns"
	// RedemptionCookie opens what the browser redeemed last, sealed.
	RedemptionCookie = "muster-redemption"
	DraftCookie      = "muster-draft"
	// ZoneCookie has the name of the browser's time zone. Our script sets it, so it
	// is not hidden from scripts.
	ZoneCookie = "muster-zone"
)

// guarded is the name of a cookie in the browser, and whether it is Secure. The
// prefix __Host- binds a cookie to this host, path / and HTTPS. A development
// server speaks HTTP on loopback, where WebKit keeps no such cookie.
func guarded(c echo.Context, name string) (inBrowser string, secure bool) {
	if IsDevelopment(c) {
		return name, false
	}
	return "__Host-" + name, true
}

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
	inBrowser, secure := guarded(c, name)
	c.SetCookie(&http.Cookie{ //nolint:gosec // Secure everywhere but in development
		Name: inBrowser, Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// SetSecretCookie keeps bytes in the browser; [CookieBytes] reads them.
func SetSecretCookie(c echo.Context, name string, value []byte, life time.Duration) {
	SetCookie(c, name, base64.RawURLEncoding.EncodeToString(value), life)
}

// ClearCookie deletes a cookie.
func ClearCookie(c echo.Context, name string) { SetCookie(c, name, "", -time.Second) }

// CookieText reads a cookie that [SetCookie] set; empty when it is missing.
func CookieText(c echo.Context, name string) string {
	inBrowser, _ := guarded(c, name)
	cookie, err := c.Cookie(inBrowser)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// CookieNames are the names of the caller's cookies that begin so.
func CookieNames(c echo.Context, prefix string) []string {
	inBrowser, _ := guarded(c, prefix)
	var names []string
	for _, cookie := range c.Cookies() {
		if rest, ok := strings.CutPrefix(cookie.Name, inBrowser); ok {
			names = append(names, prefix+rest)
		}
	}
	return names
}

// CookieBytes reads a cookie of at most longest characters; nil when it is missing
// or malformed.
func CookieBytes(c echo.Context, name string, longest int) []byte {
	text := CookieText(c, name)
	if text == "" || len(text) > longest {
		return nil
	}
	if value, err := base64.RawURLEncoding.DecodeString(text); err == nil {
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
