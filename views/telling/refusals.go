package telling

import (
	"cmp"
	"context"
	"strings"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
	"muster/views/words"
)

// refusal is everything said about one reason to refuse a redemption.
type refusal struct {
	// reason is the true reason and advice what to do about it, both for the desk;
	// answer is what the desk writes to the user while the reason still holds, and
	// waits what follows it unless an administrator was asked for what would help.
	// All are empty for what is never recorded.
	reason, advice, answer, waits string
	// text names the texts of package words: "refusal.TEXT.heading",
	// ".message" and ".next".
	text string
	// dated says that the message says since when; counted, that it says how often
	// and when last.
	dated, counted bool
	// signIn says that signing in on the page may be all that is missing.
	signIn bool
	// ofRequest says that the request was wrong, whatever the state of the
	// registration token.
	ofRequest bool
	// message and nextStep are what REST says where the page's words do not fit;
	// with ownMessage, the error's own message stays, which names the field.
	message, nextStep string
	ownMessage        bool
}

// cause is a code, and for CodeIdentityNotAllowed the rule.
type cause struct {
	code models.Code
	rule models.AdmissionRule
}

const lookingIntoIt = "We are looking into it and will write to you; please do not try again until then."

var refusals = map[cause]refusal{
	{code: models.CodeRegistrationTokenInvalid}: {
		reason: "Not a valid registration token",
		advice: "What was sent is not a registration token of this installation. Ask the user to copy all of it again.",
		answer: "What you entered is not one of our registration tokens, or part of it is missing. Please copy all of it again from the message you received, and try once more.",
		text:   "invalid",
	},
	{code: models.CodeRegistrationTokenMistyped}: {text: "mistyped"},
	{code: models.CodeRegistrationTokenDeleted}: { // the caller is told no more than a stranger
		reason: "Deleted",
		advice: "It was deleted. The user needs another one.",
		answer: "It was withdrawn. Please ask the person who gave it to you for another one.",
		text:   "invalid",
	},
	{code: models.CodeRegistrationTokenDisabled}: {
		reason: "Disabled",
		advice: "It had been disabled. Its changes say by whom and when.",
		answer: "It is disabled for now.",
		waits:  lookingIntoIt,
		text:   "disabled", dated: true,
	},
	{code: models.CodeRegistrationTokenReplaced}: {
		reason: "Replaced",
		advice: "There is a successor. Make sure that the user gets it.",
		answer: "There is a new one in its place. Please ask the person who gave you the old one for it.",
		text:   "replaced", dated: true,
	},
	{code: models.CodeRegistrationTokenExpired}: {
		reason: "Expired",
		advice: "It had already expired. An expired one cannot be revived: an administrator replaces it, and the successor takes over what is left.",
		answer: "It has expired for good.",
		waits:  "We are looking into it and will write to you.",
		text:   "expired", dated: true,
	},
	{code: models.CodeRegistrationTokenExhausted}: {
		reason: "Count used up",
		advice: "All counts were taken.", // the verdict says what to do
		answer: "All of its counts are used up.",
		waits:  lookingIntoIt,
		text:   "exhausted", counted: true,
	},
	{code: models.CodeIdentityNotAllowed}: {
		reason: "Identity not allowed",
		advice: "Its rules on who may redeem it turned the user away.",
		answer: "It may not be redeemed in the way you tried. We are looking into it and will write to you.",
		text:   "not_allowed",
	},
	{models.CodeIdentityNotAllowed, models.AdmissionNetwork}: {
		reason: "Not from an allowed network",
		advice: "It can be redeemed only from certain networks, and this address is in none of them. Ask the user to connect to the right network or VPN, or an administrator to allow this one.",
		answer: "It works only in your organisation's network. Please connect to that, or to its VPN, and try once more.",
		text:   "network",
	},
	{models.CodeIdentityNotAllowed, models.AdmissionAddressUnknown}: {
		reason: "Network unknown",
		advice: "It can be redeemed only from certain networks, and nobody knows which one this attempt came from: the proxy in front of Muster did not say. Ask whoever runs Muster to look into its log.",
		answer: "It works only in certain networks, and we cannot tell which one you tried from. We are looking into it and will write to you.",
		text:   "address_unknown",
	},
	{models.CodeIdentityNotAllowed, models.AdmissionSignIn}: {
		reason: "Sign-in required",
		advice: "It can be redeemed only by people who are signed in. Ask the user to sign in on the self-service page and redeem it there.",
		answer: "Please sign in on the page first, then paste it once more.",
		text:   "sign_in", signIn: true,
		nextStep: "Sign in on the self-service page and redeem it there.",
	},
	{models.CodeIdentityNotAllowed, models.AdmissionEmailDomain}: {
		reason: "Not from an allowed e-mail domain",
		advice: "The user was signed in, but not with a verified e-mail address at an allowed domain. Ask them to sign in with the right account.",
		answer: "Please sign in with your address at the organisation that gave it to you, then paste it once more.",
		text:   "email_domain",
	},
	{models.CodeIdentityNotAllowed, models.AdmissionExpectedSignIn}: {
		reason: "Not on the list, and not signed in",
		advice: "Only people and computers on its list may redeem it, and this user name and computer are not on it. The list has e-mail addresses too: ask the user to sign in on the self-service page and try again.",
		answer: "Please sign in on the page first, then paste it once more: you may be on its list with your e-mail address.",
		text:   "expected_sign_in", signIn: true,
		message:  "This registration token is for people on a list, and what you sent matches nobody on it.",
		nextStep: "Sign in on the self-service page and redeem it there, so that you can be found by your e-mail address. If that does not help, ask the person who gave it to you and quote the support code.",
	},
	{models.CodeIdentityNotAllowed, models.AdmissionExpected}: {
		reason:   "Not on the expected list",
		advice:   "Only people and computers on its list may redeem it, and nobody there matches. Check the name for a mistake; if there is none, an administrator adds them.",
		answer:   "You are not on its list. Please check your user name and the name of your computer for mistakes; if they are right, please tell us, so that an administrator can add you.",
		text:     "expected_only",
		nextStep: "Check user name and host name for mistakes. If they are right, ask the person who gave it to you to add you, and quote the support code.",
	},
	{code: models.CodeInvalidRequest}: {
		reason: "Incomplete or invalid details",
		advice: "The details could not be accepted, and the user was told which. No count was used.",
		answer: "Some of the details you gave could not be accepted. Please correct those that you were told about, and try once more.",
		text:   "unreadable", ofRequest: true, ownMessage: true,
	},
	{code: models.CodeIdempotencyKeySpent}: {
		reason: "Retry came too late",
		advice: "The same request had been answered before, and that auth token has been used or has ended since, so it is not shown again. If the user does not hold it any more, let them redeem again; that takes another count.",
		answer: "You were given an auth token before, and it cannot be shown again. If you still have it, please use it; otherwise reload the page and redeem once more.",
		text:   "spent", ofRequest: true,
		message:  "The answer to this Idempotency-Key cannot be returned again: its auth token was used or has ended, or the registration token was disabled.",
		nextStep: "If you hold the auth token, use it. Otherwise redeem with a new Idempotency-Key; that takes another count.",
	},
	{code: models.CodeRateLimited}: {text: "rate_limited"},
	{code: models.CodeUnavailable}: {text: "unavailable"},
}

