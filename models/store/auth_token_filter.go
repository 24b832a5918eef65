package store

import (
	"cmp"
	"context"
	"strings"
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
	db, err := s.narrowByFacts(desk(tx), f)
	if err != nil {
		return nil, err
	}
	if f.Owner != nil {
		db = db.Where("id IN (?)", ownedBy(tx.Session(&gorm.Session{NewDB: true}).Model(&models.AuthToken{}).Select("id"), f.Owner))
	}
	return s.narrowByState(db, f, now)
}

// filterAuthTokens selects auth tokens by their rows as they are now: the desk is
// asked only for what they lack.
func (s *Store) filterAuthTokens(tx *gorm.DB, f models.AuthTokenFilter, now time.Time) (*gorm.DB, error) {
	db := tx.Model(&models.AuthToken{})
	if f.Owner != nil {
		db = ownedBy(db, f.Owner)
	}
	if hasFacts(f) {
		facts, err := s.narrowByFacts(desk(tx.Session(&gorm.Session{NewDB: true})).Select("desk_uses.id"), f)
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
	narrowed, there, err := search.Narrow(db, f.Search, f.AsMasked)
	if err != nil || there {
		return narrowed, err
	}
	return s.searchParts(db, f)
}

// mostSearched is how many auth tokens are looked through for a part of a text: the
// newest.
const mostSearched = 20_000

// searchParts finds a part of a text that nothing begins with. Hardware addresses have no
// separators here.
func (s *Store) searchParts(db *gorm.DB, f models.AuthTokenFilter) (*gorm.DB, error) {
	since, err := newestUses(db, f.RegistrationTokenID)
	if err != nil {
		return nil, err
	}
	var columns []string
	for _, field := range models.ClaimedFields {
		columns = append(columns, field.Column)
	}
	addresses := []string{"verified_email", "ip"}
	part := func(text string, columns, addresses []string) *gorm.DB {
		fresh := db.Session(&gorm.Session{NewDB: true})
		if f.AsMasked {
			return s.texts.ContainsAsMasked(fresh, text, columns, addresses)
		}
		return s.texts.Contains(fresh, text, append(columns, addresses...)...)
	}
	found := part(f.Search, columns, addresses)
	if digits := macSeparators.Replace(f.Search); digits != f.Search && strings.Trim(strings.ToLower(digits), "0123456789abcdef") == "" && digits != "" {
		found = found.Or(part(digits, []string{"mac_address"}, nil))
	}
	return db.Where(found).Where("desk_uses.created_at >= ?", since), nil
}

// newestUses is since when there are mostSearched.
func newestUses(db *gorm.DB, registrationTokenID string) (time.Time, error) {
	var since []time.Time
	newest := whereGiven(desk(db.Session(&gorm.Session{NewDB: true})), exact{"registration_token_id = ?", registrationTokenID})
	err := newest.Order("created_at DESC, id DESC").Offset(mostSearched-1).Limit(1).Pluck("created_at", &since).Error
	if err != nil || len(since) == 0 {
		return time.Time{}, err
	}
	return since[0], nil
}

var macSeparators = strings.NewReplacer(":", "", "-", "", ".", "")
