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

// Activity counts redemptions, refused attempts and new registration tokens in periods
// of the same length, the last of which ends now, and what expires in as many from now on.
func Activity(db *gorm.DB, periods int, length time.Duration, now time.Time) (models.Activity, error) {
	activity := models.Activity{
		Redeemed: make([]int, periods), Refused: make([]int, periods), Created: make([]int, periods), Expiring: make([]int, periods),
	}
	past := now.Add(-time.Duration(periods) * length)
	sources := []struct {
		rows string
		from time.Time
		into []int
	}{
		// Each redemption makes one auth token, whose index has the times.
		{"auth_tokens WHERE created_at > ? AND created_at <= ?", past, activity.Redeemed},
		{"refused_attempts WHERE attempted_at > ? AND attempted_at <= ?", past, activity.Refused},
		{"registration_tokens WHERE created_at > ? AND created_at <= ?", past, activity.Created},
		{"registration_tokens WHERE expires_at > ? AND expires_at <= ? AND deleted_at IS NULL", now, activity.Expiring},
	}
	var selects []string
	var args []any
	for _, source := range sources {
		for i := range periods {
			from := source.from.Add(time.Duration(i) * length)
			selects = append(selects, "SELECT "+strconv.Itoa(len(selects))+" AS i, COUNT(*) AS n FROM "+source.rows)
			args = append(args, from, from.Add(length))
		}
	}
	var rows []struct{ I, N int }
	err := db.Raw(strings.Join(selects, " UNION ALL "), args...).Scan(&rows).Error
	for _, row := range rows {
		sources[row.I/periods].into[row.I%periods] = row.N
	}
	return activity, err
}
