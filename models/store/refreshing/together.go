package refreshing

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/group"
)

// Together writes refreshes that came at once; it is a [group.Run]. It waits for no
// row: one that another transaction has would keep all from their answers. ErrLocked
// is the failure of such a change.
func (w Writer) Together(tx *gorm.DB, all []*Change) ([]error, error) {
	if len(all) == 1 {
		return group.Each(w.unlocked)(tx, all)
	}
	var failures []error
	failure, err := group.Within(tx, func() (err error) {
		failures, err = w.atOnce(tx, all)
		return err
	})
	if failure != nil && err == nil {
		return group.Each(w.unlocked)(tx, all) // one of them cannot be stored
	}
	return failures, err
}

func (w Writer) unlocked(tx *gorm.DB, c *Change) error {
	failures, err := w.atOnce(tx, []*Change{c})
	if err != nil {
		return err
	}
	return failures[0]
}

// atOnce locks the rows in the order of their ids, as everybody who does that to
// several must.
func (w Writer) atOnce(tx *gorm.DB, all []*Change) ([]error, error) {
	places := map[*Change]int{}
	for place, c := range all {
		places[c] = place
	}
	inOrder := slices.Clone(all)
	slices.SortStableFunc(inOrder, func(a, b *Change) int { return strings.Compare(a.AuthTokenID, b.AuthTokenID) })
	failures := make([]error, len(all))
	for some := range group.Portions(inOrder) {
		ours, err := w.lock(tx, some)
		if err != nil {
			return nil, err
		}
		var rotations []*Change
		for _, c := range some {
			switch {
			case !ours(c.AuthTokenID):
				failures[places[c]] = ErrLocked
			case c.Rotation != nil:
				rotations = append(rotations, c)
			default:
				if err := w.repeat(tx, c); err != nil {
					return nil, err
				}
			}
		}
		for portion := range group.Portions(rotations) {
			if err := w.rotate(tx, portion); err != nil {
				return nil, err
			}
		}
	}
	return failures, nil
}

// lock takes the rows that nobody has, and tells which these are.
func (w Writer) lock(tx *gorm.DB, some []*Change) (ours func(id string) bool, err error) {
	if !w.Locks {
		return func(string) bool { return true }, nil
	}
	ids := make([]any, len(some))
	for i, c := range some {
		ids[i] = c.AuthTokenID
	}
	var locked []string
	err = tx.Raw("SELECT id FROM auth_tokens WHERE id IN ("+strings.Repeat("?, ", len(ids)-1)+"?) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED", ids...).
		Scan(&locked).Error
	return func(id string) bool { return slices.Contains(locked, id) }, err
}

// rotate moves families to their next generation. Its WHERE holds every condition, so
// that of two who present the same refresh token one is first.
func (w Writer) rotate(tx *gorm.DB, some []*Change) error {
	row := "(?, ?, ?, ?, ?, ?, ?)"
	if w.Locks { // PostgreSQL takes what has no type for text
		row = "(?, ?::bytea, ?::bytea, ?::bytea, ?::timestamptz, ?::timestamptz, ?)"
	}
	var values []any
	bySuccessor := map[string]*Change{}
	for _, c := range some {
		r := c.Rotation()
		values = append(values, c.AuthTokenID, r.Presented, r.Successor, r.SealedSuccessor, r.At, r.IdleExpiresAt, r.IP)
		c.Done = false
		bySuccessor[string(r.Successor)] = c
	}
	var rotated []models.AuthToken
	err := tx.Raw(`WITH rotation (auth_token_id, presented, successor, sealed, happened_at, idle_until, seen_ip) AS (VALUES `+
		strings.Repeat(row+", ", len(some)-1)+row+`)
UPDATE auth_tokens SET generation = generation + 1, previous_digest = presented, refresh_digest = successor, sealed_successor = sealed,
	rotated_at = happened_at, idle_expires_at = idle_until, first_used_at = COALESCE(first_used_at, happened_at),
	last_seen_at = happened_at, last_seen_ip = seen_ip
FROM rotation WHERE id = auth_token_id AND refresh_digest = presented AND `+strings.ReplaceAll(w.Live, "@now", "happened_at")+`
RETURNING refresh_digest`, values...).Scan(&rotated).Error
	for _, t := range rotated {
		bySuccessor[string(t.RefreshDigest)].Done = true
	}
	return err
}
