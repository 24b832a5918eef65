package admin

import (
	"strings"
	"time"

	"muster/handlers/web"
	"muster/models"
	views "muster/views/admin"
)

// parseNewRegistrationToken reads the form of a new registration token, with
// who may redeem it.
func parseNewRegistrationToken(form views.RegistrationTokenForm, now time.Time) (models.RegistrationTokenSettings, error) {
	var p formParser
	s := p.registrationToken(form, now)
	form.Mode, form.Version = string(models.ListAdd), ""
	s.Admission = new(p.admission(form.AdmissionForm))
	return s, p.Err()
}

// parseEditedRegistrationToken reads the form of an existing one. An expiry
// that was left as shown is left alone.
func parseEditedRegistrationToken(form views.RegistrationTokenForm, expires, now time.Time) (models.RegistrationTokenSettings, error) {
	var p formParser
	s := p.registrationToken(form, now)
	if form.ExpiryPreset == views.ExpiryCustom && strings.TrimSpace(form.ExpirationDate) == web.FormatDateTime(expires) {
		s.ExpiresAt = nil
	}
	return s, p.Err()
}

// registrationToken reads what new and edited ones have in common.
func (p *formParser) registrationToken(form views.RegistrationTokenForm, now time.Time) models.RegistrationTokenSettings {
	s := models.RegistrationTokenSettings{
		Identifier: new(p.Text("identifier", form.Identifier)),
		Count:      p.count(form.Count),
		ExpiresAt:  p.expiry(form.ExpiryPreset, form.ExpirationDate, now),
		Note:       new(p.Lines("note", form.Note, models.MaxNoteLength)),
		RefID1:     new(p.Text("refId1", form.RefID1)),
		RefID2:     new(p.Text("refId2", form.RefID2)),
	}
	if strings.TrimSpace(form.Count) == "" {
		if strings.TrimSpace(form.Users+form.Instances) == "" {
			p.Fail("count", "Say how many times the registration token may be used.")
		} else {
			s.Count = p.product(form.Users, form.Instances)
		}
	}
	return s
}

// parseReplacement reads the form of a replacement; what is blank is carried
// over.
func parseReplacement(form views.RegistrationTokenReplaceForm, now time.Time) (models.RegistrationTokenSettings, error) {
	var p formParser
	s := models.RegistrationTokenSettings{
		Count:     p.count(form.Count),
		ExpiresAt: p.expiry(form.ExpiryPreset, form.ExpirationDate, now),
	}
	return s, p.Err()
}

// parseRegistrationTokenDeletion reads the confirmation. Keeping is the
// default; auth tokens are deleted only if they are as many as the question
// said.
func parseRegistrationTokenDeletion(form views.RegistrationTokenDeleteForm) (models.RegistrationTokenDeletion, error) {
	var p formParser
	d := models.RegistrationTokenDeletion{Reason: p.Lines("reason", form.Reason, models.MaxReasonLength)}
	switch form.Choice {
	case "", views.AuthTokensKept:
	case views.AuthTokensDeleted:
		d.AuthTokens, d.Expected = true, new(p.expected(form.Expected))
	default:
		p.Fail("authTokens", "Say whether its live auth tokens are kept or deleted.")
	}
	return d, p.Err()
}
