package handlers

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"muster/models"
	"muster/views"
)

// statusReasons explains every state that holds, in plain sentences.
func statusReasons(t *models.RegistrationToken, now time.Time) []views.RegistrationTokenReason {
	var reasons []views.RegistrationTokenReason
	for _, status := range t.StatusReasons(now) {
		reasons = append(reasons, views.RegistrationTokenReason{Status: status, Text: statusReason(t, status)})
	}
	return reasons
}

func statusReason(t *models.RegistrationToken, status models.Status) string {
	switch status {
	case models.StatusDeleted:
		return "Deleted on " + inSentence(*t.DeletedAt) + by(t.DeletedBy) + "; its history stays readable."
	case models.StatusDisabled:
		if t.ReplacedByID != nil && t.ReplacedAt != nil {
			return "Replaced on " + inSentence(*t.ReplacedAt) + by(t.DisabledBy) + "; it can no longer be redeemed."
		}
		return "Disabled on " + inSentence(*t.DisabledAt) + by(t.DisabledBy) + "; nobody can redeem it until it is enabled."
	case models.StatusExpired:
		return fmt.Sprintf("Expired on %s; %d of %d unused.", inSentence(t.ExpiresAt), t.RemainingCount(), t.Count)
	case models.StatusExhausted:
		text := fmt.Sprintf("All %d counts are used", t.Count)
		if t.Count == 1 {
			text = "Its only count is used"
		}
		if t.LastRedeemedAt != nil {
			text += ", the last one on " + inSentence(*t.LastRedeemedAt)
		}
		return text + "."
	case models.StatusActive:
	}
	return ""
}

// addDisableReason adds why it is disabled, when that was given.
func addDisableReason(reasons []views.RegistrationTokenReason, t *models.RegistrationToken, events []models.AuditEvent, mask func(string) string) {
	for i := range events {
		if e := &events[i]; e.Action != models.AuditRegistrationTokenDisabled || t.DisabledAt == nil || !e.OccurredAt.Equal(*t.DisabledAt) {
			continue
		}
		_, plain := auditDetail(events[i].Detail)
		for j := range reasons {
			if why := mask(auditText(plain["reason"])); why != "" && reasons[j].Status == models.StatusDisabled {
				reasons[j].Text += " The reason given: " + why
			}
		}
	}
}

func by(name string) string {
	if name == "" {
		return ""
	}
	return " by " + name
}

// admissionReasons are the rules that turn somebody away.
var admissionReasons = map[models.AdmissionRule]string{
	models.AdmissionNetwork:        "Not from an allowed network",
	models.AdmissionSignIn:         "Not signed in, which is required",
	models.AdmissionEmailDomain:    "Not of an allowed e-mail domain",
	models.AdmissionExpectedSignIn: "Not on the list, and not signed in",
	models.AdmissionExpected:       "Not on the list of the expected",
}

// admissionAdvice is what to do about it.
var admissionAdvice = map[models.AdmissionRule]string{
	models.AdmissionNetwork:        "It may be redeemed from certain networks only, and this address is in none of them. Let the user connect to the right network or VPN, or an administrator allow this one.",
	models.AdmissionSignIn:         "It may be redeemed only by people who are signed in. Let the user sign in on the self-service page, and redeem it there.",
	models.AdmissionEmailDomain:    "The user was signed in, but not with a verified e-mail address of an allowed domain. Let them sign in with the right account.",
	models.AdmissionExpectedSignIn: "Only who is on its list may redeem it, and nobody on it has this user name or computer. The list has e-mail addresses too: let the user sign in on the self-service page and try again.",
	models.AdmissionExpected:       "Only who is on its list may redeem it, and nobody there matches. Check for a mistake in the name; else an administrator adds them.",
}

// refusalReason is the true reason of a refused attempt in words.
func refusalReason(a *models.RefusedAttempt) string {
	switch code := a.Reason; code {
	case models.CodeRegistrationTokenExhausted:
		return "Count used up"
	case models.CodeRegistrationTokenExpired:
		return "Expired"
	case models.CodeRegistrationTokenDisabled:
		return "Disabled"
	case models.CodeRegistrationTokenReplaced:
		return "Replaced"
	case models.CodeRegistrationTokenDeleted:
		return "Deleted"
	case models.CodeRegistrationTokenInvalid:
		return "Not a valid registration token"
	case models.CodeIdentityNotAllowed:
		return cmp.Or(admissionReasons[a.AdmissionRule], "Identity not allowed")
	case models.CodeInvalidRequest:
		return "Incomplete or invalid details"
	case models.CodeIdempotencyKeySpent:
		return "Retry came too late"
	default:
		text := strings.ReplaceAll(string(code), "_", " ")
		if text == "" {
			return "Unknown"
		}
		return strings.ToUpper(text[:1]) + text[1:]
	}
}

// authTokenStateText says in a sentence what the state means now.
func authTokenStateText(t *models.AuthToken, now time.Time) string {
	switch t.State(now) {
	case models.AuthTokenDeleted:
		return "Deleted on " + inSentence(*t.DeletedAt) + by(t.DeletedBy) + "; refresh and introspection refuse it since."
	case models.AuthTokenEnded:
		return "Ended on " + inSentence(*t.EndedAt) + "; it can no longer be refreshed."
	case models.AuthTokenIdleExpired:
		return "Not refreshed in time: it lapsed on " + inSentence(t.IdleExpiresAt) + "."
	case models.AuthTokenLive:
		return "Usable. Unless it is refreshed before, it lapses on " + inSentence(t.IdleExpiresAt) + "."
	}
	return ""
}

// endReason says in words why an auth token ended.
func endReason(reason string) string {
	if reason == string(models.CodeRefreshTokenReused) {
		return "an old refresh token was used again, so somebody else may have had it"
	}
	return strings.ReplaceAll(reason, "_", " ")
}
