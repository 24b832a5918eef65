// Package deletion works out which auth tokens a deletion acts on, and counts them.
package deletion

import (
	"context"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
	"muster/models/store/evidence"
)

// AuthTokensOf are the auth tokens that the remedy of d's finding acts on, judged by
// what tx sees; empty, not nil, when there are none.
func AuthTokensOf(tx *gorm.DB, d models.AuthTokenDeletion, rules names.Rules) ([]string, error) {
	return judged(tx, d, func(id string) (*models.Evidence, error) { return evidence.Read(tx, rules, id) })
}

// Foreseen is AuthTokensOf for a preview, judged by what is remembered and by what the
// projection wrote since, as the verdict that a page shows is. It must not be called in
// a transaction.
func Foreseen(ctx context.Context, read *gorm.DB, d models.AuthTokenDeletion, from *evidence.Reader, snapshot evidence.Snapshot) ([]string, error) {
	return judged(read.WithContext(ctx), d, func(id string) (*models.Evidence, error) { return from.Read(ctx, snapshot, id) })
}

func judged(tx *gorm.DB, d models.AuthTokenDeletion, read func(registrationTokenID string) (*models.Evidence, error)) ([]string, error) {
	var found []models.RegistrationToken
	if err := tx.Where("id = ?", d.Filter.RegistrationTokenID).Find(&found).Error; err != nil || len(found) == 0 {
		return []string{}, err
	}
	facts, err := read(found[0].ID)
	if err != nil {
		return nil, err
	}
	verdict := d.Judge(&found[0], facts)
	return verdict.AuthTokensOf(d.Filter.Finding), nil
}
