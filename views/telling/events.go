package telling

import (
	"cmp"
	"strings"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
)

// sentence says what somebody did, to an object or without one.
type sentence struct {
	// verb is what was done, and noun precedes the object in the trail: "deleted",
	// "the auth token of". Both are empty in a sentence without an object.
	verb, noun string
	// own replaces noun and object on the object's own page; "it" when empty.
	own string
	// rest follows the object on both pages.
	rest string
}

// action is all that is said about one audited action.
type action struct {
	// name is its label in the choice of actions.
	name string
	tell func(e *seen.AuditEvent, d detail) sentence
}

var actions = map[models.AuditAction]action{
	models.AuditRegistrationTokenCreated:      {"Registration token created", tellCreated},
	models.AuditRegistrationTokenUpdated:      {"Registration token changed", tellUpdated},
	models.AuditRegistrationTokenEnabled:      {"Registration token enabled", fixed(sentence{verb: "enabled"})},
	models.AuditRegistrationTokenDisabled:     {"Registration token disabled", fixed(sentence{verb: "disabled"})},
	models.AuditRegistrationTokenReplaced:     {"Registration token replaced", tellReplaced},
	models.AuditRegistrationTokenDeleted:      {"Registration token deleted", tellDeleted},
	models.AuditRegistrationTokenAdmissionSet: {"Redemption rules changed", tellAdmission},
	models.AuditRegistrationTokenLookedUp:     {"Registration token looked up", tellLookedUp("a registration token", "up")},
	models.AuditRedeemed:                      {"Registration token redeemed", fixed(sentence{verb: "redeemed"})},
	models.AuditCountReclaimed:                {"Count given back", fixed(sentence{verb: "gave", noun: "one count back to", own: "one count back"})},
	models.AuditAuthTokenLookedUp:             {"Auth token looked up", tellLookedUp("an auth token", "up the auth token of")},
	models.AuditAuthTokenUpdated:              {"Auth token changed", tellUpdated},
	models.AuditAuthTokenDeleted:              {"Auth token deleted", fixed(sentence{verb: "deleted", noun: "the auth token of"})},
	models.AuditAuthTokenEnded:                {"Auth token ended", fixed(sentence{verb: "ended", noun: "the auth token of"})},
	models.AuditRequestCreated:                {"Request made", tellAsked},
	models.AuditRequestApproved:               {"Request approved", tellAnswered("approved")},
	models.AuditRequestDeclined:               {"Request declined", tellAnswered("declined")},
	models.AuditRequestWithdrawn:              {"Request withdrawn", tellAnswered("withdrew")},
	models.AuditRequestLapsed:                 {"Request lapsed", fixed(sentence{verb: "let", noun: "a request about", own: "a request about it", rest: " lapse"})},
	models.AuditNoteAdded:                     {"Note written", tellNoted},
	models.AuditLogin:                         {"Signed in", tellLogin},
	models.AuditLoginFailed:                   {"Sign-in failed", fixed(sentence{rest: "failed to sign in"})},
	models.AuditLogout:                        {"Signed out", tellLogout},
	models.AuditAccessDenied:                  {"Access refused", tellDenied},
	models.AuditPersonalDataLookedUp:          {"Searched for a masked address", tellSearched},
	models.AuditPersonalDataShown:             {"Addresses shown", tellAddresses("was shown", "")},
	models.AuditPersonalDataHidden:            {"Addresses hidden again", tellAddresses("hid", " again")},
	models.AuditExported:                      {"List exported", tellExported},
	models.AuditAPIKeyCreated:                 {"API key created", fixed(sentence{verb: "created", noun: "the API key"})},
	models.AuditAPIKeyRevoked:                 {"API key revoked", fixed(sentence{verb: "revoked", noun: "the API key"})},
	models.AuditSigningKeyCreated:             {"Signing key created", fixed(sentence{verb: "created", noun: "the signing key"})},
	models.AuditRefusedAttemptsPurged:         {"Old refused attempts removed", tellPurged},
}

