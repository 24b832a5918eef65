package redeeming

import (
	"gorm.io/gorm"

	"muster/models"
)

// Judge applies list and rules of a registration token to a redemption. One that does
// not exist admits everybody.
func Judge(tx *gorm.DB, registrationTokenID string, p models.Presented) (models.Judged, error) {
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
