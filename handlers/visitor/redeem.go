package visitor

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	"muster/tokens/secrets"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
	views "muster/views/visitor"
	"muster/views/words"
)

// Redeemer redeems registration tokens.
type Redeemer interface {
	Redeem(ctx context.Context, r tokens.RedeemRequest) (*tokens.IssuedAuthToken, error)
	IssuedBefore(ctx context.Context, secret models.Secret, idempotencyKey string, by models.VerifiedIdentity) (*tokens.IssuedAuthToken, error)
}

// Redeem is the public self-service page.
type Redeem struct {
	Tokens Redeemer
	// JudgeGuess counts err if it comes from a wrong secret, and returns
	// KindRateLimited after too many of those, else err.
	JudgeGuess func(c echo.Context, err error) error
	// NewKey makes an idempotency key: at least 128 random bits.
	NewKey func() string
	// MasterKey seals what the browser keeps of a redemption; 32 bytes, the same on
	// every replica.
	MasterKey []byte
	// HelpText tells people whom to ask; may be empty.
	HelpText string
	Frame    *web.Frame
	Now      func(c echo.Context) time.Time
}

// Show answers everybody with 200 and never redirects: the secret is in the
// fragment of the address, which must reach the script. A browser that has redeemed
// sees the auth token again (rule 8).
func (h *Redeem) Show(c echo.Context) error {
	issued, err := h.remembered(c)
	if err != nil {
		return err
	}
	p := views.RedeemPage{}
	if issued != nil {
		p.Result = h.result(c, issued)
	}
	return h.render(c, http.StatusOK, p)
}

// ShowChanged shows the page under what mail software makes of a redeem link: with a
// slash, or with an escaped # and so with the secret, or its beginning, in the path, which
// others may have seen by now. The page says so and does not show it.
func (h *Redeem) ShowChanged(c echo.Context) error {
	added := strings.TrimPrefix(c.Request().URL.Path, paths.Redeem)
	if !strings.ContainsFunc(added, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return h.Show(c) // a full stop, a bracket, half of a link
	}
	if _, err := secrets.Find(secrets.RegistrationToken, added); err == nil || errors.Is(err, secrets.ErrMistyped) || secrets.Within(added) {
		return h.render(c, http.StatusOK, views.RedeemPage{Seen: true})
	}
	return echo.ErrNotFound
}

// Create redeems a registration token. A refusal has its own status: a failure
// page sent with 200 would mislead monitoring.
func (h *Redeem) Create(c echo.Context) error {
	var form views.RedeemForm
	if err := web.BindForm(c, &form); err != nil {
		return h.refused(c, form, err)
	}
	for _, field := range models.ClaimedFields {
		*field.Of(&form.Claimed) = strings.TrimSpace(c.Request().PostFormValue(field.Name))
	}
	request := redeemRequest(c, form)
	if request.Secret.Reveal() == "" {
		return h.refused(c, form, missingSecret(request.Claimed))
	}
	issued, err := h.Tokens.Redeem(c.Request().Context(), request)
	if err != nil {
		return h.refused(c, form, h.JudgeGuess(c, err))
	}
	if request.IdempotencyKey != "" {
		if err := h.remember(c, request); err != nil {
			return err
		}
	}
	return h.render(c, http.StatusOK, views.RedeemPage{Result: h.result(c, issued)})
}

func (h *Redeem) result(c echo.Context, issued *tokens.IssuedAuthToken) *views.RedeemResult {
	return &views.RedeemResult{
		AuthToken:   seen.Holder(issued.AuthToken.ID).AuthToken(issued.AuthToken),
		AccessToken: issued.AccessToken, RefreshToken: issued.RefreshToken,
		AccessExpiresAt: h.Now(c).Add(issued.ExpiresIn), Replayed: issued.Replayed,
	}
}

// redeemRequest is the request of the form, in the name of the signed-in person.
func redeemRequest(c echo.Context, form views.RedeemForm) tokens.RedeemRequest {
	r := tokens.RedeemRequest{
		Secret:  pastedSecret(form.RegistrationToken),
		Claimed: form.Claimed, Origin: web.Origin(c, models.ChannelPage), IdempotencyKey: form.IdempotencyKey,
	}
	if s := web.SessionOf(c); s != nil {
		r.Verified = s.Person()
	}
	return r
}

// pastedSecret is the registration token in what was pasted, or all of it without one.
func pastedSecret(pasted models.Secret) models.Secret {
	found, err := secrets.Find(secrets.RegistrationToken, pasted.Reveal())
	if err != nil {
		return models.Secret(strings.TrimSpace(pasted.Reveal()))
	}
	return found.Secret()
}

// missingSecret lists everything that is missing at once.
func missingSecret(claimed models.ClaimedIdentity) error {
	fields := []models.FieldError{{Field: "registrationToken", Message: "Paste the registration token you were given.", Rule: models.RuleTokenMissing}}
	return models.Invalid(append(fields, claimed.Check()...)...)
}

// refused shows the form again, without the secret, and the reason.
func (h *Redeem) refused(c echo.Context, form views.RedeemForm, err error) error {
	f := web.AsFailure(err)
	if f.Status == http.StatusInternalServerError || f.Status == http.StatusUnsupportedMediaType {
		return err
	}
	if f.Kind != models.KindUnavailable {
		// What is certain to have taken no count is no attempt to repeat.
		form.IdempotencyKey = ""
	}
	p := views.RedeemPage{Form: form}
	if f.Kind == models.KindInvalid && len(f.Fields) > 0 {
		p.Errors = fieldErrors(c.Request().Context(), f.Error)
		return h.render(c, f.Status, p)
	}
	p.Refusal = &views.RedeemRefusal{
		Explanation: telling.Explain(c.Request().Context(), h.Now(c), factsOf(f)), Code: f.Code, SupportCode: f.SupportCode,
	}
	web.SetRetryAfter(c, f)
	return h.render(c, f.Status, p)
}

// factsOf is the reason of a refusal, even if nothing was checked yet.
func factsOf(f web.Failure) models.Refusal {
	switch {
	case f.Refusal != nil:
		return *f.Refusal
	case f.Kind == models.KindInvalid:
		return models.Refusal{Reason: models.CodeInvalidRequest}
	}
	return models.Refusal{Reason: f.Code}
}

// render shows the page. The secret that was typed is never sent back, and each form
// has an idempotency key.
func (h *Redeem) render(c echo.Context, status int, p views.RedeemPage) error {
	frame, err := h.Frame.Page(c, words.Say(c.Request().Context(), "redeem.page"), layout.NavRedeem)
	if err != nil {
		return err
	}
	p.Page, p.Help, p.Now = frame, h.HelpText, h.Now(c)
	p.Form.RegistrationToken, p.Form.IdempotencyKey = "", cmp.Or(p.Form.IdempotencyKey, h.NewKey())
	if web.WantsPart(c) {
		// Whatever the status, the outcome replaces the form.
		web.Retarget(c, "#redeem", "outerHTML show:window:top")
	}
	if web.WantsPart(c) {
		return web.Render(c, status, views.RedeemPanel(p))
	}
	return web.Render(c, status, views.Redeem(p)) // programs read the status
}
