package store_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// The size of the installation that the investigation desk looks into. One
// registration token has half of all uses.
const (
	deskRegistrationTokens = 10_000
	deskAuthTokens         = 1_000_000
	deskRefused            = 200_000
	deskBig                = "t0000000000000000000000001"
	deskUsual              = "t0000000000000000000000002"
)

// deskCrowd fills the tables in SQL, without their indexes: 50,000 people on
// as many devices as there are auth tokens, but for one device in a hundred,
// which took five.
var deskCrowd = []string{
	`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @tokens)
	INSERT INTO registration_tokens (id, customer_id, identifier, ref_id_1, ref_id_2, note, secret_digest, hint, count,
		used_count, redemption_count, refused_count, expires_at, disabled_by, deleted_by, created_by, created_at, updated_at)
	SELECT printf('t%025d', i), 'default', 'Team ' || i, 'order ' || (i % 1000), '', 'A note of usual length for team ' || i,
		randomblob(32), 'mrt_' || i, 1000000, 450, 450, 20, '2027-06-01 00:00:00+00:00', '', '', 'Ada Admin',
		datetime('2026-01-01', i || ' minutes') || '+00:00', datetime('2026-01-01', i || ' minutes') || '+00:00' FROM n`,
	`CREATE TEMP TABLE crowd AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @devices)
	SELECT i, printf('a%025d', i) AS auth_token, printf('r%025d', i) AS redemption,
		printf('t%025d', CASE WHEN i % 2 = 0 THEN 1 ELSE 2 + (i / 2) % (@tokens - 1) END) AS token,
		'user' || (i % 50000) AS person, 'host' || CASE WHEN i % 100 < 5 THEN i - i % 100 ELSE i END || '.contoso.example' AS host,
		printf('02:00:%02x:%02x:%02x:%02x', i >> 24, (i >> 16) & 255, (i >> 8) & 255, i & 255) AS mac,
		'10.' || (i >> 16) % 256 || '.' || ((i >> 8) & 255) || '.' || (i & 255) AS ip,
		datetime('2026-02-01', (i * 5) || ' seconds') || '+00:00' AS at FROM n`,
	`INSERT INTO redemptions (id, registration_token_id, use_number, auth_token_id, redeemed_at, system_user_name, fqdn, mac_address,
		identifier, ref_id_1, ref_id_2, verified_issuer, verified_subject, verified_email, ip, user_agent, channel, request_id)
	SELECT redemption, token, row_number() OVER (PARTITION BY token ORDER BY i), auth_token, at, person, host, mac,
		'seat ' || i, '', '', '', '', '', ip, 'app/1.0', 'rest', '' FROM crowd`,
	`INSERT INTO auth_tokens (id, registration_token_id, redemption_id, customer_id, system_user_name, fqdn, mac_address,
		identifier, ref_id_1, ref_id_2, verified_issuer, verified_subject, verified_email, ip, user_agent, created_at,
		last_seen_at, last_seen_ip, generation, family_digest, refresh_digest, idle_expires_at, end_reason, deleted_by,
		delete_reason)
	SELECT auth_token, token, redemption, 'default', person, host, mac, 'seat ' || i, '', '', '', '', '', ip, 'app/1.0', at,
		at, ip, 1 + i % 3, randomblob(32), randomblob(32), '2027-06-01 00:00:00+00:00', '', '', '' FROM crowd`,
	`UPDATE registration_tokens SET (used_count, redemption_count) = (SELECT count(*), count(*) FROM crowd WHERE token = registration_tokens.id) WHERE id = '` + deskBig + `'`,
	`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @refused)
	INSERT INTO refused_attempts (id, support_code, registration_token_id, reason, attempted_at, system_user_name, fqdn, mac_address, identifier,
		ref_id_1, ref_id_2, verified_issuer, verified_subject, verified_email, ip, user_agent, channel, request_id)
	SELECT printf('f%025d', i), printf('%08d', i), printf('t%025d', 1 + i % @tokens), 'registration_token_exhausted',
		datetime('2026-11-01', (i * 9) || ' seconds') || '+00:00', 'late' || i, 'late' || i || '.contoso.example', '', '', '', '', '', '', '',
		'10.200.1.1', 'app/1.0', 'rest', '' FROM n`,
}

