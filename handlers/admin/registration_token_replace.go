package admin

import (
	"context"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
)

// ConfirmReplace asks for the settings of the successor.
func (h *RegistrationTokens) ConfirmReplace(c echo.Context) error {
	token, err := h.token(c)
	if err != nil {
		return err
	}
	switch {
	case token.DeletedAt != nil:
		return errDeleted(token, "it cannot be replaced.", h.Now(c))
	case token.ReplacedByID != nil:
		e := models.Conflict(models.CodeRegistrationTokenReplaced, "This registration token was already replaced.")
		e.NextStep = "Use its successor instead."
		return e
	}
	form := views.TermsForm{ExpiryPreset: defaultExpiryPreset}
	if n := token.RemainingCount(); n > 0 {
		form.Count = strconv.Itoa(n)
	}
	failed := web.Restore(c, &form)
	return h.renderReplace(c, token, form, failed)
}

// Replace creates the successor and answers with its secret.
func (h *RegistrationTokens) Replace(c echo.Context) error {
	var form views.TermsForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	old, err := h.token(c)
	if err != nil {
		return err
	}
	settings, invalid := parseReplacement(form, h.Now(c))
	token, secret, earlier, err := h.Forms.registrationToken(c, form.Nonce, invalid, func(ctx context.Context) (*models.RegistrationToken, models.Secret, error) {
		return h.Tokens.ReplaceRegistrationToken(ctx, web.Actor(c), old.ID, settings)
	})
	if err != nil {
		return h.renderReplace(c, old, form, err)
	}
	return h.renderCreated(c, token, secret, earlier, replaced{identifier: old.Identifier})
}

// renderReplace shows the form, as typed, with a new nonce.
func (h *RegistrationTokens) renderReplace(c echo.Context, old *seen.RegistrationToken, form views.TermsForm, failed error) error {
	frame, failure, err := registrationTokenForm(c, h.Frame, old, "Replace", failed, expiryField(form.ExpiryPreset))
	if err != nil {
		return err
	}
	if form.Nonce, err = h.Forms.nonce(c); err != nil {
		return err
	}
	return web.RenderQuietly(c, failure.Status, views.RegistrationTokenReplace(views.RegistrationTokenReplacePage{
		Page: frame, Old: *old, Now: h.Now(c), Form: form, Errors: failure.Errors, ExpiryBounds: expiryBounds(h.Now(c), h.MaxTokenLifetime),
	}))
}
