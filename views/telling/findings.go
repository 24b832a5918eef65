package telling

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
)

// View says where the evidence of a finding is shown; the room adds the link.
type View string

// The views.
const (
	ViewNone View = ""
	// ViewHolders groups the uses by who took them.
	ViewHolders View = "holders"
	// ViewUses lists the uses that the remedy acts on.
	ViewUses View = "uses"
	// ViewUnexpected lists who is not on the expected list.
	ViewUnexpected View = "unexpected"
	// ViewWaiting lists who was turned away and has nothing yet.
	ViewWaiting View = "waiting"
)

// Finding is a finding of a verdict in words.
type Finding struct {
	// Share is how much of the used count it explains ("7 of 10 uses"); empty for
	// what takes none, and where all is in order. Title names it, Sentence is the
	// evidence.
	Share, Title, Sentence string
	// See is where the evidence is shown, under the label SeeLabel; both may be
	// empty.
	See      View
	SeeLabel string
	Remedy   Remedy
}

// finding is all that is said about one cause.
type finding struct {
	title    string
	sentence func(evidence) string
	// share is its part in the sentence about all counts: "strangers took 4";
	// nil for what takes none.
	share func(evidence) string
	see   View
	// ask is whom to ask what, where nothing else would mend it.
	ask func(e evidence, mayAct bool) Remedy
}

var findings = map[models.FindingKind]finding{
	models.FindingDeleted:  {title: "Deleted", sentence: tellState(models.StatusDeleted)},
	models.FindingReplaced: {title: "Replaced", sentence: tellState(models.StatusDisabled)},
	models.FindingDisabled: {title: "Disabled", sentence: tellState(models.StatusDisabled)},
	models.FindingExpired:  {title: "Expired", sentence: tellState(models.StatusExpired)},

	models.FindingRetryLoop:         {"A retry loop", tellRetryLoop, shareRetryLoop, ViewHolders, nil},
	models.FindingAutomation:        {"Automation", tellAutomation, shareAutomation, ViewHolders, nil},
	models.FindingBurst:             {"A burst, as after a leak", tellBurst, shareBurst, ViewUses, nil},
	models.FindingStrangers:         {"Strangers", tellStrangers, shareStrangers, ViewUses, nil},
	models.FindingSeveralPerDevice:  {"Several on one device", tellSeveralPerDevice, shareSeveralPerDevice, ViewHolders, nil},
	models.FindingNotGivenBack:      {"Not given back", tellNotGivenBack, shareNotGivenBack, ViewUses, nil},
	models.FindingUnusedSeats:       {"Unused seats", tellUnusedSeats, shareUnusedSeats, ViewUses, nil},
	models.FindingSeveralPerPerson:  {"Several of one person", tellSeveralPerPerson, shareSeveralPerPerson, ViewHolders, askPeople},
	models.FindingIndistinguishable: {"Indistinguishable", tellIndistinguishable, shareIndistinguishable, ViewHolders, askWhoSetUp},

	models.FindingTooSmall:     {title: "Too small for its audience", sentence: tellTooSmall, see: ViewWaiting},
	models.FindingExpiring:     {title: "Expires soon", sentence: tellExpiring},
	models.FindingNearlyUsedUp: {title: "Nearly used up", sentence: tellNearlyUsedUp, ask: askForMore},
	models.FindingInOrder:      {title: "In order", sentence: tellInOrder, share: shareInOrder},
}

// FindingTitle is what a finding is called.
func FindingTitle(kind models.FindingKind) string { return findings[kind].title }

// FindingSentence says what a finding of a verdict about t found.
func FindingSentence(f *seen.Finding, v *seen.Verdict, t *seen.RegistrationToken, now time.Time) string {
	return findings[f.Kind].sentence(evidenceOf(f, v, t, now))
}

// FindingOf words a finding of a verdict about t for somebody who may act, or may
// only ask.
func FindingOf(f *seen.Finding, v *seen.Verdict, t *seen.RegistrationToken, mayAct bool, now time.Time) Finding {
	entry, e := findings[f.Kind], evidenceOf(f, v, t, now)
	told := Finding{Title: entry.title, Sentence: entry.sentence(e), See: entry.see, Remedy: remedyOf(e, mayAct)}
	if f.Kind == models.FindingStrangers && f.Usual == "" {
		told.See = ViewUnexpected
	}
	told.SeeLabel = seeLabels[told.See]
	if alone := f.Kind == models.FindingInOrder && f.Counts == v.Uses; f.Counts > 0 && !alone {
		told.Share = ui.Number(f.Counts) + " of " + plural(v.Uses, "use")
	}
	return told
}

