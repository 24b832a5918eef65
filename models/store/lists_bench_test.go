package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"muster/internal/test/benchpair"
	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// The size of the installation that is listed.
const (
	registrationTokenRows = 10_000
	authTokenRows         = 200_000
)

// crowd fills the tables in SQL: each registration token was redeemed 20
// times, by 5,000 people on 200,000 hosts.
var crowd = []string{
	`PRAGMA foreign_keys = OFF`,
	`PRAGMA synchronous = OFF`,
	`PRAGMA cache_size = -200000`,
	`BEGIN`,
	`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @tokens)
	INSERT INTO registration_tokens (id, customer_id, identifier, ref_id_1, ref_id_2, note, secret_digest, hint, count,
		used_count, redemption_count, expires_at, disabled_by, deleted_by, created_by, created_at, updated_at)
	SELECT printf('t%025d', i), 'default', 'Team ' || i, 'order ' || (i % 1000), '', 'A note of usual length for team ' || i,
		randomblob(32), 'mrt_' || i, 100, 20, 20, '2027-06-01 00:00:00+00:00', '', '', 'Ada Admin',
		datetime('2026-01-01', i || ' minutes') || '+00:00', datetime('2026-01-01', i || ' minutes') || '+00:00' FROM n`,
	`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @devices)
	INSERT INTO auth_tokens (id, registration_token_id, redemption_id, customer_id, system_user_name, fqdn, mac_address,
		identifier, ref_id_1, ref_id_2, verified_issuer, verified_subject, verified_email, ip, user_agent, created_at,
		last_seen_at, last_seen_ip, generation, family_digest, refresh_digest, idle_expires_at, end_reason, deleted_by,
		delete_reason)
	SELECT printf('a%025d', i), printf('t%025d', 1 + i % @tokens), printf('r%025d', i), 'default', 'user' || (i % 5000),
		'host' || i || '.example.org', printf('02:00:00:%02x:%02x:%02x', i >> 16, (i >> 8) & 255, i & 255), 'seat ' || i, '', '',
		'', '', '', '10.' || (i >> 16) || '.' || ((i >> 8) & 255) || '.' || (i & 255), 'app/1.0',
		datetime('2026-02-01', i || ' seconds') || '+00:00', datetime('2026-02-01', i || ' seconds') || '+00:00', '10.0.0.1', 1,
		randomblob(32), randomblob(32), '2027-06-01 00:00:00+00:00', '', '', '' FROM n`,
	`COMMIT`,
}

// newCrowd returns the store, and the one connection of a first draft to the
// same file, with GORM as it comes.
func newCrowd(b *testing.B) (*store.Store, *gorm.DB) {
	b.Helper()
	url := storetest.SQLite(b)
	s := storetest.Open(b, url)
	path := strings.TrimPrefix(url, "sqlite://")
	naive := oneConnection(b, path)
	seed := oneConnection(b, path)
	replacer := strings.NewReplacer("@tokens", "10000", "@devices", "200000")
	for _, statement := range crowd {
		if err := seed.Exec(replacer.Replace(statement)).Error; err != nil {
			b.Fatal(err)
		}
	}
	derive(b, s)
	return s, naive
}

// derive lets the desk know what was written past it.
func derive(b *testing.B, s *store.Store) {
	b.Helper()
	started := time.Now()
	if err := s.Reindex(b.Context(), func(int64, int64) {}); err != nil {
		b.Fatal(err)
	}
	b.Logf("%s: the desk", time.Since(started))
}

func oneConnection(b *testing.B, path string) *gorm.DB {
	b.Helper()
	db, err := gorm.Open(sqlite.Open("file:"+path+"?_loc=UTC"), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		b.Fatal(err)
	}
	pool, err := db.DB()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = pool.Close() })
	pool.SetMaxOpenConns(1)
	return db
}

