package telling

import (
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
	"muster/views/words"
)

// StatusReason is a state that holds, explained in a sentence or two.
type StatusReason struct {
	Status models.Status
	Text   string
}

// StatusReasons explains every state of t that holds; the first is its status.
// events are those of t, which say why it was disabled.
func StatusReasons(t *seen.RegistrationToken, now time.Time, events []seen.AuditEvent) []StatusReason {
	var reasons []StatusReason
	for _, status := range t.StatusReasons(now) {
		reasons = append(reasons, StatusReason{status, statusText(t, status, now, events)})
	}
	return reasons
}

// BesideSentence takes out of the reasons what the sentence of a verdict says already,
// that the count is used up; what to do about it stays.
func BesideSentence(reasons []StatusReason) []StatusReason {
	beside := slices.Clone(reasons)
	for i := range beside {
		if beside[i].Status == models.StatusExhausted {
			beside[i].Text = ""
		}
	}
	return beside
}

func statusText(t *seen.RegistrationToken, status models.Status, now time.Time, events []seen.AuditEvent) string {
	switch status {
	case models.StatusDeleted:
		return "Deleted on " + words.InSentence(*t.DeletedAt, now) + byWhom(t.DeletedBy) + "; its history stays readable."
	case models.StatusDisabled:
		return disabledText(t, now, events)
	case models.StatusExpired:
		return fmt.Sprintf("Expired on %s; %s of %s unused.", words.InSentence(t.ExpiresAt, now), ui.Number(t.RemainingCount()), ui.Number(t.Count))
	case models.StatusExhausted:
		switch at := t.LastRedeemedAt; {
		case t.Count == 1 && at == nil:
			return "Its only count is used."
		case t.Count == 1:
			return "Its only count was used on " + words.InSentence(*at, now) + "."
		case at == nil:
			return "All " + ui.Number(t.Count) + " counts are used."
		default:
			return "All " + ui.Number(t.Count) + " counts are used, the last one on " + words.InSentence(*at, now) + "."
		}
	case models.StatusActive:
	}
	return ""
}

// disabledText tells replacing, which also disables, from disabling; either may
// have come first, by somebody else.
func disabledText(t *seen.RegistrationToken, now time.Time, events []seen.AuditEvent) string {
	disabled := "isabled on " + words.InSentence(*t.DisabledAt, now) + byWhom(t.DisabledBy)
	text := "D" + disabled + "; nobody can redeem it until it is enabled."
	if t.ReplacedByID != nil && t.ReplacedAt != nil {
		const over = "; it can no longer be redeemed."
		if !t.DisabledAt.Before(*t.ReplacedAt) {
			return "Replaced on " + words.InSentence(*t.ReplacedAt, now) + byWhom(t.DisabledBy) + over
		}
		text = "Replaced on " + words.InSentence(*t.ReplacedAt, now) + over + " It had been d" + disabled + "."
	}
	for i := range events {
		e := &events[i]
		d := readDetail(e, now)
		off := e.Action == models.AuditRegistrationTokenDisabled || d.changes["isEnabled"].to == false
		if why := d.text("reason"); off && why != "" && e.OccurredAt.Equal(*t.DisabledAt) {
			return text + " The reason given: " + why
		}
	}
	return text
}

func byWhom(name string) string {
	if name == "" {
		return ""
	}
	return " by " + name
}

// AuthTokenState explains the state of an auth token in a sentence.
func AuthTokenState(t *seen.AuthToken, now time.Time) string {
	switch t.State(now) {
	case models.AuthTokenDeleted:
		return "Deleted on " + words.InSentence(*t.DeletedAt, now) + byWhom(t.DeletedBy) + "; refresh and introspection have refused it since."
	case models.AuthTokenEnded:
		return "Ended on " + words.InSentence(*t.EndedAt, now) + "; it can no longer be refreshed."
	case models.AuthTokenIdleExpired:
		return "Not refreshed in time: it lapsed on " + words.InSentence(t.IdleExpiresAt, now) + "."
	case models.AuthTokenLive:
		return "Usable. It lapses on " + words.InSentence(t.IdleExpiresAt, now) + " unless it is refreshed before then."
	}
	return ""
}

// SecretStanding says how a pasted secret relates to the auth token it led to, by
// its name in the audit trail; empty for an unknown one. A secret that was read
// out has been given away.
func SecretStanding(standing string) string {
	const given = " The user should keep it to themselves: whoever has it can act as this device."
	switch standing {
	case "current_refresh_token":
		return "You pasted the current refresh token of this auth token." + given
	case "old_refresh_token":
		return "You pasted an old refresh token of this auth token. If it is used again, the auth token ends."
	case "access_token":
		return "You pasted an access token of this auth token." + given
	case "expired_access_token":
		return "You pasted an expired access token of this auth token."
	}
	return ""
}
