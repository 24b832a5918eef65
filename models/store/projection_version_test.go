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

// account redeems as a user name, on a device of its own.
func account(t *testing.T, s *store.Store, id, user string) {
	t.Helper()
	c := newConsumption("t", id)
	c.AuthToken.SystemUserName, c.AuthToken.FQDN = user, id+".contoso.example"
	if err := redeem(t.Context(), s, c); err != nil {
		t.Fatal(err)
	}
}

// nobodies are how many uses the desk knows to be nobody's.
func nobodies(t *testing.T, s *store.Store) int {
	t.Helper()
	current(t, s)
	ids, err := s.Strings(t.Context(), "SELECT id FROM desk_uses WHERE nobody AND version = (SELECT MAX(version) FROM desk_state WHERE whole)")
	if err != nil {
		t.Fatal(err)
	}
	return len(ids)
}

// versions are those that have a state, and those that have rows.
func versions(t *testing.T, s *store.Store) string {
	t.Helper()
	rows, err := s.Strings(t.Context(), `SELECT 'state ' || version FROM desk_state UNION SELECT 'uses ' || version FROM desk_uses
		UNION SELECT 'sightings ' || version FROM desk_sightings UNION SELECT 'names ' || version FROM desk_names
		UNION SELECT 'pending ' || version FROM desk_pending ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(rows)
}

// until waits for what happens in the background.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// Other rules build a version beside the one that is read. It is read once it is
// whole, and the old one goes.
func TestProjection_OfOtherRulesTakesThePlaceOfTheOld(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		old := storetest.Open(t, databaseURL)
		if err := old.CreateRegistrationToken(t.Context(), newToken("t", models.MaxCount), newEvent("created")); err != nil {
			t.Fatal(err)
		}
		for i := range 30 {
			account(t, old, fmt.Sprint("robot", i), "robot-7")
		}
		if n := nobodies(t, old); n != 0 {
			t.Errorf("%d uses are nobody's before", n)
		}
		s := storetest.Open(t, databaseURL, store.WithServiceAccounts([]string{"robot-*"}))
		account(t, s, "late", "robot-9")
		if n := nobodies(t, old); n != 0 {
			t.Errorf("%d uses are nobody's by the old rules", n)
		}
		for i := range 60 { // more than uses
			leftOver := "INSERT INTO desk_pending (version, customer_id, local, sighting_id, after_sighting, after_use) VALUES (0, '', ?, 0, 0, '')"
			if err := s.Exec(t.Context(), leftOver, fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
		running(t, s, 7)
		until(t, "the new version alone", func() bool { return versions(t, s) == "[sightings 2 state 2 uses 2]" })
		if n := nobodies(t, s); n != 31 {
			t.Errorf("%d of 31 uses are nobody's by the new rules", n)
		}
		// Whoever has other rules reads it, and leaves it alone unless told to.
		if n := nobodies(t, old); n != 31 {
			t.Errorf("%d of 31 uses are nobody's for a process with other rules", n)
		}
		if others, err := old.DeskHasOtherRules(t.Context()); err != nil || !others {
			t.Errorf("it has other rules: %t, %v", others, err)
		}
		if err := old.Reindex(t.Context(), func(int64, int64) {}); err != nil {
			t.Error(err)
		}
		if n := nobodies(t, old); n != 0 {
			t.Errorf("%d uses are nobody's after a reindex by the old rules", n)
		}
	})
}

// A reindex beside a running server tells how far it is, and changes nothing.
func TestReindex_BesideARunningServer(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		if err := s.CreateRegistrationToken(t.Context(), newToken("t", models.MaxCount), newEvent("created")); err != nil {
			t.Fatal(err)
		}
		running(t, s, 50)
		h := newHistory(t, s, 11)
		for range 100 {
			h.step(t)
		}
		current(t, s)
		var last [2]int64
		done := make(chan error, 1)
		go func() {
			done <- storetest.Open(t, databaseURL).Reindex(context.WithoutCancel(t.Context()), func(done, total int64) { last = [2]int64{done, total} })
		}()
		for range 100 {
			h.step(t)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if last[0] == 0 || last[0] > last[1] {
			t.Errorf("it was at %v in the end", last)
		}
		until(t, "the new version alone", func() bool { return versions(t, s) == "[names 2 sightings 2 state 2 uses 2]" })
		wantSame(t, "after a reindex", s)
	})
}

// A deletion by what the desk knows does nothing while that is behind: it would
// leave out what it should delete. One by what the auth tokens say themselves goes
// through.
func TestDeleteAuthTokens_WaitsForTheDeskOrDoesNothing(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := storetest.Open(t, url, store.WithDeskPatience(100*time.Millisecond))
	if err := s.CreateRegistrationToken(t.Context(), newToken("t", 9), newEvent("created")); err != nil {
		t.Fatal(err)
	}
	account(t, s, "a", "ann")
	current(t, s)
	holding := began(t, url, "UPDATE auth_tokens SET identifier = 'held' WHERE id = 'auth a'")
	account(t, s, "b", "ann")
	deletion := func(f models.AuthTokenFilter, dry bool) (models.AuthTokenDeletionResult, error) {
		result, _, err := s.DeleteAuthTokens(t.Context(), models.AuthTokenDeletion{Filter: f, DryRun: dry}, day, "Ada", newEvent(""))
		return result, err
	}
	ofAnn := models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: "Ann"}}
	for _, dry := range []bool{true, false} {
		if result, err := deletion(ofAnn, dry); models.ErrorKind(err) != models.KindUnavailable || result.Deleted != 0 {
			t.Errorf("while the desk is behind: %+v, %v", result, err)
		}
	}
	if result, err := deletion(models.AuthTokenFilter{IDs: []string{"auth b"}}, false); err != nil || result.Deleted != 1 {
		t.Errorf("by id: %+v, %v", result, err)
	}
	asked := models.WithAsOf(t.Context())
	if page, err := s.AuthTokens(asked, ofAnn, models.PageRequest{}, day); err != nil || len(page.Items) != 1 {
		t.Errorf("a list says what it knows: %d, %v", len(page.Items), err)
	}
	if at, late := models.AsOf(asked); !late || at.IsZero() {
		t.Errorf("it is as of %v, %t", at, late)
	}
	if err := holding.Commit(); err != nil {
		t.Fatal(err)
	}
	current(t, s)
	asked = models.WithAsOf(t.Context())
	if _, err := s.AuthTokens(asked, ofAnn, models.PageRequest{}, day); err != nil {
		t.Error(err)
	}
	if at, late := models.AsOf(asked); late {
		t.Errorf("it has everything, and is as of %v", at)
	}
	if result, err := deletion(ofAnn, false); err != nil || result.Matched != 2 || result.Deleted != 1 || result.People != 1 {
		t.Errorf("when it has everything: %+v, %v", result, err)
	}
}
