package desk

import (
	"context"
	"net/http"
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
// name, an address. A refused attempt has its page here too, and while nothing is
// asked, what waits for the desk.
type Investigate struct {
	Read interface {
		grantReader
		registrationTokenReader
		openRequestReader
		TurnedAway(ctx context.Context, v seen.Viewer, since, now time.Time, limit int) ([]seen.TurnedAway, error)
		AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
		AuthTokenOf(ctx context.Context, redemptionID string) (string, error)
		RefusedAttempt(ctx context.Context, v seen.Viewer, code string) (*seen.RefusedAttempt, error)
		Search(ctx context.Context, v seen.Viewer, s seen.Search) (*seen.Found, error)
		OfCall(ctx context.Context, requestID string) (supportCode, authTokenID string, err error)
		Sealed(text string) (string, error)
		Unsealed(sealed string) (string, error)
		Request(ctx context.Context, v seen.Viewer, id string) (*seen.Request, error)
		Verdict(ctx context.Context, v seen.Viewer, t *seen.RegistrationToken, now time.Time) (seen.Verdict, error)
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
	Now         func(c echo.Context) time.Time
	Tickets     web.TicketLinks
}

// Show shows the search box, the attempt with a support code, or what a search
// found. A code is not a secret and is of no use to anybody else, so it may appear
// in a URL.
func (h *Investigate) Show(c echo.Context) error {
	switch asked := c.QueryParams(); {
	case c.QueryParam("code") != "":
		return h.showAttempt(c, c.QueryParam("code"))
	case asked.Has(paths.ParamAnswer):
		return h.answered(c)
	case asked.Has(paths.ParamRef):
		text, err := h.Read.Unsealed(asked.Get(paths.ParamRef))
		if models.ErrorKind(err) == models.KindNotFound {
			return h.notFound(c, telling.InvestigateAnswer(telling.AnswerStale))
		}
		if err != nil {
			return err
		}
		return h.results(c, text)
	case asked.Has(paths.ParamQuery):
		return h.results(c, asked.Get(paths.ParamQuery))
	default:
		desk, err := h.desk(c)
		if err != nil {
			return err
		}
		return h.render(c, http.StatusOK, views.InvestigatePage{Desk: desk})
	}
}

func (h *Investigate) showAttempt(c echo.Context, code string) error {
	v, err := viewerOf(c, h.Read, models.ObjectRefusedAttempt, code, h.Now(c))
	if err != nil {
		return err
	}
	attempt, err := h.Read.RefusedAttempt(c.Request().Context(), v, code)
	if models.ErrorKind(err) == models.KindNotFound {
		return h.notFound(c, telling.UnknownSupportCode([]string{code}, ""))
	}
	if err != nil {
		return err
	}
	showMaskBar(c, models.ObjectRefusedAttempt, attempt.SupportCode)
	var p views.InvestigatePage
	if err := h.attemptOnPage(c.Request().Context(), v, attempt, &p, h.Now(c)); err != nil {
		return err
	}
	p.Notes, err = notesOf(c.Request().Context(), h.Read, v, models.ObjectRefusedAttempt, attempt.SupportCode, h.Tickets, h.Now(c))
	if err != nil {
		return err
	}
	restoreNote(c, &p.Notes)
	remember(c, models.ObjectRefusedAttempt, attempt.SupportCode)
	return h.render(c, http.StatusOK, p)
}

func (h *Investigate) notFound(c echo.Context, why string) error {
	return h.render(c, http.StatusNotFound, views.InvestigatePage{Error: why})
}

func (h *Investigate) render(c echo.Context, status int, p views.InvestigatePage) error {
	var err error
	if p.Page, err = h.Frame.Page(c, "Investigate", layout.NavInvestigate); err != nil {
		return err
	}
	p.Now = h.Now(c)
	return web.RenderQuietly(c, status, views.Investigate(p))
}