// refusalFor is the entry for a reason; a rule without its own has the entry for
// all rules.
func refusalFor(code models.Code, rule models.AdmissionRule) (refusal, bool) {
	if entry, ok := refusals[cause{code, rule}]; ok {
		return entry, true
	}
	entry, ok := refusals[cause{code: code}]
	return entry, ok
}

// Reason is why somebody was turned away, for the desk: "Count used up".
func Reason(a *seen.RefusedAttempt) string {
	if entry, ok := refusalFor(a.Reason, a.AdmissionRule); ok && entry.reason != "" {
		return entry.reason
	}
	return cmp.Or(upperFirst(strings.ReplaceAll(string(a.Reason), "_", " ")), "Unknown")
}

// Explanation is a refusal in the words of the redeem page.
type Explanation struct {
	Heading, Message, NextStep string
	// Since is when it began to hold; zero where that means nothing.
	Since ui.Moment
	// SignIn says that signing in may be all that is missing.
	SignIn bool
}

// Explain says to a refused person why, and what to do, in the language of ctx. A
// reason without words of its own reads "not right now".
func Explain(ctx context.Context, now time.Time, facts models.Refusal) Explanation {
	entry, ok := refusalFor(facts.Reason, facts.Rule)
	if !ok {
		entry = refusals[cause{code: models.CodeUnavailable}]
	}
	e := Explanation{
		Heading: words.Say(ctx, "refusal."+entry.text+".heading"), Message: entry.pageMessage(ctx, facts, now),
		NextStep: words.Say(ctx, "refusal."+entry.text+".next"), SignIn: entry.signIn,
	}
	switch {
	case entry.dated:
		e.Since = ui.MomentIn(ctx, facts.At, now)
	case entry.counted && facts.LastRedeemedAt != nil:
		e.Since = ui.MomentIn(ctx, *facts.LastRedeemedAt, now)
	}
	return e
}

// Detail is a refusal as REST and OAuth word it, in English and in ASCII (RFC 6749
// section 5.2). Both results are empty where the error's own message says
// more, as for CodeInvalidRequest, and for a reason without an entry.
func Detail(facts models.Refusal) (message, nextStep string) {
	entry, ok := refusalFor(facts.Reason, facts.Rule)
	if !ok || entry.ownMessage {
		return "", ""
	}
	ctx := context.Background()
	message = cmp.Or(entry.message, entry.pageMessage(ctx, facts, facts.At.UTC()))
	nextStep = cmp.Or(entry.nextStep, words.Say(ctx, "refusal."+entry.text+".next"))
	straight := strings.NewReplacer("’", "'")
	return straight.Replace(message), straight.Replace(nextStep)
}

func (r refusal) pageMessage(ctx context.Context, facts models.Refusal, now time.Time) string {
	id := "refusal." + r.text + ".message"
	switch {
	case r.dated:
		return words.Say(ctx, id, words.Data{"Date": words.Date(ctx, facts.At, now)})
	case !r.counted:
		return words.Say(ctx, id)
	case facts.LastRedeemedAt == nil:
		return words.Count(ctx, id, facts.Count)
	}
	return words.Count(ctx, id, facts.Count) + " " + words.Say(ctx, "refusal."+r.text+".last", words.Data{"Date": words.Date(ctx, *facts.LastRedeemedAt, now)})
}
