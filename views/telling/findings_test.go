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
func found(kind models.FindingKind) *seen.Finding {
	f, four := &seen.Finding{}, 4
	f.Kind, f.Counts, f.People, f.Devices, f.Recent = kind, 7, 3, 2, 7
	f.Names, f.Usual = []string{"lt-1.contoso.example"}, "fabrikam.example"
	f.From, f.To = monday, monday.Add(6*time.Minute)
	f.Remedy.Count = &four
	switch kind {
	case models.FindingRetryLoop, models.FindingSeveralPerDevice:
		f.Remedy.Kind, f.Remedy.Finding = models.RemedyDeleteSurplus, kind
	case models.FindingUnusedSeats, models.FindingNotGivenBack:
		f.Remedy.Kind, f.Remedy.Finding = models.RemedyGiveBack, kind
	default:
	}
	return f
}

// ofState are told by the state of the registration token.
var ofState = map[models.FindingKind]bool{
	models.FindingDeleted: true, models.FindingReplaced: true, models.FindingDisabled: true, models.FindingExpired: true,
}

func TestFindingOf_TellsEveryKind(t *testing.T) {
	t.Parallel()
	token, verdict := shown(active()), &seen.Verdict{Uses: 10, Waiting: make([]seen.Waiting, 2)}
	titles, kinds := map[string]models.FindingKind{}, map[telling.RemedyKind]bool{}
	if declared := declared(t, "FindingKind"); len(declared) != len(models.FindingKinds) {
		t.Errorf("%d kinds are declared, %d listed", len(declared), len(models.FindingKinds))
	}
	for _, kind := range models.FindingKinds {
		calm := kind == models.FindingInOrder
		for _, mayAct := range []bool{true, false} {
			got, ok := telling.FindingOf(found(kind), verdict, token, mayAct)
			if ok == ofState[kind] {
				t.Errorf("%s is told as a finding: %t", kind, ok)
			}
			if !ok {
				continue
			}
			complete(t, string(kind), got.Title, got.Sentence)
			if (got.Share == "7 of 10 uses") == calm || !strings.HasSuffix(got.Sentence, ".") {
				t.Errorf("%s: %+v", kind, got)
			}
			if other := titles[got.Title]; other != "" && other != kind {
				t.Errorf("%s and %s are both called %q", kind, other, got.Title)
			}
			titles[got.Title] = kind
			if deletes := mayAct && found(kind).Remedy.Deletes(); (got.Deletion != "") != deletes || deletes && !strings.Contains(got.Deletion, "4") {
				t.Errorf("%s: who may act (%t) is offered %q", kind, mayAct, got.Deletion)
			}
			r := got.Remedy
			kinds[r.Kind] = true
			if (r == telling.Remedy{}) != calm || (r.Kind == telling.RemedyNone) != (r.Action == "") {
				t.Errorf("%s: remedy %+v", kind, r)
			}
			if !mayAct && !calm && !strings.Contains(r.Ask, "sk an administrator") {
				t.Errorf("%s: who may not act is told %q", kind, r.Ask)
			}
		}
	}
	for _, kind := range []telling.RemedyKind{
		telling.RemedySeeHolders, telling.RemedySeeUses, telling.RemedySeeWaiting, telling.RemedyRaise, telling.RemedyExtend,
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
		kind   models.FindingKind
		change func(*seen.Finding)
		want   string
	}{
		"loops":               {models.FindingRetryLoop, nil, "2 devices took 7 counts within 6 min, one after the other."},
		"a loop":              {models.FindingRetryLoop, func(f *seen.Finding) { f.Devices, f.To = 1, f.From }, "lt-1.contoso.example took 7 counts within 1 min, one after the other."},
		"on devices":          {models.FindingSeveralPerDevice, nil, "2 devices hold 7 live auth tokens, 4 more than one each; lt-1.contoso.example holds the most."},
		"on one device":       {models.FindingSeveralPerDevice, func(f *seen.Finding) { f.Devices = 1 }, "lt-1.contoso.example holds 7 live auth tokens, 4 more than needed."},
		"of people":           {models.FindingSeveralPerPerson, nil, "3 people hold 7 live auth tokens on 2 devices, more than usual; lt-1.contoso.example holds the most."},
		"of one person":       {models.FindingSeveralPerPerson, func(f *seen.Finding) { f.People = 1 }, "lt-1.contoso.example holds 7 live auth tokens on 2 devices, more than usual."},
		"automation":          {models.FindingAutomation, nil, "lt-1.contoso.example took 7 counts for machines that never came back. It needs a registration token of its own."},
		"unused seats":        {models.FindingUnusedSeats, nil, "7 counts taken by 2 devices are not in use."},
		"not given back":      {models.FindingNotGivenBack, nil, "7 auth tokens were deleted without giving the counts back."},
		"one not given back":  {models.FindingNotGivenBack, func(f *seen.Finding) { f.Counts = 1 }, "1 auth token was deleted without giving the count back."},
		"indistinguishable":   {models.FindingIndistinguishable, nil, "7 uses report the same name and nothing else: lt-1.contoso.example. It cannot be told whether that is one machine or many."},
		"strangers":           {models.FindingStrangers, nil, "3 people on 2 devices came from elsewhere; most of the others are from fabrikam.example. The first was lt-1.contoso.example, on 23 Nov 2026, 10:00 UTC."},
		"unexpected":          {models.FindingStrangers, func(f *seen.Finding) { f.Usual = "" }, "3 people on 2 devices are not on the expected list. The first was lt-1.contoso.example, on 23 Nov 2026, 10:00 UTC."},
		"an unexpected one":   {models.FindingStrangers, func(f *seen.Finding) { f.Usual, f.People, f.Devices = "", 1, 1 }, "1 person on 1 device is not on the expected list. The first was lt-1.contoso.example, on 23 Nov 2026, 10:00 UTC."},
		"a burst":             {models.FindingBurst, nil, "2 new devices from many networks redeemed it within 6 min, starting on 23 Nov 2026, 10:00 UTC."},
		"too small":           {models.FindingTooSmall, nil, "1 other is still waiting, 4 more than can be given back."},
		"nobody of late":      {models.FindingNearlyUsedUp, func(f *seen.Finding) { f.Recent, f.To = 0, time.Time{} }, "983 of 1,000 counts are left; nobody redeemed it in the past week."},
		"no pace":             {models.FindingNearlyUsedUp, func(f *seen.Finding) { f.To = time.Time{} }, "983 of 1,000 counts are left; 7 uses in the past week are too little to say when the last one will be taken."},
		"gone before expiry":  {models.FindingNearlyUsedUp, nil, "983 of 1,000 counts are left; at the pace of the past week the last one will be taken on 23 Nov 2026, before it expires on 23 Dec 2026."},
		"expires before that": {models.FindingNearlyUsedUp, func(f *seen.Finding) { f.To = expiry }, "983 of 1,000 counts are left; at the pace of the past week it will expire on 23 Dec 2026 before the last one is taken."},
		"expiring":            {models.FindingExpiring, nil, "It expires on 23 Nov 2026, 10:06 UTC with 983 of 1,000 unused."},
		"in order":            {models.FindingInOrder, nil, "3 people on 2 devices took 7 counts; nobody took more than usual."},
		"a long name":         {models.FindingSeveralPerDevice, func(f *seen.Finding) { f.Devices, f.Names = 1, []string{strings.Repeat("é", 320)} }, strings.Repeat("é", 59) + "… holds 7 live auth tokens, 4 more than needed."},
	} {
		f := found(c.kind)
		if c.change != nil {
			c.change(f)
		}
		name0 := f.Names[0]
		token.UsedCount = 17
		got, ok := telling.FindingOf(f, &seen.Verdict{Uses: 10, Waiting: make([]seen.Waiting, 1)}, shown(token), true)
		if !ok || got.Sentence != c.want {
			t.Errorf("%s: %q", name, got.Sentence)
		}
		if f.Names[0] != name0 {
			t.Errorf("%s: the finding was changed to %+v", name, f)
		}
	}
}