// ActionName is the label of an audited action in the choice of actions.
func ActionName(a models.AuditAction) string { return cmp.Or(actions[a].name, unknownAction(a)) }

// Event is an event of the audit trail in words.
type Event struct {
	// Before, the object and After make up the trail's sentence: "disabled"
	// Contoso ": leaked". Without an object, After is all of it.
	Before, After string
	// Own says the same on the object's own page: "Disabled it: leaked".
	Own         string
	Differences []ui.Difference
	Facts       []Fact
}

// Sentence is the trail's sentence, about an object of that name.
func (e Event) Sentence(object string) string {
	if e.Before == "" {
		return e.After
	}
	return e.Before + " " + object + e.After
}

// EventOf words an event, with times in the zone of now. [Actor] names who did it.
func EventOf(e *seen.AuditEvent, now time.Time) Event {
	d := readDetail(e, now)
	s := sentence{rest: unknownAction(e.Action)}
	if entry, ok := actions[e.Action]; ok {
		s = entry.tell(e, d)
	}
	s.rest += reasonSuffix(e.Action, d)
	if d.facts["undo"] == true {
		s.rest += ", undoing an earlier change"
	}
	event := Event{After: s.rest, Own: upperFirst(s.rest), Differences: d.differences(), Facts: d.factsOf(e)}
	if s.verb != "" {
		event.Before = strings.TrimSpace(s.verb + " " + s.noun)
		event.Own = upperFirst(s.verb) + " " + cmp.Or(s.own, "it") + s.rest
	}
	return event
}

// Actor names who did it; empty when nobody was signed in.
func Actor(e *seen.AuditEvent) string { return cmp.Or(e.ActorName, e.ActorID) }

// CountEdit is how an event changed the count; false when it did not.
func CountEdit(e *seen.AuditEvent) (from, to int, edited bool) {
	count, ok := readDetail(e, e.OccurredAt).changes["count"]
	if !ok || e.Action != models.AuditRegistrationTokenUpdated {
		return 0, 0, false
	}
	from, _ = wholeNumber(count.from)
	to, edited = wholeNumber(count.to)
	return from, to, edited
}

// reasonSuffix is the reason that was given, after a colon. Every event passes
// here, so none is shown without it.
func reasonSuffix(a models.AuditAction, d detail) string {
	reason := d.text("reason")
	if a == models.AuditAuthTokenEnded || a == models.AuditLogout {
		reason = EndReason(reason)
	}
	if reason == "" {
		return ""
	}
	return ": " + reason
}

// EndReason says why an auth token or a session ended.
func EndReason(reason string) string {
	if reason == string(models.CodeRefreshTokenReused) {
		return "an old refresh token was used again, so somebody else may have had it"
	}
	return strings.ReplaceAll(reason, "_", " ")
}

func unknownAction(a models.AuditAction) string {
	return strings.NewReplacer("_", " ", ".", ": ").Replace(string(a))
}

// fixed words an action that always reads the same.
func fixed(s sentence) func(*seen.AuditEvent, detail) sentence {
	return func(*seen.AuditEvent, detail) sentence { return s }
}

func tellLogout(_ *seen.AuditEvent, d detail) sentence {
	if d.facts["reason"] == nil {
		return sentence{rest: "signed out"}
	}
	return sentence{rest: "was signed out"} // the reason follows
}

func tellCreated(_ *seen.AuditEvent, d detail) sentence {
	s := sentence{verb: "created"}
	if d.facts["replaces"] != nil {
		s.rest = " as a replacement"
	}
	if d.facts["count"] != nil {
		s.rest += " with count " + d.text("count")
	}
	return s
}

// tellUpdated says everything about an edit of only the count, and names the
// changed fields of any other edit.
func tellUpdated(e *seen.AuditEvent, d detail) sentence {
	s := sentence{verb: "changed"}
	of := "of"
	if e.Action == models.AuditAuthTokenUpdated {
		s.noun, of = "the auth token of", "of the auth token of"
	}
	if len(d.changes) == 0 {
		return s
	}
	s.own = "the " + list(d.changed())
	if count, ok := d.changes["count"]; ok && len(d.changes) == 1 {
		from, _ := wholeNumber(count.from)
		to, _ := wholeNumber(count.to)
		s.verb, s.rest = "lowered", " from "+d.value(count.from)+" to "+d.value(count.to)
		if to > from {
			s.verb = "raised"
		}
	}
	s.noun = s.own + " " + of
	return s
}

