package handlers

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/words"
)

// myHandler serves signed-in people of any role what is their own.
type myHandler struct{ *Server }

const myURL = "/my"

func myDeleteURL(id string) string { return myURL + "/auth-tokens/" + id + "/delete" }

// person is who is signed in. The routes ask for a session, so there is one.
func (*myHandler) person(c echo.Context) models.VerifiedIdentity {
	s := sessionOf(c)
	return models.VerifiedIdentity{Issuer: s.Issuer, Subject: s.Subject, Email: s.Email}
}

// list shows the auth tokens that the person redeemed while signed in.
func (h *myHandler) list(c echo.Context) error {
	person, now := h.person(c), h.now().UTC()
	filter := models.AuthTokenFilter{Issuer: person.Issuer, Subject: person.Subject}
	found, err := h.store.AuthTokens(c.Request().Context(), filter, models.PageRequest{Token: c.QueryParam("page")}, now)
	if err != nil {
		return err
	}
	frame, err := h.page(c, words.Say(c.Request().Context(), "my.title"), layout.NavMy)
	if err != nil {
		return err
	}
	p := views.MyPage{Page: frame, RedeemURL: redeemURL}
	if c.QueryParam("page") != "" {
		p.Paging.FirstURL = myURL
	}
	if found.NextToken != "" {
		p.Paging.NextURL = myURL + "?" + url.Values{"page": {found.NextToken}}.Encode()
	}
	if actorOf(c).Can(models.PermissionRegistrationTokenRead) {
		p.AdminURL = "/admin"
	}
	for i := range found.Items {
		p.Rows = append(p.Rows, myRow(c.Request().Context(), &found.Items[i], now))
	}
	return render(c, http.StatusOK, views.My(p))
}

func myRow(ctx context.Context, t *models.AuthToken, now time.Time) views.MyRow {
	row := views.MyRow{
		ID: t.ID, Host: t.FQDN, User: t.SystemUserName, Identifier: t.Identifier, State: t.State(now),
		Created: momentIn(ctx, t.CreatedAt, now), LastSeen: momentIn(ctx, t.LastSeenAt, now),
		DeletedBy: t.DeletedBy,
	}
	if t.DeletedAt == nil {
		row.DeleteURL = myDeleteURL(t.ID)
	} else {
		row.Deleted = momentIn(ctx, *t.DeletedAt, now)
	}
	return row
}

// own reads an auth token of the person; those of others are not found.
func (h *myHandler) own(ctx context.Context, c echo.Context) (*models.AuthToken, error) {
	t, err := h.store.AuthToken(ctx, c.Param("id"))
	if err != nil {
		return nil, err
	}
	if !t.BelongsTo(actorOf(c)) {
		return nil, models.NotFound("auth token")
	}
	return t, nil
}

func (h *myHandler) confirmDelete(c echo.Context) error {
	t, err := h.own(c.Request().Context(), c)
	if err != nil {
		return err
	}
	return h.renderDelete(c, t, views.MyDeleteForm{}, formFailure{status: http.StatusOK})
}

func (h *myHandler) delete(c echo.Context) error {
	ctx := c.Request().Context()
	var form views.MyDeleteForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	t, err := h.own(ctx, c)
	if err != nil {
		return err
	}
	var p formParser
	reason := p.lines("reason", form.Reason, models.MaxReasonLength)
	if err = p.err(); err == nil {
		err = h.tokens.DeleteOwnAuthToken(ctx, actorOf(c), t.ID, reason)
	}
	if err != nil {
		failure, ok := asFormFailure(c, err, nil)
		if !ok {
			return err
		}
		if f := asFailure(err); len(failure.errors) > 0 {
			failure.errors = spokenFieldErrors(ctx, f.Error)
		}
		return h.renderDelete(c, t, form, failure)
	}
	if t.DeletedAt != nil {
		return h.done(c, myURL, words.Say(ctx, "my.unchanged"))
	}
	return h.done(c, myURL, words.Say(ctx, "my.done"))
}

// renderDelete asks, naming the thing and the effect.
func (h *myHandler) renderDelete(c echo.Context, t *models.AuthToken, form views.MyDeleteForm, failure formFailure) error {
	frame, err := h.page(c, words.Say(c.Request().Context(), "my.delete_page"), layout.NavMy)
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	p := views.MyDeletePage{
		Page: frame, Row: myRow(c.Request().Context(), t, h.now().UTC()), Form: form, Errors: failure.errors,
		Action: myDeleteURL(t.ID), CancelURL: myURL,
	}
	return renderPart(c, failure.status, views.MyDelete(p), views.MyDeleteConfirm(p))
}
