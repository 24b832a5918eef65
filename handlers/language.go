package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
	"muster/views"
	"muster/views/ui"
	"muster/views/words"
)

// languageCookie keeps the language that an end user chose.
const languageCookie = "__Host-muster-language"

const languageKept = 365 * day

// spoken makes a page for end users speak their language: the one they chose,
// else the one their browser asks for. Error pages stay English.
func spoken(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		english := c.Request()
		code := words.Match(chosenLanguage(c), english.Header.Get("Accept-Language"))
		c.SetRequest(english.WithContext(words.In(english.Context(), code)))
		c.Response().Header().Add(echo.HeaderVary, "Accept-Language")
		err := next(c)
		if err != nil {
			c.SetRequest(english)
		}
		return err
	}
}

// chosenLanguage is the one a person picked now, which is kept, or before.
func chosenLanguage(c echo.Context) string {
	if chosen := c.QueryParam("lang"); words.Known(chosen) {
		c.SetCookie(&http.Cookie{
			Name: languageCookie, Value: chosen, Path: "/", MaxAge: int(languageKept.Seconds()),
			Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
		return chosen
	}
	cookie, err := c.Cookie(languageCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// spokenFieldErrors tells what is wrong with a form in the page's language.
func spokenFieldErrors(ctx context.Context, err *models.Error) ui.FieldErrors {
	errs := ui.FieldErrors{}
	for _, f := range err.Fields {
		if errs[f.Field] != "" {
			continue
		}
		errs[f.Field] = f.Message
		if f.Rule != "" {
			errs[f.Field] = words.Say(ctx, "rule."+string(f.Rule), words.Data{
				"Field": words.Say(ctx, "field."+f.Field), "Length": f.Length, "Limit": f.Limit,
			})
		}
	}
	return errs
}

// spokenRefusal tells a refused person why and what to do. The registration
// token is nil unless its whole secret was presented.
func spokenRefusal(ctx context.Context, f failure, t *models.RegistrationToken, now time.Time) *views.RedeemRefusal {
	r := &views.RedeemRefusal{
		Code: f.Code, SupportCode: f.SupportCode, Retryable: f.Retryable(),
		SignIn: f.AdmissionRule == models.AdmissionSignIn || f.AdmissionRule == models.AdmissionExpectedSignIn,
	}
	kind := refusalKind(f, t)
	data := words.Data{}
	switch kind {
	case "expired":
		r.Since = momentIn(ctx, t.ExpiresAt, now)
		data["Date"] = words.Date(ctx, t.ExpiresAt)
	case "disabled", "replaced":
		since := t.DisabledAt
		if kind == "replaced" && t.ReplacedAt != nil {
			since = t.ReplacedAt
		}
		r.Since = momentIn(ctx, *since, now)
		data["Date"] = words.Date(ctx, *since)
	}
	r.Heading, r.NextStep = words.Say(ctx, "refusal."+kind+".heading"), words.Say(ctx, "refusal."+kind+".next")
	if kind != "exhausted" {
		r.Message = words.Say(ctx, "refusal."+kind+".message", data)
		return r
	}
	r.Message = words.Count(ctx, "refusal.exhausted.message", t.Count)
	if t.LastRedeemedAt != nil {
		r.Since = momentIn(ctx, *t.LastRedeemedAt, now)
		r.Message += " " + words.Say(ctx, "refusal.exhausted.last", words.Data{"Date": words.Date(ctx, *t.LastRedeemedAt)})
	}
	return r
}

// refusalKind is the catalog's name for why somebody was turned away.
func refusalKind(f failure, t *models.RegistrationToken) string {
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
