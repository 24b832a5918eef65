package refreshing

import (
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/bulk"
	"muster/models/store/group"
)

// Together writes refreshes that came at once; it is a [group.Together]. It waits for
// no row: one that another transaction has would keep all from their answers. ErrLocked
// is the failure of such a change.
func (w Writer) Together(tx *gorm.DB, all []*Change) ([]error, error) {
	ours, err := w.lock(tx, all)
	if err != nil {
		return nil, err
	}
	failures := make([]error, len(all))
	var rotations []*Change
	for i, c := range all {
		switch {
		case !ours(c.AuthTokenID):
			failures[i] = ErrLocked
		case c.Rotation != nil:
			rotations = append(rotations, c)
		default:
			if err := w.repeat(tx, c); err != nil {
				return nil, group.Singly(err)
			}
		}
	}
	if len(rotations) == 0 {
		return failures, nil
	}
	if err := w.rotate(tx, rotations); err != nil {
		return nil, group.Singly(err)
	}
	return failures, nil
}

// lock takes the rows that nobody has, in the order of their ids, as everybody who
// locks several must, and tells which these are.
func (w Writer) lock(tx *gorm.DB, all []*Change) (ours func(id string) bool, err error) {
	if !w.Locks {
		return func(string) bool { return true }, nil
	}
	among, list, err := bulk.Among(tx, "id", idsOf(all))
	if err != nil {
		return nil, err
	}
	var locked []string
	err = tx.Raw("SELECT id FROM auth_tokens WHERE "+among+" ORDER BY id FOR NO KEY UPDATE SKIP LOCKED", list).Scan(&locked).Error
	return func(id string) bool { return slices.Contains(locked, id) }, err
}

func idsOf(all []*Change) []string {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.AuthTokenID
	}
	return ids
}

// rotation is what is written of a [models.Rotation].
type rotation struct {
	RotationOf                          string
	Presented, Successor, SealedSecrets []byte
	HappenedAt, IdleUntil               time.Time
	SeenIP                              string `gorm:"column:seen_ip"`
}

// rotate moves families to their next generation. Its WHERE holds every condition, so
// that of two who present the same refresh token one is first.
func (w Writer) rotate(tx *gorm.DB, some []*Change) error {
	rotations := make([]rotation, len(some))
	bySuccessor := map[string]*Change{}
	for i, c := range some {
		r := c.Rotation()
		rotations[i] = rotation{c.AuthTokenID, r.Presented, r.Successor, r.SealedSuccessor, r.At, r.IdleExpiresAt, r.IP}
		c.Done = false
		bySuccessor[string(r.Successor)] = c
	}
	table, values, err := bulk.Given(tx, rotations)
	if err != nil {
		return err
	}
	among, list, err := bulk.Among(tx, "auth_tokens.id", idsOf(some))
	if err != nil {
		return err
	}
	numbered := ""
	for _, c := range w.Numbered {
		numbered += ", " + c.Name + " = " + c.Value
	}
	var rotated []models.AuthToken
	err = tx.Raw(`UPDATE auth_tokens SET generation = generation + 1, previous_digest = presented, refresh_digest = successor, sealed_successor = sealed_secrets,
	rotated_at = happened_at, idle_expires_at = idle_until, first_used_at = COALESCE(first_used_at, happened_at),
	last_seen_at = happened_at, last_seen_ip = seen_ip`+numbered+`
FROM `+table+` AS rotation
WHERE `+among+` AND auth_tokens.id = rotation_of AND refresh_digest = presented AND `+strings.ReplaceAll(w.Live, "@now", "happened_at")+`
RETURNING refresh_digest`, append(values, list)...).Scan(&rotated).Error
	for _, t := range rotated {
		bySuccessor[string(t.RefreshDigest)].Done = true
	}
	return err
}
