package tokens

import (
	"context"
	"strings"
	"time"

	"muster/models"
)

// SetAdmission replaces the rules on who may redeem, and edits the expected
// list. The actor needs PermissionRegistrationTokenWrite. KindInvalid with
// the fields expected, emailDomains, networks; KindStale when it was edited since
// settings.Version; KindConflict with CodeRegistrationTokenDeleted; KindNotFound.
func (s *Service) SetAdmission(ctx context.Context, actor models.Actor, id string, settings models.AdmissionSettings) (*models.RegistrationToken, error) {
	if err := actor.Require(models.PermissionRegistrationTokenWrite); err != nil {
		return nil, err
	}
	now := s.now()
	var c checker
	c.admission(&settings)
	if err := c.err(); err != nil {
		return nil, err
	}
	var refused error
	for range maxAttempts {
		token, err := s.store.RegistrationToken(ctx, id)
		if err != nil {
			return nil, err
		}
		if settings.Version != nil && *settings.Version != token.AdmissionVersion {
			return nil, models.ErrStale()
		}
		change, err := s.admissionChange(ctx, token, settings, now)
		if err != nil {
			return nil, err
		}
		detail := admissionDetail(token.Admission, change)
		if len(detail) == 0 {
			return token, nil
		}
		event, err := s.event(now, actor, models.AuditRegistrationTokenAdmissionSet, models.ObjectRegistrationToken, id, detail)
		if err != nil {
			return nil, err
		}
		updated, err := s.store.SetAdmission(ctx, id, token.AdmissionVersion, change, event)
		if models.ErrorCode(err) == models.CodeConflict && err != nil {
			refused = err
			continue
		}
		if err != nil {
			return nil, err
		}
		s.notify(Change{RegistrationTokenID: id, Kind: ChangeRegistrationToken})
		return updated, nil
	}
	return nil, refused
}