var benchNow = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// BenchmarkList reads a page of 50 of 10,000 registration tokens and of
// 200,000 auth tokens: the first one, one half-way through, and those that a
// filter or a search selects.
func BenchmarkList(b *testing.B) {
	s, naive := newCrowd(b)
	const newest = "created_at DESC, id DESC"

	registrationTokens := func(p models.PageRequest) models.Page[models.RegistrationToken] {
		page, err := s.RegistrationTokens(b.Context(), models.RegistrationTokenFilter{}, p, benchNow)
		return full(b, page, err)
	}
	authTokens := func(f models.AuthTokenFilter, p models.PageRequest) models.Page[models.AuthToken] {
		page, err := s.AuthTokens(b.Context(), f, p, benchNow)
		if err != nil {
			b.Fatal(err)
		}
		return page
	}
	everyAuthToken := func(p models.PageRequest) models.Page[models.AuthToken] {
		return full(b, authTokens(models.AuthTokenFilter{}, p), nil)
	}
	naiveAuthTokens := func(query *gorm.DB, want int) []models.AuthToken {
		var rows []models.AuthToken
		if err := query.Limit(models.DefaultPageSize).Find(&rows).Error; err != nil || len(rows) != want {
			b.Fatalf("%d rows, want %d: %v", len(rows), want, err)
		}
		return rows
	}

	b.Run("registrationTokens/first/beside=AllRows", func(b *testing.B) {
		benchpair.Run(b,
			times(func() { registrationTokens(models.PageRequest{}) }),
			times(func() {
				var rows []models.RegistrationToken
				if err := naive.Find(&rows).Error; err != nil || len(rows) != registrationTokenRows {
					b.Fatal(len(rows), err)
				}
				slices.SortFunc(rows, func(x, y models.RegistrationToken) int { return y.CreatedAt.Compare(x.CreatedAt) })
				_ = rows[:models.DefaultPageSize]
			}))
	})
	b.Run("registrationTokens/middle/beside=Offset", func(b *testing.B) {
		token := tokenAfter(registrationTokens, registrationTokenRows/2)
		benchpair.Run(b,
			times(func() { registrationTokens(models.PageRequest{Token: token}) }),
			times(func() {
				var rows []models.RegistrationToken
				err := naive.Order(newest).Offset(registrationTokenRows / 2).Limit(models.DefaultPageSize).Find(&rows).Error
				if err != nil || len(rows) != models.DefaultPageSize {
					b.Fatal(len(rows), err)
				}
			}))
	})
	b.Run("authTokens/first/beside=PlainLimit", func(b *testing.B) {
		benchpair.Run(b,
			times(func() { everyAuthToken(models.PageRequest{}) }),
			times(func() { naiveAuthTokens(naive.Order(newest), models.DefaultPageSize) }))
	})
	b.Run("authTokens/middle/beside=Offset", func(b *testing.B) {
		token := tokenAfter(everyAuthToken, authTokenRows/2)
		benchpair.Run(b,
			times(func() { everyAuthToken(models.PageRequest{Token: token}) }),
			times(func() { naiveAuthTokens(naive.Order(newest).Offset(authTokenRows/2), models.DefaultPageSize) }))
	})
	b.Run("authTokens/ofUser/beside=Like", func(b *testing.B) {
		benchpair.Run(b,
			times(func() {
				if got := authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: "user4321"}}, models.PageRequest{}); len(got.Items) != 40 {
					b.Fatal(len(got.Items))
				}
			}),
			times(func() { naiveAuthTokens(naive.Order(newest).Where("system_user_name LIKE ?", "%user4321%"), 40) }))
	})
	// One hit: nothing stops the search before the last row.
	b.Run("authTokens/search/beside=Like", func(b *testing.B) {
		benchpair.Run(b,
			times(func() {
				if got := authTokens(models.AuthTokenFilter{Search: "host123456."}, models.PageRequest{}); len(got.Items) != 1 {
					b.Fatal(len(got.Items))
				}
			}),
			times(func() {
				const part = "%host123456.%"
				naiveAuthTokens(naive.Order(newest).Where("system_user_name LIKE ? OR fqdn LIKE ? OR mac_address LIKE ? OR "+
					"identifier LIKE ? OR ref_id_1 LIKE ? OR ref_id_2 LIKE ? OR verified_email LIKE ? OR ip LIKE ?",
					part, part, part, part, part, part, part, part), 1)
			}))
	})
}

// full expects a page with as many rows as were asked for.
func full[T any](b *testing.B, page models.Page[T], err error) models.Page[T] {
	b.Helper()
	if err != nil || len(page.Items) < models.DefaultPageSize {
		b.Fatalf("%d rows: %v", len(page.Items), err)
	}
	return page
}

// tokenAfter walks to the page after so many rows.
func tokenAfter[T any](list func(models.PageRequest) models.Page[T], rows int) string {
	p := models.PageRequest{Size: models.MaxPageSize}
	for range rows / models.MaxPageSize {
		p.Token = list(p).NextToken
	}
	return p.Token
}

func times(fn func()) func(n int) {
	return func(n int) {
		for range n {
			fn()
		}
	}
}
