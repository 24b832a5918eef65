package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/edits"
	"muster/models/store/redeeming"
)

// Judge applies list and rules of a registration token to a redemption, and
// changes nothing. A registration token that does not exist admits everybody.
func (s *Store) Judge(ctx context.Context, registrationTokenID string, p models.Presented) (models.Judged, error) {
	judged, err := redeeming.Judge(s.read.WithContext(ctx), registrationTokenID, p)
	return judged, s.failure(err, registrationToken)
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
