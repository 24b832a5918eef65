package telling

import (
	"slices"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
	"muster/views/words"
)

// Attempt is a refused attempt with all that is known by now, which decides what
// is said about it.
type Attempt struct {
	*seen.RefusedAttempt
	// Token and Verdict are nil when the secret matched nothing.
	Token   *seen.RegistrationToken
	Verdict *seen.Verdict
	// Rule is what would refuse the same attempt now, were there counts and time
	// left.
	Rule models.AdmissionRule
	// Held is the live auth token of the same registration token that the device
	// holds already or, unless SameDevice, the person on another one. It is nil
	// when there is none.
	Held       *seen.AuthToken
	SameDevice bool
	// Asked is the open request that would let this attempt in; nil when there is
	// none. [LetsIn] finds it.
	Asked *seen.Request
}

// Advice says what the desk does about an attempt. It agrees with the verdict.
func Advice(a Attempt, now time.Time) string {
	entry, ok := refusalFor(a.Reason, a.AdmissionRule)
	if !ok || entry.reason == "" {
		return "The user was told the same reason and what to do next."
	}
	switch {
	case a.Held != nil && a.SameDevice:
		return entry.advice + " But this device holds a live auth token of it already, so nothing has to be redeemed again. If it was lost, an administrator deletes it and gives the count back."
	case a.Held != nil:
		return entry.advice + " But this person holds a live auth token of it already, on another device. If that one is not needed any more, an administrator deletes it and gives the count back."
	case a.Token != nil && obstacle(a.Token, now, "") == models.CodeRegistrationTokenReplaced:
		replaced, _ := refusalFor(models.CodeRegistrationTokenReplaced, "")
		return replaced.advice
	case a.Reason == models.CodeRegistrationTokenExhausted:
		return entry.advice + " " + proposal(a, now)
	}
	return entry.advice
}

// proposal says what would let in somebody who was refused for the count.
func proposal(a Attempt, now time.Time) string {
	switch code := obstacle(a.Token, now, ""); {
	case a.Verdict == nil || code != "" && code != models.CodeRegistrationTokenExhausted:
		return "Its page says who used them."
	case code == "":
		left := a.Token.RemainingCount()
		return plural(left, "count") + " " + agree(left, "is", "are") + " left by now."
	}
	switch back, by := GivesBack(a.Verdict), RaiseBy(a.Verdict); {
	case back > 0 && by > 0:
		return ui.Number(back) + " of them can be given back, and an administrator can raise the count by " + ui.Number(by) + "."
	case back > 0:
		return ui.Number(back) + " of them can be given back: its page says which."
	case by > 0:
		return "None of them can be given back; an administrator can raise the count by " + ui.Number(by) + "."
	}
	return "Its page says who used them."
}

// Answer is what to write to somebody who was turned away: when, why, and what
// happens next, as things stand now.
func Answer(a Attempt, now time.Time) string {
	return "Your attempt on " + words.InSentence(a.AttemptedAt, now) + " (support code " + a.SupportCode + ") was turned away: " +
		lowerFirst(Reason(a.RefusedAttempt)) + ".\n" + nextStep(a, now)
}

func nextStep(a Attempt, now time.Time) string {
	if a.Held != nil {
		return useWhatYouHold(a, now)
	}
	code := obstacle(a.Token, now, a.Rule)
	if code == "" {
		if entry, _ := refusalFor(a.Reason, ""); entry.ofRequest {
			code = a.Reason
		}
	}
	entry, ok := refusalFor(code, a.Rule)
	if !ok {
		return "It can be redeemed now: please try once more."
	}
	text, next, newOne := entry.answer, entry.waits, false
	if a.Asked != nil && LetsIn(a.Asked, a, now) {
		next, newOne = asking[a.Asked.Remedy.Kind].told, a.Asked.Remedy.Kind == models.RemedyReplace
	}
	if next != "" {
		text += " " + next
	}
	if code == models.CodeRegistrationTokenExhausted && !newOne && !leaked(a.Verdict) {
		text += " Keep the registration token; it stays the same."
	}
	return text
}

// LetsIn tells whether a request is open and, once approved, would let the attempt
// in: it clears every obstacle there is.
func LetsIn(r *seen.Request, a Attempt, now time.Time) bool {
	if entry, _ := refusalFor(a.Reason, a.AdmissionRule); r.State != models.RequestOpen || a.Rule != "" || a.Held != nil || entry.ofRequest {
		return false
	}
	obstacles := obstacles(a.Token, now)
	for _, code := range obstacles {
		if !r.Remedy.WouldLetIn(code) {
			return false
		}
	}
	return len(obstacles) > 0
}

