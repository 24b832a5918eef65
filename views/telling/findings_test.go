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
	f := &seen.Finding{}
	f.Kind, f.Counts, f.People, f.Devices, f.Recent = kind, 7, 3, 2, 7
	f.Names, f.Usual = []string{"lt-1.contoso.example", "lt-2.contoso.example"}, "fabrikam.example"
	f.From, f.To = monday, monday.Add(6*time.Minute)
	return f
}

// proposes adds a remedy about n counts or auth tokens to a finding.
func proposes(f *seen.Finding, kind models.RemedyKind, n int) *seen.Finding {
	f.Remedy.Kind, f.Remedy.Count = kind, &n
	if kind == models.RemedyGiveBack || kind == models.RemedyDeleteSurplus || kind == models.RemedyDelete {
		f.Remedy.Finding = f.Kind
	}
	return f
}

func judged(uses, waiting int, findings ...*seen.Finding) *seen.Verdict {
	v := &seen.Verdict{Uses: uses, Waiting: make([]seen.Waiting, waiting)}
	for _, f := range findings {
		v.Findings = append(v.Findings, *f)
	}
	return v
}

// ofState are told by the state of the registration token.
var ofState = map[models.FindingKind]bool{
	models.FindingDeleted: true, models.FindingReplaced: true, models.FindingDisabled: true, models.FindingExpired: true,
}

func TestFindingOf_TellsEveryKind(t *testing.T) {
	t.Parallel()
	ended, successor := monday.Add(-time.Hour), "02"
	token := active()
	token.DeletedAt, token.DisabledAt, token.ReplacedAt, token.ReplacedByID = &ended, &ended, &ended, &successor
	titles := map[string]models.FindingKind{}
	if declared := declared(t, "FindingKind"); len(declared) != len(models.FindingKinds) {
		t.Errorf("%d kinds are declared, %d listed", len(declared), len(models.FindingKinds))
	}
	for _, kind := range models.FindingKinds {
		f := found(kind)
		got := telling.FindingOf(f, judged(10, 2, f), shown(token), true, monday)
		complete(t, string(kind), got.Title, got.Sentence)
		if !strings.HasSuffix(got.Sentence, ".") || (got.See == telling.ViewNone) != (got.SeeLabel == "") {
			t.Errorf("%s: %+v", kind, got)
		}
		if got.Share != "7 of 10 uses" {
			t.Errorf("%s takes %q", kind, got.Share)
		}
		if other := titles[got.Title]; other != "" {
			t.Errorf("%s and %s are both called %q", kind, other, got.Title)
		}
		titles[got.Title] = kind
		sentence := telling.VerdictSentence(judged(10, 0, f), shown(token), monday)
		complete(t, string(kind), sentence)
		if took := len(sentence) > len("7 of 10 counts are used.") && strings.Contains(sentence, "used: "); !ofState[kind] && took == (f.Kind == models.FindingTooSmall || f.Kind == models.FindingExpiring || f.Kind == models.FindingNearlyUsedUp) {
			t.Errorf("%s in the sentence about all: %q", kind, sentence)
		}
	}
}

// TestFindingOf_WordsEveryRemedy for each kind of finding and who may act: the
// number is in the words, and who may not act is told whom to ask.
func TestFindingOf_WordsEveryRemedy(t *testing.T) {
	t.Parallel()
	if declared := declared(t, "RemedyKind"); len(declared) != len(models.RemedyKinds) {
		t.Errorf("%d kinds are declared, %d listed", len(declared), len(models.RemedyKinds))
	}
	for _, kind := range models.RemedyKinds {
		numbered := false
		for _, n := range []int{1, 4444} {
			f := proposes(found(models.FindingSeveralPerPerson), kind, n)
			v := judged(10, 0, f)
			act, ask := telling.FindingOf(f, v, shown(active()), true, monday).Remedy, telling.FindingOf(f, v, shown(active()), false, monday).Remedy
			if act.Kind != kind || ask.Kind != kind || ask.Action != "" {
				t.Errorf("%s: %+v, %+v", kind, act, ask)
			}
			if (kind == models.RemedyNone) != (act.Action+act.Ask == "") || (kind == models.RemedyNone) == strings.Contains(ask.Ask, "sk an administrator") {
				t.Errorf("%s: %+v, %+v", kind, act, ask)
			}
			if n > 1 {
				numbered = strings.Contains(act.Action, "4,444")
				if numbered != strings.Contains(ask.Ask, "4,444") {
					t.Errorf("%s: %q, but %q", kind, act.Action, ask.Ask)
				}
			}
		}
		if counted := kind == models.RemedyRaise || kind == models.RemedyGiveBack || kind == models.RemedyDeleteSurplus || kind == models.RemedyDelete; counted != numbered {
			t.Errorf("%s is said with its number: %t", kind, numbered)
		}
	}
}

