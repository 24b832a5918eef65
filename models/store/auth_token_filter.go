package store

import (
	"cmp"
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/search"
)

// asksDesk reports whether the desk selects: the auth tokens themselves have
// indexes only for their time, their registration token and their owner.
func asksDesk(f models.AuthTokenFilter) bool {
	return hasFacts(f) || f.Lens != "" || f.CustomerID != ""
}

// hasFacts reports whether a filter names something that the projection knows.
func hasFacts(f models.AuthTokenFilter) bool {
	return f.ClaimedIdentity != models.ClaimedIdentity{} || f.IP != "" || f.Like != models.Like{} || f.Search != "" || len(f.Where) > 0
}

// awaitDeskForDeletion waits for the desk, for all of it where that selects. Where the
// rows of the auth tokens say by themselves what is to be deleted, it only counts
// people and devices, and need not have everything; a single one is deleted at once.
func (s *Store) awaitDeskForDeletion(ctx context.Context, f models.AuthTokenFilter) error {
	_, sharing := sharingOf(f.Lens)
	_, joins := joins(ctx)
	switch {
	case joins: // the projector could wait for the very writer that is held here
		return nil
	case sharing || hasFacts(f) || f.Finding != "" || preselects(f):
		return s.awaitDesk(ctx, true)
	case len(f.IDs) == 1:
		return nil
	}
	_, err := s.projector.Await(ctx, s.patience)
	return s.failure(err, "desk")
}

// filterDesk selects from the desk. It is as current as that.
func (s *Store) filterDesk(tx *gorm.DB, f models.AuthTokenFilter, now time.Time) (*gorm.DB, error) {
	rows := deskFor(tx, f)
	many, err := sharesMany(rows, f)
	if err != nil {
		return nil, err
	}
	if many { // the text is no column of an index
		rows, f.RegistrationTokenID = rows.Where("registration_token_id || '' = ?", f.RegistrationTokenID), ""
	}
	db, err := s.narrowByFacts(rows, f)
	if err != nil {
		return nil, err
	}
	if f.Owner != nil {
		db = db.Where("id IN (?)", ownedBy(tx.Session(&gorm.Session{NewDB: true}).Model(&models.AuthToken{}).Select("id"), f.Owner))
	}
	return s.narrowByState(db, f, now)
}

// deskFor is where a filter selects: a search says itself which version it reads.
func deskFor(db *gorm.DB, f models.AuthTokenFilter) *gorm.DB {
	if f.Search != "" {
		return db.Table("desk_uses")
	}
	return desk(db)
}

// sharesMany reports whether a lens keeps sharers of a registration token together that
// has so many uses that their own order is the quicker way to a page of them.
func sharesMany(db *gorm.DB, f models.AuthTokenFilter) (many bool, err error) {
	const uses = 50_000
	if _, sharing := sharingOf(f.Lens); !sharing || f.RegistrationTokenID == "" || hasFacts(f) {
		return false, nil
	}
	err = db.Session(&gorm.Session{NewDB: true}).Model(&models.RegistrationToken{}).Select("redemption_count > ?", uses).
		Where("id = ?", f.RegistrationTokenID).Scan(&many).Error
	return many, err
}

// filterAuthTokens selects auth tokens by their rows as they are now: the desk is
// asked only for what they lack.
func (s *Store) filterAuthTokens(tx *gorm.DB, f models.AuthTokenFilter, now time.Time) (*gorm.DB, error) {
	db := tx.Model(&models.AuthToken{})
	if f.Owner != nil {
		db = ownedBy(db, f.Owner)
	}
	if hasFacts(f) {
		facts, err := s.narrowByFacts(deskFor(tx.Session(&gorm.Session{NewDB: true}), f).Select("desk_uses.id"), f)
		if err != nil {
			return nil, err
		}
		db = db.Where("auth_tokens.id IN (?)", facts)
	}
	if preselects(f) {
		chosen, err := s.preselected(desk(tx.Session(&gorm.Session{NewDB: true})).Select("desk_uses.id"), f, now)
		if err != nil {
			return nil, err
		}
		db = db.Where("auth_tokens.id IN (?)", chosen)
	}
	return s.narrowByState(db, f, now)
}

