package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
	"muster/models/store/projection"
)

// searched says how a field is compared: ignoring case, with an index on its
// folded value and the id, or exactly, in the order of its index.
type searched struct {
	column string
	folded bool
	order  string
	// beginning always matches the beginning.
	beginning bool
	// as is how the desk has a text: its columns are folded already.
	as func(string) string
	// spelled says that whoever looks for a name also finds its other spellings.
	spelled bool
}

// byCreation is the order of the indexes that lists are narrowed by.
const byCreation = "created_at DESC, id DESC"

var (
	authTokenSearch = map[models.SearchField]searched{
		models.SearchPerson: {column: "system_user_name", folded: true, as: projection.Fold, spelled: true},
		models.SearchHost:   {column: "fqdn", folded: true, as: projection.Fold, spelled: true},
		models.SearchEmail:  {column: "verified_email", folded: true, as: projection.Fold},
		models.SearchMAC:    {column: "mac_address", order: byCreation, as: projection.FoldMAC}, models.SearchIP: {column: "ip", order: byCreation},
		models.SearchLabel:      {column: "identifier", order: byCreation},
		models.SearchReference1: {column: "ref_id_1", order: byCreation}, models.SearchReference2: {column: "ref_id_2", order: byCreation},
	}
	refusedAttemptSearch = map[models.SearchField]searched{
		models.SearchPerson: {column: "system_user_name", folded: true}, models.SearchHost: {column: "fqdn", folded: true},
		models.SearchEmail: {column: "verified_email", folded: true},
		models.SearchMAC:   {column: "mac_address", order: "id DESC"}, models.SearchIP: {column: "ip", order: "id DESC"},
	}
	registrationTokenSearch = map[models.SearchField]searched{
		models.SearchID:         {column: "id", beginning: true},
		models.SearchLabel:      {column: "identifier", folded: true},
		models.SearchReference1: {column: "ref_id_1", order: byCreation}, models.SearchReference2: {column: "ref_id_2", order: byCreation},
	}
)

// SearchAuthTokens finds auth tokens in any state, without their Customer: exact
// matches first, the newest of them first. KindUnavailable while the desk is not
// there yet.
func (s *Store) SearchAuthTokens(ctx context.Context, q models.Search) ([]models.AuthToken, error) {
	if err := s.awaitDesk(ctx, false); err != nil {
		return nil, err
	}
	var found []models.AuthToken
	err := s.snapshot(ctx, func(tx *gorm.DB) error {
		rows, err := search[deskRow](s, desk(tx), authTokenSearch, q)
		if err == nil {
			found, err = s.authTokensInOrder(tx, idsOf(rows, deskList.id))
		}
		return err
	})
	return found, s.failure(err, authToken)
}

// SearchRefusedAttempts finds refused attempts in the same order.
func (s *Store) SearchRefusedAttempts(ctx context.Context, q models.Search) ([]models.RefusedAttempt, error) {
	rows, err := search[models.RefusedAttempt](s, s.read.WithContext(ctx), refusedAttemptSearch, q)
	return rows, s.failure(err, refusedAttempt)
}

// SearchRegistrationTokens finds registration tokens in any state in the same
// order, without their Customer.
func (s *Store) SearchRegistrationTokens(ctx context.Context, q models.Search) ([]models.RegistrationToken, error) {
	rows, err := search[models.RegistrationToken](s, s.read.WithContext(ctx), registrationTokenSearch, q)
	return rows, s.failure(err, registrationToken)
}

// highestRune sorts after every character that a text may contain.
const highestRune = "\U0010FFFF"

// search reads at most q.Limit rows, each statement along one index. A field that
// this kind of row lacks finds nothing.
func search[T any](s *Store, from *gorm.DB, fields map[models.SearchField]searched, q models.Search) ([]T, error) {
	field, ok := fields[q.Field]
	if !ok || q.Text == "" || q.Limit < 1 || q.OnlyMasked && !field.folded {
		return nil, nil
	}
	// The second half allows a partial index to be used.
	db := from.Where(field.column + " <> ''")
	if field.as != nil {
		q.Text = field.as(q.Text)
	}
	var rows []T
	if field.beginning {
		return rows, db.Where(field.column+" >= ? AND "+field.column+" < ?", q.Text, q.Text+highestRune).
			Order(field.column + " DESC").Limit(q.Limit).Find(&rows).Error
	}
	if !field.folded {
		return rows, matchExactly(db, field, q).Order(field.order).Limit(q.Limit).Find(&rows).Error
	}
	folded, given := "lower("+field.column+")", "lower(CAST(? AS TEXT))"
	switch {
	case field.as != nil:
		folded, given = field.column, "CAST(? AS TEXT)"
	case s.dialect == PostgreSQL:
		folded = "(" + folded + ` COLLATE "C")`
	}
	db = db.Session(&gorm.Session{})
	var err error
	if !q.OnlyMasked {
		err = db.Where(folded+" = "+given, q.Text).Order("id DESC").Limit(q.Limit).Find(&rows).Error
		if field.spelled && err == nil && (len(rows) > 0 || q.Beginning) {
			rows, db, err = searchSpelled[T](db, field, q)
		}
		if err != nil || !q.Beginning || len(rows) == q.Limit {
			return rows, err
		}
	}
	var more []T
	switch {
	case q.AsMasked:
		db = db.Where("NOT " + s.mayHoldAddress(field.column))
	case q.OnlyMasked:
		db = db.Where(s.mayHoldAddress(field.column))
	}
	err = db.Where(folded+" > "+given, q.Text).Where(folded+" < "+given, q.Text+highestRune).
		Order(folded + ", id").Limit(q.Limit - len(rows)).Find(&more).Error
	return append(rows, more...), err
}

// searchSpelled finds a name in every spelling, the newest first, and returns what
// has none of them.
func searchSpelled[T any](db *gorm.DB, field searched, q models.Search) (rows []T, others *gorm.DB, err error) {
	spellings, err := deskValues(db.Session(&gorm.Session{NewDB: true}), field.column, q.Text, q.AsMasked)
	if err != nil || len(spellings) == 0 {
		return nil, db, err
	}
	err = db.Where(field.column+" IN ?", spellings).Order("id DESC").Limit(q.Limit).Find(&rows).Error
	return rows, db.Where(field.column+" NOT IN ?", spellings).Session(&gorm.Session{}), err
}

func matchExactly(db *gorm.DB, field searched, q models.Search) *gorm.DB {
	if spellings := names.MACSpellings(q.Text); q.Field == models.SearchMAC && field.as == nil && spellings != nil {
		return db.Where(field.column+" IN ?", spellings)
	}
	return db.Where(field.column+" = ?", q.Text)
}
