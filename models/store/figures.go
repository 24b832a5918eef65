package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/figures"
)

// BurnDown samples the uses of a registration token and the counts given back, at
// most models.BurnSamples of each, oldest first.
func (s *Store) BurnDown(ctx context.Context, registrationTokenID string) (burnt models.BurnDown, err error) {
	err = s.snapshot(ctx, func(tx *gorm.DB) (err error) {
		burnt, err = figures.BurnDown(tx, registrationTokenID)
		return err
	})
	return burnt, s.failure(err, registrationToken)
}

// Activity counts redemptions and refused attempts in periods of the same length,
// the last of which ends now.
func (s *Store) Activity(ctx context.Context, periods int, length time.Duration, now time.Time) (models.Activity, error) {
	activity, err := figures.Activity(s.read.WithContext(ctx), periods, length, now)
	return activity, s.failure(err, "activity")
}
