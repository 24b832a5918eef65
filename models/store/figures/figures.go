// Package figures counts what happened over time.
package figures

import (
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// BurnDown samples the uses of a registration token and the counts given back, at
// most models.BurnSamples of each, oldest first. They are read by number, so that
// a million of them cost no more than two hundred.
func BurnDown(tx *gorm.DB, registrationTokenID string) (models.BurnDown, error) {
	var result models.BurnDown
	var token models.RegistrationToken
	if err := tx.Take(&token, "id = ?", registrationTokenID).Error; err != nil {
		return result, err
	}
	numbers := samples(token.RedemptionCount)
	if len(numbers) > 0 {
		err := tx.Model(&models.Redemption{}).Select("use_number", "redeemed_at").
			Where("registration_token_id = ? AND use_number IN ?", token.ID, numbers).
			Order("use_number").Scan(&result.Uses).Error
		if err != nil {
			return result, err
		}
	}
	numbers = samples(token.RedemptionCount - token.UsedCount)
	if len(numbers) == 0 {
		return result, nil
	}
	numbered := tx.Model(&models.Reclaim{}).
		Select("reclaimed_at, ROW_NUMBER() OVER (ORDER BY reclaimed_at, id) AS number").
		Where("registration_token_id = ?", token.ID)
	err := tx.Table("(?) AS numbered", numbered).Select("number, reclaimed_at").
		Where("number IN ?", numbers).Order("number").Scan(&result.Reclaims).Error
	return result, err
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

// Activity counts redemptions and refused attempts in periods of the same length,
// the last of which ends now.
func Activity(db *gorm.DB, periods int, length time.Duration, now time.Time) (models.Activity, error) {
	var selects []string
	var args []any
	// Each redemption makes one auth token, whose index has the times.
	for _, source := range []string{"auth_tokens WHERE created_at > ? AND created_at <= ?", "refused_attempts WHERE attempted_at > ? AND attempted_at <= ?"} {
		for i := range periods {
			from := now.Add(-time.Duration(periods-i) * length)
			selects = append(selects, "SELECT "+strconv.Itoa(len(selects))+" AS i, COUNT(*) AS n FROM "+source)
			args = append(args, from, from.Add(length))
		}
	}
	var rows []struct{ I, N int }
	err := db.Raw(strings.Join(selects, " UNION ALL "), args...).Scan(&rows).Error
	activity := models.Activity{Redeemed: make([]int, periods), Refused: make([]int, periods)}
	for _, row := range rows {
		if row.I < periods {
			activity.Redeemed[row.I] = row.N
		} else {
			activity.Refused[row.I-periods] = row.N
		}
	}
	return activity, err
}
