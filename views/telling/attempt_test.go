package telling_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/telling"
)

// known is an attempt on t, with a verdict that has these findings.
func known(a *seen.RefusedAttempt, t models.RegistrationToken, findings ...*seen.Finding) telling.Attempt {
	return telling.Attempt{RefusedAttempt: a, Token: shown(t), Verdict: judged(t.UsedCount, 1, findings...)}
}

func usedUp(t *models.RegistrationToken) { t.UsedCount = 20 }

func with(change func(*models.RegistrationToken)) models.RegistrationToken {
	t := active()
	change(&t)
	return t
}

func loop() *seen.Finding {
	return proposes(found(models.FindingRetryLoop), models.RemedyDeleteSurplus, 6)
}

func tooSmall() *seen.Finding { return proposes(found(models.FindingTooSmall), models.RemedyRaise, 5) }

func leak() *seen.Finding { return proposes(found(models.FindingBurst), models.RemedyDelete, 7) }

// holding adds the auth token that is held already.
func holding(a telling.Attempt, sameDevice bool, host string) telling.Attempt {
	token := models.AuthToken{CreatedAt: monday.Add(-48 * time.Hour)}
	token.FQDN = host
	held := everything.AuthToken(&token)
	a.Held, a.SameDevice = &held, sameDevice
	return a
}

func TestAnswer_GoesByHowThingsStandNow(t *testing.T) {
	t.Parallel()
	successor, earlier := "02", monday.Add(-time.Hour)
	exhausted := attempt(models.CodeRegistrationTokenExhausted, "")
	ruled := func(code models.Code, rule models.AdmissionRule) telling.Attempt {
		a := known(attempt(code, ""), active())
		a.Rule = rule
		return a
	}
	for name, c := range map[string]struct {
		attempt telling.Attempt
		says    string
	}{
		"unknown":        {telling.Attempt{RefusedAttempt: attempt(models.CodeRegistrationTokenInvalid, "")}, "What you entered is not one of our registration tokens, or part of it is missing. Please copy all of it again from the message you received, and try once more."},
		"used up":        {known(exhausted, with(usedUp), loop()), "All of its counts are used up. We are looking into it and will write to you; please do not try again until then. Keep the registration token; it stays the same."},
		"leaked":         {known(exhausted, with(usedUp), leak()), "All of its counts are used up. We are looking into it and will write to you; please do not try again until then."},
		"strangers":      {known(exhausted, with(usedUp), found(models.FindingStrangers)), "All of its counts are used up. We are looking into it and will write to you; please do not try again until then."},
		"expired":        {known(exhausted, with(func(t *models.RegistrationToken) { t.ExpiresAt = earlier })), "It has expired for good. We are looking into it and will write to you."},
		"disabled":       {known(exhausted, with(func(t *models.RegistrationToken) { t.DisabledAt = &earlier })), "It is disabled for now. We are looking into it and will write to you; please do not try again until then."},
		"replaced":       {known(exhausted, with(func(t *models.RegistrationToken) { t.DisabledAt, t.ReplacedByID = &earlier, &successor })), "There is a new one in its place. Please ask the person who gave you the old one for it."},
		"deleted":        {known(exhausted, with(func(t *models.RegistrationToken) { t.DeletedAt = &earlier })), "It was withdrawn. Please ask the person who gave it to you for another one."},
		"ready":          {known(exhausted, active()), "It can be redeemed now: please try once more."},
		"a rule":         {ruled(models.CodeRegistrationTokenExhausted, models.AdmissionSignIn), "Please sign in on the page first, then paste it once more."},
		"new rule":       {ruled(models.CodeRegistrationTokenExhausted, "of tomorrow"), "It may not be redeemed in the way you tried. We are looking into it and will write to you."},
		"bad field":      {ruled(models.CodeInvalidRequest, ""), "Some of the details you gave could not be accepted. Please correct those that you were told about, and try once more."},
		"spent":          {ruled(models.CodeIdempotencyKeySpent, ""), "You were given an auth token before, and it cannot be shown again. If you still have it, please use it; otherwise reload the page and redeem once more."},
		"spent, a rule":  {ruled(models.CodeIdempotencyKeySpent, models.AdmissionExpected), "You are not on its list. Please check your user name and the name of your computer for mistakes; if they are right, please tell us, so that an administrator can add you."},
		"holds one":      {holding(known(exhausted, with(usedUp), leak()), true, "lt-1"), "You need not redeem it again. This computer received an auth token on 21 Nov 2026, 10:00 UTC, and it still works: it is in the application that asked for it, so please use that. If it was lost, please tell us: then it is deleted and its count given back, and you can redeem once more."},
		"has another":    {holding(known(exhausted, with(usedUp), loop()), false, "lt-1"), "You hold an auth token from it already, since 21 Nov 2026, 10:00 UTC on lt-1, and it still works there. If you do not need it there any more, or it was lost, please tell us: then it is deleted and its count given back, and you can redeem once more."},
		"has one, ready": {holding(known(exhausted, active()), false, ""), "You hold an auth token from it already, since 21 Nov 2026, 10:00 UTC on another computer, and it still works there. If you do not need it there any more, or it was lost, please tell us: then it is deleted and its count given back, and you can redeem once more."},
	} {
		reason, next, _ := strings.Cut(telling.Answer(c.attempt, monday), "\n")
		want := "Your attempt on 23 Nov 2026, 10:00 UTC (support code K7Q4-M2QX) was turned away: " + strings.ToLower(telling.Reason(c.attempt.RefusedAttempt)) + "."
		if reason != want || next != c.says {
			t.Errorf("%s: %q, %q", name, reason, next)
		}
	}
	answers := map[string]models.AdmissionRule{}
	for _, rule := range models.AdmissionRules {
		_, next, _ := strings.Cut(telling.Answer(ruled(models.CodeIdentityNotAllowed, rule), monday), "\n")
		if complete(t, string(rule), next); answers[next] != "" {
			t.Errorf("%s is answered like %s", rule, answers[next])
		}
		answers[next] = rule
	}
}

