package admin

import (
	"strings"
	"time"

	"muster/handlers/web"
	"muster/models"
	views "muster/views/admin"
)

// parseNewRegistrationToken reads the form for a new registration token,
// including who may redeem it. It is errUnconfirmed when nobody has seen yet how the
// list was read.
func parseNewRegistrationToken(form views.RegistrationTokenForm, list *expectedList, now time.Time) (models.RegistrationTokenSettings, error) {
	var p formParser
	s := p.registrationToken(form, now)
	list.form.Mode, list.form.Version = string(models.ListAdd), ""
	s.Admission = new(p.admission(list))
	err := p.Err()
	if err == nil && list.given() && !list.confirmed() {
		err = unconfirmed(s.Admission.Rules)
	}
	return s, err
}

// parseEditedRegistrationToken reads the form for an existing one. An expiry
// that was left as shown does not change.
func parseEditedRegistrationToken(form views.RegistrationTokenForm, expires, now time.Time) (models.RegistrationTokenSettings, error) {
	var p formParser
	s := p.registrationToken(form, now)
	if form.ExpiryPreset == views.ExpiryCustom && strings.TrimSpace(form.ExpirationDate) == web.FormatDateTime(expires, web.ZoneOfForm(form.Zone, now)) {
		s.ExpiresAt = nil
	}
	return s, p.Err()
}

// registrationToken reads what both forms have.
func (p *formParser) registrationToken(form views.RegistrationTokenForm, now time.Time) models.RegistrationTokenSettings {
	s := p.terms(form.TermsForm, now)
	s.Identifier = new(p.Text("identifier", form.Identifier))
	if strings.TrimSpace(form.Count) == "" {
		if strings.TrimSpace(form.Users+form.Instances) == "" {
			p.Fail("count", "Say how many times the registration token may be used.")
		} else {
			s.Count = p.product(form.Users, form.Instances)
		}
	}
	return s
}

// parseReplacement reads the form for a replacement; blank fields keep their
// old values.
func parseReplacement(form views.TermsForm, now time.Time) (models.RegistrationTokenSettings, error) {
	var p formParser
	s := models.RegistrationTokenSettings{Count: p.count(form.Count), ExpiresAt: p.expiry(form, now)}
	return s, p.Err()
}

// parseRegistrationTokenDeletion reads the confirmation. Keeping is the
// default; auth tokens are deleted only if their number is the one the question
// named.
func parseRegistrationTokenDeletion(form views.RegistrationTokenDeleteForm) (models.RegistrationTokenDeletion, error) {
	var p formParser
	d := models.RegistrationTokenDeletion{Reason: p.Lines("reason", form.Reason, models.MaxReasonLength)}
	switch form.Choice {
	case "", views.AuthTokensKept:
	case views.AuthTokensDeleted:
		d.AuthTokens, d.Expected = true, new(p.expected(form.Expected))
	default:
		p.Fail("authTokens", "Choose whether to keep or delete its live auth tokens.")
	}
	return d, p.Err()
}
