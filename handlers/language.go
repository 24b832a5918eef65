package handlers

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
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

// spokenRefusal tells a refused person why and what to do.
func spokenRefusal(ctx context.Context, f failure, now time.Time) *views.RedeemRefusal {
	var facts models.Refusal
	if f.Refusal != nil {
		facts = *f.Refusal
	}
	kind := refusalKind(f, facts)
	r := &views.RedeemRefusal{
		Code: f.Code, SupportCode: f.SupportCode, Retryable: f.Retryable(),
		SignIn:  facts.Rule == models.AdmissionSignIn || facts.Rule == models.AdmissionExpectedSignIn,
		Heading: words.Say(ctx, "refusal."+kind+".heading"), NextStep: words.Say(ctx, "refusal."+kind+".next"),
	}
	if facts.Reason == models.CodeRegistrationTokenExhausted {
		r.Message = words.Count(ctx, "refusal.exhausted.message", facts.Count)
		if facts.LastRedeemedAt != nil {
			r.Since = momentIn(ctx, *facts.LastRedeemedAt, now)
			r.Message += " " + words.Say(ctx, "refusal.exhausted.last", words.Data{"Date": words.Date(ctx, *facts.LastRedeemedAt)})
		}
		return r
	}
	data := words.Data{}
	if !facts.At.IsZero() {
		r.Since = momentIn(ctx, facts.At, now)
		data["Date"] = words.Date(ctx, facts.At)
	}
	r.Message = words.Say(ctx, "refusal."+kind+".message", data)
	return r
}

// refusalKinds are the catalog's names for why somebody was turned away.
var refusalKinds = map[models.Code]string{
	models.CodeRegistrationTokenMistyped: "mistyped", models.CodeRegistrationTokenInvalid: "invalid",
	models.CodeRegistrationTokenDisabled: "disabled", models.CodeRegistrationTokenReplaced: "replaced",
	models.CodeRegistrationTokenExpired: "expired", models.CodeRegistrationTokenExhausted: "exhausted",
	models.CodeIdentityNotAllowed: "not_allowed", models.CodeIdempotencyKeySpent: "spent",
}

func refusalKind(f failure, facts models.Refusal) string {
	switch kind := refusalKinds[facts.Reason]; {
	case slices.Contains(models.AdmissionRules, facts.Rule):
		return string(facts.Rule)
	case kind != "":
		return kind
	case f.Kind == models.KindRateLimited:
		return "rate_limited"
	case f.Kind == models.KindInvalid:
		return "unreadable"
	default:
		return "unavailable"
	}
}
