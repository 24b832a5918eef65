package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store"
	"muster/models/store/bulk"
)

// Rows that are handed over at once are stored as GORM stores them, to the byte of
// every column.
func TestBulk_StoresWhatGORMStores(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		fill(t, s)
		var events []models.AuditEvent
		for _, detail := range []string{"{}", `{"quoted":"\" \\ \u003c"}`, "tab\t, line\n, umlaut ü, emoji 🙂, <b>&amp;</b>, \u2028", ""} {
			for _, at := range []time.Time{day, day.Add(123456789), day.Add(100 * time.Millisecond).In(time.FixedZone("", 7200))} {
				e := newEvent(fmt.Sprint(len(events)))
				e.ID, e.OccurredAt, e.Detail = fmt.Sprint("bulk ", len(events)), at, detail
				events = append(events, e)
			}
		}
		storedAlike(t, s, events)
		never, used := newConsumption("t", "never used"), newConsumption("t", "used")
		token := &used.AuthToken
		token.FirstUsedAt, token.RotatedAt, token.PreviousDigest, token.SealedSuccessor = &day, &day, sum("p"), []byte{}
		token.Unexpected, token.ExpectationID, token.Generation = true, new("x"), 1<<30
		never.Redemption.UseNumber, used.Redemption.UseNumber = 1000, 1001
		ledger := []models.Redemption{never.Redemption, used.Redemption}
		storedAlike(t, s, ledger)
		storedAlike(t, s, []models.AuthToken{never.AuthToken, *token}, func(tx *gorm.DB) error { return tx.Create(ledger).Error })
	})
}

// storedAlike compares what GORM stores with what bulk stores, after what comes first.
func storedAlike[T any](t *testing.T, s *store.Store, rows []T, first ...func(tx *gorm.DB) error) {
	t.Helper()
	undone := errors.New("undone")
	stored := func(insert func(tx *gorm.DB) error) (lines []string) {
		t.Helper()
		err := s.Derive(t.Context(), func(tx *gorm.DB) error {
			for _, step := range append(first, insert) {
				if err := step(tx); err != nil {
					return err
				}
			}
			of := gorm.Statement{DB: tx}
			if err := of.Parse(new(T)); err != nil {
				return err
			}
			line := "quote(" + strings.Join(of.Schema.DBNames, ") || ' ' || quote(") + ")"
			if s.Dialect() == store.PostgreSQL {
				line = "CAST(ROW(" + strings.Join(of.Schema.DBNames, ", ") + ") AS text)"
			}
			if err := tx.Raw("SELECT " + line + " FROM " + of.Schema.Table + " ORDER BY id").Scan(&lines).Error; err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Error(err)
		}
		return lines
	}
	want := stored(func(tx *gorm.DB) error { return tx.Create(slices.Clone(rows)).Error })
	got := stored(func(tx *gorm.DB) error { return bulk.Insert(tx, rows) })
	if len(got) < len(rows) || !slices.Equal(got, want) {
		t.Errorf("stored\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// What cannot be handed over is refused, not changed.
func TestBulk_RefusesTextsThatAreNone(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		for _, text := range []string{"NUL \x00", "no text \xff"} {
			e := newEvent("x")
			e.Detail = text
			err := s.Derive(t.Context(), func(tx *gorm.DB) error { return bulk.Insert(tx, []models.AuditEvent{e}) })
			if !errors.Is(err, bulk.ErrText) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}
