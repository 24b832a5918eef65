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

// notAsked are the remedies that are not one act, so nobody can approve them.
var notAsked = []models.RemedyKind{models.RemedyOwnToken, models.RemedyAsk, models.RemedyNone}

func TestRequests_EveryRemedyThatIsOneActHasItsWords(t *testing.T) {
	t.Parallel()
	expires := time.Date(2026, 12, 23, 23, 59, 0, 0, time.UTC)
	seenTexts := map[string]models.RemedyKind{}
	for _, kind := range models.RemedyKinds {
		if telling.CanAsk(kind) == slices.Contains(notAsked, kind) {
			t.Errorf("%s can be asked for: %t", kind, telling.CanAsk(kind))
		}
		if !telling.CanAsk(kind) {
			continue
		}
		remedy := models.RequestedRemedy{Kind: kind, Count: new(7), ExpiresAt: &expires}
		for _, text := range []string{telling.AskTitle(kind), telling.Proposed(&remedy, 0, monday)} {
			if text == "" || seenTexts[text] != "" && seenTexts[text] != kind || strings.Contains(text, "  ") {
				t.Errorf("%s reads %q, as does %s", kind, text, seenTexts[text])
			}
			seenTexts[text] = kind
		}
		if !strings.HasSuffix(telling.AskLabel(kind, nil), "…") || !strings.HasSuffix(telling.Approved(&remedy, nil, nil, monday), ".") {
			t.Errorf("%s: %q, %q", kind, telling.AskLabel(kind, nil), telling.Approved(&remedy, nil, nil, monday))
		}
	}
}

func TestRequests_NumbersAgreeWithTheirWords(t *testing.T) {
	t.Parallel()
	for want, remedy := range map[string]models.RequestedRemedy{
		"Raise the count by 1,000":                               {Kind: models.RemedyRaise, Count: new(1_000)},
		"Give 1 count back":                                      {Kind: models.RemedyGiveBack, Count: new(1), ReturnCount: true},
		"Delete 1 surplus auth token and give the count back":    {Kind: models.RemedyDeleteSurplus, Count: new(1), ReturnCount: true},
		"Delete 12 surplus auth tokens and give the counts back": {Kind: models.RemedyDeleteSurplus, Count: new(12), ReturnCount: true},
		"Delete 2 auth tokens":                                   {Kind: models.RemedyDelete, Count: new(2)},
		"Create a successor with 1 count":                        {Kind: models.RemedyReplace, Count: new(1)},
		"Move the expiry to 23 Dec 2026, 23:59 UTC":              {Kind: models.RemedyExtend, ExpiresAt: new(time.Date(2026, 12, 23, 23, 59, 0, 0, time.UTC))},
		"Enable it": {Kind: models.RemedyEnable},
	} {
		if got := telling.Proposed(&remedy, 0, monday); got != want {
			t.Errorf("it reads %q, want %q", got, want)
		}
	}
	var r seen.Request
	r.Remedy, r.CountBefore = models.RequestedRemedy{Kind: models.RemedyRaise, Count: new(2)}, 100
	token := everything.RegistrationToken(&models.RegistrationToken{Count: 102})
	if got := telling.NumbersChanged(&r, &token, 5); got != "The count was 100 when this was asked for, and is 102 now. 2 were asked for; by the present numbers it would be 5." {
		t.Errorf("what changed reads %q", got)
	}
}

// A request lets somebody in when it is open, clears everything in the way, and nothing
// else would turn them away.
func TestLetsIn_OnlyWhatClearsEveryObstacle(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	exhausted := models.RegistrationToken{Count: 5, UsedCount: 5, ExpiresAt: now.Add(time.Hour)}
	both := exhausted
	both.ExpiresAt = now.Add(-time.Hour)
	replaced := exhausted
	replaced.DisabledAt, replaced.ReplacedByID, replaced.ReplacedAt = &now, new("x"), &now
	gone := exhausted
	gone.DeletedAt = &now
	active := exhausted
	active.UsedCount = 4
	raise, replace := models.RequestedRemedy{Kind: models.RemedyRaise, Count: new(2)}, models.RequestedRemedy{Kind: models.RemedyReplace, Count: new(2)}
	back := models.RequestedRemedy{Kind: models.RemedyGiveBack, Count: new(2), Finding: models.FindingUnusedSeats, ReturnCount: true}
	kept := models.RequestedRemedy{Kind: models.RemedyDelete, Count: new(2), AuthTokens: []string{"a", "b"}}
	for name, c := range map[string]struct {
		token  *models.RegistrationToken
		remedy models.RequestedRemedy
		edit   func(*seen.Request, *telling.Attempt)
		want   bool
	}{
		"raise":                   {&exhausted, raise, nil, true},
		"counts given back":       {&exhausted, back, nil, true},
		"deleted, counts kept":    {&exhausted, kept, nil, false},
		"replace":                 {&both, replace, nil, true},
		"raise an expired one":    {&both, raise, nil, false},
		"of one that is replaced": {&replaced, replace, nil, false},
		"of one that is deleted":  {&gone, raise, nil, false},
		"nothing in the way":      {&active, raise, nil, false},
		"decided":                 {&exhausted, raise, func(r *seen.Request, _ *telling.Attempt) { r.State = models.RequestDeclined }, false},
		"a rule turns them away":  {&exhausted, raise, func(_ *seen.Request, a *telling.Attempt) { a.Rule = models.AdmissionNetwork }, false},
		"they hold one":           {&exhausted, raise, func(_ *seen.Request, a *telling.Attempt) { a.Held = &seen.AuthToken{} }, false},
		"their request was wrong": {&exhausted, raise, func(_ *seen.Request, a *telling.Attempt) { a.Reason = models.CodeInvalidRequest }, false},
		"the secret is unknown":   {nil, raise, nil, false},
	} {
		var attempt seen.RefusedAttempt
		attempt.Reason, attempt.AttemptedAt = models.CodeRegistrationTokenExhausted, now
		a := telling.Attempt{RefusedAttempt: &attempt, Verdict: &seen.Verdict{}}
		if c.token != nil {
			token := everything.RegistrationToken(c.token)
			a.Token = &token
		}
		var r seen.Request
		r.Remedy, r.State = c.remedy, models.RequestOpen
		if c.edit != nil {
			c.edit(&r, &a)
		}
		if got := telling.LetsIn(&r, a, now); got != c.want {
			t.Errorf("%s: it would let them in: %t", name, got)
		}
		a.Asked = &r
		if c.token != nil && strings.Contains(telling.Answer(a, now), "We have asked") != c.want {
			t.Errorf("%s: the user is told %q", name, telling.Answer(a, now))
		}
	}
}