// TestFindingOf_ProposesNothingForADeletedOne since nobody can redeem it again.
func TestFindingOf_ProposesNothingForADeletedOne(t *testing.T) {
	t.Parallel()
	gone := shown(with(func(t *models.RegistrationToken) { t.DeletedAt = &monday }))
	for _, mayAct := range []bool{true, false} {
		f := proposes(found(models.FindingUnusedSeats), models.RemedyGiveBack, 4)
		if got := telling.FindingOf(f, judged(10, 0, f), gone, mayAct, monday).Remedy; got.Action+got.Ask != "" {
			t.Errorf("may act %t: %+v", mayAct, got)
		}
	}
}

func TestFindingOf_SpeaksOfOneAndOfMany(t *testing.T) {
	t.Parallel()
	expiry := monday.Add(30 * 24 * time.Hour)
	token := active()
	token.Count, token.UsedCount, token.ExpiresAt = 1000, 17, expiry
	one := func(f *seen.Finding) {
		f.Counts, f.People, f.Devices, f.Names, f.To = 1, 1, 1, f.Names[:1], f.From
	}
	surplus := func(n int) func(*seen.Finding) {
		return func(f *seen.Finding) { proposes(f, models.RemedyDeleteSurplus, n) }
	}
	both := func(changes ...func(*seen.Finding)) func(*seen.Finding) {
		return func(f *seen.Finding) {
			for _, change := range changes {
				change(f)
			}
		}
	}
	unused := func(why models.Unused) func(*seen.Finding) { return func(f *seen.Finding) { f.Unused = why } }
	on1 := func(f *seen.Finding) { f.Devices = 1 }
	for name, c := range map[string]struct {
		kind   models.FindingKind
		change func(*seen.Finding)
		want   string
	}{
		"loops":               {models.FindingRetryLoop, surplus(5), "2 devices took 7 counts: each redeemed again and again, the first of them from 23 Nov 2026, 10:00 UTC on. They are lt-1.contoso.example and lt-2.contoso.example; 5 are too many."},
		"a loop":              {models.FindingRetryLoop, both(on1, surplus(6)), "lt-1.contoso.example took 7 counts: it redeemed again and again within 6 min, from 23 Nov 2026, 10:00 UTC on; 6 are too many."},
		"a loop of two":       {models.FindingRetryLoop, both(on1, surplus(1), func(f *seen.Finding) { f.Counts, f.To = 2, f.From }), "lt-1.contoso.example took 2 counts: it redeemed again and again within 1 min, from 23 Nov 2026, 10:00 UTC on; 1 is too many."},
		"a loop that is over": {models.FindingRetryLoop, on1, "lt-1.contoso.example took 7 counts: it redeemed again and again within 6 min, from 23 Nov 2026, 10:00 UTC on."},

		"automation":        {models.FindingAutomation, nil, "7 counts went to lt-1.contoso.example and lt-2.contoso.example, for 2 machines that never came back."},
		"one machine":       {models.FindingAutomation, one, "1 count went to lt-1.contoso.example, for 1 machine that never came back."},
		"a burst":           {models.FindingBurst, nil, "2 devices from many networks took 7 counts within 6 min, starting on 23 Nov 2026, 10:00 UTC."},
		"strangers":         {models.FindingStrangers, nil, "3 people on 2 devices took 7 counts from elsewhere; most of the others are from fabrikam.example. They are lt-1.contoso.example and lt-2.contoso.example, since 23 Nov 2026, 10:00 UTC."},
		"a stranger":        {models.FindingStrangers, one, "1 person on 1 device took 1 count from elsewhere; most of the others are from fabrikam.example. It is lt-1.contoso.example, since 23 Nov 2026, 10:00 UTC."},
		"unexpected":        {models.FindingStrangers, func(f *seen.Finding) { f.Usual = "" }, "3 people on 2 devices, who took 7 counts, are not on the expected list. They are lt-1.contoso.example and lt-2.contoso.example, since 23 Nov 2026, 10:00 UTC."},
		"an unexpected one": {models.FindingStrangers, both(one, func(f *seen.Finding) { f.Usual, f.People = "", 0 }), "1 device, which took 1 count, is not on the expected list. It is lt-1.contoso.example, since 23 Nov 2026, 10:00 UTC."},

		"on devices":     {models.FindingSeveralPerDevice, surplus(5), "2 devices hold 7 counts: lt-1.contoso.example and lt-2.contoso.example; 5 are too many."},
		"on one device":  {models.FindingSeveralPerDevice, both(on1, surplus(6)), "lt-1.contoso.example holds 7 counts; 6 are too many."},
		"not given back": {models.FindingNotGivenBack, nil, "7 auth tokens were deleted without giving the counts back: lt-1.contoso.example and lt-2.contoso.example."},
		"one not back":   {models.FindingNotGivenBack, one, "1 auth token was deleted without giving the count back: lt-1.contoso.example."},
		"unused seats":   {models.FindingUnusedSeats, unused(models.Unused{Ended: 1, Lapsed: 3, NeverRefreshed: 1, Silent: 2}), "7 counts are not in use: 3 were not refreshed in time, 1 has ended, 1 was never refreshed while most others were and 2 were not seen for 30 days. They are held by lt-1.contoso.example and lt-2.contoso.example."},
		"an unused seat": {models.FindingUnusedSeats, both(one, unused(models.Unused{Silent: 1})), "1 count is not in use: it was not seen for 30 days. It is held by lt-1.contoso.example."},
		"many unused":    {models.FindingUnusedSeats, both(unused(models.Unused{Lapsed: 7}), func(f *seen.Finding) { f.Devices, f.Names = 1200, []string{"a", "b", "c", "d", "e"} }), "7 counts are not in use: they were not refreshed in time. They are held by a, b, c and 1,197 more."},
		"nobody's":       {models.FindingUnusedSeats, both(unused(models.Unused{Ended: 7}), func(f *seen.Finding) { f.Names = nil }), "7 counts are not in use: they have ended. They are held by 2 devices."},
		"of people":      {models.FindingSeveralPerPerson, func(f *seen.Finding) { f.Names = []string{"ann", "bob", "cem"} }, "3 people hold 7 counts on 2 devices, each on more than twice as many as is usual here: ann, bob and cem."},
		"of one person":  {models.FindingSeveralPerPerson, func(f *seen.Finding) { f.People, f.Names = 1, []string{"ann"} }, "ann holds 7 counts on 2 devices, more than twice as many as is usual here."},
		"the same name":  {models.FindingIndistinguishable, func(f *seen.Finding) { f.Names = []string{"localhost"} }, "7 uses report the same name, localhost, and nothing else that tells them apart. Whether that is one machine or many is not known."},
		"the same names": {models.FindingIndistinguishable, func(f *seen.Finding) { f.Names = []string{"localhost", "GOLDEN-W11"} }, "7 uses report one of these names and nothing else that tells them apart: localhost and GOLDEN-W11. How many machines they are is not known."},

		"too small":           {models.FindingTooSmall, func(f *seen.Finding) { proposes(f, models.RemedyRaise, 3) }, "Only 1 count is left or can be given back: 3 more are needed."},
		"too small by one":    {models.FindingTooSmall, func(f *seen.Finding) { proposes(f, models.RemedyRaise, 1) }, "Only 3 counts are left or can be given back: 1 more is needed."},
		"too small by all":    {models.FindingTooSmall, func(f *seen.Finding) { proposes(f, models.RemedyRaise, 4) }, "No count is left or can be given back: 4 more are needed."},
		"nobody of late":      {models.FindingNearlyUsedUp, func(f *seen.Finding) { f.Recent, f.To = 0, time.Time{} }, "983 of 1,000 counts are left; nobody redeemed it in the past week."},
		"no pace":             {models.FindingNearlyUsedUp, func(f *seen.Finding) { f.Recent, f.To = 19, time.Time{} }, "983 of 1,000 counts are left; it was redeemed 19 times in the past week, which is too few or too close together to say when the last one will be taken."},
		"once":                {models.FindingNearlyUsedUp, func(f *seen.Finding) { f.Recent, f.To = 1, time.Time{} }, "983 of 1,000 counts are left; it was redeemed 1 time in the past week, which is too few or too close together to say when the last one will be taken."},
		"gone before expiry":  {models.FindingNearlyUsedUp, nil, "983 of 1,000 counts are left; at the pace of the past week the last one will be taken on 23 Nov 2026, before it expires on 23 Dec 2026."},
		"expires before that": {models.FindingNearlyUsedUp, func(f *seen.Finding) { f.To = expiry }, "983 of 1,000 counts are left; at the pace of the past week it will expire on 23 Dec 2026 before the last one is taken."},
		"expiring":            {models.FindingExpiring, nil, "It expires on 23 Nov 2026, 10:06 UTC with 983 of 1,000 unused."},
		"in order":            {models.FindingInOrder, func(f *seen.Finding) { f.Counts = 17 }, "3 people on 2 devices took 17 counts; nobody took more than usual."},
		"the rest":            {models.FindingInOrder, nil, "The other 7 counts are those of 3 people on 2 devices; nobody took more than usual."},
		"the last one":        {models.FindingInOrder, both(one, func(f *seen.Finding) { f.People = 0 }), "The other 1 count is that of 1 device; nobody took more than usual."},
		"nothing":             {models.FindingInOrder, func(f *seen.Finding) { f.Counts = 0 }, "17 of 1,000 counts are used."},
		"a long name":         {models.FindingSeveralPerDevice, func(f *seen.Finding) { f.Devices, f.Names = 1, []string{strings.Repeat("é", 320)} }, strings.Repeat("é", 59) + "… holds 7 counts."},
	} {
		f := found(c.kind)
		if c.change != nil {
			c.change(f)
		}
		before := strings.Join(f.Names, " ")
		if got := telling.FindingOf(f, judged(17, 4, f), shown(token), true, monday); got.Sentence != c.want {
			t.Errorf("%s: %q", name, got.Sentence)
		}
		if strings.Join(f.Names, " ") != before {
			t.Errorf("%s: the finding was changed to %+v", name, f)
		}
	}
}

