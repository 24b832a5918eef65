package telling

import (
	"context"
	"fmt"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
	"muster/views/words"
)

// RemedyKind says what a remedy leads to; the room adds the link.
type RemedyKind string

// The remedies.
const (
	RemedyNone RemedyKind = ""
	// RemedySeeHolders shows who took how many, by device, or by person where no
	// device is to blame.
	RemedySeeHolders RemedyKind = "see_holders"
	// RemedySeeUses shows the uses that the finding is about.
	RemedySeeUses RemedyKind = "see_uses"
	// RemedySeeUnexpected shows who is not on the expected list.
	RemedySeeUnexpected RemedyKind = "see_unexpected"
	// RemedySeeWaiting shows who was turned away and has nothing yet.
	RemedySeeWaiting RemedyKind = "see_waiting"
	RemedyRaise      RemedyKind = "raise"
	RemedyExtend     RemedyKind = "extend"
	RemedyReplace    RemedyKind = "replace"
	// RemedyOpen opens the registration token's page.
	RemedyOpen RemedyKind = "open"
)

// Remedy is what to do about a finding. Action is the label of what Kind leads to;
// Ask says what else to do, or what to ask an administrator for. Each may be
// empty.
type Remedy struct {
	Kind        RemedyKind
	Action, Ask string
}

// Finding is a finding of a verdict in words.
type Finding struct {
	// Share is how much of the count it explains ("7 of 10 uses"); may be
	// empty. Title names it, Sentence is the evidence.
	Share, Title, Sentence string
	Remedy                 Remedy
	// Deletion is the label of what asks before the auth tokens of the remedy are
	// deleted, or their counts given back; empty when there are none, or not for
	// the viewer to do.
	Deletion string
}

// evidence is what a sentence is made of.
type evidence struct {
	*seen.Finding
	verdict *seen.Verdict
	token   *seen.RegistrationToken
}

// finding is all that is said about one cause.
type finding struct {
	title    string
	sentence func(evidence) string
	// remedy is for somebody who may act, or may only ask; nil when there is
	// nothing to do.
	remedy func(e evidence, mayAct bool) Remedy
}

// findings has a zero entry for the kinds that [StatusReasons] explains.
var findings = map[models.FindingKind]finding{
	models.FindingDeleted:           {},
	models.FindingReplaced:          {},
	models.FindingDisabled:          {},
	models.FindingExpired:           {},
	models.FindingRetryLoop:         {"A retry loop", tellRetryLoop, remedySurplus},
	models.FindingSeveralPerDevice:  {"Several on one device", tellSeveralPerDevice, remedySurplus},
	models.FindingSeveralPerPerson:  {"Several of one person", tellSeveralPerPerson, remedyLook},
	models.FindingStrangers:         {"Strangers", tellStrangers, remedySuspects},
	models.FindingBurst:             {"A burst, as after a leak", tellBurst, remedySuspects},
	models.FindingAutomation:        {"Automation", tellAutomation, remedyLook},
	models.FindingUnusedSeats:       {"Unused seats", tellUnusedSeats, remedyLook},
	models.FindingNotGivenBack:      {"Not given back", tellNotGivenBack, remedyLook},
	models.FindingIndistinguishable: {"Indistinguishable", tellIndistinguishable, remedyLook},
	models.FindingTooSmall:          {"Too small for its audience", tellTooSmall, remedyWaiting},
	models.FindingNearlyUsedUp:      {"Nearly used up", tellRunningOut, remedyEdit(RemedyRaise, "Raise the count")},
	models.FindingExpiring:          {"Expires soon", tellExpiring, remedyEdit(RemedyExtend, "Move the expiry")},
	models.FindingInOrder:           {"In order", tellOrderly, nil},
}

