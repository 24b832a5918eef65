package store

import (
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// sharing is one way in which auth tokens belong together. Those that share a key
// with others are marked, so that an index lists them. The mark stays when the
// others end, so lists check again.
type sharing struct {
	key, mark string
	of        func(*models.AuthToken) string
	set       func(*models.AuthToken)
	// list keeps those with the same key together.
	list list[authTokenRow]
}

var sharings = map[models.AuthTokenLens]sharing{
	models.LensSharedDevice: {
		"device_key", "several_on_device",
		func(t *models.AuthToken) string { return t.DeviceKey }, func(t *models.AuthToken) { t.SharesDevice = true },
		list[authTokenRow]{
			name: "authTokensOnDevice", newest: order[authTokenRow]{"device_key", func(t *authTokenRow) any { return t.DeviceKey }}, id: authTokenList.id,
		},
	},
	models.LensSharedPerson: {
		"person_key", "several_of_person",
		func(t *models.AuthToken) string { return t.PersonKey }, func(t *models.AuthToken) { t.SharesPerson = true },
		list[authTokenRow]{
			name: "authTokensOfPerson", newest: order[authTokenRow]{"person_key", func(t *authTokenRow) any { return t.PersonKey }}, id: authTokenList.id,
		},
	},
}

const notEnded = "deleted_at IS NULL AND ended_at IS NULL"

// markSharing gives a new auth token its keys, and marks it and the one that was
// alone until now. For each kind it reads and writes at most one row, however many
// there are.
func markSharing(tx *gorm.DB, t *models.AuthToken) error {
	t.DeviceKey = models.DeviceKey(t.ClaimedIdentity)
	t.PersonKey = models.PersonKey(t.VerifiedIdentity, t.ClaimedIdentity)
	t.NetworkKey, t.DomainKey = models.NetworkOf(t.IP), models.DomainOf(t.VerifiedIdentity, t.ClaimedIdentity)
	for _, kind := range sharings {
		if kind.of(t) == "" {
			continue
		}
		same := func() *gorm.DB {
			return tx.Model(&models.AuthToken{}).Where(kind.key+" = ? AND customer_id = ? AND "+notEnded, kind.of(t), t.CustomerID)
		}
		marked := same().Where("NOT "+kind.mark).UpdateColumn(kind.mark, true)
		if marked.Error != nil {
			return marked.Error
		}
		var others []string
		if marked.RowsAffected == 0 {
			if err := same().Where(kind.mark).Limit(1).Pluck("id", &others).Error; err != nil {
				return err
			}
		}
		if marked.RowsAffected > 0 || len(others) > 0 {
			kind.set(t)
		}
	}
	return nil
}

// narrow keeps those that still share the key with another one.
func (kind sharing) narrow(db *gorm.DB, now time.Time) *gorm.DB {
	return db.Where(kind.mark).Where(live.at(now)).Where("EXISTS (SELECT 1 FROM auth_tokens AS other WHERE other." + kind.key + " = auth_tokens." + kind.key +
		" AND other." + kind.mark + " AND other.deleted_at IS NULL AND other.ended_at IS NULL" +
		" AND other.customer_id = auth_tokens.customer_id AND other.id <> auth_tokens.id)")
}

// surplus keeps those whose device has another live one of the same
// registration token that was seen later; the mark lets an index find them.
var surplus = "several_on_device AND " + live + ` AND EXISTS (
	SELECT 1 FROM auth_tokens AS kept WHERE kept.device_key = auth_tokens.device_key
		AND kept.several_on_device AND kept.deleted_at IS NULL AND kept.ended_at IS NULL AND kept.idle_expires_at > @now
		AND kept.registration_token_id = auth_tokens.registration_token_id
		AND (kept.last_seen_at, kept.id) > (auth_tokens.last_seen_at, auth_tokens.id))`