// preselects reports whether nothing in a filter has an index of the auth tokens
// themselves, and something in it has one of the desk.
func preselects(f models.AuthTokenFilter) bool {
	return f.RegistrationTokenID == "" && f.IDs == nil && f.Owner == nil && !hasFacts(f) && (f.Lens != "" || f.CustomerID != "")
}

// preselected narrows the desk to what such a filter may select. Whoever asks has
// waited for the desk, so it lacks nothing that was committed before; what has
// changed since is for the rows themselves to say.
func (s *Store) preselected(desk *gorm.DB, f models.AuthTokenFilter, now time.Time) (*gorm.DB, error) {
	if kind, ok := sharingOf(f.Lens); ok {
		return whereGiven(desk.Where(kind.mark+" AND "+notEnded), exact{"customer_id = ?", f.CustomerID}), nil
	}
	return s.narrowByState(desk, f, now)
}

// ownedBy has a second half that allows a partial index to be used.
func ownedBy(db *gorm.DB, owner *models.VerifiedIdentity) *gorm.DB {
	return db.Where("verified_issuer = ? AND verified_subject = ? AND verified_subject <> ''", owner.Issuer, owner.Subject)
}

// narrowByState applies what both auth tokens and the desk know.
func (s *Store) narrowByState(db *gorm.DB, f models.AuthTokenFilter, now time.Time) (*gorm.DB, error) {
	if f.Finding != "" {
		return nil, models.InvalidField("finding", "The auth tokens of a finding have not been worked out.")
	}
	if f.IDs != nil {
		db = db.Where(s.oneOf("id", f.IDs))
	}
	db = whereGiven(db, exact{"registration_token_id = ?", f.RegistrationTokenID}, exact{"customer_id = ?", f.CustomerID})
	if f.State != "" {
		state, ok := authTokenStates.condition(f.State)
		if !ok {
			return nil, models.InvalidField("state", "state must be one of live, idle_expired, ended, deleted.")
		}
		db = db.Where(state.at(now))
	}
	for _, bound := range []struct {
		condition string
		at        time.Time
	}{{"created_at >= ?", f.From}, {"created_at < ?", f.To}} {
		if !bound.at.IsZero() {
			db = db.Where(bound.condition, bound.at.UTC())
		}
	}
	switch f.Lens {
	case models.LensSilent:
		// None was seen before it was made: the newest need not be looked at.
		since := now.Add(-cmp.Or(f.LensAge, models.LensSilence))
		db = db.Where(live.at(now)).Where("last_seen_at < ? AND created_at < ?", since, since)
	case models.LensNeverRefreshed:
		db = db.Where(live.at(now)).Where("generation = 1 AND created_at < ?", now.Add(-cmp.Or(f.LensAge, models.LensGrace)))
	case models.LensUnexpected:
		db = db.Where("unexpected").Where(live.at(now))
	case models.LensSurplus, models.LensSharedDevice, models.LensSharedPerson:
		db = narrowBySharing(db, f.Lens, now)
	}
	return db, nil
}

// narrowByFacts applies what the desk alone knows, to rows of the desk.
func (s *Store) narrowByFacts(db *gorm.DB, f models.AuthTokenFilter) (*gorm.DB, error) {
	db = whereGiven(db, exact{"registration_token_id = ?", f.RegistrationTokenID}, exact{"ip = ? AND ip <> ''", f.IP})
	for _, field := range models.ClaimedFields {
		text := *field.Of(&f.ClaimedIdentity)
		if text == "" {
			continue
		}
		var err error
		if db, err = whereDesk(db, field.Column, text, f.AsMasked); err != nil {
			return nil, err
		}
	}
	db, err := s.narrowDesk(db, f.Where, f.AsMasked)
	if err != nil {
		return nil, err
	}
	db, err = narrowByLike(db, f.Like)
	if err != nil || f.Search == "" {
		return db, err
	}
	return search.Desk(db, s.texts, f)
}
