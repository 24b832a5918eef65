package store

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/listing"
	"muster/models/store/search"
)

type registrationTokenRow = models.RegistrationToken

var registrationTokenCreated = listing.By("created_at", func(t *registrationTokenRow) any { return t.CreatedAt })

var registrationTokenList = listing.List[registrationTokenRow]{
	Name:   "registrationTokens",
	Newest: registrationTokenCreated,
	Sorts: map[string]listing.Order[registrationTokenRow]{
		"identifier":     listing.By("identifier", func(t *registrationTokenRow) any { return t.Identifier }),
		"count":          listing.By("count", func(t *registrationTokenRow) any { return t.Count }),
		"usedCount":      listing.By("used_count", func(t *registrationTokenRow) any { return t.UsedCount }),
		"remainingCount": listing.By("count - used_count", func(t *registrationTokenRow) any { return t.Count - t.UsedCount }),
		"expirationDate": listing.By("expires_at", func(t *registrationTokenRow) any { return t.ExpiresAt }),
		"lastRedeemedAt": listing.By("COALESCE(last_redeemed_at, '0001-01-01 00:00:00+00:00')", lastRedeemed),
		"createdAt":      registrationTokenCreated,
		"updatedAt":      listing.By("updated_at", func(t *registrationTokenRow) any { return t.UpdatedAt }),
	},
	ID: func(t *registrationTokenRow) string { return t.ID },
}

// lastRedeemed is a zero time, before all others, for one that nobody redeemed yet.
func lastRedeemed(t *registrationTokenRow) any {
	if t.LastRedeemedAt == nil {
		return time.Time{}
	}
	return *t.LastRedeemedAt
}

// RegistrationTokens lists those the filter selects, with their Customer,
// newest first unless page says otherwise. Sorting is by identifier, count,
// usedCount, remainingCount, expirationDate, lastRedeemedAt, createdAt or updatedAt.
// KindInvalid with the field pageSize, pageToken, sortBy or status.
func (s *Store) RegistrationTokens(ctx context.Context, filter models.RegistrationTokenFilter, page models.PageRequest, now time.Time) (models.Page[models.RegistrationToken], error) {
	var result models.Page[models.RegistrationToken]
	db := s.read.WithContext(ctx)
	selected, err := s.filterRegistrationTokens(db, filter, now)
	if err != nil {
		return result, err
	}
	ordered := registrationTokenList
	if filter.AsMasked {
		ordered = listing.AsMasked(s.texts, ordered, "identifier")
	}
	if result, err = ordered.Page(selected, filter, page); err != nil {
		return result, s.failure(err, registrationToken)
	}
	err = listing.Count(db, &result, page, func(db *gorm.DB) (*gorm.DB, error) { return s.filterRegistrationTokens(db, filter, now) })
	if err != nil {
		return result, s.failure(err, registrationToken)
	}
	return result, s.failure(s.fillRegistrationTokenCustomers(db, result.Items), registrationToken)
}

func (s *Store) filterRegistrationTokens(db *gorm.DB, f models.RegistrationTokenFilter, now time.Time) (*gorm.DB, error) {
	db = whereGiven(db.Model(&models.RegistrationToken{}), exact{"customer_id = ?", f.CustomerID})
	for field, text := range map[models.SearchField]string{models.SearchLabel: f.Identifier, models.SearchReference1: f.RefID1, models.SearchReference2: f.RefID2} {
		if text != "" {
			condition, args := search.HavingValue(field, text)
			db = db.Where(condition, args...)
		}
	}
	if f.Status != "" {
		status, ok := registrationTokenStates.condition(f.Status)
		if !ok {
			return nil, models.InvalidField("status", "status must be one of active, exhausted, expired, disabled, deleted.")
		}
		db = db.Where(status.at(now))
	}
	if f.IDs != nil {
		db = db.Where(s.oneOf("id", f.IDs))
	}
	if !f.CreatedAfter.IsZero() {
		db = db.Where("created_at > ?", f.CreatedAfter)
	}
	if !f.ExpiresBefore.IsZero() {
		db = db.Where("expires_at > ? AND expires_at <= ?", now, f.ExpiresBefore)
	}
	if f.NeedsAttention {
		db = needingAttention(db, now)
	}
	db, err := s.narrowRegistrationTokens(db, f.Where, f.AsMasked)
	if err != nil {
		return nil, err
	}
	if f.Search != "" {
		columns := []string{"identifier", "ref_id_1", "ref_id_2", "note", "hint"}
		if f.AsMasked {
			db = s.texts.ContainsAsMasked(db, f.Search, columns, nil)
		} else {
			db = s.texts.Contains(db, f.Search, columns...)
		}
	}
	return db, nil
}

// RegistrationTokenStatusCounts counts the registration tokens of each status;
// every status has an entry.
func (s *Store) RegistrationTokenStatusCounts(ctx context.Context, now time.Time) (map[models.Status]int, error) {
	var rows []struct {
		Status models.Status
		N      int
	}
	err := s.read.WithContext(ctx).Model(&models.RegistrationToken{}).
		Select(string(registrationTokenStates.name())+" AS status, COUNT(*) AS n", sql.Named("now", now)).Group("status").Scan(&rows).Error
	counts := make(map[models.Status]int, len(models.Statuses))
	for _, status := range models.Statuses {
		counts[status] = 0
	}
	for _, row := range rows {
		counts[row.Status] = row.N
	}
	return counts, s.failure(err, registrationToken)
}

// Usage reads the registration tokens with these ids, in any order and without
// their Customer, for live counts.
func (s *Store) Usage(ctx context.Context, ids []string) ([]models.RegistrationToken, error) {
	var rows []models.RegistrationToken
	if len(ids) == 0 {
		return rows, nil
	}
	err := s.read.WithContext(ctx).Where(s.oneOf("id", ids)).Find(&rows).Error
	return rows, s.failure(err, registrationToken)
}
