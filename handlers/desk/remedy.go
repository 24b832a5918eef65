package desk

import (
	"net/url"
	"slices"
	"time"

	"muster/handlers/listing"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/paths"
	"muster/views/telling"
)

// remedyURL is where a remedy is carried out on a registration token: its own
// page for a remedy without a form.
func remedyURL(kind models.RemedyKind, registrationTokenID string) string {
	switch kind {
	case models.RemedyRaise, models.RemedyExtend:
		return paths.RegistrationTokenEdit(registrationTokenID)
	case models.RemedyReplace:
		return paths.RegistrationTokenReplace(registrationTokenID)
	case models.RemedyOwnToken:
		return paths.NewRegistrationToken
	default:
		return paths.RegistrationToken(registrationTokenID)
	}
}

// ofState are the findings that the page tells by its state.
var ofState = []models.FindingKind{models.FindingDeleted, models.FindingReplaced, models.FindingDisabled, models.FindingExpired}

// verdictOf words a verdict, except what the state of t already tells; empty when
// there is nothing else to say. asks offers to ask for what others may do.
func verdictOf(verdict *seen.Verdict, t *seen.RegistrationToken, mayAct bool, asks asker, now time.Time) views.Verdict {
	told := views.Verdict{Waiting: len(verdict.Waiting), WaitingText: telling.Waiting(verdict)}
	for i := range verdict.Findings {
		f := &verdict.Findings[i]
		calm := f.Kind == models.FindingInOrder
		if slices.Contains(ofState, f.Kind) || calm && f.Counts == 0 && len(verdict.Findings) > 1 {
			continue
		}
		shown := views.Finding{Finding: telling.FindingOf(f, verdict, t, mayAct, now), Calm: calm}
		shown.SeeURL, shown.URL = viewURL(shown.See, f, t.ID), remedyURL(shown.Remedy.Kind, t.ID)
		switch {
		case f.Remedy.Deletes():
			shown.URL = listing.FindingQuestionURL(t.ID, f.Remedy.Finding)
		case f.Remedy.Kind == models.RemedyOwnToken && mayAct && len(f.Remedy.AuthTokens) > 0:
			shown.GiveBack, shown.GiveBackURL = telling.GiveBackUnused(f), listing.FindingQuestionURL(t.ID, f.Kind)
		case f.Remedy.Kind == models.RemedyRaise && mayAct:
			shown.RaiseBy, shown.Version = telling.RaiseBy(verdict), t.Version()
		}
		if t.DeletedAt == nil {
			n := f.Remedy.Count
			switch {
			case shown.Remedy.Kind != f.Remedy.Kind:
				n = nil
			case f.Remedy.Kind == models.RemedyDelete || f.Remedy.Kind == models.RemedyDeleteSurplus:
				n = new(*n - f.Remedy.Late)
			}
			shown.Ask = asks.ask(shown.Remedy.Kind, f.Remedy.Finding, n)
		}
		told.Findings = append(told.Findings, shown)
	}
	if len(told.Findings) > 1 {
		told.Sentence = telling.CountsSentence(verdict, t, now)
		// That all is in order is said in the sentence already.
		told.Findings = slices.DeleteFunc(told.Findings, func(f views.Finding) bool { return f.Calm && f.Share == "" })
	}
	return told
}

// viewURL is where the evidence of a finding is shown.
func viewURL(view telling.View, f *seen.Finding, registrationTokenID string) string {
	switch view {
	case telling.ViewHolders:
		by := models.FacetDevice
		if f.Devices == 0 || f.Kind == models.FindingSeveralPerPerson || f.Kind == models.FindingAutomation {
			by = models.FacetPerson
		}
		return listing.Narrowing{By: by}.UsesURL(registrationTokenID)
	case telling.ViewUses:
		return listing.Narrowing{Finding: f.Kind}.UsesURL(registrationTokenID)
	case telling.ViewUnexpected:
		return paths.RegistrationTokenSection(registrationTokenID, views.SectionExpected, url.Values{"show": {views.ShowUnexpected}})
	case telling.ViewWaiting:
		return paths.RegistrationTokenSection(registrationTokenID, views.SectionRefused, nil)
	case telling.ViewNone:
	}
	return ""
}
