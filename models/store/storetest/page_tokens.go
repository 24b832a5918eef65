package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"muster/models"
)

// walk pages through a list and calls between with the ids of each page.
func walk(t *testing.T, read func(models.PageRequest) (ids []string, next string, err error), request models.PageRequest, between func(ids []string)) []string {
	t.Helper()
	var all []string
	for range 100 {
		ids, next, err := read(request)
		if err != nil {
			t.Fatalf("%+v: %v", request, err)
		}
		all = append(all, ids...)
		if request.Token = next; next == "" {
			return all
		}
		between(ids)
	}
	t.Fatalf("%+v: the pages do not end: %v", request, all)
	return nil
}

// pagesWhileRowsMove: the row a page ended with is seen again before the next
// page is asked for, and so moves to the other end of the list.
func pagesWhileRowsMove(t *testing.T, f fixture) {
	const n = 9
	for _, descending := range []bool{false, true} {
		token := f.create(n)
		var rows []string
		for i := range n {
			at := Epoch.Add(time.Duration(i) * time.Second)
			rows = append(rows, f.redeem(token.ID, func(c *models.Consumption) { c.AuthToken.LastSeenAt = at }).AuthToken.ID)
		}
		want := slices.Clone(rows)
		if descending {
			slices.Reverse(want)
		}
		moved, later := map[string]bool{}, Epoch.Add(time.Hour)
		got := walk(t, func(p models.PageRequest) ([]string, string, error) {
			page, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{RegistrationTokenID: token.ID}, p, Epoch)
			return idsOf(page.Items, func(a models.AuthToken) string { return a.ID }), page.NextToken, err
		}, models.PageRequest{Size: 2, SortBy: "lastSeenAt", Descending: descending}, func(ids []string) {
			last := ids[len(ids)-1]
			if moved[last] {
				return // a moved row met again at the end
			}
			moved[last], later = true, later.Add(time.Second)
			if err := f.TouchAuthToken(t.Context(), last, later, ""); err != nil {
				t.Fatal(err)
			}
		})
		// Each row once, and in ascending order those that moved once more.
		if len(got) < n || !slices.Equal(got[:n], want) {
			t.Errorf("descending %v: the pages hold %v, want %v first", descending, got, want)
		}
		for _, id := range got[min(n, len(got)):] {
			if descending || !moved[id] {
				t.Errorf("descending %v: %s did not move and comes twice", descending, id)
			}
		}
	}
}

func pagesWhileCountsMove(t *testing.T, f fixture) {
	const n = 7
	for _, c := range []struct {
		sortBy     string
		descending bool
	}{{"usedCount", true}, {"remainingCount", false}} {
		var want []string
		for i := range n {
			token := f.create(100, func(r *models.RegistrationToken) { r.RefID1 = c.sortBy })
			for range i {
				f.redeem(token.ID)
			}
			want = append(want, token.ID)
		}
		slices.Reverse(want)
		got := walk(t, func(p models.PageRequest) ([]string, string, error) {
			page, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{RefID1: c.sortBy}, p, Epoch)
			return idsOf(page.Items, func(r models.RegistrationToken) string { return r.ID }), page.NextToken, err
		}, models.PageRequest{Size: 3, SortBy: c.sortBy, Descending: c.descending}, func(ids []string) {
			f.redeem(ids[len(ids)-1])
		})
		if !slices.Equal(got, want) {
			t.Errorf("by %s: the pages hold %v, want %v", c.sortBy, got, want)
		}
	}
}

// pagesAfterPurge: the row a page ended with may be gone by the next one.
func pagesAfterPurge(t *testing.T, f fixture) {
	const n = 5
	var rows []string
	for i := range n {
		a := &models.RefusedAttempt{
			ID: f.id(), SupportCode: fmt.Sprintf("PURG-000%d", i), Reason: models.CodeRegistrationTokenInvalid,
			AttemptedAt: Epoch.Add(-time.Duration(i) * time.Hour), Channel: models.ChannelREST,
		}
		if _, err := f.RecordRefusedAttempt(t.Context(), a, models.RefusedCaps{Total: n}); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, a.ID)
	}
	got := walk(t, func(p models.PageRequest) ([]string, string, error) {
		page, err := f.RefusedAttempts(t.Context(), models.RefusedAttemptFilter{}, p)
		return idsOf(page.Items, func(a models.RefusedAttempt) string { return a.ID }), page.NextToken, err
	}, models.PageRequest{Size: 4}, func([]string) {
		// All but the newest two go, the last of this page among them.
		if err := f.Prune(t.Context(), Epoch, 90*time.Minute); err != nil {
			t.Fatal(err)
		}
	})
	if !slices.Equal(got, rows[:4]) {
		t.Errorf("the pages hold %v, want %v", got, rows[:4])
	}
}

// pages reads page after page, and returns what they have.
func pages[T any](f fixture, request models.PageRequest, read func(models.PageRequest) (models.Page[T], error)) []T {
	f.tb.Helper()
	for all := []T(nil); ; {
		page, err := read(request)
		if err != nil {
			f.tb.Fatal(err)
		}
		all = append(all, page.Items...)
		if request.Token = page.NextToken; request.Token == "" {
			return all
		}
	}
}

func idsOf[T any](items []T, id func(T) string) []string {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = id(item)
	}
	return ids
}
