package handlers

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/visitor"
	"muster/handlers/web"
	"muster/models"
	"muster/tokens/secrets"
	"muster/views"
	"muster/views/layout"
	"muster/views/paths"
)

// Session limits (rule 18; NIST SP 800-63B-4 section 2.2.3).
const (
	sessionIdleTimeout = 30 * time.Minute
	sessionAbsolute    = 12 * time.Hour
	// sessionRecheck is how often the login provider confirms a session unless configured.
	sessionRecheck = 15 * time.Minute
	// sessionTouch is how often activity is recorded; not every click writes.
	sessionTouch = time.Minute
)

// authenticateSession loads the session of a page. Without one, a page that
// needs a permission sends the visitor to log in and back again.
func (s *Server) authenticateSession(c echo.Context, needed models.Permission) error {
	session, err := s.loadSession(c)
	if err != nil {
		return err
	}
	if session != nil && needed != models.PermissionPublic {
		silently, err := s.asksSilently(c, session)
		if err != nil {
			return err
		}
		if silently {
			return s.askToLogIn(c, true)
		}
	}
	if session != nil {
		web.SetSession(c, session)
		web.SetActor(c, session.Actor(web.Origin(c, models.ChannelPage)))
		return nil
	}
	if needed == models.PermissionPublic {
		return nil
	}
	return s.askToLogIn(c, false)
}

func (s *Server) loadSession(c echo.Context) (*web.Session, error) {
	secret := web.CookieSecret(c, web.SessionCookie)
	if secret == nil {
		return nil, nil
	}
	ctx, now := c.Request().Context(), s.now().UTC()
	session, err := s.store.Session(ctx, web.SecretDigest(secret))
	if models.ErrorKind(err) == models.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !now.Before(session.ExpiresAt) || now.Sub(session.LastActiveAt) >= sessionIdleTimeout {
		return nil, nil
	}
	background := c.Request().Header.Get(web.HeaderBackground) != "" || c.Path() == paths.Events
	if !background && now.Sub(session.LastActiveAt) >= sessionTouch {
		if err := s.store.TouchSession(ctx, session.Digest, now); err != nil {
			return nil, err
		}
	}
	return s.confirmed(c, &web.Session{Session: session, Secret: secret})
}

// sessionAlive reports whether the caller still has a session, and it need not be
// confirmed by a login.
func (s *Server) sessionAlive(c echo.Context) (bool, error) {
	session, err := s.loadSession(c)
	if err != nil || session == nil {
		return false, err
	}
	silently, err := s.asksSilently(c, session)
	return !silently, err
}

// askToLogIn leads to the login page and from there back to what the visitor asked
// for, or to the form that they sent, filled in; silently where the provider may know them
// still. htmx is sent to a whole page, so that none appears inside a table.
func (s *Server) askToLogIn(c echo.Context, silently bool) error {
	to := s.returnTo(c)
	if c.Request().Method == http.MethodPost {
		page, sent, err := s.keepForm(c)
		if err != nil {
			return err
		}
		if page == "" && sent != nil {
			return s.writeUnsent(c, sent)
		}
		to = cmp.Or(page, to)
	}
	target := paths.Login
	if to != "" && !secrets.Within(to) {
		target += "?return_to=" + url.QueryEscape(to)
	}
	if silently {
		target = visitor.SilentLogin(to)
	}
	if web.WantsPart(c) {
		c.Response().Header().Set(web.HeaderHXRedirect, target)
		return web.HTML(c, http.StatusUnauthorized, nil)
	}
	if c.Path() == paths.Events {
		return web.Nothing(c, http.StatusUnauthorized)
	}
	if c.Request().Method == http.MethodPost {
		return visitor.Onward(c, s.frame, target, "onward.in")
	}
	return web.Redirect(c, target)
}

// keepForm keeps a form that was sent without a session. Nobody who never had one needs
// to send much.
func (s *Server) keepForm(c echo.Context) (page string, sent url.Values, err error) {
	if web.CookieSecret(c, web.SessionCookie) == nil {
		request := c.Request()
		request.Body = http.MaxBytesReader(c.Response(), request.Body, maxBody)
	}
	ended, err := s.ownSession(c)
	if err != nil {
		return "", nil, err
	}
	return s.drafts.KeepUnsent(c, ended)
}

// writeUnsent answers a form that came without a session and is too large to be kept
// with what was typed, to be sent again or copied. What htmx sent still stands in its
// form.
func (s *Server) writeUnsent(c echo.Context, sent url.Values) error {
	if web.WantsPart(c) {
		web.RetargetToNotices(c)
		return web.Render(c, http.StatusUnauthorized, views.UnsentNotice())
	}
	p := views.UnsentPage{
		Page:   layout.Page{Title: "Not saved yet", DevMode: s.config.Dev},
		Action: c.Request().URL.Path,
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		for _, value := range sent[name] {
			if !secrets.Within(value) {
				p.Fields = append(p.Fields, views.UnsentField{Name: name, Value: value})
			}
		}
	}
	return web.RenderQuietly(c, http.StatusUnauthorized, views.Unsent(p))
}

// keepDraft keeps what a script says was typed into a form and not sent yet, and says
// when it cannot. Where nobody knows whose session it is, or was, there is nobody to keep
// it for.
func (s *Server) keepDraft(c echo.Context) error {
	session, err := s.ownSession(c)
	if err != nil {
		return err
	}
	if session == nil {
		return c.NoContent(http.StatusNoContent)
	}
	var typed url.Values
	if err := web.BindForm(c, &typed); err != nil {
		return err
	}
	kept, err := s.drafts.KeepLeft(c, session, c.Request().Header.Get(web.HeaderPage), typed)
	if err != nil {
		return err
	}
	if !kept {
		return web.Nothing(c, http.StatusRequestEntityTooLarge)
	}
	return c.NoContent(http.StatusNoContent)
}

// ownSession is the session that the caller has, or had until it ended; nil when nobody
// knows.
func (s *Server) ownSession(c echo.Context) (*models.Session, error) {
	secret := web.CookieSecret(c, web.SessionCookie)
	if secret == nil {
		return nil, nil
	}
	session, err := s.store.Session(c.Request().Context(), web.SecretDigest(secret))
	if models.ErrorKind(err) == models.KindNotFound {
		return nil, nil
	}
	return session, err
}

// returnTo is the page to show after the login: the one that was requested, or
// whose part was. Empty when there is none.
func (s *Server) returnTo(c echo.Context) string {
	request := c.Request()
	if !web.WantsPart(c) {
		if request.Method != http.MethodGet || c.Path() == paths.Events {
			return ""
		}
		return request.URL.RequestURI()
	}
	current, err := url.Parse(request.Header.Get(web.HeaderHXCurrentURL))
	if err != nil || current.Host == "" || !web.SameHost(s.base, current.Host) {
		return ""
	}
	return current.RequestURI()
}
