package desk

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/layout"
	"muster/views/paths"
)

// AuthToken is the page of one auth token.
type AuthToken struct {
	Read interface {
		grantReader
		registrationTokensByID
		trailReader
		AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
		UseNumber(ctx context.Context, t *seen.AuthToken) (int, error)
		SeveralCustomers(ctx context.Context) (bool, error)
		requestReader
		noteReader
	}
	Frame   *web.Frame
	Now     func(c echo.Context) time.Time
	Tickets web.TicketLinks
}

// Show shows where the auth token came from, what became of it and what may be
// done with it.
func (h *AuthToken) Show(c echo.Context) error {
	ctx, now := c.Request().Context(), h.Now(c)
	v, err := viewerOf(c, h.Read, models.ObjectAuthToken, c.Param("id"), now)
	if err != nil {
		return err
	}
	t, err := h.Read.AuthToken(ctx, v, c.Param("id"))
	if err != nil {
		return err
	}
	showMaskBar(c, models.ObjectAuthToken, t.ID)
	mayAct, deleted := v.Can(models.PermissionAuthTokenWrite), t.DeletedAt != nil
	p := views.AuthTokenPage{Token: t, Now: now, MayDelete: mayAct && !deleted, MayGiveBack: mayAct && deleted && !t.CountReclaimed}
	p.MayAsk = !mayAct && v.Can(models.PermissionRequestWrite) && !t.CountReclaimed
	if err := h.addContext(ctx, &p, v); err != nil {
		return err
	}
	if err := h.addWritten(ctx, &p, v); err != nil {
		return err
	}
	restoreNote(c, &p.Notes)
	title := cmp.Or(t.Person().Name, t.FQDN, t.ID)
	list := layout.Link{Label: "Auth tokens", URL: paths.AuthTokens}
	if p.Page, err = h.Frame.Below(c, list, title, layout.NavAuthTokens, layout.Link{Label: title}); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.AuthToken(p))
}

// addContext adds where the auth token came from and what was done with it.
func (h *AuthToken) addContext(ctx context.Context, p *views.AuthTokenPage, v seen.Viewer) error {
	id := p.Token.RegistrationTokenID
	found, err := h.Read.RegistrationTokensByID(ctx, v, []string{id})
	if err != nil {
		return err
	}
	p.RegistrationToken = layout.Link{Label: id, URL: paths.RegistrationToken(id)}
	for i := range found {
		p.RegistrationToken.Label = found[i].Identifier
		p.MayAsk = p.MayAsk && asker{token: &found[i], now: p.Now}.open(models.RemedyDelete)
	}
	several, err := h.Read.SeveralCustomers(ctx)
	if err != nil {
		return err
	}
	if several {
		p.Customer = p.Token.Customer.Name
	}
	if p.UseNumber, err = h.Read.UseNumber(ctx, p.Token); err != nil {
		return err
	}
	p.Changes, err = changesOf(ctx, h.Read, v, models.ObjectAuthToken, p.Token.ID, nil)
	return err
}

// addWritten adds the requests that name the auth token, and the notes about it.
func (h *AuthToken) addWritten(ctx context.Context, p *views.AuthTokenPage, v seen.Viewer) error {
	found, err := requestsOf(ctx, h.Read, v, p.Token.RegistrationTokenID)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(r seen.Request) bool { return !slices.Contains(r.Remedy.AuthTokens, p.Token.ID) })
	p.Requests = shownRequests(found, p.Token.RegistrationTokenID, h.Tickets, p.Now)
	p.Notes, err = notesOf(ctx, h.Read, v, models.ObjectAuthToken, p.Token.ID, h.Tickets, p.Now)
	return err
}
