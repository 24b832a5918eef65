package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/edits"
)

// Judge applies list and rules of a registration token to a redemption, and
// changes nothing. A registration token that does not exist admits everybody.
func (s *Store) Judge(ctx context.Context, registrationTokenID string, p models.Presented) (models.Judged, error) {
	judged, err := judge(s.read.WithContext(ctx), registrationTokenID, p)
	return judged, s.failure(err, registrationToken)
}

func judge(tx *gorm.DB, registrationTokenID string, p models.Presented) (models.Judged, error) {
	var t models.RegistrationToken
	err := tx.Select("only_expected", "sign_in_required", "allowed_email_domains", "allowed_networks", "expected_count").
		Where("id = ?", registrationTokenID).Limit(1).Find(&t).Error
	if err != nil {
		return models.Judged{}, err
	}
	var list models.Listed
	if t.ExpectedCount > 0 {
		if list, err = matchListed(tx, registrationTokenID, p); err != nil {
			return models.Judged{}, err
		}
	}
	return t.Admission.Judge(p, list), nil
}

// matchListed consults the list without reading all of it: whole names are looked
// up in an index, and there are few patterns.
func matchListed(tx *gorm.DB, registrationTokenID string, p models.Presented) (models.Listed, error) {
	var found models.Listed
	candidates, err := expectedAt(tx, registrationTokenID, p.Whereabouts())
	if err != nil {
		return found, err
	}
	of := func() *gorm.DB { return tx.Where("registration_token_id = ?", registrationTokenID) }
	if found.Match = models.Match(p, candidates); found.Match != nil {
		return found, nil
	}
	if p.Claimed.FQDN != "" {
		if err := of().Where("glob").Limit(models.MaxExpectedPatterns).Find(&candidates).Error; err != nil {
			return found, err
		}
		found.Match = models.Match(p, candidates)
	}
	if found.Match != nil || !p.Verified.IsZero() {
		return found, nil
	}
	var ids []string
	err = of().Model(&models.Expectation{}).Where("kind = 'email'").Limit(1).Pluck("id", &ids).Error
	found.HasEmails = len(ids) > 0
	return found, err
}

// expectedAt reads the entries at some places of a list, each place along the
// index of folded texts.
func expectedAt(tx *gorm.DB, registrationTokenID string, w models.Whereabouts) ([]models.Expectation, error) {
	where, values := "registration_token_id = ? AND folded IN ?", []any{registrationTokenID, w.Texts}
	for _, beginning := range w.Beginnings {
		where += " OR registration_token_id = ? AND folded > ? AND folded < ?"
		values = append(values, registrationTokenID, beginning, beginning+"\U0010FFFF")
	}
	var found []models.Expectation
	return found, tx.Where(where, values...).Find(&found).Error
}

// recordArrival notes on the list that somebody expected has arrived.
func recordArrival(tx *gorm.DB, t *models.AuthToken) error {
	if t.ExpectationID == nil {
		return nil
	}
	return tx.Model(&models.Expectation{}).Where("id = ?", *t.ExpectationID).UpdateColumns(map[string]any{
		"arrivals":            gorm.Expr("arrivals + 1"),
		"first_arrived_at":    gorm.Expr("COALESCE(first_arrived_at, ?)", t.CreatedAt),
		"first_auth_token_id": gorm.Expr("COALESCE(first_auth_token_id, ?)", t.ID),
	}).Error
}

func createExpectations(tx *gorm.DB, list []models.Expectation) error {
	if len(list) == 0 {
		return nil
	}
	return tx.CreateInBatches(&list, batchRows).Error
}

// SetAdmission replaces the rules and edits the list, unless the registration
// token is deleted or its admission version differs. Earlier uses are compared
// with the new list. KindNotFound; KindConflict says which guard refused.
func (s *Store) SetAdmission(ctx context.Context, id string, version int, change models.AdmissionChange, event models.AuditEvent) (*models.RegistrationToken, error) {
	var updated *models.RegistrationToken
	err := s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		rules := models.RegistrationToken{Admission: change.Rules}
		rules.AdmissionVersion = version + 1
		done := tx.Model(&models.RegistrationToken{}).Where("id = ? AND deleted_at IS NULL AND admission_version = ?", id, version).
			Select("only_expected", "sign_in_required", "allowed_email_domains", "allowed_networks", "expected_count", "admission_version").
			UpdateColumns(&rules)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return edits.Refused(tx, id, func(*models.RegistrationToken) error { return nil })
		}
		if err := s.changeList(tx, id, change); err != nil {
			return err
		}
		if err := appendAudit(tx, event); err != nil {
			return err
		}
		var err error
		updated, err = takeWithCustomer(tx, s.fillRegistrationTokenCustomers, "id = ?", id)
		return err
	})
	return updated, err
}

func (s *Store) changeList(tx *gorm.DB, registrationTokenID string, change models.AdmissionChange) error {
	if len(change.Added)+len(change.Removed) == 0 {
		return nil
	}
	if len(change.Removed) > 0 {
		if err := tx.Where(s.oneOf("id", change.Removed)).Delete(&models.Expectation{}).Error; err != nil {
			return err
		}
	}
	if err := createExpectations(tx, change.Added); err != nil {
		return err
	}
	return s.compareUses(tx, registrationTokenID, change.List)
}
