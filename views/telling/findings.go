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
	// RemedyDeleteSurplus deletes all but one auth token for each of them.
	RemedyDeleteSurplus RemedyKind = "delete_surplus"
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

// findings has a zero entry for the causes that [StatusReasons] explains.
var findings = map[models.Cause]finding{
	models.CauseDeleted:    {},
	models.CauseReplaced:   {},
	models.CauseDisabled:   {},
	models.CauseExpired:    {},
	models.CauseRetryLoop:  {"A retry loop", tellRetryLoop, remedySurplus},
	models.CauseDuplicates: {"Duplicates", tellDuplicates, remedySurplus},
	models.CauseStrangers:  {"Strangers", tellStrangers, remedySuspects},
	models.CauseBurst:      {"A burst, as after a leak", tellBurst, remedySuspects},
	models.CauseTooSmall:   {"Too small for its audience", tellTooSmall, remedyWaiting},
	models.CauseRunningOut: {"Nearly used up", tellRunningOut, remedyEdit(RemedyRaise, "Raise the count")},
	models.CauseExpiring:   {"Expires soon", tellExpiring, remedyEdit(RemedyExtend, "Move the expiry")},
	models.CauseUsedUp:     {"Used up as intended", tellOrderly(", and nobody is waiting"), nil},
	models.CauseInOrder:    {"In order", tellOrderly(""), nil},
}

// FindingOf words a finding of a verdict about t for somebody who may act, or may
// only ask. False when there is nothing to say: the state of t says it, or nobody
// has used it yet.
func FindingOf(f *seen.Finding, v *seen.Verdict, t *seen.RegistrationToken, mayAct bool) (Finding, bool) {
	entry := findings[f.Cause]
	if entry.title == "" || f.Cause == models.CauseInOrder && f.Uses == 0 {
		return Finding{}, false
	}
	shown := *f
	shown.Name, shown.Usual = clipped(f.Name), clipped(f.Usual)
	e := evidence{&shown, v, t}
	told := Finding{Title: entry.title, Sentence: entry.sentence(e)}
	if f.Surplus > 0 {
		told.Share = ui.Number(f.Surplus) + " of " + plural(v.Judged, "use")
	}
	if entry.remedy != nil {
		told.Remedy = entry.remedy(e, mayAct)
	}
	return told, true
}

// VerdictNote says that there is more than was judged; else it is empty.
func VerdictNote(t *seen.RegistrationToken) string {
	if t.RedemptionCount <= models.MaxPageSize {
		return ""
	}
	return "Judged by the newest " + ui.Number(models.MaxPageSize) + " of its " + ui.Number(t.RedemptionCount) + " uses."
}

// clipped shortens a name to fit into a sentence.
func clipped(name string) string {
	const most = 60
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

func tellRetryLoop(e evidence) string {
	who, client := plural(e.Devices, "device"), "Their clients seem to redeem again each time they start."
	if e.Devices == 1 {
		who, client = e.Name, "Its client seems to redeem again each time it starts."
	}
	return fmt.Sprintf("%s took %s within %s, one after the other. %s", who, plural(e.Uses, "count"), e.lasting(), client)
}

func tellDuplicates(e evidence) string {
	holders := plural(e.Devices, "device")
	switch {
	case e.People+e.Devices == 1:
		return fmt.Sprintf("%s holds %s, %s more than needed.", e.Name, plural(e.Uses, "live auth token"), ui.Number(e.Surplus))
	case e.Devices == 0:
		holders = people(e.People)
	case e.People > 0:
		holders += " and " + people(e.People)
	}
	return fmt.Sprintf("%s hold %s, %s more than one each; %s holds the most.", holders, plural(e.Uses, "live auth token"), ui.Number(e.Surplus), e.Name)
}

func tellStrangers(e evidence) string {
	text := e.holders() + " " + agree(e.People, "is", "are") + " not on the expected list."
	if e.Usual != "" {
		text = e.holders() + " came from elsewhere; most of the others are from " + e.Usual + "."
	}
	return text + " The first was " + e.Name + ", on " + words.InSentence(e.From) + "."
}

func tellBurst(e evidence) string {
	return fmt.Sprintf("%s from many networks redeemed it within %s, starting on %s.", plural(e.Devices, "new device"), e.lasting(), words.InSentence(e.From))
}

func tellTooSmall(e evidence) string {
	waiting := len(e.verdict.Waiting)
	return fmt.Sprintf("%s used it as intended, and %s %s still waiting.", e.holders(), plural(waiting, "other"), agree(waiting, "is", "are"))
}

// tellRunningOut forecasts when the last count will be taken, if the recent pace
// allows it.
func tellRunningOut(e evidence) string {
	day := func(t time.Time) string { return t.UTC().Format("2 Jan 2006") }
	text := fmt.Sprintf("%s of %s %s left; ", ui.Number(e.Uses), plural(e.token.Count, "count"), agree(e.Uses, "is", "are"))
	if e.To.IsZero() {
		return text + "too little happened in the past week to say when the last one will be taken."
	}
	text += "at the pace of the past week "
	if e.To.Before(e.token.ExpiresAt) {
		return text + "the last one will be taken on " + day(e.To) + ", before it expires on " + day(e.token.ExpiresAt) + "."
	}
	return text + "it will expire on " + day(e.token.ExpiresAt) + " before the last one is taken."
}

func tellExpiring(e evidence) string {
	return fmt.Sprintf("It expires on %s with %s of %s unused.", words.InSentence(e.To), ui.Number(e.Uses), ui.Number(e.token.Count))
}

// tellOrderly says that nothing is wrong, and what else is known.
func tellOrderly(rest string) func(evidence) string {
	return func(e evidence) string {
		return fmt.Sprintf("%s took %s; nobody took more than usual%s.", e.holders(), plural(e.Uses, "count"), rest)
	}
}

// holders says who is behind the uses.
func (e evidence) holders() string { return people(e.People) + " on " + plural(e.Devices, "device") }

// lasting is how long it lasted.
func (e evidence) lasting() string {
	return words.Span(context.Background(), max(time.Minute, e.To.Sub(e.From)))
}

func remedySurplus(_ evidence, mayAct bool) Remedy {
	if mayAct {
		return Remedy{Kind: RemedyDeleteSurplus, Action: "Delete the surplus and give the counts back"}
	}
	return Remedy{RemedySeeHolders, "See who took how many", "Ask an administrator to delete the surplus and give the counts back."}
}

func remedySuspects(e evidence, mayAct bool) Remedy {
	r := Remedy{RemedySeeUses, "See their uses", "Ask an administrator whether they should have it."}
	if e.Cause == models.CauseStrangers && e.Usual == "" {
		r.Kind, r.Action = RemedySeeUnexpected, "See who was not expected"
	}
	if mayAct {
		r.Ask = "If they should not have it, replace the registration token, then delete their auth tokens."
	}
	return r
}

func remedyWaiting(e evidence, mayAct bool) Remedy {
	r := Remedy{Kind: RemedySeeWaiting, Action: "See who is waiting"}
	if !mayAct {
		r.Ask = "Ask an administrator to raise the count by " + ui.Number(len(e.verdict.Waiting)) + "."
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
