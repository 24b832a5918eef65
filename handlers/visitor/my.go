package visitor

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/paths"
	views "muster/views/visitor"
	"muster/views/words"
)

// AuthTokenReader reads auth tokens; owners see everything about their own.
type AuthTokenReader interface {
	AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
	AuthTokens(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.AuthToken], error)
}

// AuthTokenDeleter deletes an auth token that the actor redeemed while signed in.
type AuthTokenDeleter interface {
	DeleteOwnAuthToken(ctx context.Context, actor models.Actor, id, reason string) error
}

// My serves the pages on which signed-in people of any role find their own auth
// tokens. The routes require a session, so there always is one.
type My struct {
	Reader AuthTokenReader
	Tokens AuthTokenDeleter
	Frame  *web.Frame
	Now    func(c echo.Context) time.Time
	// AccessTokenTTL is how long an access token outlives the deletion of its
	// auth token where nobody asks Muster.
	AccessTokenTTL time.Duration
}

// List shows the auth tokens that the person redeemed while signed in.
func (h *My) List(c echo.Context) error {
	ctx, now, person := c.Request().Context(), h.Now(c), web.SessionOf(c).Person()
	page := c.QueryParam("page")
	found, err := h.Reader.AuthTokens(ctx, web.Viewer(c),
		models.AuthTokenFilter{Owner: &person}, models.PageRequest{Token: page}, now)
	if err != nil {
		return err
	}
	frame, err := h.Frame.Page(c, words.Say(ctx, "my.title"), layout.NavMy)
	if err != nil {
		return err
	}
	p := views.MyPage{Page: frame, Rows: found.Items, Now: now}
	if page != "" {
		p.Paging.FirstURL = paths.My
	}
	if next := found.NextToken(); next != "" {
		p.Paging.NextURL = paths.My + "?" + url.Values{"page": {next}}.Encode()
	}
	return web.Render(c, http.StatusOK, views.My(p))
}

// own reads an auth token of the person; somebody else's is not found.
func (h *My) own(c echo.Context) (*seen.AuthToken, error) {
	t, err := h.Reader.AuthToken(c.Request().Context(), web.Viewer(c), c.Param("id"))
	if err != nil {
		return nil, err
	}
	if !t.BelongsTo(web.Actor(c)) {
		return nil, models.NotFound("auth token")
	}
	return t, nil
}

// ConfirmDelete asks before one is deleted.
func (h *My) ConfirmDelete(c echo.Context) error {
	t, err := h.own(c)
	if err != nil {
		return err
	}
	var form myDeleteForm
	failed := web.Restore(c, &form)
	return h.renderDelete(c, t, form.Reason, failed)
}

// myDeleteForm is the form that deletes one.
type myDeleteForm struct {
	Reason string `form:"reason"`
}

// Delete deletes one; its count is not given back.
func (h *My) Delete(c echo.Context) error {
	ctx := c.Request().Context()
	var form myDeleteForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	t, err := h.own(c)
	if err != nil {
		return err
	}
	var p web.FormParser
	reason := p.Lines("reason", form.Reason, models.MaxReasonLength)
	if err = p.Err(); err == nil {
		err = h.Tokens.DeleteOwnAuthToken(ctx, web.Actor(c), t.ID, reason)
	}
	if err != nil {
		return h.renderDelete(c, t, form.Reason, err)
	}
	if t.DeletedAt != nil {
		return h.Frame.Done(c, paths.My, words.Say(ctx, "my.unchanged"))
	}
	return h.Frame.Done(c, paths.My, words.Say(ctx, "my.done"))
}

// renderDelete asks, naming the auth token and the effect; failed is why it asks again.
func (h *My) renderDelete(c echo.Context, t *seen.AuthToken, reason string, failed error) error {
	ctx, failure := c.Request().Context(), web.FormFailure{Status: http.StatusOK}
	if failed != nil {
		var ok bool
		if failure, ok = web.AsFormFailure(c, failed, nil); !ok {
			return failed
		}
		if len(failure.Errors) > 0 {
			failure.Errors = fieldErrors(ctx, web.AsFailure(failed).Error)
		}
	}
	frame, err := h.Frame.Page(c, words.Say(ctx, "my.delete_page"), layout.NavMy)
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.Notices...)
	p := views.MyDeletePage{Page: frame, AuthToken: *t, AccessTokenTTL: h.AccessTokenTTL, Reason: reason, Errors: failure.Errors}
	return web.RenderPart(c, failure.Status, views.MyDelete(p), views.MyDeleteConfirm(p))
}
