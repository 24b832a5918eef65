package store_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// sameBytes is a generator whose ids are all alike, so that the second row of
// a kind conflicts with the first.
type sameBytes struct{}

func (sameBytes) Read(p []byte) (int, error) { return len(p), nil }

// A selection that fails half-way, at its second audit row, leaves everything
// as it was.
func TestSelection_FailureHalfWayChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL, store.WithRandom(sameBytes{}))
		ctx := t.Context()
		for _, id := range []string{"a", "b"} {
			if err := s.CreateRegistrationToken(ctx, newToken(id, 5), newEvent("created "+id)); err != nil {
				t.Fatal(err)
			}
			c := newConsumption(id, id)
			c.Kept = &models.KeptAnswer{
				RegistrationTokenID: id, KeyDigest: sum("key"), RequestDigest: sum("body"), AuthTokenID: "auth " + id, Sealed: []byte("sealed"), CreatedAt: day,
			}
			if err := redeem(ctx, s, c); err != nil {
				t.Fatal(err)
			}
		}
		all := models.RegistrationTokenDeletion{AuthTokens: true}
		for name, change := range map[string]func() error{
			"disable two": func() error {
				_, _, err := s.DisableRegistrationTokens(ctx, []string{"a", "b"}, day, "Ada", newEvent(""))
				return err
			},
			"delete two": func() error {
				_, _, err := s.DeleteRegistrationTokens(ctx, []string{"a", "b"}, all, day, "Ada", newEvent(""))
				return err
			},
			"delete one and an auth token": func() error {
				_, _, err := s.DeleteRegistrationTokens(ctx, []string{"a"}, all, day, "Ada", newEvent(""))
				return err
			},
		} {
			if err := change(); models.ErrorKind(err) != models.KindConflict {
				t.Errorf("%s: %v", name, err)
			}
			for _, id := range []string{"a", "b"} {
				token, err := s.RegistrationToken(ctx, id)
				if err != nil || token.DisabledAt != nil || token.DeletedAt != nil || !token.UpdatedAt.Equal(day) {
					t.Errorf("%s: %+v, %v", name, token, err)
				}
				if live, err := s.LiveAuthTokenCount(ctx, id, day); err != nil || live != 1 {
					t.Errorf("%s: %d live of %s, %v", name, live, id, err)
				}
				if kept, err := s.KeptAnswer(ctx, id, sum("key"), day); err != nil || len(kept.Sealed) == 0 {
					t.Errorf("%s: the kept answer is %+v, %v", name, kept, err)
				}
			}
			if trail, err := s.AuditEvents(ctx, models.AuditFilter{}, models.PageRequest{}); err != nil || len(trail.Items) != 4 {
				t.Errorf("%s: %d events in the trail, %v", name, len(trail.Items), err)
			}
		}
	})
}

// The largest selection takes as many statements as a small one.
func TestSelection_StatementsDoNotGrow(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		var log lockedBuffer
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		s := storetest.Open(t, databaseURL, store.WithLogger(logger))
		var ids []string
		for i := range models.MaxPageSize {
			id := fmt.Sprintf("t%03d", i)
			ids = append(ids, id)
			if err := s.CreateRegistrationToken(t.Context(), newToken(id, 1), newEvent("created "+id)); err != nil {
				t.Fatal(err)
			}
		}
		statements := func(change func(ids []string) (models.SelectionResult, []string, error), ids []string) int {
			log.Reset()
			if result, changed, err := change(ids); err != nil || result.Changed != len(ids) || len(changed) != len(ids) {
				t.Fatalf("%d: %+v, %v", len(ids), result, err)
			}
			return strings.Count(log.String(), "msg=sql")
		}
		disable := func(ids []string) (models.SelectionResult, []string, error) {
			return s.DisableRegistrationTokens(t.Context(), ids, day, "Ada", newEvent(""))
		}
		remove := func(ids []string) (models.SelectionResult, []string, error) {
			return s.DeleteRegistrationTokens(t.Context(), ids, models.RegistrationTokenDeletion{AuthTokens: true}, day, "Ada", newEvent(""))
		}
		if few, many := statements(disable, ids[:2]), statements(disable, ids[2:]); few != many {
			t.Errorf("disabling takes %d statements for two and %d for %d", few, many, len(ids)-2)
		}
		if few, many := statements(remove, ids[:2]), statements(remove, ids[2:]); few != many {
			t.Errorf("deleting takes %d statements for two and %d for %d", few, many, len(ids)-2)
		}
	})
}
