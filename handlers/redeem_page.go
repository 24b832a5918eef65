package handlers

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
	"muster/views"
	"muster/views/layout"
	"muster/views/words"
)

// redeemHandler serves the public self-service page.
type redeemHandler struct{ *Server }

const redeemURL = "/redeem"

// show answers 200 to all and never redirects: the secret sits in the
// address's fragment, which must reach the script (PRODUCT section 5).
func (h *redeemHandler) show(c echo.Context) error {
	return h.render(c, http.StatusOK, views.RedeemPage{})
}

// create trades a registration token for an auth token. A refusal carries
// its own status: a failure page sent with 200 misleads whoever watches.
func (h *redeemHandler) create(c echo.Context) error {
	var form views.RedeemForm
	if err := bindForm(c, &form); err != nil {
		return h.refused(c, form, err)
	}
	request := h.request(c, form)
	if request.Secret.Reveal() == "" {
		return h.refused(c, form, missingSecret(request.Claimed))
	}
	issued, err := h.tokens.Redeem(c.Request().Context(), request)
	if err != nil {
		return h.refused(c, form, h.judgeGuess(c, err))
	}
	return h.render(c, http.StatusOK, views.RedeemPage{Result: redeemResult(c.Request().Context(), issued, h.now().UTC())})
}

// request is what the form asks for, in the name of whoever is signed in.
func (*redeemHandler) request(c echo.Context, form views.RedeemForm) tokens.RedeemRequest {
	r := tokens.RedeemRequest{
		Secret: models.Secret(strings.TrimSpace(form.RegistrationToken.Reveal())),
		Origin: originOf(c, models.ChannelPage), IdempotencyKey: form.IdempotencyKey,
	}
	for _, field := range models.ClaimedFields {
		*field.Of(&r.Claimed) = strings.TrimSpace(c.Request().PostFormValue(field.Name))
	}
	if s := sessionOf(c); s != nil {
		r.Verified = models.VerifiedIdentity{Issuer: s.Issuer, Subject: s.Subject, Email: s.Email}
	}
	return r
}

// missingSecret tells everything that is missing at once.
func missingSecret(claimed models.ClaimedIdentity) error {
	fields := []models.FieldError{{Field: "registrationToken", Message: "Paste the registration token you were given.", Rule: models.RuleTokenMissing}}
	return models.Invalid(append(fields, claimed.Check()...)...)
}

// refused shows the form again, without the secret, and why.
func (h *redeemHandler) refused(c echo.Context, form views.RedeemForm, err error) error {
	f := asFailure(err)
	if f.status == http.StatusInternalServerError || f.status == http.StatusUnsupportedMediaType {
		return err
	}
	p := views.RedeemPage{Form: form}
	if f.Kind == models.KindInvalid && len(f.Fields) > 0 {
		p.Errors = spokenFieldErrors(c.Request().Context(), f.Error)
		return h.render(c, f.status, p)
	}
	p.Refusal = spokenRefusal(c.Request().Context(), f, h.now().UTC())
	setRetryAfter(c, f)
	return h.render(c, f.status, p)
}

func redeemResult(ctx context.Context, issued *tokens.IssuedAuthToken, now time.Time) *views.RedeemResult {
	t := issued.AuthToken
	return &views.RedeemResult{
		AuthTokenID: t.ID, AccessToken: issued.AccessToken, RefreshToken: issued.RefreshToken,
		AccessExpires: momentIn(ctx, now.Add(issued.ExpiresIn), now), Replayed: issued.Replayed,
		Who: t.SystemUserName, Host: t.FQDN,
	}
}

// render shows the page. The secret that was typed never goes back, and a
// new try gets a new idempotency key from the script.
func (h *redeemHandler) render(c echo.Context, status int, p views.RedeemPage) error {
	frame, err := h.page(c, words.Say(c.Request().Context(), "redeem.page"), layout.NavRedeem)
	if err != nil {
		return err
	}
	p.Page, p.Action, p.Help = frame, redeemURL, h.config.HelpText
	p.LoginAction, p.ReturnTo, p.MyURL = "/auth/login", redeemURL, myURL
	p.Form.RegistrationToken, p.Form.IdempotencyKey = "", ""
	if wantsPart(c) {
		// Whatever the status, the outcome belongs where the form was.
		retarget(c, "#redeem", "outerHTML show:window:top")
	}
	return renderPart(c, status, views.Redeem(p), views.RedeemPanel(p))
}