// FindingOf words a finding of a verdict about t for somebody who may act, or may
// only ask. False when there is nothing to say: the state of t says it, or nobody
// has used it yet.
func FindingOf(f *seen.Finding, v *seen.Verdict, t *seen.RegistrationToken, mayAct bool) (Finding, bool) {
	entry := findings[f.Kind]
	if entry.title == "" || f.Kind == models.FindingInOrder && f.Counts == 0 {
		return Finding{}, false
	}
	shown := *f
	shown.Usual, shown.Names = clipped(f.Usual), nil
	for _, name := range f.Names {
		shown.Names = append(shown.Names, clipped(name))
	}
	e := evidence{&shown, v, t}
	told := Finding{Title: entry.title, Sentence: entry.sentence(e)}
	if f.Counts > 0 && f.Kind != models.FindingInOrder {
		told.Share = ui.Number(f.Counts) + " of " + plural(v.Uses, "use")
	}
	if entry.remedy != nil {
		told.Remedy = entry.remedy(e, mayAct)
	}
	if mayAct && e.acts() > 0 && e.Finding.Remedy.Deletes() {
		told.Deletion = e.deletion()
	}
	return told, true
}

// clipped shortens a name to fit into a sentence.
func clipped(name string) string {
	const most = 60
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

// first is whoever took most.
func (e evidence) first() string {
	if len(e.Names) == 0 {
		return ""
	}
	return e.Names[0]
}

// acts is how many auth tokens the remedy is about.
func (e evidence) acts() int {
	if e.Finding.Remedy.Count == nil {
		return 0
	}
	return *e.Finding.Remedy.Count
}

func tellRetryLoop(e evidence) string {
	who := plural(e.Devices, "device")
	if e.Devices <= 1 {
		who = e.first()
	}
	return fmt.Sprintf("%s took %s within %s, one after the other.", who, plural(e.Counts, "count"), e.lasting())
}

func tellSeveralPerDevice(e evidence) string {
	if e.Devices == 1 {
		return fmt.Sprintf("%s holds %s, %s more than needed.", e.first(), plural(e.Counts, "live auth token"), ui.Number(e.acts()))
	}
	return fmt.Sprintf("%s hold %s, %s more than one each; %s holds the most.", plural(e.Devices, "device"), plural(e.Counts, "live auth token"), ui.Number(e.acts()), e.first())
}

func tellSeveralPerPerson(e evidence) string {
	if e.People == 1 {
		return fmt.Sprintf("%s holds %s on %s, more than usual.", e.first(), plural(e.Counts, "live auth token"), plural(e.Devices, "device"))
	}
	return fmt.Sprintf("%s hold %s on %s, more than usual; %s holds the most.", people(e.People), plural(e.Counts, "live auth token"), plural(e.Devices, "device"), e.first())
}

func tellAutomation(e evidence) string {
	return fmt.Sprintf("%s took %s for machines that never came back. It needs a registration token of its own.", e.first(), plural(e.Counts, "count"))
}

func tellUnusedSeats(e evidence) string {
	return fmt.Sprintf("%s taken by %s %s not in use.", plural(e.Counts, "count"), plural(e.Devices, "device"), agree(e.Counts, "is", "are"))
}

func tellNotGivenBack(e evidence) string {
	return fmt.Sprintf("%s deleted without giving the %s back.", plural(e.Counts, "auth token")+" "+agree(e.Counts, "was", "were"), agree(e.Counts, "count", "counts"))
}

func tellIndistinguishable(e evidence) string {
	return fmt.Sprintf("%s report the same name and nothing else: %s. It cannot be told whether that is one machine or many.", plural(e.Counts, "use"), e.first())
}

func tellStrangers(e evidence) string {
	text := e.holders() + " " + agree(e.People, "is", "are") + " not on the expected list."
	if e.Usual != "" {
		text = e.holders() + " came from elsewhere; most of the others are from " + e.Usual + "."
	}
	return text + " The first was " + e.first() + ", on " + words.InSentence(e.From) + "."
}

func tellBurst(e evidence) string {
	return fmt.Sprintf("%s from many networks redeemed it within %s, starting on %s.", plural(e.Devices, "new device"), e.lasting(), words.InSentence(e.From))
}

func tellTooSmall(e evidence) string {
	waiting := len(e.verdict.Waiting)
	return fmt.Sprintf("%s %s still waiting, %s more than can be given back.", plural(waiting, "other"), agree(waiting, "is", "are"), ui.Number(e.acts()))
}

// tellRunningOut forecasts when the last count will be taken, if the recent pace
// allows it.
func tellRunningOut(e evidence) string {
	day := func(t time.Time) string { return t.UTC().Format("2 Jan 2006") }
	left := e.token.RemainingCount()
	text := fmt.Sprintf("%s of %s %s left; ", ui.Number(left), plural(e.token.Count, "count"), agree(left, "is", "are"))
	switch {
	case e.Recent == 0:
		return text + "nobody redeemed it in the past week."
	case e.To.IsZero():
		return text + fmt.Sprintf("%s in the past week %s too little to say when the last one will be taken.", plural(e.Recent, "use"), agree(e.Recent, "is", "are"))
	}
	text += "at the pace of the past week "
	if e.To.Before(e.token.ExpiresAt) {
		return text + "the last one will be taken on " + day(e.To) + ", before it expires on " + day(e.token.ExpiresAt) + "."
	}
	return text + "it will expire on " + day(e.token.ExpiresAt) + " before the last one is taken."
}

func tellExpiring(e evidence) string {
	return fmt.Sprintf("It expires on %s with %s of %s unused.", words.InSentence(e.To), ui.Number(e.token.RemainingCount()), ui.Number(e.token.Count))
}

// tellOrderly says that nothing is wrong.
func tellOrderly(e evidence) string {
	return fmt.Sprintf("%s took %s; nobody took more than usual.", e.holders(), plural(e.Counts, "count"))
}

// holders says who is behind the uses.
func (e evidence) holders() string { return people(e.People) + " on " + plural(e.Devices, "device") }

// lasting is how long it lasted.
func (e evidence) lasting() string {
	return words.Span(context.Background(), max(time.Minute, e.To.Sub(e.From)))
}

// deletion says what the remedy does, with its number.
func (e evidence) deletion() string {
	n := e.acts()
	if e.Finding.Remedy.Kind == models.RemedyGiveBack {
		return "Give " + plural(n, "count") + " back"
	}
	return "Delete " + plural(n, "auth token") + " and give the " + agree(n, "count", "counts") + " back"
}

func remedySurplus(_ evidence, mayAct bool) Remedy {
	if mayAct {
		return Remedy{Kind: RemedySeeHolders, Action: "See who took how many"}
	}
	return Remedy{RemedySeeHolders, "See who took how many", "Ask an administrator to delete the surplus and give the counts back."}
}

func remedySuspects(e evidence, mayAct bool) Remedy {
	r := Remedy{RemedySeeUses, "See their uses", "Ask an administrator whether they should have it."}
	if e.Kind == models.FindingStrangers && e.Usual == "" {
		r.Kind, r.Action = RemedySeeUnexpected, "See who was not expected"
	}
	if mayAct {
		r.Ask = "If they should not have it, replace the registration token, then delete their auth tokens."
	}
	return r
}

// remedyLook shows who it is about.
func remedyLook(_ evidence, mayAct bool) Remedy {
	r := Remedy{Kind: RemedySeeHolders, Action: "See who took how many"}
	if !mayAct {
		r.Ask = "Ask an administrator what is meant to be."
	}
	return r
}

func remedyWaiting(e evidence, mayAct bool) Remedy {
	r := Remedy{Kind: RemedySeeWaiting, Action: "See who is waiting"}
	if !mayAct {
		r.Ask = "Ask an administrator to raise the count by " + ui.Number(e.acts()) + "."
	}
	return r
}

func remedyEdit(kind RemedyKind, action string) func(evidence, bool) Remedy {
	return func(_ evidence, mayAct bool) Remedy {
		if mayAct {
			return Remedy{Kind: kind, Action: action}
		}
		return Remedy{Ask: "If people still need it, ask an administrator to " + lowerFirst(action) + "."}
	}
}
