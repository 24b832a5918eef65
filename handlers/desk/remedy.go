package desk

import (
	"net/url"

	"muster/handlers/listing"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/paths"
	"muster/views/telling"
)

// remedyURL is where a remedy is carried out on a registration token: its own
// page for a remedy without a form.
func remedyURL(kind telling.RemedyKind, registrationTokenID string) string {
	switch kind {
	case telling.RemedyRaise, telling.RemedyExtend:
		return paths.RegistrationTokenEdit(registrationTokenID)
	case telling.RemedyReplace:
		return paths.RegistrationTokenReplace(registrationTokenID)
	default:
		return paths.RegistrationToken(registrationTokenID)
	}
}

// findingsOf words the findings of a verdict, except those that the state of t
// already tells.
func findingsOf(verdict *seen.Verdict, t *seen.RegistrationToken, mayAct bool) []views.Finding {
	var findings []views.Finding
	for i := range verdict.Findings {
		f := &verdict.Findings[i]
		told, ok := telling.FindingOf(f, verdict, t, mayAct)
		if !ok {
			continue
		}
		findings = append(findings, views.Finding{
			Finding: told, Calm: f.Kind == models.FindingInOrder, URL: findingURL(told.Remedy.Kind, f, t.ID),
			DeletionURL: listing.FindingQuestionURL(t.ID, f.Remedy.Finding),
		})
	}
	return findings
}

// findingURL is where the remedy of a finding leads.
func findingURL(kind telling.RemedyKind, f *seen.Finding, registrationTokenID string) string {
	by := models.FacetDevice
	if f.Devices == 0 {
		by = models.FacetPerson
	}
	switch kind {
	case telling.RemedySeeHolders:
		return listing.Narrowing{By: by}.UsesURL(registrationTokenID)
	case telling.RemedySeeUses:
		return usesOf(f).UsesURL(registrationTokenID)
	case telling.RemedySeeUnexpected:
		return paths.RegistrationTokenSection(registrationTokenID, views.SectionExpected, url.Values{"show": {views.ShowUnexpected}})
	case telling.RemedySeeWaiting:
		return paths.RegistrationTokenSection(registrationTokenID, views.SectionRefused, nil)
	default:
		return remedyURL(kind, registrationTokenID)
	}
}

// usesOf selects the uses that a finding is about: those of its time, or those
// from elsewhere. Masked values do not tell who is from elsewhere, so then all
// uses are grouped by network.
func usesOf(f *seen.Finding) listing.Narrowing {
	switch {
	case f.Kind != models.FindingStrangers:
		return listing.Within(f.From, f.To)
	case f.UsualMasked:
		return listing.Narrowing{By: models.FacetNetwork}
	default:
		return listing.Narrowing{Elsewhere: f.Usual}
	}
}
