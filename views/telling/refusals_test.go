package telling_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/telling"
	"muster/views/words"
)

var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// recordedCodes are those that [models.RefusedAttempt] can hold as its reason.
var recordedCodes = []models.Code{
	models.CodeRegistrationTokenInvalid, models.CodeRegistrationTokenDeleted, models.CodeRegistrationTokenDisabled,
	models.CodeRegistrationTokenReplaced, models.CodeRegistrationTokenExpired, models.CodeRegistrationTokenExhausted,
	models.CodeIdentityNotAllowed, models.CodeInvalidRequest, models.CodeIdempotencyKeySpent,
}

// answeredCodes are those that a redemption is answered with beside them.
var answeredCodes = []models.Code{models.CodeRegistrationTokenMistyped, models.CodeRateLimited, models.CodeUnavailable}

// otherCodes are never the answer to a redemption that was turned away.
var otherCodes = []models.Code{
	models.CodeUnauthenticated, models.CodeForbidden, models.CodeNotFound, models.CodeConflict, models.CodeInternal,
	models.CodeAuthTokenDeleted, models.CodeUnexpectedNumber, models.CodeSeveralMatch, models.CodeRefreshTokenInvalid, models.CodeRefreshTokenReused,
	models.CodeSchemaOutdated, models.CodePreconditionFailed, models.CodeNumbersChanged, models.CodeRequestDecided, models.CodeRequestLapsed, models.CodeRequestExists,
}

func facts(reason models.Code, rule models.AdmissionRule, at time.Time, count int, last *time.Time) models.Refusal {
	return models.Refusal{Reason: reason, Rule: rule, At: at, Count: count, LastRedeemedAt: last}
}

func TestRefusals_EveryCodeIsSorted(t *testing.T) {
	t.Parallel()
	for _, code := range declared(t, "Code") {
		if !slices.Contains(slices.Concat(recordedCodes, answeredCodes, otherCodes), models.Code(code)) {
			t.Errorf("can a redemption be turned away with %s? Say so in this test, and word it in refusals.go", code)
		}
	}
	for _, code := range otherCodes {
		if message, next := telling.Detail(facts(code, "", monday, 1, nil)); message+next != "" {
			t.Errorf("%s has an entry that nobody needs", code)
		}
	}
	for _, rule := range declared(t, "AdmissionRule") {
		if !slices.Contains(models.AdmissionRules, models.AdmissionRule(rule)) {
			t.Errorf("models.AdmissionRules lacks %s", rule)
		}
	}
}

func attempt(code models.Code, rule models.AdmissionRule) *seen.RefusedAttempt {
	a := &seen.RefusedAttempt{}
	a.Reason, a.AdmissionRule, a.AttemptedAt, a.SupportCode, a.IP = code, rule, monday, "K7Q4-M2QX", "192.0.2.7"
	return a
}

// active is a registration token that can be redeemed.
func active() models.RegistrationToken {
	return models.RegistrationToken{ID: "01", Count: 20, UsedCount: 13, ExpiresAt: monday.Add(time.Hour)}
}

func shown(t models.RegistrationToken) *seen.RegistrationToken {
	s := everything.RegistrationToken(&t)
	return &s
}

// complete fails for a text that is missing, or was not filled in.
func complete(t *testing.T, of string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if text == "" || strings.Contains(text, "%!") || strings.Contains(text, "{{") || strings.Contains(text, "<no value>") || strings.HasPrefix(text, "refusal.") {
			t.Errorf("%s: %q", of, text)
		}
	}
}

