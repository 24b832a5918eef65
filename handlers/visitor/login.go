package visitor

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/internal/rp"
	"muster/models"
	"muster/views/paths"
)

// SessionStore keeps sessions and finished logins, and writes both to the audit
// trail.
type SessionStore interface {
	CreateSession(ctx context.Context, s *models.Session, event, ended models.AuditEvent) error
	DeleteSession(ctx context.Context, digest []byte, event models.AuditEvent) error
	RenewSession(ctx context.Context, digest []byte, proof models.SessionProof) error
	EndProviderSessions(ctx context.Context, logout models.ProviderLogout, event models.AuditEvent) (digests [][]byte, err error)
	SpendLoginFlow(ctx context.Context, digest []byte, expires time.Time) error
	AppendAudit(ctx context.Context, event models.AuditEvent) error
}

// Login logs people in and out at the login provider.
type Login struct {
	Provider *rp.Provider
	Sessions SessionStore
	// EndStreams ends the live streams of the session with this digest.
	EndStreams func(digest []byte)
	// CountLogins counts a login of a person; KindRateLimited after too many.
	CountLogins func(actorID string) error
	// TooManyFailed counts a failed login from an address, and reports whether
	// there are too many for the audit trail.
	TooManyFailed func(ip string) bool
	// Base is the public address; it has no path.
	Base *url.URL
	// MasterKey seals the cookies of started logins; 32 bytes, the same on every
	// replica.
	MasterKey []byte
	// SessionLife is how long a session lasts at most.
	SessionLife time.Duration
	// Recheck is how often the provider confirms a session.
	Recheck time.Duration
	Frame   *web.Frame
	Now     func() time.Time
	Logger  *slog.Logger
}

// codeMisdirected marks a request whose Host header a proxy changed.
const codeMisdirected models.Code = "misdirected"

// paramAtBase marks a sign-in that was sent to the configured address.
const paramAtBase = "at_base"

// Start starts the authorization code flow (OIDC Core 3.1, with PKCE).
func (h *Login) Start(c echo.Context) error {
	form := struct {
		ReturnTo string `form:"return_to"`
	}{c.QueryParam("return_to")}
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	returnTo := web.ReturnPath(form.ReturnTo)
	if !web.SameHost(h.Base, c.Request().Host) {
		return h.startAtBase(c, returnTo)
	}
	flow := rp.NewFlow(returnTo)
	flow.Silent = c.QueryParam(paramSilent) != "" && web.SessionOf(c) != nil
	target, err := h.Provider.AuthCodeURL(c.Request().Context(), flow)
	if err != nil {
		return err
	}
	if err := h.keepFlow(c, flow); err != nil {
		return err
	}
	return h.leave(c, target)
}

// leave sends the browser to another site.
func (h *Login) leave(c echo.Context, target string) error {
	if c.Request().Method == http.MethodPost {
		return Onward(c, h.Frame, target, "onward.in")
	}
	web.NoStore(c)
	return c.Redirect(http.StatusSeeOther, target)
}

// startAtBase sends a sign-in that came under another host name to the configured
// address, to which the provider returns. It does so once: if the request has
// another name again, a proxy changes it, and redirects would never end.
func (h *Login) startAtBase(c echo.Context, returnTo string) error {
	if c.QueryParam(paramAtBase) == "" {
		query := url.Values{"return_to": {returnTo}, paramAtBase: {"1"}}
		return h.leave(c, h.address(paths.Login)+"?"+query.Encode())
	}
	host := c.Request().Host
	misdirected := &models.Error{
		Kind: models.KindInvalid, Code: codeMisdirected,
		Message: fmt.Sprintf("Sign-in is set up for %s, but this request arrived for the host %q.", h.address(""), host[:min(len(host), 100)]),
		NextStep: "Tell the administrator: the proxy in front of Muster must pass the Host header on unchanged " +
			"(nginx: proxy_set_header Host $host), and MUSTER_BASE_URL must be the address that people open.",
	}
	return &echo.HTTPError{Code: http.StatusMisdirectedRequest, Message: misdirected.Message, Internal: misdirected}
}

// address is the full address of a path.
func (h *Login) address(path string) string { return h.Base.Scheme + "://" + h.Base.Host + path }