func tellReplaced(_ *seen.AuditEvent, d detail) sentence {
	s := sentence{verb: "replaced"}
	if n, ok := wholeNumber(d.facts["remainingCount"]); ok {
		s.rest = "; " + plural(n, "count") + " " + agree(n, "was", "were") + " left"
	}
	return s
}

func tellDeleted(_ *seen.AuditEvent, d detail) sentence {
	if d.text("authTokens") == "delete" {
		return sentence{verb: "deleted", rest: " and its live auth tokens"}
	}
	return sentence{verb: "deleted", rest: "; its auth tokens were kept"}
}

func tellAdmission(_ *seen.AuditEvent, d detail) sentence {
	var edits []string
	if d.facts["added"] != nil {
		edits = append(edits, d.text("added")+" added")
	}
	if d.facts["removed"] != nil {
		edits = append(edits, d.text("removed")+" taken off")
	}
	if settled := d.text("claims"); settled != "" {
		edits = append(edits, "earlier e-mail entries: "+settled)
	}
	s := sentence{verb: "changed", noun: "who may redeem", own: "who may redeem it"}
	if len(edits) > 0 {
		s.rest = ": " + list(edits)
	}
	return s
}

func tellLookedUp(thing, noun string) func(*seen.AuditEvent, detail) sentence {
	return func(_ *seen.AuditEvent, d detail) sentence {
		if d.facts["found"] == false {
			return sentence{rest: "looked up " + thing + " that does not exist"}
		}
		return sentence{verb: "looked", noun: noun, own: "it up", rest: " by its secret"}
	}
}

func tellAddresses(verb, rest string) func(*seen.AuditEvent, detail) sentence {
	return func(e *seen.AuditEvent, _ detail) sentence {
		of := "refused attempt"
		switch e.ObjectKind {
		case models.ObjectRegistrationToken:
			of = "registration token"
		case models.ObjectAuthToken:
			of = "auth token of"
		}
		return sentence{verb: verb, noun: "the e-mail and IP addresses of the " + of, own: "its e-mail and IP addresses", rest: rest}
	}
}

func tellLogin(_ *seen.AuditEvent, d detail) sentence {
	role := "end user"
	switch models.Role(d.text("role")) {
	case models.RoleAdmin:
		role = "administrator"
	case models.RoleHelpdesk:
		role = "helpdesk"
	case models.RoleNone:
	}
	return sentence{rest: "signed in as " + role}
}

// tellDenied says what somebody was refused: once, or again and again in the rest
// of a minute.
func tellDenied(e *seen.AuditEvent, d detail) sentence {
	s := sentence{rest: "was refused " + e.ObjectID}
	if routes, ok := d.facts["routes"].([]any); ok && len(routes) > 1 {
		s.rest += " and " + ui.Plural(len(routes)-1, "other address", "other addresses")
	}
	if n, ok := wholeNumber(d.facts["more"]); ok {
		s.rest += " " + plural(n, "more time") + " within a minute"
	}
	return s
}

func tellSearched(e *seen.AuditEvent, _ detail) sentence {
	return sentence{rest: "searched for an e-mail or IP address in " + e.ObjectID}
}

func tellExported(e *seen.AuditEvent, _ detail) sentence {
	switch e.ObjectKind {
	case models.ObjectRegistrationToken:
		return sentence{rest: "exported the list of registration tokens"}
	case models.ObjectAuthToken:
		return sentence{rest: "exported the list of auth tokens"}
	default:
		return sentence{rest: "exported the audit trail"}
	}
}

func tellPurged(_ *seen.AuditEvent, d detail) sentence {
	n, _ := wholeNumber(d.facts["number"])
	return sentence{rest: "removed " + plural(n, "refused attempt") + " older than the retention time"}
}