var seeLabels = map[View]string{
	ViewHolders: "See who took how many", ViewUses: "See these uses",
	ViewUnexpected: "See who was not expected", ViewWaiting: "See who is waiting",
}

// VerdictSentence says in a sentence what became of the counts of t: its state, how
// many are used, what by, and who is waiting.
func VerdictSentence(v *seen.Verdict, t *seen.RegistrationToken, now time.Time) string {
	text := CountsSentence(v, t, now)
	if state := states[v.Findings[0].Kind]; state != "" {
		return state + "; " + lowerFirst(text)
	}
	return text
}

// CountsSentence is [VerdictSentence] without the state, for where that is said.
func CountsSentence(v *seen.Verdict, t *seen.RegistrationToken, now time.Time) string {
	text := usedOf(v, t)
	took := list(shares(v, t, now))
	switch last := &v.Findings[len(v.Findings)-1]; {
	case took == "":
	case last.Kind == models.FindingInOrder && last.Counts == v.Uses:
		text += ", by " + evidenceOf(last, v, t, now).holders() + ", and nobody took more than usual"
	default:
		text += ": " + took
	}
	if len(v.Waiting) > 0 {
		text += "; " + Waiting(v)
	}
	return text + "."
}

// TakenBy says who is behind the used counts: "402 uses by 89 people on 304 devices.".
func TakenBy(v *seen.Verdict) string {
	return plural(v.Uses, "use") + " by " + holders(v.People, v.Devices) + "."
}

// shares say what took the counts, the largest by name.
func shares(v *seen.Verdict, t *seen.RegistrationToken, now time.Time) (texts []string) {
	const most = 3
	more, counts, rest := 0, 0, ""
	for i := range v.Findings {
		f := &v.Findings[i]
		share := findings[f.Kind].share
		switch {
		case share == nil || f.Counts == 0:
		case f.Kind == models.FindingInOrder:
			rest = share(evidenceOf(f, v, t, now))
		case len(texts) < most:
			texts = append(texts, share(evidenceOf(f, v, t, now)))
		default:
			more, counts = more+1, counts+f.Counts
		}
	}
	if more > 0 {
		texts = append(texts, plural(more, "more cause")+" took "+ui.Number(counts))
	}
	if rest != "" {
		texts = append(texts, rest)
	}
	return texts
}

// states are the states that nothing can be redeemed in.
var states = map[models.FindingKind]string{
	models.FindingDeleted: "It was deleted", models.FindingReplaced: "It was replaced",
	models.FindingDisabled: "It is disabled", models.FindingExpired: "It has expired",
}

// usedOf says how many counts are used.
func usedOf(v *seen.Verdict, t *seen.RegistrationToken) string {
	switch {
	case v.Uses == 0 && t.RedemptionCount == 0:
		return "Nobody has used it"
	case v.Uses == 0:
		return "None of its counts is used any more"
	case t.Count == 1:
		return "Its only count is used"
	case v.Uses >= t.Count:
		return "All " + ui.Number(t.Count) + " counts are used"
	}
	return ui.Number(v.Uses) + " of " + ui.Number(t.Count) + " counts " + agree(v.Uses, "is", "are") + " used"
}

// GivesBack is how many counts the findings of a verdict can give back.
func GivesBack(v *seen.Verdict) int {
	n := 0
	for i := range v.Findings {
		if r := &v.Findings[i].Remedy; r.Deletes() && r.Count != nil {
			n += *r.Count
		}
	}
	return n
}

// RaiseBy is by how many a verdict proposes to raise the count; 0 when it does
// not.
func RaiseBy(v *seen.Verdict) int {
	for i := range v.Findings {
		if r := &v.Findings[i].Remedy; r.Kind == models.RemedyRaise && r.Count != nil {
			return *r.Count
		}
	}
	return 0
}
