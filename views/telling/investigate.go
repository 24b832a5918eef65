package telling

import (
	"strings"

	"muster/views/ui"
)

// The answers to what was pasted that have an address of their own, because what was
// pasted has no place in one.
const (
	AnswerNothing                  = "nothing"
	AnswerUnreadable               = "unreadable"
	AnswerStale                    = "stale"
	AnswerMistyped                 = "mistyped"
	AnswerAPIKey                   = "api-key"
	AnswerUnknownRegistrationToken = "unknown-registration-token"
	AnswerUnknownRefreshToken      = "unknown-refresh-token"
	AnswerUnknownAccessToken       = "unknown-access-token"
)

var answers = map[string]string{
	AnswerNothing:                  "Paste something first.",
	AnswerUnreadable:               "This text is too long or contains characters that no name has.",
	AnswerStale:                    "This address is not whole, or it is from another installation. Search again.",
	AnswerMistyped:                 "This secret is mistyped or incomplete. Ask the user to copy all of it again.",
	AnswerAPIKey:                   "This is an API key, which belongs to a program and not to a user. Ask an administrator to revoke it under API keys.",
	AnswerUnknownRegistrationToken: "No registration token has this secret. It may come from another installation.",
	AnswerUnknownRefreshToken:      "No auth token has this refresh token. It may come from another installation.",
	AnswerUnknownAccessToken:       "This is an access token, but this installation did not sign it.",
}

// InvestigateAnswer is the sentence of an answer; empty for none of them.
func InvestigateAnswer(answer string) string { return answers[answer] }

// NothingFound says that a search found nothing. takenFor is what the text was
// taken for: "an IP address".
func NothingFound(takenFor string) string {
	return "Nothing fits that. It was taken for " + takenFor + "; try another detail, or the support code."
}

// UnknownSupportCode says that no attempt has any of the codes. Named is what was
// searched for instead; empty if nothing was.
func UnknownSupportCode(codes []string, named string) string {
	const kept = " Have it read out again, and ask when it was: attempts are kept for a time only."
	switch {
	case len(codes) == 0:
		return named + " is not a whole support code: that is eight letters and digits, like K7Q4-M2QX, without U. Ask for it again."
	case len(codes) > 1:
		return "No attempt has one of the support codes " + strings.Join(codes, ", ") + "." + kept
	case named == "":
		return "No attempt has the support code " + codes[0] + "." + kept
	default:
		return "No attempt has the support code " + codes[0] + ", and nothing has the name " + named + "." + kept
	}
}

// UnknownID says that nothing has an id.
const UnknownID = "Nothing has this id: it belongs to no registration token, auth token, redemption or call that made one."

// NetworkTooNarrow says why whoever sees addresses masked finds nothing in a network.
const NetworkTooNarrow = "You see IP addresses masked, so you can search for a network only as far as you see it: 10.77.0.0/16 or 10.77.* and 2001:db8::/32, or larger. Search for the whole address of a device; such a look-up is recorded."

// TooManyBegin says that what was typed fits more than can be looked through.
const TooManyBegin = "Too much begins like this to say what is newest. Type more of it."

// HowMany says how many of a kind were found, and how many of them are shown.
func HowMany(shown, total int, more bool) string {
	switch {
	case more:
		return "The newest " + ui.Number(shown) + " of more than " + ui.Number(total)
	case shown < total:
		return "The newest " + ui.Number(shown) + " of " + ui.Number(total)
	default:
		return ui.Number(total) + " found"
	}
}

// ShowAll is the link to all of a kind, or to the newest of them that a page holds.
func ShowAll(total int, more bool, most int) string {
	if more || total > most {
		return "Show the newest " + ui.Number(most)
	}
	return "Show all " + ui.Number(total)
}

// OtherAddresses says that there are further e-mail addresses in what was pasted.
func OtherAddresses(n int) string {
	return "(" + ui.Plural(n, "further e-mail address is", "further e-mail addresses are") + " in it: search for one at a time)"
}
