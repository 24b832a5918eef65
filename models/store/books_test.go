package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

var day = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

func sum(text string) []byte {
	d := sha256.Sum256([]byte(text))
	return d[:]
}

func newToken(id string, count int) *models.RegistrationToken {
	return &models.RegistrationToken{
		ID: id, CustomerID: models.DefaultCustomerID, Identifier: id, SecretDigest: sum("secret " + id), Count: count,
		ExpiresAt: day.Add(time.Hour), CreatedAt: day, UpdatedAt: day,
	}
}

func newConsumption(registrationToken, id string) *models.Consumption {
	return &models.Consumption{
		Redemption: models.Redemption{
			ID: "redemption " + id, RegistrationTokenID: registrationToken, AuthTokenID: "auth " + id, RedeemedAt: day,
		},
		AuthToken: models.AuthToken{
			ID: "auth " + id, RegistrationTokenID: registrationToken, RedemptionID: "redemption " + id,
			CustomerID: models.DefaultCustomerID, CreatedAt: day, LastSeenAt: day, Generation: 1,
			FamilyDigest: sum("family " + id), RefreshDigest: sum("refresh " + id), IdleExpiresAt: day.Add(time.Hour),
		},
	}
}

// redeem stores a redemption.
func redeem(ctx context.Context, s *store.Store, c *models.Consumption) error {
	_, err := s.Redeem(ctx, c.Redemption.RegistrationTokenID, func() models.Consumption { return *c })
	return err
}

func newEvent(id string) models.AuditEvent {
	return models.AuditEvent{ID: id, OccurredAt: day, Action: models.AuditRedeemed}
}

// fill makes token "t" (count 5) with uses 1 to 3, the third one reclaimed.
func fill(t *testing.T, s *store.Store) {
	t.Helper()
	redeemThree(t, s)
	_, _, err := s.DeleteAuthTokens(t.Context(), models.AuthTokenDeletion{
		Filter: models.AuthTokenFilter{IDs: []string{"auth 3"}}, ReturnCount: true,
	}, day, "Ada", newEvent(""))
	if err != nil {
		t.Fatal(err)
	}
}

// redeemThree makes the same with no use reclaimed.
func redeemThree(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.CreateRegistrationToken(t.Context(), newToken("t", 5), newEvent("created")); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"1", "2", "3"} {
		if err := redeem(t.Context(), s, newConsumption("t", id)); err != nil {
			t.Fatal(err)
		}
	}
}

// unguarded turns off what protects the tables, as a careless hand might.
func unguarded(t *testing.T, s *store.Store, statements ...string) {
	t.Helper()
	if s.Dialect() == store.SQLite {
		statements = append([]string{
			"PRAGMA foreign_keys = off", "PRAGMA ignore_check_constraints = on",
			"DROP TRIGGER redemptions_no_delete", "DROP TRIGGER redemptions_no_update", "DROP TRIGGER reclaims_no_delete",
		}, statements...)
	} else {
		statements = []string{"SET session_replication_role = replica; " + strings.Join(statements, "; ") + "; RESET session_replication_role"}
	}
	for _, statement := range statements {
		if err := s.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func TestCheck_NamesEveryRowThatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statement string
		want      []string // table and id
	}{
		"a used count too low":               {"UPDATE registration_tokens SET used_count = 1 WHERE id = 't'", []string{"registration_tokens t"}},
		"a redemption count too high":        {"UPDATE registration_tokens SET redemption_count = 9 WHERE id = 't'", []string{"registration_tokens t"}},
		"a use number skipped":               {"UPDATE redemptions SET use_number = 7 WHERE id = 'redemption 3'", []string{"registration_tokens t"}},
		"a ledger row gone":                  {"DELETE FROM redemptions WHERE id = 'redemption 2'", []string{"registration_tokens t", "auth_tokens auth 2"}},
		"an auth token gone":                 {"DELETE FROM auth_tokens WHERE id = 'auth 1'", []string{"redemptions redemption 1"}},
		"a reclaim gone":                     {"DELETE FROM reclaims WHERE redemption_id = 'redemption 3'", []string{"registration_tokens t", "auth_tokens auth 3"}},
		"a reclaimed auth token alive again": {"UPDATE auth_tokens SET deleted_at = NULL, count_reclaimed = FALSE WHERE id = 'auth 3'", []string{"reclaims "}},
		"a successor that does not know":     {"UPDATE registration_tokens SET replaced_by_id = 't' WHERE id = 't'", []string{"registration_tokens t"}},
		"a customer gone":                    {"UPDATE registration_tokens SET customer_id = 'gone' WHERE id = 't'", []string{"registration_tokens t"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, s *store.Store) {
				fill(t, s)
				if findings, err := s.Check(t.Context()); err != nil || len(findings) > 0 {
					t.Fatalf("before: %v, %v", findings, err)
				}
				unguarded(t, s, c.statement)
				findings, err := s.Check(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, want := range c.want {
					found := false
					for _, f := range findings {
						found = found || strings.HasPrefix(f.Table+" "+f.ID, want)
					}
					if !found {
						t.Errorf("%s is not named in %+v", want, findings)
					}
				}
			})
		})
	}
}

// lockedBuffer collects log lines of parallel calls.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func TestRedeem_StatementHoldsEveryGuardAndLogsNoValue(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		var log lockedBuffer
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		s := storetest.Open(t, databaseURL, store.WithLogger(logger))
		fill(t, s)
		c := newConsumption("t", "with a value to look for")
		c.AuthToken.SystemUserName = "somebody"
		if err := redeem(t.Context(), s, c); err != nil {
			t.Fatal(err)
		}
		statement := ""
		for line := range strings.Lines(log.String()) {
			if strings.Contains(line, "SET used_count = used_count + ") {
				statement = line
			}
		}
		for _, guard := range []string{
			"deleted_at IS NULL", "disabled_at IS NULL", "expires_at > ", "used_count < count", "id = ", "<= count AND", "redemption_count = redemption_count + ",
		} {
			if !strings.Contains(statement, guard) {
				t.Errorf("the statement lacks %q: %s", guard, statement)
			}
		}
		for _, value := range []string{"with a value to look for", "somebody", day.Format(time.DateOnly)} {
			if strings.Contains(log.String(), value) {
				t.Errorf("the log holds the bound value %q: %s", value, log.String())
			}
		}
	})
}

func TestCheck_BesideRunningRedemptions(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		if err := s.CreateRegistrationToken(t.Context(), newToken("t", 1000), newEvent("created")); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for worker := range 4 {
			wg.Go(func() {
				for i := range 50 {
					if err := redeem(t.Context(), s, newConsumption("t", fmt.Sprint(worker, " ", i))); err != nil {
						t.Errorf("redeem: %v", err)
					}
				}
			})
		}
		for range 10 {
			if findings, err := s.Check(t.Context()); err != nil || len(findings) > 0 {
				t.Errorf("check beside redemptions: %v, %v", findings, err)
			}
		}
		wg.Wait()
	})
}
