package admin

import (
	"cmp"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/ui"
	"muster/views/words"
)

// Edit shows the form for the labels of an auth token.
func (h *AuthTokens) Edit(c echo.Context) error {
	t, err := h.Read.AuthToken(c.Request().Context(), web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	if t.DeletedAt != nil {
		return models.Conflict(models.CodeAuthTokenDeleted, "This auth token was deleted on "+words.InSentence(*t.DeletedAt, h.Now(c))+"; it cannot be edited.")
	}
	form := views.AuthTokenForm{Identifier: t.Identifier, RefID1: t.RefID1, RefID2: t.RefID2, Version: t.Version()}
	failed := web.Restore(c, &form)
	return h.renderEdit(c, t, form, failed)
}

// Update changes the labels of an auth token.
func (h *AuthTokens) Update(c echo.Context) error {
	var form views.AuthTokenForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	ctx, viewer, id := c.Request().Context(), web.Viewer(c), c.Param("id")
	var p formParser
	labels := models.AuthTokenLabels{
		Identifier: new(p.Text("identifier", form.Identifier)), RefID1: new(p.Text("refId1", form.RefID1)), RefID2: new(p.Text("refId2", form.RefID2)),
		IfVersion: models.Versions{form.Version},
	}
	err := p.Err()
	if err == nil {
		_, err = h.Tokens.UpdateAuthToken(ctx, viewer.Actor, id, labels)
	}
	if err == nil {
		return h.Frame.Done(c, paths.AuthToken(id), "The auth token was changed.")
	}
	t, failed := h.Read.AuthToken(ctx, viewer, id)
	switch {
	case failed != nil:
		return failed
	case models.ErrorKind(err) == models.KindStale && len(authTokenDifferences(t, form)) == 0:
		return h.Frame.RedirectWithNotice(c, paths.AuthToken(id), layout.NoticeInfo, "Somebody else saved the same in the meantime.")
	}
	return h.renderEdit(c, t, form, err)
}

// authTokenDifferences are the fields of the form that hold something else than is
// saved.
func authTokenDifferences(t *seen.AuthToken, form views.AuthTokenForm) []ui.Difference {
	return differences(
		ui.Difference{Field: "Label", From: t.Identifier, To: form.Identifier},
		ui.Difference{Field: "Reference 1", From: t.RefID1, To: form.RefID1},
		ui.Difference{Field: "Reference 2", From: t.RefID2, To: form.RefID2},
	)
}

func (h *AuthTokens) renderEdit(c echo.Context, t *seen.AuthToken, form views.AuthTokenForm, failed error) error {
	title := cmp.Or(t.Person().Name, t.FQDN, t.ID)
	list := layout.Link{Label: "Auth tokens", URL: paths.AuthTokens}
	frame, failure, err := formFrame(c, h.Frame, list, layout.NavAuthTokens, "Edit "+title, failed, nil,
		layout.Link{Label: title, URL: paths.AuthToken(t.ID)}, layout.Link{Label: "Edit"})
	if err != nil {
		return err
	}
	p := views.AuthTokenEditPage{Page: frame, Token: t, Form: form, Errors: failure.Errors}
	if form.Version != t.Version() {
		p.Form.Version = t.Version()
		if p.Conflict, err = conflict(c, h.Read, models.ObjectAuthToken, t.ID, versioned, authTokenDifferences(t, form), h.Now(c)); err != nil {
			return err
		}
	}
	return web.RenderQuietly(c, failure.Status, views.AuthTokenEdit(p))
}
