package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/listing"
)

type authTokenRow = models.AuthToken

// authTokenList is the list in the order of time, which needs no desk.
var authTokenList = listing.List[authTokenRow]{
	Name:   "authTokens",
	Newest: listing.By("created_at", func(t *authTokenRow) any { return t.CreatedAt }),
	Sorts: map[string]listing.Order[authTokenRow]{
		"creationDate": listing.By("created_at", func(t *authTokenRow) any { return t.CreatedAt }),
	},
	ID: func(t *authTokenRow) string { return t.ID },
}

// deskRow is what lists are cut by.
type deskRow struct {
	ID             string
	CreatedAt      time.Time
	LastSeenAt     time.Time
	SystemUserName string
	FQDN           string `gorm:"column:fqdn"`
	Device         string
	Person         string
}

var deskCreated = listing.By("created_at", func(r *deskRow) any { return r.CreatedAt })

var deskList = listing.List[deskRow]{
	Name:   "deskAuthTokens",
	Newest: deskCreated,
	Sorts: map[string]listing.Order[deskRow]{
		"creationDate":   deskCreated,
		"lastSeenAt":     listing.By("last_seen_at", func(r *deskRow) any { return r.LastSeenAt }),
		"systemUserName": listing.By("system_user_name", func(r *deskRow) any { return r.SystemUserName }),
		"fqdn":           listing.By("fqdn", func(r *deskRow) any { return r.FQDN }),
	},
	ID: func(r *deskRow) string { return r.ID },
}

// AuthTokens lists those the filter selects, with their Customer, newest first
// unless page says otherwise. Sorting is by creationDate, lastSeenAt,
// systemUserName or fqdn. Lists of shared devices and persons have an order of
// their own, which keeps the sharers together. With AsMasked no order depends on
// a name. KindInvalid with the field pageSize, pageToken, sortBy or state.
func (s *Store) AuthTokens(ctx context.Context, filter models.AuthTokenFilter, page models.PageRequest, now time.Time) (models.Page[models.AuthToken], error) {
	if page.SortBy != "" && page.SortBy != "creationDate" || asksDesk(filter) {
		return s.deskAuthTokens(ctx, filter, page, now)
	}
	var result models.Page[models.AuthToken]
	db := s.read.WithContext(ctx)
	selected, err := s.filterAuthTokens(db, filter, now)
	if err != nil {
		return result, err
	}
	if result, err = authTokenList.Page(selected, filter, page); err != nil {
		return result, s.failure(err, authToken)
	}
	if err = listing.Count(db, &result, page, func(db *gorm.DB) (*gorm.DB, error) { return s.filterAuthTokens(db, filter, now) }); err != nil {
		return result, s.failure(err, authToken)
	}
	return result, s.failure(s.fillAuthTokenCustomers(db, result.Items), authToken)
}

// deskAuthTokens lets the desk select, and reads the rows as they are.
func (s *Store) deskAuthTokens(ctx context.Context, filter models.AuthTokenFilter, page models.PageRequest, now time.Time) (models.Page[models.AuthToken], error) {
	var result models.Page[models.AuthToken]
	if err := s.awaitDesk(ctx, false); err != nil {
		return result, err
	}
	err := s.snapshot(ctx, func(tx *gorm.DB) error {
		selected, err := s.filterDesk(tx, filter, now)
		if err != nil {
			return err
		}
		rows, err := orderOfDesk(filter).Page(selected, filter, page)
		if err != nil {
			return err
		}
		result.NextToken, result.Before = rows.NextToken, rows.Before
		result.Items, err = s.authTokensInOrder(tx, idsOf(rows.Items, deskList.ID))
		return err
	})
	if err == nil {
		db := s.read.WithContext(ctx)
		err = listing.Count(db, &result, page, func(db *gorm.DB) (*gorm.DB, error) {
			selected, err := s.filterDesk(db, filter, now)
			if err != nil {
				return nil, err
			}
			return likeliestFirst(selected, filter), nil
		})
	}
	return result, s.failure(err, authToken)
}

// likeliestFirst counts the rows of a lens by the index that has them, from the end where
// they are: without an order, SQLite takes any index.
func likeliestFirst(db *gorm.DB, f models.AuthTokenFilter) *gorm.DB {
	kind, sharing := sharingOf(f.Lens)
	switch {
	case sharing && f.RegistrationTokenID == "":
		return db.Order(kind.key + " DESC, id DESC")
	case f.Lens == models.LensSilent:
		return db.Order("last_seen_at DESC")
	case f.Lens == models.LensNeverRefreshed, f.Lens == models.LensUnexpected:
		return db.Order("created_at DESC")
	default:
		return db
	}
}

func orderOfDesk(filter models.AuthTokenFilter) listing.List[deskRow] {
	if filter.AsMasked {
		masked := deskList
		masked.Sorts = maps.Clone(masked.Sorts)
		delete(masked.Sorts, "systemUserName")
		delete(masked.Sorts, "fqdn")
		return masked
	}
	if kind, ok := sharingOf(filter.Lens); ok {
		return kind.list
	}
	return deskList
}

// authTokensInOrder reads those with their Customer.
func (s *Store) authTokensInOrder(tx *gorm.DB, ids []string) ([]models.AuthToken, error) {
	found, err := s.authTokensByID(tx, ids)
	var rows []models.AuthToken
	for _, id := range ids {
		rows = append(rows, found[id])
	}
	return rows, err
}

// LiveAuthTokenCount counts the live auth tokens of a registration token.
func (s *Store) LiveAuthTokenCount(ctx context.Context, registrationTokenID string, now time.Time) (int, error) {
	live, err := s.AuthTokenCounts(ctx, []models.AuthTokenFilter{{RegistrationTokenID: registrationTokenID, State: models.AuthTokenLive}}, 0, now)
	if err != nil {
		return 0, err
	}
	return live[0].Number, nil
}

// AuthTokenCounts counts those that each filter selects, at most so many, 0 for all,
// with one statement. KindInvalid as in AuthTokens.
func (s *Store) AuthTokenCounts(ctx context.Context, filters []models.AuthTokenFilter, most int, now time.Time) ([]models.Total, error) {
	if slices.ContainsFunc(filters, asksDesk) {
		if err := s.awaitDesk(ctx, false); err != nil {
			return nil, err
		}
	}
	db := s.read.WithContext(ctx)
	counted := make([]string, len(filters))
	args := make([]any, len(filters))
	for i, filter := range filters {
		choose := s.filterAuthTokens
		if asksDesk(filter) {
			choose = s.filterDesk
		}
		selected, err := choose(db, filter, now)
		if err != nil {
			return nil, s.failure(err, authToken)
		}
		if selected = selected.Select("1"); most > 0 {
			selected = likeliestFirst(selected, filter).Limit(most + 1)
		}
		counted[i], args[i] = fmt.Sprintf("SELECT %d AS place, COUNT(*) AS n FROM (?) AS counted", i), selected
	}
	var numbers []int
	err := db.Raw("SELECT n FROM ("+strings.Join(counted, " UNION ALL ")+") AS counts ORDER BY place", args...).Scan(&numbers).Error
	totals := make([]models.Total, len(numbers))
	for i, n := range numbers {
		totals[i] = models.Total{Number: n}
		if most > 0 && n > most {
			totals[i] = models.Total{Number: most, More: true}
		}
	}
	return totals, s.failure(err, authToken)
}
