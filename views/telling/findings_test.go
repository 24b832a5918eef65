package telling_test

import (
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/telling"
)

// found is a finding about three people on two devices.
func found(cause models.Cause) *seen.Finding {
	f := &seen.Finding{}
	f.Cause, f.Uses, f.Surplus, f.People, f.Devices = cause, 7, 4, 3, 2
	f.Name, f.Usual = "lt-1.contoso.example", "fabrikam.example"
	f.From, f.To = monday, monday.Add(6*time.Minute)
	return f
}

// ofState are told by the state of the registration token.
var ofState = map[models.Cause]bool{models.CauseDeleted: true, models.CauseReplaced: true, models.CauseDisabled: true, models.CauseExpired: true}

func TestFindingOf_TellsEveryCause(t *testing.T) {
	t.Parallel()
	token, verdict := shown(active()), &seen.Verdict{Judged: 10, Waiting: make([]seen.Waiting, 2)}
	titles, kinds := map[string]models.Cause{}, map[telling.RemedyKind]bool{}
	for _, value := range declared(t, "Cause") {
		cause := models.Cause(value)
		calm := cause == models.CauseUsedUp || cause == models.CauseInOrder
		for _, mayAct := range []bool{true, false} {
			got, ok := telling.FindingOf(found(cause), verdict, token, mayAct)
			if ok == ofState[cause] {
				t.Errorf("%s is told as a finding: %t", cause, ok)
			}
			if !ok {
				continue
			}
			complete(t, value, got.Title, got.Sentence)
			if got.Share != "4 of 10 uses" || !strings.HasSuffix(got.Sentence, ".") {
				t.Errorf("%s: %+v", cause, got)
			}
			if other := titles[got.Title]; other != "" && other != cause {
				t.Errorf("%s and %s are both called %q", cause, other, got.Title)
			}
			titles[got.Title] = cause
			r := got.Remedy
			kinds[r.Kind] = true
			if (r == telling.Remedy{}) != calm || (r.Kind == telling.RemedyNone) != (r.Action == "") {
				t.Errorf("%s: remedy %+v", cause, r)
			}
			if !mayAct && !calm && !strings.Contains(r.Ask, "sk an administrator") {
				t.Errorf("%s: who may not act is told %q", cause, r.Ask)
			}
		}
	}
	for _, kind := range []telling.RemedyKind{
		telling.RemedySeeHolders, telling.RemedyDeleteSurplus, telling.RemedySeeUses, telling.RemedySeeWaiting, telling.RemedyRaise, telling.RemedyExtend,
	} {
		if !kinds[kind] {
			t.Errorf("nobody is offered %s", kind)
		}
	}
}

func TestFindingOf_SpeaksOfOneAndOfMany(t *testing.T) {
	t.Parallel()
	expiry := monday.Add(30 * 24 * time.Hour)
	token := active()
	token.Count, token.ExpiresAt = 1000, expiry
	for name, c := range map[string]struct {
		cause  models.Cause
		change func(*seen.Finding)
		want   string
	}{
		"loops":               {models.CauseRetryLoop, nil, "2 devices took 7 counts within 6 min, one after the other. Their clients seem to redeem again each time they start."},
		"a loop":              {models.CauseRetryLoop, func(f *seen.Finding) { f.Devices, f.To = 1, f.From }, "lt-1.contoso.example took 7 counts within 1 min, one after the other. Its client seems to redeem again each time it starts."},
		"duplicates":          {models.CauseDuplicates, nil, "2 devices and 3 people hold 7 live auth tokens, 4 more than one each; lt-1.contoso.example holds the most."},
		"of devices":          {models.CauseDuplicates, func(f *seen.Finding) { f.People = 0 }, "2 devices hold 7 live auth tokens, 4 more than one each; lt-1.contoso.example holds the most."},
		"of people":           {models.CauseDuplicates, func(f *seen.Finding) { f.Devices = 0 }, "3 people hold 7 live auth tokens, 4 more than one each; lt-1.contoso.example holds the most."},
		"of one":              {models.CauseDuplicates, func(f *seen.Finding) { f.People, f.Devices = 0, 1 }, "lt-1.contoso.example holds 7 live auth tokens, 4 more than needed."},
		"strangers":           {models.CauseStrangers, nil, "3 people on 2 devices came from elsewhere; most of the others are from fabrikam.example. The first was lt-1.contoso.example, on 23 Nov 2026, 10:00 UTC."},
		"unexpected":          {models.CauseStrangers, func(f *seen.Finding) { f.Usual = "" }, "3 people on 2 devices are not on the expected list. The first was lt-1.contoso.example, on 23 Nov 2026, 10:00 UTC."},
		"an unexpected one":   {models.CauseStrangers, func(f *seen.Finding) { f.Usual, f.People, f.Devices = "", 1, 1 }, "1 person on 1 device is not on the expected list. The first was lt-1.contoso.example, on 23 Nov 2026, 10:00 UTC."},
		"a burst":             {models.CauseBurst, nil, "2 new devices from many networks redeemed it within 6 min, starting on 23 Nov 2026, 10:00 UTC."},
		"too small":           {models.CauseTooSmall, nil, "3 people on 2 devices used it as intended, and 1 other is still waiting."},
		"no pace":             {models.CauseRunningOut, func(f *seen.Finding) { f.To = time.Time{} }, "7 of 1,000 counts are left; too little happened in the past week to say when the last one will be taken."},
		"gone before expiry":  {models.CauseRunningOut, func(f *seen.Finding) { f.Uses = 1 }, "1 of 1,000 counts is left; at the pace of the past week the last one will be taken on 23 Nov 2026, before it expires on 23 Dec 2026."},
		"expires before that": {models.CauseRunningOut, func(f *seen.Finding) { f.To = expiry }, "7 of 1,000 counts are left; at the pace of the past week it will expire on 23 Dec 2026 before the last one is taken."},
		"expiring":            {models.CauseExpiring, nil, "It expires on 23 Nov 2026, 10:06 UTC with 7 of 1,000 unused."},
		"used up":             {models.CauseUsedUp, nil, "3 people on 2 devices took 7 counts; nobody took more than usual, and nobody is waiting."},
		"in order":            {models.CauseInOrder, nil, "3 people on 2 devices took 7 counts; nobody took more than usual."},
		"a long name":         {models.CauseDuplicates, func(f *seen.Finding) { f.People, f.Devices, f.Name = 0, 1, strings.Repeat("é", 320) }, strings.Repeat("é", 59) + "… holds 7 live auth tokens, 4 more than needed."},
	} {
		f := found(c.cause)
		if c.change != nil {
			c.change(f)
		}
		before := *f
		got, ok := telling.FindingOf(f, &seen.Verdict{Judged: 10, Waiting: make([]seen.Waiting, 1)}, shown(token), true)
		if !ok || got.Sentence != c.want {
			t.Errorf("%s: %q", name, got.Sentence)
		}
		if *f != before {
			t.Errorf("%s: the finding was changed to %+v", name, f)
		}
	}
}

