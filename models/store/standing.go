package store

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/bulk"
	"muster/models/store/group"
)

// Standing reads what an auth token is worth; KindNotFound.
func (s *Store) Standing(ctx context.Context, id string) (*models.Standing, error) {
	return lookUp(ctx, s, s.standings, id)
}

// Family reads what decides on a refresh token of an auth token; KindNotFound.
func (s *Store) Family(ctx context.Context, id string) (*models.Family, error) {
	return lookUp(ctx, s, s.families, id)
}

// These are prepared once for each connection, however many ids there are.
const (
	standingColumns = `t.id, t.registration_token_id, t.system_user_name, t.fqdn, t.mac_address, t.identifier, t.ref_id_1, t.ref_id_2,
	t.verified_issuer, t.verified_subject, t.verified_email, t.deleted_at, t.ended_at, t.idle_expires_at, t.first_used_at, t.last_seen_at, t.last_seen_ip`
	standings = `SELECT ` + standingColumns + ` FROM auth_tokens t WHERE `
	families  = `SELECT ` + standingColumns + `, c.identifier AS customer_identifier, t.family_digest, t.refresh_digest, t.previous_digest,
	t.sealed_successor, t.created_at, t.rotated_at, t.generation FROM auth_tokens t JOIN customers c ON c.id = t.customer_id WHERE `
)

// wanted is what is looked up of an auth token; found stays nil when there is none.
type wanted[T any] struct {
	id    string
	found *T
}

// lookUps are reads of single auth tokens: those that are asked for while one is under
// way share the next.
func lookUps[T any](s *Store, statement string, idOf func(*T) string) *group.Changes[*wanted[T]] {
	read := func(ctx context.Context, fn func(tx *gorm.DB) error) error {
		ctx, done := context.WithTimeout(ctx, s.opts.Busy) // the next ones wait for these
		defer done()
		return fn(s.db.HotRead.WithContext(ctx))
	}
	one := func(db *gorm.DB, w *wanted[T]) error { return lookUpAll(db, statement, []*wanted[T]{w}, idOf) }
	return group.New(read, one, func(db *gorm.DB, all []*wanted[T]) ([]error, error) {
		return nil, lookUpAll(db, statement, all, idOf)
	})
}

func lookUpAll[T any](db *gorm.DB, statement string, all []*wanted[T], idOf func(*T) string) error {
	ids := make([]string, len(all))
	for i, w := range all {
		ids[i] = w.id
	}
	var rows []T
	among, list, err := bulk.Among(db, "t.id", ids)
	if err != nil {
		return err
	}
	if err := db.Raw(statement+among, list).Scan(&rows).Error; err != nil {
		return err
	}
	byID := make(map[string]*T, len(rows))
	for i := range rows {
		byID[idOf(&rows[i])] = &rows[i]
	}
	for _, w := range all {
		w.found = byID[w.id]
	}
	return nil
}

func lookUp[T any](ctx context.Context, s *Store, all *group.Changes[*wanted[T]], id string) (*T, error) {
	w := wanted[T]{id: id}
	if strings.ContainsRune(id, 0) { // PostgreSQL would refuse the ids of all
		return nil, models.NotFound(authToken)
	}
	if err := all.Do(ctx, "", &w); err != nil {
		return nil, s.failure(err, authToken)
	}
	if w.found == nil {
		return nil, models.NotFound(authToken)
	}
	return w.found, nil
}
