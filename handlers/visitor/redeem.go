package visitor

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	"muster/views/layout"
	views "muster/views/visitor"
	"muster/views/words"
)

// RegistrationTokenReader reads the registration token a refusal speaks of.
type RegistrationTokenReader interface {
	RegistrationToken(ctx context.Context, v seen.Viewer, id string) (*seen.RegistrationToken, error)
}

// Redeemer trades registration tokens for auth tokens.
type Redeemer interface {
	Redeem(ctx context.Context, r tokens.RedeemRequest) (*tokens.IssuedAuthToken, error)
}

// Redeem is the public self-service page.
type Redeem struct {
	Reader RegistrationTokenReader
	Tokens Redeemer
	// JudgeGuess counts err when it comes from a wrong secret, and returns
	// KindRateLimited when it was one too many.
	JudgeGuess func(c echo.Context, err error) error
	// HelpText says whom to ask; may be empty.
	HelpText string
	Frame    *web.Frame
	Now      func() time.Time
}

// Show answers 200 to all and never redirects: the secret sits in the
// address's fragment, which must reach the script.
func (h *Redeem) Show(c echo.Context) error {
	return h.render(c, http.StatusOK, views.RedeemPage{})
}

// Create trades a registration token for an auth token. A refusal carries
// its own status: a failure page sent with 200 misleads whoever watches.
func (h *Redeem) Create(c echo.Context) error {
	var form views.RedeemForm
	if err := web.BindForm(c, &form); err != nil {
		return h.refused(c, form, err)
	}
	request := redeemRequest(c, form)
	if request.Secret.Reveal() == "" {
		return h.refused(c, form, missingSecret(request.Claimed))
	}
	issued, err := h.Tokens.Redeem(c.Request().Context(), request)
	if err != nil {
		return h.refused(c, form, h.JudgeGuess(c, err))
	}
	return h.render(c, http.StatusOK, views.RedeemPage{Result: &views.RedeemResult{
		AuthToken:   seen.Holder(issued.AuthToken.ID).AuthToken(issued.AuthToken),
		AccessToken: issued.AccessToken, RefreshToken: issued.RefreshToken,
		AccessExpiresAt: h.Now().Add(issued.ExpiresIn), Replayed: issued.Replayed,
	}})
}

// redeemRequest is what the form asks for, in the name of whoever is signed in.
func redeemRequest(c echo.Context, form views.RedeemForm) tokens.RedeemRequest {
	trim := strings.TrimSpace
	r := tokens.RedeemRequest{
		Secret: models.Secret(trim(form.RegistrationToken.Reveal())),
		Claimed: models.ClaimedIdentity{
			SystemUserName: trim(form.SystemUserName), FQDN: trim(form.FQDN), MACAddress: trim(form.MACAddress),
			Identifier: trim(form.Identifier), RefID1: trim(form.RefID1), RefID2: trim(form.RefID2),
		},
		Origin: web.Origin(c, models.ChannelPage), IdempotencyKey: form.IdempotencyKey,
	}
	if s := web.SessionOf(c); s != nil {
		r.Verified = s.Person()
	}
	return r
}

// missingSecret tells everything that is missing at once.
func missingSecret(claimed models.ClaimedIdentity) error {
	fields := []models.FieldError{{Field: "registrationToken", Message: "Paste the registration token you were given.", Rule: models.RuleTokenMissing}}
	return models.Invalid(append(fields, claimed.Check()...)...)
}

// refused shows the form again, without the secret, and why.
func (h *Redeem) refused(c echo.Context, form views.RedeemForm, err error) error {
	f := web.AsFailure(err)
	if f.Status == http.StatusInternalServerError || f.Status == http.StatusUnsupportedMediaType {
		return err
	}
	p := views.RedeemPage{Form: form}
	if f.Kind == models.KindInvalid && len(f.Fields) > 0 {
		p.Errors = fieldErrors(c.Request().Context(), f.Error)
		return h.render(c, f.Status, p)
	}
	t, err := h.presented(c, f.Code, form.RegistrationToken)
	if err != nil {
		return err
	}
	p.Refusal = refusalOf(c.Request().Context(), f, t)
	web.SetRetryAfter(c, f)
	return h.render(c, f.Status, p)
}

// presented is the registration token that the refusal speaks of. The codes
// are told only to who presented the whole right secret; nil for any other.
func (h *Redeem) presented(c echo.Context, code models.Code, secret models.Secret) (*seen.RegistrationToken, error) {
	switch code {
	case models.CodeRegistrationTokenExpired, models.CodeRegistrationTokenDisabled, models.CodeRegistrationTokenExhausted:
	default:
		return nil, nil //nolint:nilnil // there is none to speak of
	}
	parsed, err := tokens.ParseSecret(tokens.SecretRegistrationToken, secret.Reveal())
	if err != nil {
		return nil, err
	}
	return h.Reader.RegistrationToken(c.Request().Context(), web.Viewer(c), parsed.ID)
}

// render shows the page. The secret that was typed never goes back, and a
// new try gets a new idempotency key from the script.
func (h *Redeem) render(c echo.Context, status int, p views.RedeemPage) error {
	frame, err := h.Frame.Page(c, words.Say(c.Request().Context(), "redeem.page"), layout.NavRedeem)
	if err != nil {
		return err
	}
	p.Page, p.Help, p.Now = frame, h.HelpText, h.Now()
	p.Form.RegistrationToken, p.Form.IdempotencyKey = "", ""
	if web.WantsPart(c) {
		// Whatever the status, the outcome belongs where the form was.
		web.Retarget(c, "#redeem", "outerHTML show:window:top")
	}
	return web.RenderPart(c, status, views.Redeem(p), views.RedeemPanel(p))
}
