package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// manyForms are more than several transactions remove.
const manyForms = 20_000

// forms adds forms that have expired at day.
func forms(t *testing.T, s *store.Store, n int) {
	t.Helper()
	statement := `INSERT INTO form_nonces (digest, expires_at) WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)
		SELECT CAST(printf('%032d', n) AS BLOB), ? FROM numbers LIMIT ?`
	if s.Dialect() == store.PostgreSQL {
		statement = `INSERT INTO form_nonces (digest, expires_at)
			SELECT CAST(lpad(CAST(n AS text), 32, '0') AS bytea), CAST(? AS timestamptz) FROM generate_series(1, CAST(? AS integer)) AS n`
	}
	if err := s.Exec(t.Context(), statement, day, n); err != nil {
		t.Fatal(err)
	}
}

func formsLeft(t *testing.T, s *store.Store) int {
	t.Helper()
	left, err := s.Strings(t.Context(), "SELECT CAST(COUNT(*) AS VARCHAR(20)) FROM form_nonces")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	if _, err := fmt.Sscan(left[0], &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// underWay prunes, and returns once a part of the forms is gone.
func underWay(ctx context.Context, t *testing.T, s, watch *store.Store) (done chan error) {
	t.Helper()
	done = make(chan error, 1)
	go func() { done <- s.Prune(ctx, day, time.Hour) }()
	for formsLeft(t, watch) == manyForms {
		if len(done) > 0 {
			t.Fatalf("it ended: %v", <-done)
		}
	}
	return done
}

func TestPrune_RemovesManyRowsInSmallTransactions(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		const attempts = 1200
		for i := range attempts {
			attempt := &models.RefusedAttempt{
				ID: fmt.Sprintf("attempt %04d", i), SupportCode: fmt.Sprintf("OLD%05d", i), AttemptedAt: day.Add(-2 * time.Hour),
				Channel: models.ChannelREST, ClaimedIdentity: models.ClaimedIdentity{SystemUserName: "anna"},
			}
			if kept, err := s.RecordRefusedAttempt(t.Context(), attempt, models.RefusedCaps{Total: attempts}); err != nil || !kept {
				t.Fatalf("%v, %v", kept, err)
			}
		}
		forms(t, s, manyForms)
		if err := s.Prune(t.Context(), day, time.Hour); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"form_nonces", "refused_attempts", "search_words"} {
			if left, err := s.Strings(t.Context(), "SELECT 'x' FROM "+table); err != nil || len(left) > 0 {
				t.Errorf("%d rows of %s are left, %v", len(left), table, err)
			}
		}
		numbers, err := s.Strings(t.Context(), "SELECT detail FROM audit_events WHERE action = ? ORDER BY id", models.AuditRefusedAttemptsPurged)
		sum := 0
		for _, detail := range numbers {
			n := 0
			if _, err := fmt.Sscanf(detail, `{"number":%d,`, &n); err != nil {
				t.Fatal(err)
			}
			sum += n
		}
		if err != nil || sum != attempts || len(numbers) < 3 {
			t.Errorf("the trail says %q, %v", numbers, err)
		}
	})
}

func TestPrune_LeavesRoomForRedemptionsAndEndsWhenItIsToldTo(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		if err := s.CreateRegistrationToken(t.Context(), newToken("t", 10), newEvent("created")); err != nil {
			t.Fatal(err)
		}
		forms(t, s, manyForms)
		ctx, end := context.WithCancel(t.Context())
		done := underWay(ctx, t, s, s)
		if err := redeem(t.Context(), s, newConsumption("t", "between")); err != nil {
			t.Error(err)
		}
		if formsLeft(t, s) == 0 {
			t.Error("the redemption waited until all was removed")
		}
		end()
		if err := <-done; models.ErrorKind(err) != models.KindUnavailable {
			t.Errorf("it says %v", err)
		}
		if formsLeft(t, s) == 0 {
			t.Error("it went on to the end")
		}
	})
}

// On PostgreSQL the second replica leaves the work to the first: it returns while
// there is work left.
func TestPrune_WorksOnOneReplicaAtATime(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		s, other := storetest.Open(t, databaseURL), storetest.Open(t, databaseURL)
		forms(t, s, manyForms)
		done := underWay(t.Context(), t, s, other)
		if err := other.Prune(t.Context(), day, time.Hour); err != nil {
			t.Error(err)
		}
		if s.Dialect() == store.PostgreSQL && formsLeft(t, other) == 0 {
			t.Error("both worked, or one waited for the other")
		}
		if err := <-done; err != nil || formsLeft(t, s) != 0 {
			t.Errorf("%d are left, %v", formsLeft(t, s), err)
		}
		forms(t, s, 1)
		if err := other.Prune(t.Context(), day, time.Hour); err != nil || formsLeft(t, s) != 0 {
			t.Errorf("afterwards the other one leaves %d, %v", formsLeft(t, s), err)
		}
	})
}
