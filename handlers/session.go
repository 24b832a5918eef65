package handlers

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
)

// Session limits (SECURITY R36; NIST SP 800-63B-4 section 2.2.3).
const (
	sessionIdle     = 30 * time.Minute
	sessionAbsolute = 12 * time.Hour
	loginFlowLife   = 10 * time.Minute
	// sessionTouch spares a write for every click.
	sessionTouch = time.Minute
)

// Cookie names: __Host- binds them to this host, path / and HTTPS; browsers
// take loopback for as good as HTTPS. The provider of --dev sets no cookies.
const (
	sessionCookie = "__Host-muster-session"
	loginCookie   = "__Host-muster-login"
)

const cookieSecretSize = 32

// eventsPath is the live stream, which is never activity of the person.
const eventsPath = "/admin/events"

// newCookieSecret returns a secret and its digest; only the digest is stored.
func newCookieSecret() (secret, digest []byte) {
	secret = make([]byte, cookieSecretSize)
	_, _ = rand.Read(secret) // never fails: crypto/rand aborts the program instead
	return secret, secretDigest(secret)
}

func secretDigest(secret []byte) []byte {
	sum := sha256.Sum256(secret)
	return sum[:]
}

func setCookie(c echo.Context, name string, value []byte, maxAge time.Duration) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: base64.RawURLEncoding.EncodeToString(value), Path: "/",
		MaxAge: int(maxAge.Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func clearCookie(c echo.Context, name string) {
	c.SetCookie(&http.Cookie{
		Name: name, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// cookieSecret reads a cookie's secret; nil when there is none that can be.
func cookieSecret(c echo.Context, name string) []byte {
	cookie, err := c.Cookie(name)
	if err != nil {
		return nil
	}
	secret, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || len(secret) != cookieSecretSize {
		return nil
	}
	return secret
}

// authenticateSession loads the session of a page. Without one, a page that
// needs a permission sends the visitor to log in and back again.
func (s *Server) authenticateSession(c echo.Context, needed models.Permission) error {
	session, err := s.loadSession(c)
	if err != nil {
		return err
	}
	if session != nil {
		setSession(c, session)
		setActor(c, models.Actor{
			Kind: models.ActorPerson, ID: session.Issuer + " " + session.Subject, Name: session.Name,
			Role: session.Role, Permissions: session.Role.Permissions(), Origin: originOf(c, models.ChannelPage),
		})
		return nil
	}
	if needed == models.PermissionPublic {
		return nil
	}
	return s.askToLogIn(c)
}

func (s *Server) loadSession(c echo.Context) (*liveSession, error) {
	secret := cookieSecret(c, sessionCookie)
	if secret == nil {
		return nil, nil
	}
	ctx, now := c.Request().Context(), s.now().UTC()
	session, err := s.store.Session(ctx, secretDigest(secret))
	if models.ErrorKind(err) == models.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !now.Before(session.ExpiresAt) || now.Sub(session.LastActiveAt) >= sessionIdle {
		return nil, nil
	}
	background := c.Request().Header.Get(headerBackground) != "" || c.Path() == eventsPath
	if !background && now.Sub(session.LastActiveAt) >= sessionTouch {
		if err := s.store.TouchSession(ctx, session.Digest, now); err != nil {
			return nil, err
		}
	}
	return &liveSession{Session: session, Secret: secret}, nil
}

// sessionAlive reports whether the caller still has a session.
func (s *Server) sessionAlive(c echo.Context) (bool, error) {
	session, err := s.loadSession(c)
	return session != nil, err
}

// askToLogIn leads to the login page and back to where the visitor wanted to
// go. A part of a page never becomes a login page inside a table.
func (s *Server) askToLogIn(c echo.Context) error {
	target := "/auth/login"
	if to := s.comesBackTo(c); to != "" && !tokens.LooksLikeSecret(to) {
		target += "?return_to=" + url.QueryEscape(to)
	}
	if wantsPart(c) {
		c.Response().Header().Set(headerHXRedirect, target)
		return c.NoContent(http.StatusUnauthorized)
	}
	if c.Path() == eventsPath {
		return c.NoContent(http.StatusUnauthorized)
	}
	return redirect(c, target)
}

// comesBackTo is the page to show after the login: the one that was asked
// for, or the one that a part was asked for. Empty when there is none.
func (s *Server) comesBackTo(c echo.Context) string {
	request := c.Request()
	if !wantsPart(c) {
		if request.Method != http.MethodGet || c.Path() == eventsPath {
			return ""
		}
		return request.URL.RequestURI()
	}
	current, err := url.Parse(request.Header.Get(headerHXCurrentURL))
	if err != nil || current.Host == "" || !sameHost(s.base, current.Host) {
		return ""
	}
	return current.RequestURI()
}