// TestAnswer_ClaimsNothingThatWasNotDone: nobody has asked anybody yet.
func TestAnswer_ClaimsNothingThatWasNotDone(t *testing.T) {
	t.Parallel()
	for _, code := range recordedCodes {
		for _, rule := range append(models.AdmissionRules, "") {
			a := known(attempt(code, rule), with(usedUp))
			a.Rule = rule
			if got := telling.Answer(a, monday); strings.Contains(got, "asked for") || strings.Contains(got, "will ask") {
				t.Errorf("%s %s: %q", code, rule, got)
			}
		}
	}
}

func TestAdvice_AgreesWithTheVerdict(t *testing.T) {
	t.Parallel()
	earlier := monday.Add(-time.Hour)
	exhausted := attempt(models.CodeRegistrationTokenExhausted, "")
	network := attempt(models.CodeIdentityNotAllowed, models.AdmissionExpected)
	successor := "02"
	replaced := with(func(t *models.RegistrationToken) {
		t.DisabledAt, t.ReplacedByID, t.ReplacedAt = &earlier, &successor, &earlier
	})
	for name, c := range map[string]struct {
		attempt telling.Attempt
		want    string
	}{
		"expired, and replaced since": {known(attempt(models.CodeRegistrationTokenExpired, ""), replaced), "There is a successor. Make sure that the user gets it."},
		"used up, and replaced since": {known(exhausted, replaced, loop()), "There is a successor. Make sure that the user gets it."},
		"a loop":                      {known(exhausted, with(usedUp), loop()), "All counts were taken. 6 of them can be given back: its page says which."},
		"one to give back":            {known(exhausted, with(usedUp), proposes(found(models.FindingNotGivenBack), models.RemedyGiveBack, 1)), "All counts were taken. 1 of them can be given back: its page says which."},
		"too small":                   {known(exhausted, with(usedUp), tooSmall()), "All counts were taken. None of them can be given back; an administrator can raise the count by 5."},
		"both":                        {known(exhausted, with(usedUp), loop(), tooSmall()), "All counts were taken. 6 of them can be given back, and an administrator can raise the count by 5."},
		"in order":                    {known(exhausted, with(usedUp), found(models.FindingInOrder)), "All counts were taken. Its page says who used them."},
		"raised by now":               {known(exhausted, with(func(t *models.RegistrationToken) { usedUp(t); t.Count += 3 }), loop()), "All counts were taken. 3 counts are left by now."},
		"expired by now":              {known(exhausted, with(func(t *models.RegistrationToken) { t.ExpiresAt = earlier }), loop()), "All counts were taken. Its page says who used them."},
		"the same device":             {holding(known(exhausted, with(usedUp), loop()), true, "lt-1"), "All counts were taken. But this device holds a live auth token of it already, so nothing has to be redeemed again. If it was lost, an administrator deletes it and gives the count back."},
		"the same person":             {holding(known(exhausted, with(usedUp), loop()), false, "lt-1"), "All counts were taken. But this person holds a live auth token of it already, on another device. If that one is not needed any more, an administrator deletes it and gives the count back."},
		"not on the list":             {known(network, active(), loop()), "Only people and computers on its list may redeem it, and nobody there matches. Check the name for a mistake; if there is none, an administrator adds them."},
		"a code of the past":          {known(attempt("out_of_order", ""), active()), "The user was told the same reason and what to do next."},
	} {
		if got := telling.Advice(c.attempt, monday); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestCurrentState_SaysWhetherToTryAgain(t *testing.T) {
	t.Parallel()
	ruled := func(t models.RegistrationToken, rule models.AdmissionRule) telling.Attempt {
		a := known(attempt(models.CodeRegistrationTokenExhausted, ""), t)
		a.Rule = rule
		return a
	}
	for name, c := range map[string]struct {
		attempt telling.Attempt
		want    string
	}{
		"ready":     {ruled(active(), ""), "It can be redeemed now: ask the user to try once more."},
		"holds one": {holding(ruled(active(), ""), true, ""), "It can be redeemed now, but need not be."},
		"a rule":    {ruled(active(), models.AdmissionNetwork), "The same attempt would be turned away: not from an allowed network."},
		"used up":   {ruled(with(usedUp), models.AdmissionNetwork), "All 20 counts are used."},
	} {
		if got := telling.CurrentState(c.attempt, monday); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := telling.HeldSince(holding(ruled(active(), ""), true, "").Held, monday); got != "a live auth token since 21 Nov 2026, 10:00 UTC" {
		t.Errorf("%q", got)
	}
}