// newDesk fills a database as large as the desk has to stand.
func newDesk(b *testing.B) *store.Store {
	b.Helper()
	url := storetest.SQLite(b)
	s := storetest.Open(b, url)
	db := oneConnection(b, strings.TrimPrefix(url, "sqlite://"))
	exec := func(statement string) {
		if err := db.Exec(statement).Error; err != nil {
			b.Fatalf("%v in %s", err, statement)
		}
	}
	for _, pragma := range []string{"foreign_keys = OFF", "synchronous = OFF", "cache_size = -2000000", "temp_store = MEMORY"} {
		exec("PRAGMA " + pragma)
	}
	indexes := withoutIndexes(b, db)
	replacer := strings.NewReplacer("@tokens", fmt.Sprint(deskRegistrationTokens), "@devices", fmt.Sprint(deskAuthTokens), "@refused", fmt.Sprint(deskRefused))
	exec("BEGIN")
	for _, statement := range deskCrowd {
		started := time.Now()
		exec(replacer.Replace(statement))
		b.Logf("%s: %s", time.Since(started), statement[:40])
	}
	exec("COMMIT")
	started := time.Now()
	for _, index := range indexes {
		exec(index)
	}
	b.Logf("%s: %d indexes", time.Since(started), len(indexes))
	derive(b, s)
	return s
}

// withoutIndexes drops the indexes of the large tables and returns what makes
// them again: at once that is quicker than row by row. The trigger that numbers
// changes needs its own.
func withoutIndexes(b *testing.B, db *gorm.DB) []string {
	b.Helper()
	var indexes []struct{ Name, SQL string }
	err := db.Raw(`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
		AND name <> 'auth_tokens_changed' AND tbl_name IN ('auth_tokens', 'redemptions', 'refused_attempts')`).Scan(&indexes).Error
	if err != nil {
		b.Fatal(err)
	}
	var all []string
	for _, index := range indexes {
		if err := db.Exec("DROP INDEX " + index.Name).Error; err != nil {
			b.Fatal(err)
		}
		all = append(all, index.SQL)
	}
	return all
}

// BenchmarkDesk asks what the investigation desk asks, of 1,000,000 auth
// tokens of 10,000 registration tokens.
func BenchmarkDesk(b *testing.B) {
	s := newDesk(b)
	ctx, newest := b.Context(), models.PageRequest{Size: 15}
	type question struct {
		name string
		ask  func() error
	}
	questions := []question{
		{"uses", func() error { _, err := s.TokenUses(ctx, deskBig, newest); return err }},
		{"burnDown", func() error { _, err := s.BurnDown(ctx, deskBig); return err }},
		{"attention", func() error { _, err := s.Attention(ctx, 10, benchNow); return err }},
	}
	for name, id := range map[string]string{"50Uses": deskUsual, "500000Uses": deskBig} {
		uses := models.AuthTokenFilter{RegistrationTokenID: id}
		for _, by := range models.Facets {
			questions = append(questions, question{"by/" + string(by) + "/" + name, func() error {
				_, err := s.UseGroups(ctx, uses, by, newest, benchNow)
				return err
			}})
		}
		surplus, stretch := uses, uses
		surplus.Lens, stretch.From, stretch.To = models.LensSurplus, benchNow.AddDate(0, -3, 0), benchNow.AddDate(0, -2, 0)
		questions = append(
			questions,
			question{"surplus/" + name, func() error { _, err := s.SelectedUses(ctx, surplus, newest, benchNow); return err }},
			question{"stretch/" + name, func() error { _, err := s.SelectedUses(ctx, stretch, newest, benchNow); return err }},
			question{"deletionForeseen/" + name, func() error {
				_, _, err := s.DeleteAuthTokens(ctx, models.AuthTokenDeletion{Filter: surplus, DryRun: true}, benchNow, "", models.AuditEvent{})
				return err
			}},
		)
	}
	for name, q := range deskSearches {
		q.Limit = 15
		questions = append(questions, question{"search/" + name, func() error {
			_, err := s.SearchAuthTokens(ctx, q)
			_, err2 := s.SearchRefusedAttempts(ctx, q)
			_, err3 := s.SearchRegistrationTokens(ctx, q)
			return cmp.Or(err, err2, err3)
		}})
	}
	for _, question := range questions {
		b.Run(question.name, func(b *testing.B) {
			for b.Loop() {
				if err := question.ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
