package desk

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	views "muster/views/desk"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
)

// Investigate looks up whatever a user reads out: a secret, a support code, a
// name, an address. A refused attempt has its page here too.
type Investigate struct {
	Read interface {
		grantReader
		registrationTokenReader
		registrationTokensByID
		AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
		AuthTokenOf(ctx context.Context, redemptionID string) (string, error)
		RefusedAttempt(ctx context.Context, v seen.Viewer, code string) (*seen.RefusedAttempt, error)
		Search(ctx context.Context, v seen.Viewer, s seen.Search) (*seen.Found, error)
		Verdict(ctx context.Context, v seen.Viewer, t *seen.RegistrationToken, now time.Time) (seen.Verdict, error)
		requestReader
		noteReader
	}
	Tokens interface {
		LookupRegistrationToken(ctx context.Context, actor models.Actor, secret models.Secret) (*models.RegistrationToken, error)
		LookupAuthToken(ctx context.Context, actor models.Actor, secret models.Secret) (*models.AuthToken, tokens.SecretStanding, error)
		WouldAdmitAgain(ctx context.Context, actor models.Actor, supportCode string) (tokens.AdmissionAnswer, error)
	}
	// CountLookup counts an actor's look-ups by secret, Guess the wrong secrets
	// from an address. KindRateLimited when there were too many.
	CountLookup func(actorID string) error
	Guess       func(ip string) error
	Frame       *web.Frame
	Now         func() time.Time
	Tickets     web.TicketLinks
}

// Show shows the search box, or the attempt with a support code. A code is not
// a secret and is of no use to anybody else, so it may appear in a URL.
func (h *Investigate) Show(c echo.Context) error {
	code := c.QueryParam("code")
	if code == "" {
		return h.render(c, http.StatusOK, views.InvestigatePage{})
	}
	v, err := viewerOf(c, h.Read, models.ObjectRefusedAttempt, code, h.Now())
	if err != nil {
		return err
	}
	attempt, err := h.Read.RefusedAttempt(c.Request().Context(), v, code)
	if models.ErrorKind(err) == models.KindNotFound {
		return h.notFound(c, "There is no attempt with this support code. Ask for it again; it is eight letters and digits.")
	}
	if err != nil {
		return err
	}
	showMaskBar(c, models.ObjectRefusedAttempt, attempt.SupportCode)
	var p views.InvestigatePage
	if err := h.addAttempt(c.Request().Context(), v, attempt, &p); err != nil {
		return err
	}
	p.Notes, err = notesOf(c.Request().Context(), h.Read, v, models.ObjectRefusedAttempt, attempt.SupportCode, h.Tickets, h.Now().UTC())
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, p)
}

// Find recognises what was pasted and leads to it. The text comes in the body
// only, because secrets and people's names do not belong in a URL. A secret is
// never shown again.
func (h *Investigate) Find(c echo.Context) error {
	var form views.InvestigateForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	q := recognise(form.Query)
	switch q.kind {
	case queryNothing:
		return h.notFound(c, "Paste something first.")
	case queryMistyped:
		return h.notFound(c, "This secret is mistyped or incomplete. Ask the user to copy all of it again.")
	case queryRegistrationToken:
		return h.findRegistrationToken(c, models.Secret(q.text))
	case queryRefreshToken, queryAccessToken:
		return h.findAuthToken(c, models.Secret(q.text), q.kind)
	case queryAPIKey:
		return h.notFound(c, "This is an API key, which belongs to a program and not to a user. Ask an administrator to revoke it under API keys.")
	case querySupportCode:
		return h.findAttempt(c, q.text, strings.TrimSpace(form.Query))
	case queryID:
		return h.findByID(c, q.text)
	default:
		return h.findByText(c, q)
	}
}

// findAttempt opens the attempt with a support code. Eight letters may also be
// a name, so without such an attempt they are searched for.
func (h *Investigate) findAttempt(c echo.Context, code, text string) error {
	_, err := h.Read.RefusedAttempt(c.Request().Context(), web.Viewer(c), code)
	if err == nil {
		return web.Redirect(c, paths.Attempt(code))
	}
	if models.ErrorKind(err) != models.KindNotFound {
		return err
	}
	return h.findByText(c, query{queryText, text})
}

