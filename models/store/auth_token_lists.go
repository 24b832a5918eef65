package store

import (
	"cmp"
	"context"
	"maps"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

type authTokenRow = models.AuthToken

var authTokenCreated = order[authTokenRow]{"created_at", func(t *authTokenRow) any { return t.CreatedAt }}

var authTokenList = list[authTokenRow]{
	name:   "authTokens",
	newest: authTokenCreated,
	sorts: map[string]order[authTokenRow]{
		"creationDate":   authTokenCreated,
		"lastSeenAt":     {"last_seen_at", func(t *authTokenRow) any { return t.LastSeenAt }},
		"systemUserName": {"system_user_name", func(t *authTokenRow) any { return t.SystemUserName }},
		"fqdn":           {"fqdn", func(t *authTokenRow) any { return t.FQDN }},
	},
	id: func(t *authTokenRow) string { return t.ID },
}

// AuthTokens lists those the filter selects, with their Customer, newest first
// unless page says otherwise. Sorting is by creationDate, lastSeenAt,
// systemUserName or fqdn. Lists of shared devices and persons have an order of
// their own, which keeps the sharers together. With AsMasked no order depends on
// a name. KindInvalid with the field pageSize, pageToken, sortBy or state.
func (s *Store) AuthTokens(ctx context.Context, filter models.AuthTokenFilter, page models.PageRequest, now time.Time) (models.Page[models.AuthToken], error) {
	var result models.Page[models.AuthToken]
	db := s.read.WithContext(ctx)
	selected, err := s.filterAuthTokens(db, filter, now)
	if err != nil {
		return result, err
	}
	if result, err = orderOfAuthTokens(filter).page(selected, filter, page); err != nil {
		return result, s.failure(err, authToken)
	}
	return result, s.failure(s.fillAuthTokenCustomers(db, result.Items), authToken)
}

func orderOfAuthTokens(filter models.AuthTokenFilter) list[authTokenRow] {
	if filter.AsMasked {
		masked := authTokenList
		masked.sorts = maps.Clone(masked.sorts)
		delete(masked.sorts, "systemUserName")
		delete(masked.sorts, "fqdn")
		return masked
	}
	lens := filter.Lens
	if lens == models.LensSurplus {
		lens = models.LensSharedDevice
	}
	if kind, ok := sharings[lens]; ok {
		return kind.list
	}
	return authTokenList
}

func (s *Store) filterAuthTokens(db *gorm.DB, f models.AuthTokenFilter, now time.Time) (*gorm.DB, error) {
	db = db.Model(&models.AuthToken{})
	if f.Finding != "" {
		return nil, models.InvalidField("finding", "The auth tokens of a finding have not been worked out.")
	}
	if f.IDs != nil {
		db = db.Where(s.oneOf("id", f.IDs))
	}
	// The second half of some conditions allows a partial index to be used.
	db = whereGiven(db,
		exact{"registration_token_id = ?", f.RegistrationTokenID},
		exact{"ip = ?", f.IP},
		exact{"customer_id = ?", f.CustomerID})
	if f.Owner != nil {
		db = db.Where("verified_issuer = ? AND verified_subject = ? AND verified_subject <> ''", f.Owner.Issuer, f.Owner.Subject)
	}
	if f.State != "" {
		state, ok := authTokenStates.condition(f.State)
		if !ok {
			return nil, models.InvalidField("state", "state must be one of live, idle_expired, ended, deleted.")
		}
		db = db.Where(state.at(now))
	}
	for _, field := range models.ClaimedFields {
		if value := *field.Of(&f.ClaimedIdentity); value != "" {
			db = db.Where(field.Column+" = ? AND "+field.Column+" <> ''", value)
		}
	}
	for _, bound := range []struct {
		condition string
		at        time.Time
	}{{"created_at >= ?", f.From}, {"created_at < ?", f.To}} {
		if !bound.at.IsZero() {
			db = db.Where(bound.condition, bound.at.UTC())
		}
	}
	db, err := narrowByFacet(db, f)
	if err != nil {
		return nil, err
	}
	switch f.Lens {
	case models.LensSilent:
		db = db.Where(live.at(now)).Where("last_seen_at < ?", now.Add(-cmp.Or(f.LensAge, models.LensSilence)))
	case models.LensNeverRefreshed:
		db = db.Where(live.at(now)).Where("generation = 1 AND created_at < ?", now.Add(-cmp.Or(f.LensAge, models.LensGrace)))
	case models.LensSurplus:
		db = db.Where(surplus.at(now))
	case models.LensUnexpected:
		db = db.Where("unexpected").Where(live.at(now))
	case models.LensSharedDevice, models.LensSharedPerson:
		db = sharings[f.Lens].narrow(db, now)
	}
	if f.Search != "" {
		var claimed []string
		for _, field := range models.ClaimedFields {
			claimed = append(claimed, field.Column)
		}
		addresses := []string{"verified_email", "ip"}
		if f.AsMasked {
			db = s.containsAsMasked(db, f.Search, claimed, addresses)
		} else {
			db = s.contains(db, f.Search, append(claimed, addresses...)...)
		}
	}
	return db, nil
}

// LiveAuthTokenCount counts the live auth tokens of a registration token.
func (s *Store) LiveAuthTokenCount(ctx context.Context, registrationTokenID string, now time.Time) (int, error) {
	return s.AuthTokenCount(ctx, models.AuthTokenFilter{RegistrationTokenID: registrationTokenID, State: models.AuthTokenLive}, now)
}

// AuthTokenCount counts those the filter selects. KindInvalid as in AuthTokens.
func (s *Store) AuthTokenCount(ctx context.Context, filter models.AuthTokenFilter, now time.Time) (int, error) {
	var n int64
	db, err := s.filterAuthTokens(s.read.WithContext(ctx), filter, now)
	if err == nil {
		err = db.Count(&n).Error
	}
	return int(n), s.failure(err, authToken)
}