func TestFindingOf_SaysWhatToDo(t *testing.T) {
	t.Parallel()
	listed := proposes(found(models.FindingStrangers), models.RemedyDelete, 7)
	listed.Usual = ""
	ann := proposes(found(models.FindingSeveralPerPerson), models.RemedyAsk, 7)
	ann.People, ann.Names = 1, []string{"ann"}
	loop := proposes(found(models.FindingRetryLoop), models.RemedyDeleteSurplus, 6)
	soon := proposes(found(models.FindingNearlyUsedUp), models.RemedyAsk, 0)
	for name, c := range map[string]struct {
		finding *seen.Finding
		beside  []*seen.Finding
		action  string
		note    string
		ask     string
	}{
		"a surplus":      {finding: loop, action: "Delete 6 surplus auth tokens and give the counts back", note: "Each device keeps the working auth token that it used last.", ask: "Ask an administrator to delete 6 surplus auth tokens and give the counts back; each device keeps the working auth token that it used last."},
		"one too many":   {finding: proposes(found(models.FindingSeveralPerDevice), models.RemedyDeleteSurplus, 1), action: "Delete 1 surplus auth token and give the count back", note: "Each device keeps the working auth token that it used last.", ask: "Ask an administrator to delete 1 surplus auth token and give the count back; each device keeps the working auth token that it used last."},
		"nothing to do":  {finding: proposes(found(models.FindingRetryLoop), models.RemedyDeleteSurplus, 0)},
		"unused seats":   {finding: proposes(found(models.FindingUnusedSeats), models.RemedyGiveBack, 7), action: "Give 7 counts back", note: "Their auth tokens are deleted; a device that comes back after all has to redeem again.", ask: "Ask an administrator to give 7 counts back."},
		"not given back": {finding: proposes(found(models.FindingNotGivenBack), models.RemedyGiveBack, 1), action: "Give 1 count back", ask: "Ask an administrator to give 1 count back."},
		"strangers":      {finding: listed, action: "Delete 7 auth tokens and give the counts back", note: "If they should not have it, replace the registration token first: whoever knows its secret could redeem it again.", ask: "Ask an administrator whether they should have it. If not, they replace the registration token first, since whoever knows its secret could redeem it again, and then delete these 7 auth tokens and give the counts back."},
		"automation":     {finding: proposes(found(models.FindingAutomation), models.RemedyOwnToken, 7), action: "Create a registration token for it", note: "What starts afresh each time needs a registration token of its own, so that it does not use up this one.", ask: "Ask an administrator for a registration token of its own for lt-1.contoso.example, so that it does not use up this one."},
		"of one person":  {finding: ann, note: "Ask ann which of these devices are still in use, and delete the auth tokens of the others.", ask: "Ask ann which of these devices are still in use, and ask an administrator to delete the auth tokens of the others."},
		"a golden image": {finding: proposes(found(models.FindingIndistinguishable), models.RemedyAsk, 7), note: "Ask whoever set them up to give each machine a name of its own, or to have it report its MAC address.", ask: "Ask an administrator how many machines these are, and whoever set them up to give each a name of its own."},
		"too small":      {finding: proposes(found(models.FindingTooSmall), models.RemedyRaise, 3), action: "Raise the count by 3", ask: "Ask an administrator to raise the count by 3."},
		"expiring":       {finding: proposes(found(models.FindingExpiring), models.RemedyExtend, 0), action: "Move the expiry", ask: "If people still need it, ask an administrator to move the expiry."},
		"nearly used up": {finding: soon, action: "Raise the count", ask: "If people still need it, ask an administrator to raise the count."},
		"nearly used up, under a loop": {
			finding: soon, beside: []*seen.Finding{loop},
			note: "Before anything else, 6 counts can be given back, as said above.", ask: "Before anything else, 6 counts can be given back, as said above.",
		},
	} {
		v := judged(17, 4, append(c.beside, c.finding)...)
		act, ask := telling.FindingOf(c.finding, v, shown(active()), true, monday).Remedy, telling.FindingOf(c.finding, v, shown(active()), false, monday).Remedy
		if act.Action != c.action || act.Ask != c.note || ask.Action != "" || ask.Ask != c.ask {
			t.Errorf("%s: %+v, %+v", name, act, ask)
		}
	}
	if got := telling.FindingOf(listed, judged(17, 0, listed), shown(active()), true, monday); got.See != telling.ViewUnexpected {
		t.Errorf("who is not on the list is shown as %+v", got)
	}
}

