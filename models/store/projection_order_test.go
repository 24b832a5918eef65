package store_test

import (
	"database/sql"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"muster/models"
	"muster/models/store"
	"muster/models/store/projection"
	"muster/models/store/storetest"
)

// began starts a transaction of its own on a PostgreSQL database.
func began(t *testing.T, url string, statements ...string) *sql.Tx {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = tx.Rollback() // done already, mostly
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, statement := range statements {
		if _, err := tx.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return tx
}

// labelled are the auth tokens that the desk finds by a label.
func labelled(t *testing.T, s *store.Store, label string) int {
	t.Helper()
	filter := models.AuthTokenFilter{}
	filter.Identifier = label
	counts, err := s.AuthTokenCounts(t.Context(), []models.AuthTokenFilter{filter}, 0, day)
	if err != nil {
		t.Fatal(err)
	}
	return counts[0].Number
}

// A transaction that began first and commits last, with a number and an id before
// those that are in the desk already, is not skipped.
func TestProjection_LateCommitIsNotSkipped(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := storetest.Open(t, url)
	hasty := storetest.Open(t, url, store.WithDeskPatience(500*time.Millisecond))
	redeemThree(t, s)
	current(t, s)
	first := began(t, url, "UPDATE auth_tokens SET identifier = 'late' WHERE id = 'auth 1'")
	for id, label := range map[string]string{"auth 2": "early", "auth 3": "early"} {
		if _, err := s.UpdateAuthTokenLabels(t.Context(), id, models.AuthTokenLabels{Identifier: &label}, newEvent("label "+id)); err != nil {
			t.Fatal(err)
		}
	}
	if ready, err := hasty.Await(t.Context()); err != nil || ready != projection.Late {
		t.Errorf("while an earlier transaction is under way, the desk is %d, %v", ready, err)
	}
	if err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	if late, early := labelled(t, s, "late"), labelled(t, s, "early"); late != 1 || early != 2 {
		t.Errorf("%d of one auth token and %d of two are in the desk", late, early)
	}
}

// What another database of the cluster does takes as long as it likes.
func TestProjection_OtherDatabasesDoNotHoldItUp(t *testing.T) {
	t.Parallel()
	other := storetest.Postgres(t)
	began(t, other, "CREATE TABLE long_job (id integer)", "INSERT INTO long_job VALUES (1)")
	s := storetest.Open(t, storetest.Postgres(t))
	redeemThree(t, s)
	if ready, err := s.Await(t.Context()); err != nil || ready != projection.Ready {
		t.Errorf("beside a long transaction in another database, the desk is %d, %v", ready, err)
	}
}

// A row that changes again before it was taken has one number, the last.
func TestProjection_RowThatChangesAgainIsWaitedFor(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		redeemThree(t, s)
		s.BatchOf(1)
		for _, label := range []string{"a", "b", "c"} {
			for _, id := range []string{"auth 1", "auth 2", "auth 3"} {
				if _, err := s.UpdateAuthTokenLabels(t.Context(), id, models.AuthTokenLabels{Identifier: &label}, newEvent(label+id)); err != nil {
					t.Fatal(err)
				}
			}
			if n := labelled(t, s, label); n != 3 {
				t.Errorf("%d of 3 are called %s", n, label)
			}
		}
	})
}

// A database restored into another cluster has rows with numbers that its own
// transactions reach much later.
func TestProjection_GoesOnAfterARestore(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := storetest.Open(t, url)
	redeemThree(t, s)
	current(t, s)
	for _, statement := range []string{
		"SET session_replication_role = replica; UPDATE auth_tokens SET changed = changed + 1000000000; RESET session_replication_role",
		"UPDATE desk_state SET changed = changed + 1000000000",
	} {
		if err := s.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	label := "restored"
	if _, err := s.UpdateAuthTokenLabels(t.Context(), "auth 1", models.AuthTokenLabels{Identifier: &label}, newEvent("label")); err != nil {
		t.Fatal(err)
	}
	s = storetest.Open(t, url)
	if n := labelled(t, s, label); n != 1 {
		t.Errorf("%d of 1 is in the desk", n)
	}
	wantSame(t, "after a restore", s)
}
