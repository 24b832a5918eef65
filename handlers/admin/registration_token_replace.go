package admin

import (
	"context"
	"errors"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/words"
)

// ConfirmReplace asks for the successor of a registration token.
func (h *RegistrationTokens) ConfirmReplace(c echo.Context) error {
	token, err := h.token(c)
	if err != nil {
		return err
	}
	switch {
	case token.DeletedAt != nil:
		return models.Conflict(models.CodeRegistrationTokenDeleted,
			"This registration token was deleted on "+words.InSentence(*token.DeletedAt)+"; it cannot be replaced.")
	case token.ReplacedByID != nil:
		e := models.Conflict(models.CodeRegistrationTokenReplaced, "This registration token was replaced already.")
		e.NextStep = "Work with its successor instead."
		return e
	}
	form := views.RegistrationTokenReplaceForm{ExpiryPreset: defaultExpiryPreset}
	if n := token.RemainingCount(); n > 0 {
		form.Count = strconv.Itoa(n)
	}
	return h.renderReplace(c, token, form, noFailure)
}

// Replace makes the successor and answers with its secret.
func (h *RegistrationTokens) Replace(c echo.Context) error {
	var form views.RegistrationTokenReplaceForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	old, err := h.token(c)
	if err != nil {
		return err
	}
	settings, invalid := parseReplacement(form, h.Now())
	token, secret, err := h.Forms.registrationToken(c, form.Nonce, invalid, func(ctx context.Context) (*models.RegistrationToken, models.Secret, error) {
		return h.Tokens.ReplaceRegistrationToken(ctx, web.Actor(c), old.ID, settings)
	})
	if before, ok := errors.AsType[*madeBefore](err); ok {
		return h.renderMadeBefore(c, before.id)
	}
	if err != nil {
		failure, ok := web.AsFormFailure(c, err, expiryField(form.ExpiryPreset))
		if !ok {
			return err
		}
		return h.renderReplace(c, old, form, failure)
	}
	return h.renderCreated(c, token, secret, old.Identifier)
}

// renderReplace shows the form, as typed, with a fresh nonce.
func (h *RegistrationTokens) renderReplace(c echo.Context, old *seen.RegistrationToken, form views.RegistrationTokenReplaceForm, failure web.FormFailure) error {
	frame, err := belowRegistrationToken(c, h.Frame, old, "Replace", failure)
	if err != nil {
		return err
	}
	if form.Nonce, err = h.Forms.nonce(c); err != nil {
		return err
	}
	return web.Render(c, failure.Status, views.RegistrationTokenReplace(views.RegistrationTokenReplacePage{
		Page: frame, Old: *old, Now: h.Now().UTC(), Form: form, Errors: failure.Errors, ExpiryBounds: expiryBounds(h.Now(), h.MaxTokenLifetime),
	}))
}