func TestVerdictSentence_SaysWhatTookTheCounts(t *testing.T) {
	t.Parallel()
	counts := func(kind models.FindingKind, n, people, devices int, names ...string) *seen.Finding {
		f := found(kind)
		f.Counts, f.People, f.Devices, f.Names = n, people, devices, names
		return f
	}
	small := counts(models.FindingTooSmall, 0, 0, 0)
	device := judged(20, 2, counts(models.FindingInOrder, 20, 18, 20))
	device.Waiting[0].Nobody = true
	for name, c := range map[string]struct {
		count   int
		verdict *seen.Verdict
		want    string
	}{
		"nobody":         {20, judged(0, 0, counts(models.FindingInOrder, 0, 0, 0)), "Nobody has used it."},
		"all given back": {19, judged(0, 0, counts(models.FindingInOrder, 0, 0, 0)), "None of its counts is used any more."},
		"one":            {20, judged(1, 0, counts(models.FindingInOrder, 1, 1, 1)), "1 of 20 counts is used, by 1 person on 1 device, and nobody took more than usual."},
		"the only one":   {1, judged(1, 1, small, counts(models.FindingInOrder, 1, 0, 1)), "Its only count is used, by 1 device, and nobody took more than usual; 1 person is still waiting."},
		"a queue":        {20, device, "All 20 counts are used, by 18 people on 20 devices, and nobody took more than usual; 1 person and 1 device are still waiting."},
		"nobody's":       {7, judged(7, 0, counts(models.FindingExpired, 0, 0, 0), counts(models.FindingUnusedSeats, 7, 7, 7)), "It has expired; all 7 counts are used: none of the auth tokens is in use."},
		"a loop":         {20, judged(7, 0, counts(models.FindingRetryLoop, 7, 0, 1, "ci-07")), "7 of 20 counts are used: a retry loop of ci-07 took 7."},
		"a disabled one": {20, judged(7, 0, counts(models.FindingDisabled, 0, 0, 0), counts(models.FindingInOrder, 7, 7, 7)), "It is disabled; 7 of 20 counts are used, by 7 people on 7 devices, and nobody took more than usual."},
		"several": {120, judged(120, 3,
			counts(models.FindingReplaced, 0, 0, 0), counts(models.FindingBurst, 60, 0, 60), counts(models.FindingRetryLoop, 20, 0, 2), counts(models.FindingAutomation, 12, 0, 12, "gitlab-runner"),
			counts(models.FindingStrangers, 9, 2, 2), counts(models.FindingUnusedSeats, 8, 8, 8), counts(models.FindingIndistinguishable, 5, 0, 1), counts(models.FindingNotGivenBack, 1, 1, 1),
			counts(models.FindingSeveralPerDevice, 2, 1, 1, "lt-9"), counts(models.FindingSeveralPerPerson, 2, 1, 2, "ann"), small, counts(models.FindingInOrder, 1, 1, 1)),
			"It was replaced; all 120 counts are used: a burst within 6 min took 60, retry loops of 2 devices took 20, gitlab-runner took 12 for machines that never came back, 6 more causes took 27 and the other 1 is in order; 3 people are still waiting."},
	} {
		token := active()
		token.Count, token.RedemptionCount = c.count, 20-c.count
		if got := telling.VerdictSentence(c.verdict, shown(token), monday); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAttentionOf_ProposesOneThing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change   func(*models.RegistrationToken)
		refused  int
		claims   int
		sentence string
		since    string
		kind     models.RemedyKind
		action   string
	}{
		"expired":                 {func(t *models.RegistrationToken) { t.ExpiresAt = monday }, 1, 2, "expired with 7 of 20 unused, and 1 attempt was turned away, the first", "1 hour ago", models.RemedyReplace, "Replace…"},
		"used up":                 {func(t *models.RegistrationToken) { t.UsedCount = 20 }, 3, 2, "is used up, 20 of 20, and 3 attempts were turned away, the first", "1 hour ago", models.RemedyNone, "See why"},
		"expires":                 {func(*models.RegistrationToken) {}, 0, 0, "has 7 of 20 left and expires", "in 1 hour", models.RemedyExtend, "Extend…"},
		"nearly used":             {func(t *models.RegistrationToken) { t.UsedCount, t.ExpiresAt = 19, monday.Add(30*24*time.Hour) }, 0, 0, "has 1 of 20 left and expires", "in 30 days", models.RemedyNone, "See why"},
		"claims":                  {func(*models.RegistrationToken) {}, 0, 1, "has 1 e-mail address on its expected list that a device only has to claim", "", models.RemedyNone, "Decide…"},
		"claims of a used up one": {func(t *models.RegistrationToken) { t.UsedCount = 20 }, 0, 3, "has 3 e-mail addresses on its expected list that a device only has to claim", "", models.RemedyNone, "Decide…"},
	} {
		token := active()
		c.change(&token)
		a := &seen.Attention{RegistrationToken: *shown(token), Refused: c.refused, RefusedSince: monday.Add(-time.Hour), ByClaim: c.claims}
		got := telling.AttentionOf(a, monday, true)
		if got.Sentence != c.sentence || got.Since.Relative != c.since || got.Remedy != (telling.Remedy{Kind: c.kind, Action: c.action}) {
			t.Errorf("%s: %+v", name, got)
		}
		if got := telling.AttentionOf(a, monday, false).Remedy; got != (telling.Remedy{Kind: models.RemedyNone, Action: "Open"}) {
			t.Errorf("%s: who may not act is offered %+v", name, got)
		}
	}
}
