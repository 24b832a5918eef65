package store

import (
	"context"
	"strings"
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
// systemUserName or fqdn; the lenses of several have one order of their own, in
// which those that belong together stand together. KindInvalid with the field pageSize, pageToken,
// sortBy or state.
func (s *Store) AuthTokens(ctx context.Context, filter models.AuthTokenFilter, page models.PageRequest, now time.Time) (models.Page[models.AuthToken], error) {
	var result models.Page[models.AuthToken]
	db := s.read.WithContext(ctx)
	selected, err := s.filterAuthTokens(db, filter, now)
	if err != nil {
		return result, err
	}
	ordered := authTokenList
	if kind, ok := severalKinds[filter.Lens]; ok {
		ordered = kind.list
	}
	if result, err = ordered.page(selected, filter, page); err != nil {
		return result, s.failure(err, authToken)
	}
	return result, s.failure(s.fillAuthTokenCustomers(db, result.Items), authToken)
}

// stateConditions are the SQL of AuthToken.State, in the same order of
// precedence.
var stateConditions = map[models.AuthTokenState]string{
	models.AuthTokenDeleted:     "deleted_at IS NOT NULL",
	models.AuthTokenEnded:       "deleted_at IS NULL AND ended_at IS NOT NULL",
	models.AuthTokenIdleExpired: "deleted_at IS NULL AND ended_at IS NULL AND idle_expires_at <= ?",
	models.AuthTokenLive:        "deleted_at IS NULL AND ended_at IS NULL AND idle_expires_at > ?",
}

func (s *Store) filterAuthTokens(db *gorm.DB, f models.AuthTokenFilter, now time.Time) (*gorm.DB, error) {
	db = db.Model(&models.AuthToken{})
	if len(f.IDs) > 0 {
		condition, arg := s.oneOf("id", f.IDs)
		db = db.Where(condition, arg)
	}
	// The second half of some conditions lets a partial index be used.
	for _, exact := range []struct{ condition, value string }{
		{"registration_token_id = ?", f.RegistrationTokenID},
		{"system_user_name = ?", f.SystemUserName},
		{"fqdn = ?", f.FQDN},
		{"mac_address = ? AND mac_address <> ''", f.MACAddress},
		{"identifier = ? AND identifier <> ''", f.Identifier},
		{"ref_id_1 = ? AND ref_id_1 <> ''", f.RefID1},
		{"ref_id_2 = ? AND ref_id_2 <> ''", f.RefID2},
		{"ip = ?", f.IP},
		{"customer_id = ?", f.CustomerID},
		{"verified_issuer = ?", f.Issuer},
		{"verified_subject = ? AND verified_subject <> ''", f.Subject},
	} {
		if exact.value != "" {
			db = db.Where(exact.condition, exact.value)
		}
	}
	if f.State != "" {
		condition, ok := stateConditions[f.State]
		if !ok {
			return nil, models.InvalidField("state", "state must be one of live, idle_expired, ended, deleted.")
		}
		if strings.Contains(condition, "?") {
			db = at(db, condition, now)
		} else {
			db = db.Where(condition)
		}
	}
	switch f.Lens {
	case models.LensSilent:
		db = db.Where(stateConditions[models.AuthTokenLive], now).Where("last_seen_at < ?", now.Add(-models.LensSilence))
	case models.LensNeverRefreshed:
		db = db.Where(stateConditions[models.AuthTokenLive], now).Where("generation = 1 AND created_at < ?", now.Add(-models.LensGrace))
	case models.LensUnexpected:
		db = db.Where("unexpected").Where(stateConditions[models.AuthTokenLive], now)
	case models.LensSeveralOnDevice, models.LensSeveralOfPerson:
		db = severalKinds[f.Lens].narrow(db).Where("idle_expires_at > ?", now)
	}
	if f.Search != "" {
		columns := []string{"system_user_name", "fqdn", "mac_address", "identifier", "ref_id_1", "ref_id_2", "verified_email", "ip"}
		if f.WholeAddresses {
			db = s.containsOutsideAddresses(db, f.Search, columns[:6], columns[6:])
		} else {
			db = s.contains(db, f.Search, columns...)
		}
	}
	return db, nil
}

// LiveAuthTokenCount counts the live auth tokens of a registration token.
func (s *Store) LiveAuthTokenCount(ctx context.Context, registrationTokenID string, now time.Time) (int, error) {
	var n int64
	db, err := s.filterAuthTokens(s.read.WithContext(ctx),
		models.AuthTokenFilter{RegistrationTokenID: registrationTokenID, State: models.AuthTokenLive}, now)
	if err == nil {
		err = db.Count(&n).Error
	}
	return int(n), s.failure(err, authToken)
}

type redemptionRow = models.Redemption

var tokenUseList = list[redemptionRow]{
	name: "tokenUses",
	// Use numbers are given in order, and are unique per registration token.
	newest: order[redemptionRow]{"use_number", func(r *redemptionRow) any { return r.UseNumber }},
	id:     func(r *redemptionRow) string { return r.ID },
}

// TokenUses lists who used a registration token, newest first, each with its
// auth token. KindInvalid with the field pageSize, pageToken or sortBy.
func (s *Store) TokenUses(ctx context.Context, registrationTokenID string, page models.PageRequest) (models.Page[models.TokenUse], error) {
	var result models.Page[models.TokenUse]
	err := s.snapshot(ctx, func(tx *gorm.DB) error {
		redemptions, err := tokenUseList.page(
			tx.Model(&models.Redemption{}).Where("registration_token_id = ?", registrationTokenID), registrationTokenID, page)
		if err != nil {
			return err
		}
		ids := make([]string, len(redemptions.Items))
		for i := range redemptions.Items {
			ids[i] = redemptions.Items[i].AuthTokenID
		}
		var authTokens []models.AuthToken
		condition, arg := s.oneOf("id", ids)
		if err := tx.Where(condition, arg).Find(&authTokens).Error; err != nil {
			return err
		}
		if err := s.fillAuthTokenCustomers(tx, authTokens); err != nil {
			return err
		}
		byID := make(map[string]models.AuthToken, len(authTokens))
		for _, t := range authTokens {
			byID[t.ID] = t
		}
		result = models.Page[models.TokenUse]{NextToken: redemptions.NextToken}
		for _, r := range redemptions.Items {
			t := byID[r.AuthTokenID]
			result.Items = append(result.Items, models.TokenUse{
				Redemption: r, AuthToken: t, Reclaimed: t.CountReclaimed, ExpectationID: t.ExpectationID, Unexpected: t.Unexpected,
			})
		}
		return nil
	})
	return result, s.failure(err, "redemption")
}
