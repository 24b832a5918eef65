package telling

import (
	"time"

	"muster/models"
	"muster/seen"
)

// stateOf is the state of a registration token that a finding is about.
var stateOf = map[models.FindingKind]models.Status{
	models.FindingDeleted:  models.StatusDeleted,
	models.FindingReplaced: models.StatusDisabled,
	models.FindingDisabled: models.StatusDisabled,
	models.FindingExpired:  models.StatusExpired,
}

// FindingTitle is what a finding is called; empty for those that the state of the
// registration token explains.
func FindingTitle(kind models.FindingKind) string { return findings[kind].title }

// FindingSentence says what a finding of a verdict about t found.
func FindingSentence(f *seen.Finding, v *seen.Verdict, t *seen.RegistrationToken, now time.Time) string {
	if state, ok := stateOf[f.Kind]; ok {
		for _, reason := range StatusReasons(t, now, nil) {
			if reason.Status == state {
				return reason.Text
			}
		}
	}
	if f.Kind == models.FindingInOrder && f.Counts == 0 {
		if v.Uses == 0 {
			return "Nobody has used it."
		}
		return "Nothing else is known about it."
	}
	told, _ := FindingOf(f, v, t, false)
	return told.Sentence
}

// VerdictSentence is a verdict in one sentence: its first finding.
func VerdictSentence(v *seen.Verdict, t *seen.RegistrationToken, now time.Time) string {
	if len(v.Findings) == 0 {
		return ""
	}
	return FindingSentence(&v.Findings[0], v, t, now)
}
