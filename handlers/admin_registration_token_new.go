package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

// The choices a fresh form starts with.
const defaultExpiryPreset = "30d"

func (h *adminHandler) newRegistrationToken(c echo.Context) error {
	form := views.RegistrationTokenForm{ExpiryPreset: defaultExpiryPreset}
	return h.renderNewRegistrationToken(c, form, formFailure{status: http.StatusOK})
}

func (h *adminHandler) createRegistrationToken(c echo.Context) error {
	var form views.RegistrationTokenForm
	unread := bindListForm(c, &form, &form.Expected)
	if unread != nil && models.ErrorKind(unread) != models.KindInvalid {
		return unread
	}
	settings, invalid := parseNewRegistrationToken(form, h.now())
	if unread != nil {
		invalid = unread
	}
	token, secret, err := h.makeOnce(c, form.Nonce, invalid, func(ctx context.Context) (*models.RegistrationToken, models.Secret, error) {
		return h.tokens.CreateRegistrationToken(ctx, actorOf(c), settings)
	})
	if before, ok := errors.AsType[*madeBefore](err); ok {
		return h.renderMadeBefore(c, before.id)
	}
	if err != nil {
		failure, ok := asFormFailure(c, err, expiryField(form.ExpiryPreset))
		if !ok {
			return err
		}
		return h.renderNewRegistrationToken(c, form, failure)
	}
	return h.renderCreated(c, token, secret, "")
}

// renderNewRegistrationToken shows the form, as typed, with a fresh nonce.
func (h *adminHandler) renderNewRegistrationToken(c echo.Context, form views.RegistrationTokenForm, failure formFailure) error {
	frame, err := h.registrationTokenPage(c, "New registration token", layout.Link{Label: "New"})
	if err != nil {
		return err
	}
	if form.Nonce, err = h.newFormNonce(c); err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	p := views.RegistrationTokenFormPage{
		Page: frame, Form: form, Errors: failure.errors,
		Action: registrationTokensURL, CancelURL: registrationTokensURL, MinCount: 1,
	}
	p.MinExpiry, p.MaxExpiry = h.expiryBounds()
	return render(c, failure.status, views.RegistrationTokenFormView(p))
}

// expiryBounds are the limits of a date and time input.
func (h *adminHandler) expiryBounds() (earliest, latest string) {
	now := h.now().UTC()
	earliest = now.Add(models.MinTokenLifetime + time.Minute).Truncate(time.Minute).Format(dateTimeLocal)
	if h.config.MaxTokenLifetime > 0 {
		latest = now.Add(h.config.MaxTokenLifetime).Truncate(time.Minute).Format(dateTimeLocal)
	}
	return earliest, latest
}

// renderCreated answers the POST that made a registration token with its
// secret: here and nowhere else.
func (h *adminHandler) renderCreated(c echo.Context, token *models.RegistrationToken, secret models.Secret, replaces string) error {
	frame, err := h.registrationTokenPage(c, "Registration token created", layout.Link{Label: "Created"})
	if err != nil {
		return err
	}
	p := createdPage(frame, token, h.now().UTC())
	p.ReplacesIdentifier = replaces
	p.Secret = secret
	p.RedeemURL = h.redeemLink(secret)
	p.Curl = redeemCommand(h.config.BaseURL, secret)
	p.Invitation = invitation(p.RedeemURL, token)
	if p.QR, err = qrCode(p.RedeemURL); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.RegistrationTokenCreated(p))
}

// redeemLink leads to the self-service page with the secret filled in; it
// stands in the fragment, which browsers never send.
func (h *adminHandler) redeemLink(secret models.Secret) models.Secret {
	return models.Secret(h.config.BaseURL + "/redeem#" + secret.Reveal())
}

// renderMadeBefore answers a form that was sent again.
func (h *adminHandler) renderMadeBefore(c echo.Context, id string) error {
	token, err := h.store.RegistrationToken(c.Request().Context(), id)
	if err != nil {
		return err
	}
	frame, err := h.registrationTokenPage(c, "Registration token created", layout.Link{Label: "Created"})
	if err != nil {
		return err
	}
	p := createdPage(frame, token, h.now().UTC())
	p.AlreadyShown = true
	return render(c, http.StatusOK, views.RegistrationTokenCreated(p))
}

func createdPage(frame layout.Page, token *models.RegistrationToken, now time.Time) views.RegistrationTokenCreatedPage {
	return views.RegistrationTokenCreatedPage{
		Page: frame, Identifier: token.Identifier, Count: token.Count, Expiry: momentOf(token.ExpiresAt, now),
		DetailURL: registrationTokenURL(token.ID), NewURL: registrationTokensURL + "/new",
	}
}

// invitation is a text to send to the people who are to redeem.
func invitation(link models.Secret, token *models.RegistrationToken) models.Secret {
	each := "It can be used once."
	if token.Count > 1 {
		each = fmt.Sprintf("It can be used %s times in all, once for each installation.", ui.Number(token.Count))
	}
	return models.Secret(fmt.Sprintf(`To activate the application, open this link on the computer where it is installed:

%s

%s Please do so before %s. If it does not work, tell us the support code that the page shows.`,
		link.Reveal(), each, token.ExpiresAt.UTC().Format("2 January 2006, 15:04 UTC")))
}

// redeemCommand redeems from a shell, ready to paste: it needs nothing but
// curl and reports user and host as the machine knows them.
func redeemCommand(base string, secret models.Secret) models.Secret {
	return models.Secret(fmt.Sprintf(`curl -sS -X POST '%s/token/api/v5/authTokens' -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d "{\"authToken\":{\"systemUserName\":\"$(id -un)\",\"fqdn\":\"$(hostname)\"}}"`,
		base, secret.Reveal()))
}
