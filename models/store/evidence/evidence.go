// Package evidence reads what a verdict about a registration token is judged by:
// its uses, with what the projection knows of their devices and people, and who was
// refused for the count. [Read] reads all of it; a [Reader] remembers, and reads
// what was written since.
package evidence

import (
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
	"muster/models/store/projection"
)

// maxRefused is how many refusals for the count are looked at, the newest.
const maxRefused = 5_000

// Read reads all uses of a registration token that still hold a count, and who was
// refused for the count, as tx sees them: whoever judges and changes in one
// transaction judges what is changed.
func Read(tx *gorm.DB, registrationTokenID string) (*models.Evidence, error) {
	at, err := projection.PositionOf(tx)
	if err != nil {
		return nil, err
	}
	e := &models.Evidence{}
	if err := readUses(tx, names.Rules{}, of{at, registrationTokenID}, e.AddUse); err != nil {
		return nil, err
	}
	return e, readRefused(tx, names.Rules{}, e, of{at, registrationTokenID})
}

// of is what is read: a registration token, as of a position of the projection.
type of struct {
	at                  projection.Position
	registrationTokenID string
}

const columns = `SELECT a.id, a.system_user_name, a.fqdn, a.mac_address, a.ip, a.verified_issuer, a.verified_subject, a.verified_email,
	a.created_at, a.last_seen_at, a.idle_expires_at, a.generation, a.unexpected, a.ended_at, a.deleted_at, a.count_reclaimed,
	u.id IS NOT NULL, COALESCE(u.person, ''), COALESCE(u.device, ''), COALESCE(u.nobody, FALSE), COALESCE(u.vague, FALSE), COALESCE(u.account, '')`

// readUses gives each use that holds a count to add, in the order of time. One that
// the projection does not know yet is told by itself.
func readUses(tx *gorm.DB, rules names.Rules, of of, add func(*models.AuthToken, names.Identity, string)) error {
	rows, err := tx.Raw(columns+` FROM auth_tokens AS a LEFT JOIN desk_uses AS u ON u.version = ? AND u.id = a.id
		WHERE a.registration_token_id = ? ORDER BY a.created_at, a.id`, of.at.Version, of.registrationTokenID).Rows()
	if err != nil {
		return err
	}
	return each(rows, rules, func(t *models.AuthToken, who names.Identity, account string) {
		if !t.CountReclaimed {
			add(t, who, account)
		}
	})
}

// readWritten gives each use that the projection wrote after a batch.
func readWritten(tx *gorm.DB, rules names.Rules, of of, after int64, visit func(*models.AuthToken, names.Identity, string)) error {
	rows, err := tx.Raw(columns+` FROM desk_uses AS u JOIN auth_tokens AS a ON a.id = u.id
		WHERE u.version = ? AND u.registration_token_id = ? AND u.batch > ?`, of.at.Version, of.registrationTokenID, after).Rows()
	if err != nil {
		return err
	}
	return each(rows, rules, visit)
}

// each visits what is selected in columns. It reuses the auth token.
func each(rows *sql.Rows, rules names.Rules, visit func(*models.AuthToken, names.Identity, string)) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var t models.AuthToken
		var who names.Identity
		var known bool
		var account string
		var ended, deleted sql.Null[time.Time]
		err := rows.Scan(&t.ID, &t.SystemUserName, &t.FQDN, &t.MACAddress, &t.IP, &t.Issuer, &t.Subject, &t.Email,
			&t.CreatedAt, &t.LastSeenAt, &t.IdleExpiresAt, &t.Generation, &t.Unexpected, &ended, &deleted, &t.CountReclaimed,
			&known, &who.Person, &who.Device, &who.Nobody, &who.Vague, &account)
		if err != nil {
			return err
		}
		if ended.Valid {
			t.EndedAt = &ended.V
		}
		if deleted.Valid {
			t.DeletedAt = &deleted.V
		}
		if !known {
			s := models.SightingOf(t.VerifiedIdentity, t.ClaimedIdentity)
			who, account = rules.Resolve([]names.Sighting{s})[0], rules.Parse(s).Account
		}
		visit(&t, who, account)
	}
	return rows.Err()
}

// readRefused adds who was refused for the count.
func readRefused(tx *gorm.DB, rules names.Rules, e *models.Evidence, of of) error {
	var refused []models.RefusedAttempt
	err := tx.Where("registration_token_id = ? AND reason = ?", of.registrationTokenID, models.CodeRegistrationTokenExhausted).
		Order("attempted_at DESC, id DESC").Limit(maxRefused).Find(&refused).Error
	if err != nil || len(refused) == 0 {
		return err
	}
	var customerID string
	if err := tx.Model(&models.RegistrationToken{}).Where("id = ?", of.registrationTokenID).Pluck("customer_id", &customerID).Error; err != nil {
		return err
	}
	sightings := make([]names.Sighting, len(refused))
	for i := range refused {
		sightings[i] = models.SightingOf(refused[i].VerifiedIdentity, refused[i].ClaimedIdentity)
	}
	who, err := projection.Identify(tx, rules, of.at, customerID, sightings)
	if err != nil {
		return err
	}
	for i := range refused {
		e.AddRefused(refused[i], who[i])
	}
	return nil
}