// leaked tells whether the registration token may be in the wrong hands, and so
// may be replaced.
func leaked(v *seen.Verdict) bool {
	for i := range v.Findings {
		if kind := v.Findings[i].Kind; kind == models.FindingStrangers || kind == models.FindingBurst {
			return true
		}
	}
	return false
}

// useWhatYouHold answers somebody who has no need to redeem.
func useWhatYouHold(a Attempt, now time.Time) string {
	const lost = "please tell us: then it is deleted and its count given back, and you can redeem once more."
	since := words.InSentence(a.Held.CreatedAt, now)
	if a.SameDevice {
		return "You need not redeem it again. This computer received an auth token on " + since + ", and it still works: it is in the application that asked for it, so please use that. If it was lost, " + lost
	}
	on := "another computer"
	if a.Held.FQDN != "" {
		on = clipped(a.Held.FQDN)
	}
	return "You hold an auth token from it already, since " + since + " on " + on + ", and it still works there. If you do not need it there any more, or it was lost, " + lost
}

// HeldSince names an auth token that somebody holds already.
func HeldSince(held *seen.AuthToken, now time.Time) string {
	return "a live auth token since " + words.InSentence(held.CreatedAt, now)
}

// WouldHelp is the one remedy that would let the attempt in, by the verdict; none
// where there is more than one, or where its user must do something first.
func WouldHelp(a Attempt, now time.Time) models.RemedyKind {
	if entry, _ := refusalFor(a.Reason, a.AdmissionRule); a.Token == nil || a.Rule != "" || a.Held != nil || entry.ofRequest {
		return models.RemedyNone
	}
	codes := obstacles(a.Token, now)
	is := func(code models.Code) bool { return slices.Equal(codes, []models.Code{code}) }
	switch {
	case a.Token.DeletedAt != nil || a.Token.ReplacedByID != nil:
		return models.RemedyNone
	case slices.Contains(codes, models.CodeRegistrationTokenExpired):
		return models.RemedyReplace
	case is(models.CodeRegistrationTokenDisabled):
		return models.RemedyEnable
	case is(models.CodeRegistrationTokenExhausted) && RaiseBy(a.Verdict) > 0 && GivesBack(a.Verdict) == 0:
		return models.RemedyRaise
	}
	return models.RemedyNone
}

// obstacle is what prevents a redemption now; empty when nothing does.
func obstacle(t *seen.RegistrationToken, now time.Time, rule models.AdmissionRule) models.Code {
	codes := obstacles(t, now)
	switch {
	case len(codes) > 0:
		return codes[0]
	case rule != "":
		return models.CodeIdentityNotAllowed
	}
	return ""
}

// obstacles is everything about a registration token that prevents a redemption now,
// what counts most first.
func obstacles(t *seen.RegistrationToken, now time.Time) (codes []models.Code) {
	if t == nil {
		return []models.Code{models.CodeRegistrationTokenInvalid}
	}
	for _, status := range t.StatusReasons(now) {
		code := refusedIn[status]
		if status == models.StatusDisabled && t.ReplacedByID != nil {
			code = models.CodeRegistrationTokenReplaced
		}
		codes = append(codes, code)
	}
	return codes
}

// refusedIn is what a redemption is refused with in a state.
var refusedIn = map[models.Status]models.Code{
	models.StatusDeleted: models.CodeRegistrationTokenDeleted, models.StatusDisabled: models.CodeRegistrationTokenDisabled,
	models.StatusExpired: models.CodeRegistrationTokenExpired, models.StatusExhausted: models.CodeRegistrationTokenExhausted,
}

// CurrentState is the present state of the registration token: every state that
// holds, or else whether the same attempt would be turned away again.
func CurrentState(a Attempt, now time.Time) []string {
	var texts []string
	for _, reason := range StatusReasons(a.Token, now, nil) {
		texts = append(texts, reason.Text)
	}
	switch {
	case len(texts) > 0:
		return texts
	case a.Rule != "":
		return []string{"The same attempt would be turned away: " + ruleText(a.Rule) + "."}
	case a.Held != nil:
		return []string{"It can be redeemed now, but need not be."}
	default:
		return []string{"It can be redeemed now: ask the user to try once more."}
	}
}
