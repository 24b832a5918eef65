package histories

import "strings"

// Ticket is a call about a history, as the helpdesk writes it down: what is read out,
// what the cause is, what is asked for, and what the user is told meanwhile.
type Ticket struct {
	// History is the name of what happened before.
	History string
	// Typed is what the helpdesk types, given the support code of who was turned away
	// last; it is empty for who was not.
	Typed func(code string) string
	// Turned tells that the caller tries once more before calling, and so has a
	// support code.
	Turned bool
	// Cause is the kind of the first finding; Remedy what is asked for, as in [Truth].
	Cause, Remedy string
	// Before, Asked and After are parts of the text for the user: as long as nobody
	// has asked, while an administrator has not decided, and after the approval. They
	// are empty where nobody was turned away.
	Before, Asked, After string
}

// Tickets are ten calls to the helpdesk.
func Tickets() []Ticket {
	const (
		usedUp = "All of its counts are used up. We are looking into it"
		asked  = "We have asked"
		again  = "It can be redeemed now: please try once more."
	)
	said := func(text string) func(string) string { return func(string) string { return text } }
	return []Ticket{
		{ // dictated: the letter O for the digit, and no dash
			History: "Too small for its audience", Cause: "too_small", Remedy: "raise 6",
			Typed: func(code string) string {
				return strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(code, "-", ""), "0", "O"))
			},
			Before: usedUp, Asked: "We have asked for more", After: again,
		},
		{ // a sentence of a mail, with the dash of a word processor
			History: "A build server that starts again and again", Cause: "retry_loop", Remedy: "delete_surplus 6",
			Typed: func(code string) string {
				return "Hello, it says support code: " + strings.ReplaceAll(code, "-", "–") + ". What now?"
			},
			Before: usedUp, Asked: asked, After: again,
		},
		{ // the whole answer of REST, from a log
			History: "Reimaged, and the old seats never let go", Cause: "unused_seats", Remedy: "give_back 20",
			Typed: func(code string) string {
				return `{"type":"about:blank","title":"Conflict","status":409,"code":"registration_token_exhausted","support_code":"` + code + `"}`
			},
			Before: usedUp, Asked: asked, After: again,
		},
		{ // "that course, it has ended"
			History: "A course that ended", Cause: "expired", Remedy: "replace 13", Turned: true,
			Typed:  said("course"),
			Before: "It has expired for good. We are looking into it", Asked: asked, After: "There is a new one in its place.",
		},
		{ // in quotation marks of a phone, with a full stop
			History: "On hold until the contract is signed", Cause: "disabled", Remedy: "enable", Turned: true,
			Typed:  func(code string) string { return "“" + code + "”." },
			Before: "It is disabled for now.", Asked: asked, After: again,
		},
		{ // with spaces around a minus sign
			History: "Strangers took what colleagues wait for", Cause: "strangers", Remedy: "delete 4",
			Typed:  func(code string) string { return strings.ReplaceAll(code, "-", " − ") },
			Before: usedUp, Asked: asked, After: again,
		},
		{ // in the heading of a mail
			History: "Lost laptops whose counts were kept", Cause: "not_given_back", Remedy: "give_back 4",
			Typed:  func(code string) string { return "RE: AW: [Ticket 4711] support code " + code },
			Before: usedUp, Asked: asked, After: again,
		},
		{ // "how long will it be good for?"
			History: "Expires within the week", Cause: "expiring", Remedy: "extend",
			Typed: said("within the week"),
		},
		{ // with a dash that does not break
			History: "A burst that never came back, and a full registration token", Cause: "burst", Remedy: "delete 20",
			Typed:  func(code string) string { return strings.ReplaceAll(code, "-", "‑") },
			Before: usedUp, Asked: asked, After: again,
		},
		{ // from the address book
			History: "Six spellings of one person", Cause: "several_per_device", Remedy: "delete_surplus 5",
			Typed: said(`"Ann" <ann@contoso.example>`),
		},
	}
}