func TestFindingOf_KeepsQuietAboutNothing(t *testing.T) {
	t.Parallel()
	f, token := found(models.FindingInOrder), shown(active())
	f.Counts = 0
	if got, ok := telling.FindingOf(f, &seen.Verdict{}, token, true); ok {
		t.Errorf("nobody used it: %+v", got)
	}
	f = found(models.FindingNearlyUsedUp)
	f.Counts = 0
	if got, _ := telling.FindingOf(f, &seen.Verdict{Uses: 10}, token, true); got.Share != "" {
		t.Errorf("it explains %q", got.Share)
	}
}

func TestFindingOf_RemediesGoByEvidence(t *testing.T) {
	t.Parallel()
	token := shown(active())
	strange := found(models.FindingStrangers)
	strange.Usual = ""
	got, _ := telling.FindingOf(strange, &seen.Verdict{}, token, false)
	if want := (telling.Remedy{Kind: telling.RemedySeeUnexpected, Action: "See who was not expected", Ask: "Ask an administrator whether they should have it."}); got.Remedy != want {
		t.Errorf("not on the list: %+v", got.Remedy)
	}
	got, _ = telling.FindingOf(found(models.FindingTooSmall), &seen.Verdict{Waiting: make([]seen.Waiting, 1200)}, token, false)
	if got.Remedy.Ask != "Ask an administrator to raise the count by 4." {
		t.Errorf("too small: %+v", got.Remedy)
	}
	got, _ = telling.FindingOf(found(models.FindingExpiring), &seen.Verdict{}, token, false)
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