// findByID opens whatever has an id.
func (h *Investigate) findByID(c echo.Context, id string) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	for _, find := range []func() (string, error){
		func() (string, error) {
			_, err := h.Read.RegistrationToken(ctx, v, id)
			return paths.RegistrationToken(id), err
		},
		func() (string, error) {
			_, err := h.Read.AuthToken(ctx, v, id)
			return paths.AuthToken(id), err
		},
		func() (string, error) {
			authTokenID, err := h.Read.AuthTokenOf(ctx, id)
			return paths.AuthToken(authTokenID), err
		},
	} {
		address, err := find()
		if err == nil {
			return web.Redirect(c, address)
		}
		if models.ErrorKind(err) != models.KindNotFound {
			return err
		}
	}
	return h.notFound(c, "Nothing has this id: it belongs to no registration token, auth token or redemption.")
}

// findByText searches. A single hit is opened; several are shown.
func (h *Investigate) findByText(c echo.Context, q query) error {
	if bad := models.CheckText("query", q.text, models.MaxNameLength, false); bad != nil {
		return h.notFound(c, "This text is too long or contains characters that no name has.")
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	found, err := h.Read.Search(ctx, v, q.search())
	if err != nil {
		return err
	}
	if found.Number() == 0 {
		return h.render(c, http.StatusNotFound, views.InvestigatePage{Query: q.text, Error: telling.NothingFound(q.kind.words())})
	}
	if address := addressOf(found); address != "" {
		return web.Redirect(c, address)
	}
	ids := make([]string, len(found.AuthTokens))
	for i := range found.AuthTokens {
		ids[i] = found.AuthTokens[i].RegistrationTokenID
	}
	labels, err := labelsOf(ctx, h.Read, v, ids)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.InvestigatePage{
		Query: q.text, Results: &views.Results{Found: *found, Kind: q.kind.words(), Most: searchShown, Labels: labels},
	})
}

// findRegistrationToken finds a registration token by its secret; audited, and
// limited for each actor.
func (h *Investigate) findRegistrationToken(c echo.Context, secret models.Secret) error {
	actor := web.Actor(c)
	if err := h.CountLookup(actor.ID); err != nil {
		return err
	}
	t, err := h.Tokens.LookupRegistrationToken(c.Request().Context(), actor, secret)
	if err != nil {
		return h.notFoundSecret(c, err, "No registration token has this secret. It may come from another installation.")
	}
	return h.Frame.RedirectWithNotice(c, paths.RegistrationToken(t.ID), layout.NoticeInfo, "You pasted the secret of this registration token.")
}

// findAuthToken finds an auth token by one of its secrets; audited and limited
// in the same way.
func (h *Investigate) findAuthToken(c echo.Context, secret models.Secret, kind queryKind) error {
	actor := web.Actor(c)
	if err := h.CountLookup(actor.ID); err != nil {
		return err
	}
	t, standing, err := h.Tokens.LookupAuthToken(c.Request().Context(), actor, secret)
	if err == nil {
		return h.Frame.RedirectWithNotice(c, paths.AuthToken(t.ID), layout.NoticeInfo, telling.SecretStanding(string(standing)))
	}
	if kind == queryAccessToken {
		return h.notFoundSecret(c, err, "This is an access token, but this installation did not sign it.")
	}
	return h.notFoundSecret(c, err, "No auth token has this refresh token. It may come from another installation.")
}

// notFoundSecret says that a secret matches nothing, and counts it if it was a
// guess.
func (h *Investigate) notFoundSecret(c echo.Context, err error, text string) error {
	if models.ErrorKind(err) != models.KindNotFound {
		return err
	}
	if tokens.IsGuess(err) {
		if err := h.Guess(c.RealIP()); err != nil {
			return err
		}
	}
	return h.notFound(c, text)
}

func (h *Investigate) notFound(c echo.Context, why string) error {
	return h.render(c, http.StatusNotFound, views.InvestigatePage{Error: why})
}

func (h *Investigate) render(c echo.Context, status int, p views.InvestigatePage) error {
	var err error
	if p.Page, err = h.Frame.Page(c, "Investigate", layout.NavInvestigate); err != nil {
		return err
	}
	p.Now = h.Now().UTC()
	return web.Render(c, status, views.Investigate(p))
}