// SettleClaims ends that claims meet the e-mail entries of a list that were there
// before these needed a sign-in: with ListVerify they need one, with ListUserNames
// they become user names. Version is as in AdmissionSettings. Errors as in
// SetAdmission.
func (s *Service) SettleClaims(ctx context.Context, actor models.Actor, id string, how models.ListMode, version int) (*models.RegistrationToken, error) {
	if err := actor.Require(models.PermissionRegistrationTokenWrite); err != nil {
		return nil, err
	}
	if settledAs[how] == "" {
		return nil, models.InvalidField("settle", "Choose what becomes of these entries.")
	}
	token, err := s.store.RegistrationToken(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.SetAdmission(ctx, actor, id, models.AdmissionSettings{Rules: token.Admission, Mode: how, Version: &version})
}

// admissionChange applies the settings to the present list, and gives new entries
// their ids.
func (s *Service) admissionChange(ctx context.Context, token *models.RegistrationToken, settings models.AdmissionSettings, now time.Time) (models.AdmissionChange, error) {
	if token.DeletedAt != nil {
		return models.AdmissionChange{}, errDeletedToken(token)
	}
	list, err := s.store.ExpectedList(ctx, token.ID)
	if err != nil {
		return models.AdmissionChange{}, err
	}
	change, err := settings.Edit(list)
	if err != nil {
		return change, err
	}
	return change, s.nameExpected(token.ID, &change, now)
}

// nameExpected gives the entries added to a list their ids.
func (s *Service) nameExpected(registrationTokenID string, change *models.AdmissionChange, now time.Time) error {
	for i := range change.Added {
		e := &change.Added[i]
		id, err := s.newID(now)
		if err != nil {
			return err
		}
		e.ID, e.RegistrationTokenID, e.CreatedAt = id, registrationTokenID, now
	}
	copy(change.List[len(change.List)-len(change.Added):], change.Added)
	return nil
}

// firstAdmission gives a new registration token its rules, and returns its list.
func (s *Service) firstAdmission(token *models.RegistrationToken, settings *models.AdmissionSettings, now time.Time) ([]models.Expectation, error) {
	if settings == nil {
		return nil, nil
	}
	change, err := settings.Edit(nil)
	if err != nil {
		return nil, err
	}
	token.Admission = change.Rules
	return change.List, s.nameExpected(token.ID, &change, now)
}

// admission checks rules and entries, and normalises the rules.
func (c *checker) admission(s *models.AdmissionSettings) {
	if s == nil {
		return
	}
	rules, bad := models.CheckAdmission(models.Admission{
		OnlyExpected: s.Rules.OnlyExpected, SignInRequired: s.Rules.SignInRequired,
		EmailDomains: s.Rules.EmailDomains, Networks: s.Rules.Networks,
	})
	s.Rules = rules
	c.fields = append(c.fields, bad...)
	for i := range s.Entries {
		e := &s.Entries[i]
		for _, text := range []string{e.Pattern, e.Note} {
			if held := checkNoSecret("expected", text); held != nil {
				c.add(held)
				return
			}
		}
	}
}

// noAdmission is [admissionFields] without any rule.
var noAdmission = admissionFields(models.Admission{})

// admissionFields are the rules as the audit trail records them.
func admissionFields(a models.Admission) map[string]any {
	return map[string]any{
		"onlyExpected": a.OnlyExpected, "signInRequired": a.SignInRequired,
		"emailDomains": strings.Join(a.EmailDomains, ", "), "networks": strings.Join(a.Networks, ", "),
		"expected": a.ExpectedCount,
	}
}

// settledAs says in the audit trail what became of e-mail entries that claims met.
var settledAs = map[models.ListMode]string{models.ListVerify: "sign-in needed", models.ListUserNames: "user names"}

// admissionDetail is what the audit trail records about an edit; empty when it
// changes nothing. It records only numbers about the list: people can be removed
// from the list, but never from the trail.
func admissionDetail(from models.Admission, change models.AdmissionChange) map[string]any {
	detail := map[string]any{}
	before := admissionFields(from)
	for name, value := range admissionFields(change.Rules) {
		if value != before[name] {
			detail[name] = fieldChange{From: before[name], To: value}
		}
	}
	if change.Settled != "" {
		detail["claims"] = settledAs[change.Settled]
		return detail
	}
	if n := len(change.Added); n > 0 {
		detail["added"] = n
	}
	if n := len(change.Removed); n > 0 {
		detail["removed"] = n
	}
	return detail
}

// WouldAdmit says whether a redemption would be let in, by the same code as a
// redemption; it takes no count and writes nothing. The actor needs
// PermissionRegistrationTokenRead. KindInvalid with the fields of a redemption;
// KindNotFound.
func (s *Service) WouldAdmit(ctx context.Context, actor models.Actor, id string, p models.Presented) (AdmissionAnswer, error) {
	if err := actor.Require(models.PermissionRegistrationTokenRead); err != nil {
		return AdmissionAnswer{}, err
	}
	if fields := p.Claimed.Check(); len(fields) > 0 {
		return AdmissionAnswer{}, models.Invalid(fields...)
	}
	token, err := s.store.RegistrationToken(ctx, id)
	if err != nil {
		return AdmissionAnswer{}, err
	}
	judged, err := s.store.Judge(ctx, id, p)
	return AdmissionAnswer{Status: token.Status(s.now()), Judged: judged}, err
}

// WouldAdmitAgain says whether a refused redemption would be let in now. It is
// named by its support code, so that the actor need not see the identity and
// address it is judged by. It takes no count and writes nothing. The actor needs
// PermissionRegistrationTokenRead. KindNotFound when there is no such attempt, or
// it presented no existing registration token; KindInvalid with the fields of a
// redemption when they cannot be tried again.
func (s *Service) WouldAdmitAgain(ctx context.Context, actor models.Actor, supportCode string) (AdmissionAnswer, error) {
	if err := actor.Require(models.PermissionRegistrationTokenRead); err != nil {
		return AdmissionAnswer{}, err
	}
	attempt, err := s.store.RefusedAttemptByCode(ctx, supportCode)
	if err != nil {
		return AdmissionAnswer{}, err
	}
	if attempt.RegistrationTokenID == nil {
		return AdmissionAnswer{}, models.NotFound("registration token")
	}
	return s.WouldAdmit(ctx, actor, *attempt.RegistrationTokenID, models.Presented{
		Claimed: attempt.ClaimedIdentity, Verified: attempt.VerifiedIdentity, IP: attempt.IP,
	})
}

// notAdmitted is the refusal of a rule. The holder of the right secret learns which
// kind of rule it was, but not its content: no network, no domain, no entry of the
// list.
func notAdmitted(rule models.AdmissionRule) *refusal {
	return refusalOf(models.KindForbidden, models.CodeIdentityNotAllowed, models.Refusal{Reason: models.CodeIdentityNotAllowed, Rule: rule})
}
