package admin

import (
	"strconv"

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

// Edit shows the form for an existing registration token.
func (h *RegistrationTokens) Edit(c echo.Context) error {
	token, err := h.token(c)
	if err != nil {
		return err
	}
	switch {
	case token.DeletedAt != nil:
		return errDeleted(token, "it cannot be edited.", h.Now(c))
	case !h.Now(c).Before(token.ExpiresAt):
		e := models.Conflict(models.CodeRegistrationTokenExpired,
			"This registration token expired on "+words.InSentence(token.ExpiresAt, h.Now(c))+"; an expired one cannot be edited.")
		e.NextStep = "Replace it: the successor takes over the remaining count."
		return e
	}
	form := views.RegistrationTokenForm{
		Identifier: token.Identifier,
		TermsForm: views.TermsForm{
			Count: strconv.Itoa(token.Count), ExpiryPreset: views.ExpiryCustom, ExpirationDate: web.FormatDateTime(token.ExpiresAt, web.Zone(c)),
			Note: token.Note, RefID1: token.RefID1, RefID2: token.RefID2,
		},
		AdmissionForm: views.AdmissionForm{Version: token.Version()},
	}
	failed := web.Restore(c, &form)
	return h.renderEdit(c, token, form, failed)
}

// Update changes a registration token.
func (h *RegistrationTokens) Update(c echo.Context) error {
	var form views.RegistrationTokenForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	token, err := h.token(c)
	if err != nil {
		return err
	}
	settings, err := parseEditedRegistrationToken(form, token.ExpiresAt, h.Now(c))
	var changed *models.RegistrationToken
	if err == nil {
		settings.IfVersion = models.Versions{form.Version}
		changed, err = h.Tokens.UpdateRegistrationToken(c.Request().Context(), web.Actor(c), token.ID, settings)
	}
	switch {
	case models.ErrorKind(err) == models.KindStale:
		return h.renderStale(c, form, err)
	case err != nil:
		return h.renderEdit(c, token, form, err)
	case changed.Version() == form.Version:
		return h.Frame.RedirectWithNotice(c, paths.RegistrationToken(token.ID), layout.NoticeInfo, "There was nothing to save: the form held what is saved.")
	}
	return h.Frame.DoneUndoably(c, paths.RegistrationToken(token.ID), "The registration token was changed.")
}

// renderStale shows the form beside what somebody else saved, unless that is the same.
func (h *RegistrationTokens) renderStale(c echo.Context, form views.RegistrationTokenForm, stale error) error {
	token, err := h.token(c)
	if err != nil {
		return err
	}
	if len(h.differing(c, token, form)) == 0 {
		return h.Frame.RedirectWithNotice(c, paths.RegistrationToken(token.ID), layout.NoticeInfo, "Somebody else saved the same in the meantime.")
	}
	return h.renderEdit(c, token, form, stale)
}

// differing are the fields of the form that hold something else than is saved.
func (h *RegistrationTokens) differing(c echo.Context, t *seen.RegistrationToken, form views.RegistrationTokenForm) []ui.Difference {
	saved := ui.MomentOf(t.ExpiresAt, h.Now(c)).Exact
	expires := form.ExpirationDate
	if settings, err := parseEditedRegistrationToken(form, t.ExpiresAt, h.Now(c)); settings.ExpiresAt != nil {
		expires = ui.MomentOf(*settings.ExpiresAt, h.Now(c)).Exact
	} else if err == nil {
		expires = saved
	}
	return differences(
		ui.Difference{Field: "Count", From: strconv.Itoa(t.Count), To: form.Count},
		ui.Difference{Field: "Expiry", From: saved, To: expires},
		ui.Difference{Field: "Label", From: t.Identifier, To: form.Identifier},
		ui.Difference{Field: "Note", From: t.Note, To: form.Note},
		ui.Difference{Field: "Reference 1", From: t.RefID1, To: form.RefID1},
		ui.Difference{Field: "Reference 2", From: t.RefID2, To: form.RefID2},
	)
}

func (h *RegistrationTokens) renderEdit(c echo.Context, t *seen.RegistrationToken, form views.RegistrationTokenForm, failed error) error {
	frame, failure, err := registrationTokenForm(c, h.Frame, t, "Edit", failed, expiryField(form.ExpiryPreset))
	if err != nil {
		return err
	}
	p := views.RegistrationTokenFormPage{
		Page: frame, Editing: t, Form: form, Errors: failure.Errors, ExpiryBounds: expiryBounds(h.Now(c), h.MaxTokenLifetime),
	}
	if form.Version != t.Version() {
		p.Form.Version = t.Version()
		p.Conflict, err = conflict(c, h.Read, models.ObjectRegistrationToken, t.ID, versioned, h.differing(c, t, form), h.Now(c))
		if err != nil {
			return err
		}
	}
	return web.RenderQuietly(c, failure.Status, views.RegistrationTokenFormView(p))
}
