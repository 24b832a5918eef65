package store_test

import (
	"fmt"
	"testing"

	"muster/models"
	"muster/models/store"
)

// fillOthers makes a row of each kind that has words of its own.
func fillOthers(t *testing.T, s *store.Store) {
	t.Helper()
	token := newToken("t", 5)
	token.Identifier, token.Note = "Filialrollout", "for Anna"
	if err := s.CreateRegistrationToken(t.Context(), token, newEvent("created")); err != nil {
		t.Fatal(err)
	}
	attempt := &models.RefusedAttempt{ID: "r", SupportCode: "AAAA-AAAA", RegistrationTokenID: &token.ID, AttemptedAt: day, ClaimedIdentity: models.ClaimedIdentity{SystemUserName: "anna.weber"}}
	if _, err := s.RecordRefusedAttempt(t.Context(), attempt, models.RefusedCaps{Total: 9}); err != nil {
		t.Fatal(err)
	}
}

// found tells of which kinds there are rows with a word.
func found(t *testing.T, s *store.Store, word string) string {
	t.Helper()
	q, kinds := models.Search{Text: word, ByWords: true, Limit: 9}, ""
	tokens, err := s.SearchRegistrationTokens(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for range tokens.Rows {
		kinds += "t"
	}
	attempts, err := s.SearchRefusedAttempts(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for range attempts.Rows {
		kinds += "a"
	}
	return kinds
}

// What was there before words were kept is found by them.
func TestMigrate_FillsTheWordsOfOlderRows(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, s *store.Store) {
		if err := s.MigrateTo(t.Context(), 13); err != nil {
			t.Fatal(err)
		}
		withTodaysColumns(t, s, func() { fillOthers(t, s) })
		if err := s.MigrateTo(t.Context(), 14); err != nil {
			t.Fatal(err)
		}
		if err := s.SchemaCurrent(t.Context()); models.ErrorCode(err) != models.CodeSchemaOutdated {
			t.Errorf("without the words: %v", err)
		}
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.SchemaCurrent(t.Context()); err != nil {
			t.Errorf("with the words: %v", err)
		}
		if got := found(t, s, "anna"); got != "ta" {
			t.Errorf("anna is found at %q", got)
		}
		wantBooks(t, s, 0)
	})
}

func wantBooks(t *testing.T, s *store.Store, n int) {
	t.Helper()
	if findings, err := s.Check(t.Context()); err != nil || len(findings) != n {
		t.Errorf("the check finds %+v, %v; want %d", findings, err, n)
	}
}

// A row that lost words, and words that lost their row, are found and put in order.
func TestCheck_ComparesWordsWithRows(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		fillOthers(t, s)
		wantBooks(t, s, 0)
		for _, statement := range []string{
			"DELETE FROM search_words WHERE word = 'anna' AND kind = 1",
			"INSERT INTO search_words (kind, form, word, id) VALUES (2, 0, 'stray', 'r'), (2, 0, 'anna', 'gone')",
		} {
			if err := s.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		wantBooks(t, s, 2)
		if got := found(t, s, "anna"); got != "a" {
			t.Errorf("before it is repaired, anna is found at %q", got)
		}
		if err := s.Reindex(t.Context(), func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		wantBooks(t, s, 0)
		if got := found(t, s, "anna"); got != "ta" {
			t.Errorf("anna is found at %q", got)
		}
	})
}

// However many rows have a word, the newest are known and counted so far; of what a
// beginning fits, nothing is shown when it cannot be put in order.
func TestSearch_SaysHowMuchThereIs(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		const entries = 100_001
		for _, word := range []string{"'common'", "'usual'", "'row' || i"} {
			statement := fmt.Sprintf("INSERT INTO search_words WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT 3, 0, %s, 'n' || (1000000 + i) FROM n", entries, word)
			if err := s.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		newest := &models.Note{ID: fmt.Sprint("n", 1_000_000+entries), ObjectKind: models.ObjectRegistrationToken, ObjectID: "t", Text: "newest", CreatedAt: day}
		if err := s.CreateNote(t.Context(), newest, newEvent("note")); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			q     models.Search
			total models.Total
			rows  int
		}{
			"a common word":               {byWords("common"), models.Total{Number: models.MaxCounted, More: true}, 1},
			"a rare one beside":           {byWords("common newest"), models.Total{Number: 1}, 1},
			"a rare one, begun":           {begun("usual common newe"), models.Total{Number: 1}, 1},
			"two common ones":             {byWords("common usual"), models.Total{TooMany: true}, 0},
			"a beginning of too many":     {begun("ro"), models.Total{TooMany: true}, 0},
			"a beginning of some":         {begun("row10000"), models.Total{Number: 3}, 1},
			"a beginning beside a common": {begun("common row10000"), models.Total{Number: 3}, 1},
		} {
			found, err := s.SearchNotes(t.Context(), c.q)
			if err != nil || found.Total != c.total || len(found.Rows) != c.rows {
				t.Errorf("%s: %d rows of %+v, %v; want %d of %+v", name, len(found.Rows), found.Total, err, c.rows, c.total)
			}
		}
	})
}
