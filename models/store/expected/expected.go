// Package expected counts the entries of expected lists.
package expected

import (
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// Count counts the entries of the list of a registration token; uses that were not
// expected are not its business.
func Count(db *gorm.DB, registrationTokenID string) (models.ExpectationCounts, error) {
	var counts models.ExpectationCounts
	err := db.Raw(`SELECT COUNT(first_arrived_at) AS arrived, COUNT(*) - COUNT(first_arrived_at) AS missing,
		COUNT(CASE WHEN kind <> 'email' OR by_claim THEN 1 END) AS claimable, COUNT(CASE WHEN by_claim THEN 1 END) AS by_claim
		FROM expectations WHERE registration_token_id = ?`, registrationTokenID).Scan(&counts).Error
	return counts, err
}

// ByClaim lists the registration tokens that can still be redeemed, or enabled, and
// have e-mail entries that claims meet, the oldest first.
func ByClaim(db *gorm.DB, now time.Time) ([]models.ClaimedList, error) {
	var lists []models.ClaimedList
	err := db.Raw(`SELECT t.id, t.identifier, t.only_expected, COUNT(*) AS entries
		FROM expectations AS e JOIN registration_tokens AS t ON t.id = e.registration_token_id
		WHERE e.by_claim AND t.deleted_at IS NULL AND t.replaced_by_id IS NULL AND t.expires_at > ?
		GROUP BY t.id, t.identifier, t.only_expected ORDER BY t.id`, now).Scan(&lists).Error
	return lists, err
}

// Condition selects the registration tokens of [ByClaim] from their table; @now is
// the time.
const Condition = `deleted_at IS NULL AND replaced_by_id IS NULL AND expires_at > @now
	AND registration_tokens.id IN (SELECT e.registration_token_id FROM expectations AS e WHERE e.by_claim)`

// FillByClaim counts those entries of each registration token that needs attention.
func FillByClaim(db *gorm.DB, items []models.Attention) error {
	for i := range items {
		var n int64
		err := db.Model(&models.Expectation{}).Where("registration_token_id = ? AND by_claim", items[i].ID).Count(&n).Error
		if err != nil {
			return err
		}
		items[i].ByClaim = int(n)
	}
	return nil
}
