package storetest

import (
	"errors"
	"math/rand/v2" //nolint:depguard // rows of a test, no secrets
	"slices"
	"testing"
	"time"

	"muster/models"
)

// moment is a time of a random row, and when its state is asked for: often the
// very same instant.
func moment(r *rand.Rand) time.Time { return Epoch.Add(time.Duration(1+r.IntN(5)) * time.Hour) }

// maybe is a moment, or none.
func maybe(r *rand.Rand) *time.Time {
	if r.IntN(3) > 0 {
		return nil
	}
	at := moment(r)
	return &at
}

func newRandom(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// statesOfRegistrationTokens: lists, counts and the statement that takes a
// count agree with models.RegistrationToken.Status on random rows at random
// times.
func statesOfRegistrationTokens(t *testing.T, f fixture) {
	r := newRandom(t)
	var ids []string
	for range 60 {
		token := f.create(1+r.IntN(2), func(row *models.RegistrationToken) { row.ExpiresAt = moment(r) })
		for range r.IntN(token.Count + 1) {
			f.redeem(token.ID)
		}
		if now := maybe(r); now != nil {
			if _, _, err := f.disableSelection(*now, token.ID); err != nil {
				t.Fatal(err)
			}
		}
		if now := maybe(r); now != nil {
			if _, _, err := f.DeleteRegistrationTokens(t.Context(), []string{token.ID}, models.RegistrationTokenDeletion{}, *now, "Ada", f.event("x", "y", "")); err != nil {
				t.Fatal(err)
			}
		}
		ids = append(ids, token.ID)
	}
	for range 8 {
		now := moment(r)
		want := map[models.Status][]string{}
		for _, id := range ids {
			status := f.read(id).Status(now)
			want[status] = append(want[status], id)
		}
		counts, err := f.RegistrationTokenStatusCounts(t.Context(), now)
		if err != nil || len(counts) != len(models.Statuses) {
			t.Fatalf("%+v, %v", counts, err)
		}
		for _, status := range models.Statuses {
			page, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{Status: status}, models.PageRequest{Size: 500, SortBy: "createdAt"}, now)
			if got := idsOf(page.Items, func(row models.RegistrationToken) string { return row.ID }); err != nil || !slices.Equal(got, want[status]) {
				t.Errorf("at %s SQL says %s of %v, the model of %v, %v", now, status, got, want[status], err)
			}
			if counts[status] != len(want[status]) {
				t.Errorf("at %s %d are counted as %s, want %d", now, counts[status], status, len(want[status]))
			}
		}
	}
	for _, id := range ids {
		now := moment(r)
		active := f.read(id).Status(now) == models.StatusActive
		if err := f.take(f.consumption(id, at(now))); active != (err == nil) || err != nil && !errors.Is(err, models.ErrNotConsumed) {
			t.Errorf("active is %v, and taking a count: %v", active, err)
		}
	}
}

// statesOfAuthTokens does the same for models.AuthToken.State, and the
// statement that rotates.
func statesOfAuthTokens(t *testing.T, f fixture) {
	r := newRandom(t)
	token := f.create(60)
	redeemed := map[string]*models.Consumption{}
	var ids []string
	for range 60 {
		c := f.redeem(token.ID, func(c *models.Consumption) { c.AuthToken.IdleExpiresAt = moment(r) })
		if r.IntN(3) == 0 {
			if err := f.EndAuthToken(t.Context(), c.AuthToken.ID, "reuse", moment(r), f.event("x", "y", "z")); err != nil {
				t.Fatal(err)
			}
		}
		if r.IntN(3) == 0 {
			f.delete(c.AuthToken.ID, r.IntN(2) == 0)
		}
		redeemed[c.AuthToken.ID] = c
		ids = append(ids, c.AuthToken.ID)
	}
	mine := models.AuthTokenFilter{RegistrationTokenID: token.ID}
	for range 8 {
		now := moment(r)
		want := map[models.AuthTokenState][]string{}
		for _, id := range ids {
			state := f.readAuthToken(id).State(now)
			want[state] = append(want[state], id)
		}
		for _, state := range models.AuthTokenStates {
			filter := mine
			filter.State = state
			page, err := f.AuthTokens(t.Context(), filter, models.PageRequest{Size: 500, SortBy: "creationDate"}, now)
			if got := idsOf(page.Items, func(row models.AuthToken) string { return row.ID }); err != nil || !slices.Equal(got, want[state]) {
				t.Errorf("at %s SQL says %s of %v, the model of %v, %v", now, state, got, want[state], err)
			}
			if n, err := f.AuthTokenCounts(t.Context(), []models.AuthTokenFilter{filter, {IDs: []string{}}}, 0, now); err != nil || n[0].Number != len(want[state]) || n[1].Number != 0 {
				t.Errorf("at %s %v are counted as %s, want %d, %v", now, n, state, len(want[state]), err)
			}
		}
		groups, err := f.UseGroups(t.Context(), mine, models.FacetNetwork, models.PageRequest{}, now)
		if err != nil || len(groups.Items) != 1 {
			t.Fatalf("%+v, %v", groups, err)
		}
		g, over := groups.Items[0], len(want[models.AuthTokenEnded])+len(want[models.AuthTokenIdleExpired])
		if g.Live != len(want[models.AuthTokenLive]) || g.Ended != over || g.Deleted != len(want[models.AuthTokenDeleted]) {
			t.Errorf("at %s the group counts %+v", now, g)
		}
	}
	for id, c := range redeemed {
		now := moment(r)
		live := f.readAuthToken(id).State(now) == models.AuthTokenLive
		if ok, err := f.rotate(c, "refresh 1", "refresh 2", func(r *models.Rotation) { r.At = now }); ok != live || err != nil {
			t.Errorf("live is %v, and rotating: %v, %v", live, ok, err)
		}
	}
}
