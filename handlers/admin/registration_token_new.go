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
	"muster/views/words"
)

// New shows the form for a registration token.
func (h *RegistrationTokens) New(c echo.Context) error {
	form := views.RegistrationTokenForm{TermsForm: views.TermsForm{ExpiryPreset: defaultExpiryPreset}}
	failed := web.Restore(c, &form)
	return h.renderNew(c, form, readExpected(form.AdmissionForm, "").reading(), failed)
}

// Create creates a registration token and answers with its secret.
func (h *RegistrationTokens) Create(c echo.Context) error {
	var form views.RegistrationTokenForm
	written, unread := web.BindListForm(c, &form, &form.Expected)
	if unread != nil && models.ErrorKind(unread) != models.KindInvalid {
		return unread
	}
	list := readExpected(form.AdmissionForm, written)
	settings, invalid := parseNewRegistrationToken(form, list, h.Now(c))
	if unread != nil {
		invalid = unread
	}
	token, secret, earlier, err := h.Forms.registrationToken(c, form.Nonce, invalid, func(ctx context.Context) (*models.RegistrationToken, models.Secret, error) {
		return h.Tokens.CreateRegistrationToken(ctx, web.Actor(c), settings)
	})
	if err != nil {
		return h.renderNew(c, form, list.reading(), err)
	}
	return h.renderCreated(c, token, secret, earlier, replaced{})
}

// renderNew shows the form, as typed, with a new nonce.
func (h *RegistrationTokens) renderNew(c echo.Context, form views.RegistrationTokenForm, reading *views.ListReading, failed error) error {
	if errors.Is(failed, errUnconfirmed) && !web.ShownOnFormPage(c, failed) {
		failed = nil
	}
	frame, failure, err := formFrame(c, h.Frame, registrationTokensLink, layout.NavRegistrationTokens,
		"New registration token", failed, expiryField(form.ExpiryPreset), layout.Link{Label: "New"})
	if err != nil {
		return err
	}
	if form.Nonce, err = h.Forms.nonce(c); err != nil {
		return err
	}
	return web.RenderQuietly(c, failure.Status, views.RegistrationTokenFormView(views.RegistrationTokenFormPage{
		Page: frame, Form: form, Reading: reading, Errors: failure.Errors, ExpiryBounds: expiryBounds(h.Now(c), h.MaxTokenLifetime),
	}))
}

// expiryBounds are the limits of a date and time input.
func expiryBounds(now time.Time, longest time.Duration) views.ExpiryBounds {
	bounds := views.ExpiryBounds{Zone: now.Location().String(), Min: web.FormatDateTime(now.Add(models.MinTokenLifetime+time.Minute).Truncate(time.Minute), now.Location())}
	if longest > 0 {
		bounds.Max = web.FormatDateTime(now.Add(longest).Truncate(time.Minute), now.Location())
	}
	return bounds
}

// replaced is what a new registration token replaces: its label, and whom to pass the
// secret on to, who asked for that; empty for none.
type replaced struct{ identifier, passOn string }

// Created says that a registration token was created, and that its secret is not shown
// again.
func (h *RegistrationTokens) Created(c echo.Context) error {
	return h.renderCreated(c, nil, "", c.Param("id"), replaced{})
}

// renderCreated answers the POST that created a registration token with its
// secret: here and nowhere else. A form that was sent again leads to the page of the
// one created earlier, without a secret.
func (h *RegistrationTokens) renderCreated(c echo.Context, created *models.RegistrationToken, secret models.Secret, earlier string, old replaced) error {
	p := views.RegistrationTokenCreatedPage{Now: h.Now(c)}
	if earlier != "" && c.Request().Method == http.MethodPost {
		return web.Redirect(c, paths.RegistrationTokenCreated(earlier))
	}
	if earlier != "" {
		token, err := h.Read.RegistrationToken(c.Request().Context(), web.Viewer(c), earlier)
		if err != nil {
			return err
		}
		p.Token = *token
	} else {
		link := redeemLink(h.BaseURL, secret)
		code, err := ui.NewQRCode(link)
		if err != nil {
			return err
		}
		p.Token, p.ReplacesIdentifier = web.Viewer(c).RegistrationToken(created), old.identifier
		p.PassOn = old.passOn
		p.Secret, p.RedeemURL, p.Curl, p.QR = secret, link, redeemCommand(h.BaseURL, secret), code
		p.Invitation = invitation(link, &p.Token, p.Now)
	}
	var err error
	p.Page, err = h.Frame.Below(c, registrationTokensLink, "Registration token created", layout.NavRegistrationTokens, layout.Link{Label: "Created"})
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.RegistrationTokenCreated(p))
}

// redeemLink leads to the self-service page with the secret filled in. The
// secret is in the fragment, which browsers never send.
func redeemLink(base string, secret models.Secret) models.Secret {
	return models.Secret(base + paths.Redeem + "#" + secret.Reveal())
}

// invitation is a text to send to the people who should redeem.
func invitation(link models.Secret, token *seen.RegistrationToken, now time.Time) models.Secret {
	each := "It can be used once."
	if token.Count > 1 {
		each = fmt.Sprintf("It can be used %s times in all, once for each installation.", ui.Number(token.Count))
	}
	return models.Secret(fmt.Sprintf(`To activate the application, open this link on the computer where it is installed:

%s

%s Please do so before %s. If it does not work, tell us the support code that the page shows.`,
		link.Reveal(), each, words.Format(token.ExpiresAt, now, "2 January 2006, 15:04 MST")))
}

// redeemCommand redeems from a shell, ready to paste. It needs only curl, and
// reports the user and host names of the machine. Each run makes an idempotency key of its
// own, which curl sends again when an answer is lost (rule 8).
func redeemCommand(base string, secret models.Secret) models.Secret {
	return models.Secret(fmt.Sprintf(`curl -sS -X POST '%s' -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -H "Idempotency-Key: $(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" --retry 3 -d "{\"authToken\":{\"systemUserName\":\"$(id -un)\",\"fqdn\":\"$(hostname)\"}}"`,
		base+paths.APIAuthTokens, secret.Reveal()))
}
