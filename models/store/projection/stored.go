package projection

import (
	"errors"
	"time"

	"gorm.io/gorm/clause"

	"muster/models/store/bulk"
)

// store writes the uses of changed auth tokens.
func (b *batch) store(uses []use) error {
	ids := make([]string, len(uses))
	for i := range uses {
		ids[i] = uses[i].ID
	}
	var rows []use
	if err := b.tx.Where("version = ?", b.version).Where(oneOf(b.tx, "id", "?"), list(ids)).Find(&rows).Error; err != nil {
		return err
	}
	before := map[string]*use{}
	for i := range rows {
		before[rows[i].ID] = &rows[i]
	}
	for i := range uses {
		u := &uses[i]
		for _, kind := range sharings {
			if old := before[u.ID]; old != nil && u.open() && kind.of(old) == kind.of(u) {
				*kind.marked(u) = *kind.marked(old)
			}
		}
		b.moved.note(before[u.ID], u)
	}
	if err := b.index(before, uses); err != nil {
		return err
	}
	var fresh, seen, other []use
	for _, u := range uses {
		switch old := before[u.ID]; {
		case old == nil:
			fresh = append(fresh, u)
		case u.onlySeen(*old):
			seen = append(seen, u)
		default:
			other = append(other, u)
		}
	}
	switch err := bulk.Insert(b.tx, fresh); {
	case errors.Is(err, bulk.ErrText):
		other = append(other, fresh...)
	case err != nil:
		return err
	}
	if err := b.seenAgain(seen); err != nil {
		return err
	}
	if len(other) == 0 {
		return nil
	}
	return b.tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&other).Error
}

// onlySeen reports that all that differs from before is when it was seen and
// refreshed: most changes, of which most indexes know nothing.
func (u *use) onlySeen(before use) bool {
	if !u.open() || !before.open() || !u.CreatedAt.Equal(before.CreatedAt) {
		return false
	}
	before.CreatedAt, before.LastSeenAt, before.IdleExpiresAt = u.CreatedAt, u.LastSeenAt, u.IdleExpiresAt
	before.Generation, before.Batch = u.Generation, u.Batch
	return *u == before
}

// seenUse is what of a use is written when nothing else has changed.
type seenUse struct {
	SeenID         string
	SeenAt, IdleAt time.Time
	SeenGeneration int
}

// seenAgain writes uses of which no more has changed than [use.onlySeen] says.
func (b *batch) seenAgain(uses []use) error {
	if len(uses) == 0 {
		return nil
	}
	rows, ids := make([]seenUse, len(uses)), make([]string, len(uses))
	for i := range uses {
		u := &uses[i]
		rows[i], ids[i] = seenUse{u.ID, u.LastSeenAt, u.IdleExpiresAt, u.Generation}, u.ID
	}
	table, values, err := bulk.Given(b.tx, rows)
	if err != nil {
		return err
	}
	among, list, err := bulk.Among(b.tx, "desk_uses.id", ids)
	if err != nil {
		return err
	}
	values = append(append([]any{b.number}, values...), b.version, list)
	return b.tx.Exec(`UPDATE desk_uses SET last_seen_at = seen_at, idle_expires_at = idle_at, generation = seen_generation, batch = ?
		FROM `+table+` AS seen WHERE desk_uses.version = ? AND `+among+` AND desk_uses.id = seen_id`, values...).Error
}
