package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
)

func (h *adminHandler) confirmReplaceRegistrationToken(c echo.Context) error {
	token, err := h.store.RegistrationToken(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	switch {
	case token.DeletedAt != nil:
		return models.Conflict(models.CodeRegistrationTokenDeleted,
			"This registration token was deleted on "+inSentence(*token.DeletedAt)+"; it cannot be replaced.")
	case token.ReplacedByID != nil:
		e := models.Conflict(models.CodeRegistrationTokenReplaced, "This registration token was replaced already.")
		e.NextStep = "Work with its successor instead."
		return e
	}
	form := views.RegistrationTokenReplaceForm{ExpiryPreset: defaultExpiryPreset}
	if n := token.RemainingCount(); n > 0 {
		form.Count = strconv.Itoa(n)
	}
	return h.renderReplaceRegistrationToken(c, token, form, formFailure{status: http.StatusOK})
}

func (h *adminHandler) replaceRegistrationToken(c echo.Context) error {
	var form views.RegistrationTokenReplaceForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	old, err := h.store.RegistrationToken(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	settings, invalid := parseReplacement(form, h.now())
	token, secret, err := h.makeOnce(c, form.Nonce, invalid, func(ctx context.Context) (*models.RegistrationToken, models.Secret, error) {
		return h.tokens.ReplaceRegistrationToken(ctx, actorOf(c), old.ID, settings)
	})
	if before, ok := errors.AsType[*madeBefore](err); ok {
		return h.renderMadeBefore(c, before.id)
	}
	if err != nil {
		failure, ok := asFormFailure(c, err, expiryField(form.ExpiryPreset))
		if !ok {
			return err
		}
		return h.renderReplaceRegistrationToken(c, old, form, failure)
	}
	return h.renderCreated(c, token, secret, old.Identifier)
}

// renderReplaceRegistrationToken shows the form, as typed, with a fresh nonce.
func (h *adminHandler) renderReplaceRegistrationToken(c echo.Context, old *models.RegistrationToken, form views.RegistrationTokenReplaceForm, failure formFailure) error {
	self, now := registrationTokenURL(old.ID), h.now().UTC()
	frame, err := h.registrationTokenPage(c, "Replace "+old.Identifier, layout.Link{Label: old.Identifier, URL: self}, layout.Link{Label: "Replace"})
	if err != nil {
		return err
	}
	if form.Nonce, err = h.newFormNonce(c); err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	p := views.RegistrationTokenReplacePage{
		Page: frame, Identifier: old.Identifier, Usage: usageOf(old, now), Status: old.Status(now),
		Expiry: momentOf(old.ExpiresAt, now), Form: form, Errors: failure.errors,
		Action: self + "/replace", CancelURL: self,
	}
	p.MinExpiry, p.MaxExpiry = h.expiryBounds()
	return render(c, failure.status, views.RegistrationTokenReplace(p))
}
