// Package calls finds what became of a call, by the request id that it was
// answered with.
package calls

import (
	"errors"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
	"gorm.io/gorm"

	"muster/models"
)

// A row is made soon after its call began; clocks are read in the same process, but
// a change waits for others.
const (
	before = 2 * time.Second
	after  = time.Minute
)

// Outcome is what became of a call. A redemption has one or the other.
type Outcome struct{ SupportCode, AuthTokenID string }

// Of is what became of the call; the zero Outcome if nothing did. Request ids have no
// index, which redemptions would pay for. They and the ids of rows begin with their
// time, so that the rows of a minute are read.
func Of(db *gorm.DB, requestID string) (Outcome, error) {
	id, err := ulid.ParseStrict(strings.ToUpper(requestID))
	if err != nil {
		return Outcome{}, nil //nolint:nilerr // no call has such an id
	}
	made := ulid.Time(id.Time())
	rows := db.Session(&gorm.Session{}).Where("id >= ? AND id < ? AND request_id = ?", idAt(made.Add(-before)), idAt(made.Add(after)), requestID)
	rows = rows.Session(&gorm.Session{})
	var attempt models.RefusedAttempt
	if err := rows.Order("id").Take(&attempt).Error; !errors.Is(err, gorm.ErrRecordNotFound) {
		return Outcome{SupportCode: attempt.SupportCode}, err
	}
	var redemption models.Redemption
	if err := rows.Order("id").Take(&redemption).Error; !errors.Is(err, gorm.ErrRecordNotFound) {
		return Outcome{AuthTokenID: redemption.AuthTokenID}, err
	}
	return Outcome{}, nil
}

// idAt is the first id of a time.
func idAt(at time.Time) string {
	var id ulid.ULID
	// It fails beyond the year 10889 and before 1970, where no row is.
	_ = id.SetTime(ulid.Timestamp(at))
	return strings.ToLower(id.String())
}
