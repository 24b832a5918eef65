package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/ui"
)

// New shows the form for a registration token.
func (h *RegistrationTokens) New(c echo.Context) error {
	return h.renderNew(c, views.RegistrationTokenForm{ExpiryPreset: defaultExpiryPreset}, noFailure)
}

// Create makes a registration token and answers with its secret.
func (h *RegistrationTokens) Create(c echo.Context) error {
	var form views.RegistrationTokenForm
	unread := web.BindListForm(c, &form, &form.Expected)
	if unread != nil && models.ErrorKind(unread) != models.KindInvalid {
		return unread
	}
	settings, invalid := parseNewRegistrationToken(form, h.Now())
	if unread != nil {
		invalid = unread
	}
	token, secret, err := h.Forms.registrationToken(c, form.Nonce, invalid, func(ctx context.Context) (*models.RegistrationToken, models.Secret, error) {
		return h.Tokens.CreateRegistrationToken(ctx, web.Actor(c), settings)
	})
	if before, ok := errors.AsType[*madeBefore](err); ok {
		return h.renderMadeBefore(c, before.id)
	}
	if err != nil {
		failure, ok := web.AsFormFailure(c, err, expiryField(form.ExpiryPreset))
		if !ok {
			return err
		}
		return h.renderNew(c, form, failure)
	}
	return h.renderCreated(c, token, secret, "")
}

// renderNew shows the form, as typed, with a fresh nonce.
func (h *RegistrationTokens) renderNew(c echo.Context, form views.RegistrationTokenForm, failure web.FormFailure) error {
	frame, err := belowRegistrationTokens(c, h.Frame, "New registration token", layout.Link{Label: "New"})
	if err != nil {
		return err
	}
	if form.Nonce, err = h.Forms.nonce(c); err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.Notices...)
	return web.Render(c, failure.Status, views.RegistrationTokenFormView(views.RegistrationTokenFormPage{
		Page: frame, Form: form, Errors: failure.Errors, ExpiryBounds: expiryBounds(h.Now(), h.MaxTokenLifetime),
	}))
}

// expiryBounds are the limits of a date and time input.
func expiryBounds(now time.Time, longest time.Duration) views.ExpiryBounds {
	bounds := views.ExpiryBounds{Min: web.FormatDateTime(now.Add(models.MinTokenLifetime + time.Minute).Truncate(time.Minute))}
	if longest > 0 {
		bounds.Max = web.FormatDateTime(now.Add(longest).Truncate(time.Minute))
	}
	return bounds
}

// renderCreated answers the POST that made a registration token with its
// secret: here and nowhere else.
func (h *RegistrationTokens) renderCreated(c echo.Context, made *models.RegistrationToken, secret models.Secret, replaces string) error {
	token, link := web.Viewer(c).RegistrationToken(made), redeemLink(h.BaseURL, secret)
	code, err := qrCode(link)
	if err != nil {
		return err
	}
	return h.renderSecret(c, views.RegistrationTokenCreatedPage{
		Token: token, ReplacesIdentifier: replaces, Secret: secret, RedeemURL: link,
		Curl: redeemCommand(h.BaseURL, secret), QR: code, Invitation: invitation(link, &token),
	})
}

// renderMadeBefore answers a form that was sent again, without a secret.
func (h *RegistrationTokens) renderMadeBefore(c echo.Context, id string) error {
	token, err := h.Read.RegistrationToken(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	return h.renderSecret(c, views.RegistrationTokenCreatedPage{Token: *token})
}

func (h *RegistrationTokens) renderSecret(c echo.Context, p views.RegistrationTokenCreatedPage) (err error) {
	if p.Page, err = belowRegistrationTokens(c, h.Frame, "Registration token created", layout.Link{Label: "Created"}); err != nil {
		return err
	}
	p.Now = h.Now().UTC()
	return web.Render(c, http.StatusOK, views.RegistrationTokenCreated(p))
}

// redeemLink leads to the self-service page with the secret filled in; it
// stands in the fragment, which browsers never send.
func redeemLink(base string, secret models.Secret) models.Secret {
	return models.Secret(base + paths.Redeem + "#" + secret.Reveal())
}

// invitation is a text to send to the people who are to redeem.
func invitation(link models.Secret, token *seen.RegistrationToken) models.Secret {
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
	return models.Secret(fmt.Sprintf(`curl -sS -X POST '%s' -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d "{\"authToken\":{\"systemUserName\":\"$(id -un)\",\"fqdn\":\"$(hostname)\"}}"`,
		base+paths.APIAuthTokens, secret.Reveal()))
}
