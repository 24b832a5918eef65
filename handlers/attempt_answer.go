package handlers

import (
	"cmp"

	"muster/models"
)

// answerToUser is what to write to somebody who was turned away: when, why,
// and what happens next as the registration token stands now; nil when the
// secret matched none. rule is what would turn the same attempt away now.
func answerToUser(a *models.RefusedAttempt, t *models.RegistrationToken, status models.Status, rule models.AdmissionRule) string {
	return "Your attempt on " + inSentence(a.AttemptedAt) + " (support code " + a.SupportCode + ") was turned away: " +
		lowerFirst(refusalReason(a)) + ".\n" + nextForUser(t, status, rule)
}

func nextForUser(t *models.RegistrationToken, status models.Status, rule models.AdmissionRule) string {
	if t == nil {
		return "What you entered is no registration token of ours, or a part of it is missing. Please copy it again, whole, from the message that you got it in, and try once more."
	}
	switch status {
	case models.StatusExhausted:
		return "All of its counts are used. We have asked for more, and write to you as soon as you can try again; keep the registration token, it stays the same."
	case models.StatusExpired:
		return "It has expired for good. We have asked for a new one, and send it to you."
	case models.StatusDisabled:
		if t.ReplacedByID != nil {
			return "There is a new one in its place, which you get from the person who gave you the old one."
		}
		return "It is switched off for now. We ask why, and write to you; please do not try again until then."
	case models.StatusDeleted:
		return "It was withdrawn. Please ask the person who gave it to you for another one."
	case models.StatusActive:
	}
	if rule != "" {
		return cmp.Or(admissionAnswers[rule], "It is not meant for what you tried it with. We ask about it, and write to you.")
	}
	return "By now it can be redeemed: please try once more."
}

// admissionAnswers say what somebody can do whom a rule turned away.
var admissionAnswers = map[models.AdmissionRule]string{
	models.AdmissionNetwork:        "It works in your organisation's network only. Please connect to that, or to its VPN, and try once more.",
	models.AdmissionSignIn:         "Please sign in on the page first, then paste it once more.",
	models.AdmissionEmailDomain:    "Please sign in with the address of the organisation that gave it to you, then paste it once more.",
	models.AdmissionExpectedSignIn: "Please sign in on the page first, then paste it once more: you may be on its list with your e-mail address.",
	models.AdmissionExpected:       "You are not on its list. Please check your user name and the name of your computer for mistakes; if they are right, we ask for you to be added, and write to you.",
}