func TestFindingOf_KeepsQuietAboutNothing(t *testing.T) {
	t.Parallel()
	f, token := found(models.CauseInOrder), shown(active())
	f.Uses = 0
	if got, ok := telling.FindingOf(f, &seen.Verdict{}, token, true); ok {
		t.Errorf("nobody used it: %+v", got)
	}
	f = found(models.CauseRunningOut)
	f.Surplus = 0
	if got, _ := telling.FindingOf(f, &seen.Verdict{Judged: 10}, token, true); got.Share != "" {
		t.Errorf("it explains %q", got.Share)
	}
	if note := telling.VerdictNote(token); note != "" {
		t.Errorf("all of it was looked at: %q", note)
	}
	many := active()
	many.RedemptionCount = 1200
	if note := telling.VerdictNote(shown(many)); note != "Judged by the newest 500 of its 1,200 uses." {
		t.Errorf("note: %q", note)
	}
}

func TestFindingOf_RemediesGoByEvidence(t *testing.T) {
	t.Parallel()
	token := shown(active())
	strange := found(models.CauseStrangers)
	strange.Usual = ""
	got, _ := telling.FindingOf(strange, &seen.Verdict{}, token, false)
	if want := (telling.Remedy{Kind: telling.RemedySeeUnexpected, Action: "See who was not expected", Ask: "Ask an administrator whether they should have it."}); got.Remedy != want {
		t.Errorf("not on the list: %+v", got.Remedy)
	}
	got, _ = telling.FindingOf(found(models.CauseTooSmall), &seen.Verdict{Waiting: make([]seen.Waiting, 1200)}, token, false)
	if got.Remedy.Ask != "Ask an administrator to raise the count by 1,200." {
		t.Errorf("too small: %+v", got.Remedy)
	}
	got, _ = telling.FindingOf(found(models.CauseExpiring), &seen.Verdict{}, token, false)
	if want := (telling.Remedy{Ask: "If people still need it, ask an administrator to move the expiry."}); got.Remedy != want {
		t.Errorf("expiring: %+v", got.Remedy)
	}
}

func TestAttentionOf_ProposesOneThing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change   func(*models.RegistrationToken)
		refused  int
		sentence string
		since    string
		kind     telling.RemedyKind
		action   string
	}{
		"expired":     {func(t *models.RegistrationToken) { t.ExpiresAt = monday }, 1, "expired with 7 of 20 unused, and 1 attempt was turned away, the first", "1 hour ago", telling.RemedyReplace, "Replace…"},
		"used up":     {func(t *models.RegistrationToken) { t.UsedCount = 20 }, 3, "is used up, 20 of 20, and 3 attempts were turned away, the first", "1 hour ago", telling.RemedyRaise, "Raise count…"},
		"expires":     {func(*models.RegistrationToken) {}, 0, "has 7 of 20 left and expires", "in 1 hour", telling.RemedyExtend, "Extend…"},
		"nearly used": {func(t *models.RegistrationToken) { t.UsedCount, t.ExpiresAt = 19, monday.Add(30*24*time.Hour) }, 0, "has 1 of 20 left and expires", "in 30 days", telling.RemedyRaise, "Raise count…"},
	} {
		token := active()
		c.change(&token)
		a := &seen.Attention{RegistrationToken: *shown(token), Refused: c.refused, RefusedSince: monday.Add(-time.Hour)}
		got := telling.AttentionOf(a, monday, true)
		if got.Sentence != c.sentence || got.Since.Relative != c.since || got.Remedy != (telling.Remedy{Kind: c.kind, Action: c.action}) {
			t.Errorf("%s: %+v", name, got)
		}
		if got := telling.AttentionOf(a, monday, false).Remedy; got != (telling.Remedy{Kind: telling.RemedyOpen, Action: "Open"}) {
			t.Errorf("%s: who may not act is offered %+v", name, got)
		}
	}
}
