package visitor

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	views "muster/views/visitor"
	"muster/views/words"
)

// refusalOf tells a refused person why and what to do. The registration token
// is nil unless its whole secret was presented.
func refusalOf(ctx context.Context, f web.Failure, t *seen.RegistrationToken) *views.RedeemRefusal {
	r := &views.RedeemRefusal{
		Code: f.Code, SupportCode: f.SupportCode,
		SignIn: f.AdmissionRule == models.AdmissionSignIn || f.AdmissionRule == models.AdmissionExpectedSignIn,
	}
	kind := refusalKind(f, t)
	switch kind {
	case "expired":
		r.Since = t.ExpiresAt
	case "disabled":
		r.Since = *t.DisabledAt
	case "replaced":
		r.Since = *cmp.Or(t.ReplacedAt, t.DisabledAt)
	}
	r.Heading, r.NextStep = words.Say(ctx, "refusal."+kind+".heading"), words.Say(ctx, "refusal."+kind+".next")
	if kind != "exhausted" {
		r.Message = words.Say(ctx, "refusal."+kind+".message", words.Data{"Date": words.Date(ctx, r.Since)})
		return r
	}
	r.Message = words.Count(ctx, "refusal.exhausted.message", t.Count)
	if t.LastRedeemedAt != nil {
		r.Since = *t.LastRedeemedAt
		r.Message += " " + words.Say(ctx, "refusal.exhausted.last", words.Data{"Date": words.Date(ctx, r.Since)})
	}
	return r
}

// refusalKind is the catalog's name for why somebody was turned away.
func refusalKind(f web.Failure, t *seen.RegistrationToken) string {
	switch {
	case f.Code == models.CodeRegistrationTokenInvalid && errors.Is(f.Error, tokens.ErrSecretMistyped):
		return "mistyped"
	case f.Code == models.CodeRegistrationTokenInvalid:
		return "invalid"
	case f.Code == models.CodeRegistrationTokenDisabled && t != nil && t.ReplacedByID != nil:
		return "replaced"
	case f.Code == models.CodeRegistrationTokenDisabled && t != nil && t.DisabledAt != nil:
		return "disabled"
	case f.Code == models.CodeRegistrationTokenExpired && t != nil:
		return "expired"
	case f.Code == models.CodeRegistrationTokenExhausted && t != nil:
		return "exhausted"
	case f.Code == models.CodeIdentityNotAllowed && slices.Contains(models.AdmissionRules, f.AdmissionRule):
		return string(f.AdmissionRule)
	case f.Code == models.CodeIdentityNotAllowed:
		return "not_allowed"
	case f.Code == models.CodeIdempotencyKeySpent:
		return "spent"
	case f.Kind == models.KindRateLimited:
		return "rate_limited"
	case f.Kind == models.KindInvalid:
		return "unreadable"
	default:
		return "unavailable"
	}
}
