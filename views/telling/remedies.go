package telling

import (
	"muster/models"
	"muster/seen"
	"muster/views/ui"
)

// Remedy is what to do about a finding. Action is the label of what Kind leads to,
// for who may act; Ask says what else to do, or what to ask whom for. Each
// may be empty. Note is what to know before asking for it, for who may not act.
type Remedy struct {
	Kind              models.RemedyKind
	Action, Ask, Note string
}

// remedy is all that is said about one kind of remedy: what who may act does,
// with what they should know about it, and what the others ask for.
type remedy struct{ action, note, ask func(evidence) string }

var remedies = map[models.RemedyKind]remedy{
	models.RemedyRaise: {
		action: func(e evidence) string { return "Raise the count by " + ui.Number(e.acts()) },
		ask: func(e evidence) string {
			return "Ask an administrator to raise the count by " + ui.Number(e.acts()) + "."
		},
	},
	models.RemedyGiveBack: {
		action: func(e evidence) string { return "Give " + plural(e.acts(), "count") + " back" },
		note: func(e evidence) string {
			if e.Kind == models.FindingNotGivenBack {
				return ""
			}
			return "Their auth tokens are deleted; a device that comes back after all has to redeem again."
		},
		ask: func(e evidence) string {
			return "Ask an administrator to give " + plural(e.acts(), "count") + " back."
		},
	},
	models.RemedyDeleteSurplus: {
		action: func(e evidence) string {
			return "Delete " + plural(e.deletes(), "surplus auth token") + " and give " + e.theCounts() + " back"
		},
		note: say("Each device keeps the working auth token that it used last."),
		ask: func(e evidence) string {
			return "Ask an administrator to delete " + plural(e.deletes(), "surplus auth token") + " and give " + e.theCounts() +
				" back; each device keeps the working auth token that it used last."
		},
	},
	models.RemedyDelete: {
		action: func(e evidence) string {
			return "Delete " + plural(e.deletes(), "auth token") + " and give " + e.theCounts() + " back"
		},
		note: func(e evidence) string {
			if e.token.ReplacedByID != nil {
				return ""
			}
			return "If they should not have it, replace the registration token first: whoever knows its secret could redeem it again."
		},
		ask: func(e evidence) string {
			// A request about a registration token that was replaced lapses, so what
			// comes after that is not asked for.
			text := "Ask an administrator whether they should have it. If not, they "
			if e.token.ReplacedByID == nil {
				text += "replace the registration token first, since whoever knows its secret could redeem it again, and then "
			}
			return text + "delete " + agree(e.deletes(), "this auth token", "these "+plural(e.deletes(), "auth token")) + " and give " + e.theCounts() + " back."
		},
	},
	models.RemedyReplace: {
		action: say("Replace it"), ask: say("Ask an administrator to replace it."),
	},
	models.RemedyExtend: {
		action: say("Move the expiry"), ask: say("If people still need it, ask an administrator to move the expiry."),
	},
	models.RemedyEnable: {
		action: say("Enable it"), ask: say("Ask an administrator whether it may be enabled."),
	},
	models.RemedyOwnToken: {
		action: say("Create a registration token for it"),
		note:   say("What starts afresh each time needs a registration token of its own, so that it does not use up this one."),
		ask: func(e evidence) string {
			return "Ask an administrator for a registration token of its own for " + e.first() + ", so that it does not use up this one."
		},
	},
	models.RemedyAsk: {}, // each finding says whom to ask what
}

// GiveBackUnused labels giving back what a finding with another remedy no longer uses.
func GiveBackUnused(f *seen.Finding) string {
	return "Give back " + plural(len(f.Remedy.AuthTokens), "count") + " it no longer uses"
}

func say(text string) func(evidence) string { return func(evidence) string { return text } }

// remedyOf words the remedy of a finding for somebody who may act, or may only ask.
func remedyOf(e evidence, mayAct bool) Remedy {
	kind := e.Finding.Remedy.Kind
	if ask := findings[e.Kind].ask; ask != nil && kind == models.RemedyAsk {
		return ask(e, mayAct)
	}
	if e.token.DeletedAt != nil {
		// Nobody can redeem it again, whatever is given back or raised.
		return Remedy{Kind: models.RemedyNone}
	}
	entry := remedies[kind]
	switch nothing := e.Finding.Remedy.Deletes() && e.acts() == 0; {
	case nothing || entry.ask == nil:
		return Remedy{Kind: models.RemedyNone}
	case !mayAct && entry.note == nil:
		return Remedy{Kind: kind, Ask: entry.ask(e)}
	case !mayAct:
		return Remedy{Kind: kind, Ask: entry.ask(e), Note: entry.note(e)}
	case entry.note == nil:
		return Remedy{Kind: kind, Action: entry.action(e)}
	}
	return Remedy{Kind: kind, Action: entry.action(e), Ask: entry.note(e)}
}

// askPeople finds out whether somebody needs so many devices.
func askPeople(e evidence, mayAct bool) Remedy {
	text := "Ask " + e.named(e.People) + " which of these devices are still in use"
	if mayAct {
		return Remedy{Kind: models.RemedyAsk, Ask: text + ", and delete the auth tokens of the others."}
	}
	return Remedy{Kind: models.RemedyAsk, Ask: text + ", and ask an administrator to delete the auth tokens of the others."}
}

// askWhoSetUp finds out what cannot be told from the uses.
func askWhoSetUp(_ evidence, mayAct bool) Remedy {
	text := "Ask whoever set them up to give each machine a name of its own, or to have it report its MAC address."
	if !mayAct {
		text = "Ask an administrator how many machines these are, and whoever set them up to give each a name of its own."
	}
	return Remedy{Kind: models.RemedyAsk, Ask: text}
}

// askForMore looks ahead; what can be given back comes first.
func askForMore(e evidence, mayAct bool) Remedy {
	switch back := GivesBack(e.verdict); {
	case back > 0:
		return Remedy{Kind: models.RemedyAsk, Ask: "Before anything else, " + plural(back, "count") + " can be given back, as said above."}
	case mayAct:
		return Remedy{Kind: models.RemedyRaise, Action: "Raise the count"}
	}
	return Remedy{Kind: models.RemedyRaise, Ask: "If people still need it, ask an administrator to raise the count."}
}
