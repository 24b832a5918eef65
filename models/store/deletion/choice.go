// Package deletion works out which auth tokens a deletion acts on, and counts them.
package deletion

import (
	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/evidence"
)

// AuthTokensOf are the auth tokens that the remedy of d's finding acts on, judged by
// what tx sees; empty, not nil, when there are none.
func AuthTokensOf(tx *gorm.DB, d models.AuthTokenDeletion) ([]string, error) {
	var found []models.RegistrationToken
	if err := tx.Where("id = ?", d.Filter.RegistrationTokenID).Find(&found).Error; err != nil || len(found) == 0 {
		return []string{}, err
	}
	facts, err := evidence.Read(tx, found[0].ID)
	if err != nil {
		return nil, err
	}
	verdict := d.Judge(&found[0], facts)
	return verdict.AuthTokensOf(d.Filter.Finding), nil
}