// TestRefusals_AreToldToDeskUserAndCaller goes through all codes and rules: the
// desk has a reason and advice of its own for each, the user an answer.
func TestRefusals_AreToldToDeskUserAndCaller(t *testing.T) {
	t.Parallel()
	last := monday.Add(-time.Hour)
	reasons := map[[2]string]string{}
	each := func(of string, a *seen.RefusedAttempt) {
		t.Helper()
		told := [2]string{telling.Reason(a), telling.Advice(known(a, active()), monday)}
		complete(t, of, told[0], told[1])
		if other, twice := reasons[told]; twice {
			t.Errorf("%s has the words of %s", of, other)
		}
		reasons[told] = of
		if strings.Contains(told[1], "told the same reason") {
			t.Errorf("%s has no entry", of)
		}
	}
	for _, code := range recordedCodes {
		each(string(code), attempt(code, ""))
	}
	for _, rule := range models.AdmissionRules {
		each(string(rule), attempt(models.CodeIdentityNotAllowed, rule))
	}

	used := map[string]bool{}
	told := func(code models.Code, rule models.AdmissionRule) {
		t.Helper()
		of := string(code) + " " + string(rule)
		for _, l := range words.Languages() {
			for _, count := range []int{1, 1000} {
				e := telling.Explain(words.In(t.Context(), l.Code), monday, facts(code, rule, last, count, &last))
				complete(t, of+" in "+l.Code, e.Heading, e.Message, e.NextStep)
				used[e.Heading], used[e.NextStep] = true, true
				english := telling.Explain(t.Context(), monday, facts(code, rule, last, count, &last))
				if l.Code != "en" && (e.Heading == english.Heading || e.Message == english.Message || e.NextStep == english.NextStep) {
					t.Errorf("%s is told in English to who reads %s: %+v", of, l.Name, e)
				}
			}
		}
		message, next := telling.Detail(facts(code, rule, last, 1000, &last))
		if code == models.CodeInvalidRequest {
			if message+next != "" {
				t.Errorf("REST says %q and not which field", message+next)
			}
			return
		}
		complete(t, of+" in REST", message, next)
		// RFC 6749 section 5.2.
		if strings.ContainsFunc(message+next, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
			t.Errorf("%s: an OAuth answer cannot hold %q", of, message+next)
		}
	}
	for _, code := range slices.Concat(recordedCodes, answeredCodes) {
		told(code, "")
	}
	for _, rule := range models.AdmissionRules {
		told(models.CodeIdentityNotAllowed, rule)
	}
	content, err := os.ReadFile("../words/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var catalog map[string]any
	if err := json.Unmarshal(content, &catalog); err != nil {
		t.Fatal(err)
	}
	for id, text := range catalog {
		if strings.HasPrefix(id, "refusal.") && (strings.HasSuffix(id, ".heading") || strings.HasSuffix(id, ".next")) && !used[text.(string)] {
			t.Errorf("nobody is told %s", id)
		}
	}
}

// TestRefusals_SayNoMoreThanACallerMayKnow: a deleted registration token is
// answered like an unknown one.
func TestRefusals_SayNoMoreThanACallerMayKnow(t *testing.T) {
	t.Parallel()
	at := monday.Add(-time.Hour)
	message, next := telling.Detail(facts(models.CodeRegistrationTokenInvalid, "", time.Time{}, 0, nil))
	if m, n := telling.Detail(facts(models.CodeRegistrationTokenDeleted, "", at, 20, &at)); m != message || n != next {
		t.Errorf("deleted: %q %q", m, n)
	}
	unknown := telling.Explain(t.Context(), monday, facts(models.CodeRegistrationTokenInvalid, "", time.Time{}, 0, nil))
	if e := telling.Explain(t.Context(), monday, facts(models.CodeRegistrationTokenDeleted, "", at, 20, &at)); e != unknown {
		t.Errorf("deleted: %+v", e)
	}
}

func TestDetail_SaysWhatCallersKnow(t *testing.T) {
	t.Parallel()
	last := monday.Add(-time.Hour)
	const ask = "Ask the person who gave it to you "
	for name, c := range map[string]struct {
		code          models.Code
		rule          models.AdmissionRule
		count         int
		last          *time.Time
		message, next string
	}{
		"invalid":       {models.CodeRegistrationTokenInvalid, "", 0, nil, "This registration token is not valid.", "Check that you copied all of it. If it still does not work, ask the person who gave it to you and quote the support code."},
		"mistyped":      {models.CodeRegistrationTokenMistyped, "", 0, nil, "This registration token is not valid; it looks mistyped: a character is missing, extra or wrong.", "Check that you copied all of it. If it still does not work, ask the person who gave it to you and quote the support code."},
		"disabled":      {models.CodeRegistrationTokenDisabled, "", 0, nil, "This registration token was disabled on 23 Nov 2026, 10:00 UTC.", ask + "why, and quote the support code."},
		"replaced":      {models.CodeRegistrationTokenReplaced, "", 0, nil, "This registration token was replaced on 23 Nov 2026, 10:00 UTC.", ask + "for the one that replaces it, and quote the support code."},
		"expired":       {models.CodeRegistrationTokenExpired, "", 0, nil, "This registration token expired on 23 Nov 2026, 10:00 UTC.", ask + "for a new one and quote the support code."},
		"used up":       {models.CodeRegistrationTokenExhausted, "", 1000, &last, "This registration token could be redeemed 1,000 times, and was. The last time was on 23 Nov 2026, 09:00 UTC.", "If you redeemed it before, use the auth token you got. Otherwise tell the person who gave it to you that it is used up, and quote the support code."},
		"used up once":  {models.CodeRegistrationTokenExhausted, "", 1, nil, "This registration token could be redeemed once, and was.", "If you redeemed it before, use the auth token you got. Otherwise tell the person who gave it to you that it is used up, and quote the support code."},
		"network":       {models.CodeIdentityNotAllowed, models.AdmissionNetwork, 0, nil, "This registration token cannot be redeemed from this network.", "Connect to your organisation's network or VPN and try again. If that does not help, ask the person who gave it to you and quote the support code."},
		"signed out":    {models.CodeIdentityNotAllowed, models.AdmissionSignIn, 0, nil, "This registration token can be redeemed only by people who are signed in.", "Sign in on the self-service page and redeem it there."},
		"spent":         {models.CodeIdempotencyKeySpent, "", 0, nil, "The answer to this Idempotency-Key cannot be returned again: its auth token was used or has ended, or the registration token was disabled.", "If you hold the auth token, use it. Otherwise redeem with a new Idempotency-Key; that takes another count."},
		"a new rule":    {models.CodeIdentityNotAllowed, "of tomorrow", 0, nil, "This registration token may not be redeemed with this name, from this place or without signing in.", "Sign in and try again, or ask the person who gave it to you and quote the support code."},
		"no refusal":    {models.CodeConflict, "", 0, nil, "", ""},
		"another field": {models.CodeInvalidRequest, "", 0, nil, "", ""},
	} {
		if message, next := telling.Detail(facts(c.code, c.rule, monday, c.count, c.last)); message != c.message || next != c.next {
			t.Errorf("%s: %q %q", name, message, next)
		}
	}
}

func TestExplain_SaysSinceWhenAndOffersToSignIn(t *testing.T) {
	t.Parallel()
	ctx, last := context.Background(), monday.Add(-time.Hour)
	for _, code := range slices.Concat(recordedCodes, answeredCodes) {
		e := telling.Explain(ctx, monday, facts(code, "", last, 20, nil))
		dated := code == models.CodeRegistrationTokenExpired || code == models.CodeRegistrationTokenDisabled || code == models.CodeRegistrationTokenReplaced
		if got := e.Since.Relative; dated != (got == "1 hour ago") || dated != strings.Contains(e.Message, "09:00 UTC") || e.SignIn {
			t.Errorf("%s: %+v", code, e)
		}
	}
	for _, rule := range models.AdmissionRules {
		e := telling.Explain(ctx, monday, facts(models.CodeIdentityNotAllowed, rule, last, 20, &last))
		if signIn := rule == models.AdmissionSignIn || rule == models.AdmissionExpectedSignIn; e.SignIn != signIn || !e.Since.IsZero() {
			t.Errorf("%s: %+v", rule, e)
		}
	}
	german := telling.Explain(words.In(ctx, "de"), monday, facts(models.CodeRegistrationTokenExhausted, "", time.Time{}, 1, &last))
	if german.Since.Exact != "23.11.2026, 09:00:00 UTC" || !strings.Contains(german.Message, "23.11.2026, 09:00 UTC") {
		t.Errorf("in German: %+v", german)
	}
	if e := telling.Explain(ctx, monday, facts(models.CodeConflict, "", last, 20, nil)); e.Heading != "This does not work right now" {
		t.Errorf("an answer without words: %+v", e)
	}
}

func TestReason_TellsACodeOfThePast(t *testing.T) {
	t.Parallel()
	if got := telling.Reason(attempt("out_of_order", "")); got != "Out of order" {
		t.Errorf("got %q", got)
	}
	if got := telling.Reason(attempt("", "")); got != "Unknown" {
		t.Errorf("got %q", got)
	}
}
