// Package requests reads and changes the rows of requests. An open one that has
// lapsed is said to be so in every answer; its row follows when something is done
// with it.
package requests

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
)

// Row is a request as it is stored.
type Row struct {
	models.Request
	// RemedyKey is that of the remedy; the database holds it once among what is open.
	RemedyKey string
	// HasLapsed is worked out by [Listed].
	HasLapsed bool `gorm:"->"`
}

// TableName implements the interface of GORM.
func (Row) TableName() string { return "requests" }

// Shown is the request in the state that it has now.
func (r *Row) Shown() *models.Request {
	if r.HasLapsed {
		r.State = models.RequestLapsed
	}
	return &r.Request
}

// lapsed holds for an open request that nobody can decide any more at a time.
func lapsed(now time.Time) clause.Expr {
	return gorm.Expr(`(requests.state = 'open' AND (requests.created_at <= ? OR EXISTS (SELECT 1 FROM registration_tokens AS asked
		WHERE asked.id = requests.registration_token_id AND (asked.deleted_at IS NOT NULL OR asked.replaced_by_id IS NOT NULL
			OR requests.remedy_kind = 'enable' AND asked.disabled_at IS NULL
			OR requests.remedy_kind = 'extend' AND asked.expires_at >= requests.remedy_expires_at))))`, now.Add(-models.RequestLife))
}

// Selected are the rows that the filter selects.
func Selected(db *gorm.DB, f models.RequestFilter, now time.Time) *gorm.DB {
	db = db.Model(&Row{})
	if f.RegistrationTokenID != "" {
		db = db.Where("registration_token_id = ?", f.RegistrationTokenID)
	}
	if f.CreatedByID != "" {
		db = db.Where("created_by_id = ?", f.CreatedByID)
	}
	if !f.CreatedAfter.IsZero() {
		db = db.Where("created_at > ?", f.CreatedAfter)
	}
	if f.Decided {
		db = db.Where("state <> ? OR ?", models.RequestOpen, lapsed(now))
	}
	switch f.State {
	case "":
	case models.RequestOpen:
		db = db.Where("state = ? AND NOT ?", models.RequestOpen, lapsed(now))
	case models.RequestLapsed:
		db = db.Where("state = ? OR ?", models.RequestLapsed, lapsed(now))
	default:
		db = db.Where("state = ?", f.State)
	}
	return db
}

// Listed reads whole rows, each with whether it has lapsed.
func Listed(db *gorm.DB, now time.Time) *gorm.DB {
	return db.Select("requests.*, ? AS has_lapsed", lapsed(now))
}

// Lapse stores that open requests of a registration token have lapsed, and returns
// which.
func Lapse(tx *gorm.DB, registrationTokenID string, now time.Time) ([]string, error) {
	var ids []string
	of := models.RequestFilter{RegistrationTokenID: registrationTokenID}
	if err := Selected(tx, of, now).Where(lapsed(now)).Order("id").Pluck("id", &ids).Error; err != nil {
		return nil, err
	}
	stored := ids[:0]
	for _, id := range ids {
		done, err := End(tx, models.RequestDecision{ID: id, State: models.RequestLapsed, At: now})
		if err != nil {
			return nil, err
		}
		if done {
			stored = append(stored, id)
		}
	}
	return stored, nil
}

// End ends an open request, and reports whether it was open. One that has lapsed
// can only lapse.
func End(tx *gorm.DB, d models.RequestDecision) (bool, error) {
	open := tx.Model(&Row{}).Where("id = ? AND state = ?", d.ID, models.RequestOpen)
	if d.State != models.RequestLapsed {
		open = open.Where("NOT ?", lapsed(d.At))
	}
	done := open.UpdateColumns(map[string]any{
		"state": d.State, "decided_by": d.By, "decided_at": d.At, "decision": d.Reason, "decided_count": d.Count,
	})
	return done.RowsAffected == 1, done.Error
}

// Open is the id of the open request for the same remedy; empty when there is none.
func Open(db *gorm.DB, r *models.Request) (string, error) {
	var ids []string
	err := db.Model(&Row{}).Where("registration_token_id = ? AND remedy_key = ? AND state = ?",
		r.RegistrationTokenID, r.Remedy.Key(), models.RequestOpen).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}
