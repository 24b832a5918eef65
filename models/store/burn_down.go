package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models"
)

// BurnDown samples the uses of a registration token and the counts given back, at
// most models.BurnSamples of each, oldest first. They are read by number, so that
// a million of them cost no more than two hundred.
func (s *Store) BurnDown(ctx context.Context, registrationTokenID string) (models.BurnDown, error) {
	var result models.BurnDown
	err := s.snapshot(ctx, func(tx *gorm.DB) error {
		var token models.RegistrationToken
		if err := tx.Take(&token, "id = ?", registrationTokenID).Error; err != nil {
			return err
		}
		numbers := samples(token.RedemptionCount)
		if len(numbers) > 0 {
			err := tx.Model(&models.Redemption{}).Select("use_number", "redeemed_at").
				Where("registration_token_id = ? AND use_number IN ?", token.ID, numbers).
				Order("use_number").Scan(&result.Uses).Error
			if err != nil {
				return err
			}
		}
		numbers = samples(token.RedemptionCount - token.UsedCount)
		if len(numbers) == 0 {
			return nil
		}
		numbered := tx.Model(&models.Reclaim{}).
			Select("reclaimed_at, ROW_NUMBER() OVER (ORDER BY reclaimed_at, id) AS number").
			Where("registration_token_id = ?", token.ID)
		return tx.Table("(?) AS numbered", numbered).Select("number, reclaimed_at").
			Where("number IN ?", numbers).Order("number").Scan(&result.Reclaims).Error
	})
	return result, s.failure(err, registrationToken)
}

// samples spreads at most BurnSamples numbers evenly over 1 to n, both ends
// included.
func samples(n int) []int {
	if n <= models.BurnSamples {
		numbers := make([]int, max(n, 0))
		for i := range numbers {
			numbers[i] = i + 1
		}
		return numbers
	}
	numbers := make([]int, models.BurnSamples)
	for i := range numbers {
		numbers[i] = 1 + i*(n-1)/(models.BurnSamples-1)
	}
	return numbers
}
