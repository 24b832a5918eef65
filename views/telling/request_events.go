package telling

import (
	"strings"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
)

// tellAsked says what somebody asked for.
func tellAsked(_ *seen.AuditEvent, d detail) sentence {
	s := wished(d)
	s.verb = "asked"
	return s
}

// tellAnswered says what became of what somebody asked for.
func tellAnswered(verb string) func(*seen.AuditEvent, detail) sentence {
	return func(_ *seen.AuditEvent, d detail) sentence {
		s := wished(d)
		s.verb, s.noun, s.own = verb, "the request "+s.noun, "the request "+s.own
		s.rest += instead(d)
		return s
	}
}

// instead ends the words for a request that was approved with other numbers.
func instead(d detail) string {
	asked, n := d.numbers("count")
	deletedAsked, deleted := d.numbers("deleted")
	kind := models.RemedyKind(d.text("remedy"))
	deletes := kind == models.RemedyDelete || kind == models.RemedyDeleteSurplus
	switch {
	case asked == n && (!deletes || deletedAsked == deleted):
		return ""
	case deletes && deleted != n && deletedAsked > 0:
		return ", with " + ui.Number(deleted) + " deleted and " + plural(n, "count") + " given back instead"
	}
	return ", with " + ui.Number(n) + " instead"
}

// numbers are one of a request, as it was asked for and as it was approved; 0 where it
// is not known.
func (d detail) numbers(name string) (asked, approved int) {
	if c, ok := d.changes[name]; ok {
		asked, _ = wholeNumber(c.from)
		approved, _ = wholeNumber(c.to)
		return asked, approved
	}
	asked, _ = wholeNumber(d.facts[name])
	return asked, asked
}

// wished is what a request asks for, without who did what with it.
func wished(d detail) sentence {
	n, _ := d.numbers("count")
	switch models.RemedyKind(d.text("remedy")) {
	case models.RemedyRaise:
		return sentence{noun: "to raise the count of", own: "to raise the count", rest: " by " + ui.Number(n)}
	case models.RemedyGiveBack:
		return sentence{noun: "to give " + plural(n, "count") + " back to", own: "to give " + plural(n, "count") + " back"}
	case models.RemedyDeleteSurplus, models.RemedyDelete:
		back := ""
		if deleted, _ := d.numbers("deleted"); deleted > 0 && deleted != n {
			n, back = deleted, " and give "+plural(n, "count")+" back"
		}
		own := "to delete " + plural(n, "auth token")
		return sentence{noun: own + " of", own: own, rest: back}
	case models.RemedyReplace:
		return sentence{noun: "to replace", own: "to replace it", rest: " with " + plural(n, "count")}
	case models.RemedyExtend:
		return sentence{noun: "to extend", own: "to extend it", rest: " until " + d.text("expirationDate")}
	case models.RemedyEnable:
		return sentence{noun: "to enable", own: "to enable it"}
	case models.RemedyOwnToken, models.RemedyAsk, models.RemedyNone: // nobody can ask for these
	}
	return sentence{noun: "to change", own: "to change it"}
}

// tellNoted says about what a note was written; the note is a detail.
func tellNoted(e *seen.AuditEvent, d detail) sentence {
	s := sentence{verb: "wrote", noun: "a note about", own: "a note"}
	switch e.ObjectKind {
	case models.ObjectAuthToken:
		s.noun += " the auth token of"
	case models.ObjectRefusedAttempt:
		s.noun += " the refused attempt"
	}
	text, _, more := strings.Cut(d.text("text"), "\n")
	switch ticket := d.text("ticket"); {
	case text == "":
		s.rest = ": " + ticket
	case more:
		s.rest = ": " + text + " …"
	default:
		s.rest = ": " + text
	}
	return s
}

// RegistrationTokenOf is the id of the registration token that a request is about;
// empty for other events.
func RegistrationTokenOf(e *seen.AuditEvent) string {
	if e.ObjectKind != models.ObjectRequest {
		return ""
	}
	return readDetail(e, e.OccurredAt).text("registrationTokenId")
}
