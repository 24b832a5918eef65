package storetest

import (
	"slices"
	"testing"
	"time"

	"muster/models"
)

// attentionFindsWhoNeedsIt has one registration token of each kind, and the
// near misses of each.
func attentionFindsWhoNeedsIt(t *testing.T, f fixture) {
	now := Epoch.Add(time.Hour)
	turnedAway := func(token *models.RegistrationToken, at ...time.Time) {
		t.Helper()
		for _, moment := range at {
			a := models.RefusedAttempt{
				ID: f.id(), SupportCode: f.id(), RegistrationTokenID: &token.ID,
				Reason: models.CodeRegistrationTokenExhausted, AttemptedAt: moment, Channel: models.ChannelREST,
			}
			if _, err := f.RecordRefusedAttempt(t.Context(), &a, models.RefusedCaps{Total: 10}); err != nil {
				t.Fatalf("record a refused attempt: %v", err)
			}
		}
	}
	named := func(name string, count, used int, ahead time.Duration, edit ...func(*models.RegistrationToken)) *models.RegistrationToken {
		t.Helper()
		token := f.create(count, append(edit, func(r *models.RegistrationToken) {
			r.Identifier, r.ExpiresAt = name, now.Add(ahead)
		})...)
		for range used {
			f.redeem(token.ID)
		}
		return token
	}
	const month = 30 * 24 * time.Hour
	disabled := func(r *models.RegistrationToken) { r.DisabledAt, r.DisabledBy = &Epoch, "somebody" }
	named("nearly used up", 5, 4, month)
	named("half used", 5, 3, month)
	named("expires soon", 5, 0, models.AttentionExpiry)
	named("expires later", 5, 0, models.AttentionExpiry+time.Second)
	named("used up, nobody waits", 1, 1, month)
	waiting := named("used up", 1, 1, month)
	turnedAway(waiting, now.Add(-2*time.Minute), now.Add(-time.Minute), now.Add(-models.AttentionRefused-time.Second))
	turnedAway(named("used up long ago", 1, 1, month), now.Add(-models.AttentionRefused-time.Second))
	turnedAway(named("used up and disabled", 1, 0, month, disabled), now.Add(-time.Minute))
	// Valid when it is used, and expired an hour later.
	turnedAway(named("expired", 5, 1, -time.Minute), now.Add(-30*time.Second))

	list, err := f.Attention(t.Context(), 3, now)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, item := range list.Items {
		names = append(names, item.Identifier)
	}
	if want := []string{"used up", "expired", "expires soon"}; !slices.Equal(names, want) || list.Total != 4 {
		t.Errorf("the most urgent of %d are %q, want %q of 4", list.Total, names, want)
	}
	if first := list.Items[0]; first.Refused != 2 || !first.RefusedSince.Equal(now.Add(-2*time.Minute)) {
		t.Errorf("%d turned away since %s", first.Refused, first.RefusedSince)
	}
	page, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{NeedsAttention: true}, models.PageRequest{}, now)
	if err != nil || len(page.Items) != 4 {
		t.Errorf("the list has %d, %v, want 4", len(page.Items), err)
	}
	if n, err := f.AttentionCount(t.Context(), now); err != nil || n != 4 {
		t.Errorf("counted %d, %v", n, err)
	}
	if empty, err := f.Attention(t.Context(), 3, now.Add(10*365*24*time.Hour)); err != nil || empty.Total != 0 || len(empty.Items) != 0 {
		t.Errorf("years later: %+v, %v", empty, err)
	}
}

// activityCountsByPeriod: a period ends with its last moment.
func activityCountsByPeriod(t *testing.T, f fixture) {
	token := f.create(10)
	expires := func(after time.Duration) func(*models.RegistrationToken) {
		return func(t *models.RegistrationToken) { t.CreatedAt, t.ExpiresAt = Epoch.Add(time.Minute), Epoch.Add(after) }
	}
	f.create(1, expires(2*time.Hour+time.Minute))
	f.create(1, expires(3*time.Hour+time.Second))
	f.create(1, expires(5*time.Hour+time.Second))
	for _, at := range []time.Duration{0, time.Second, time.Hour, 2*time.Hour - time.Microsecond, 2 * time.Hour} {
		f.redeem(token.ID, func(c *models.Consumption) {
			c.Redemption.RedeemedAt, c.AuthToken.CreatedAt = Epoch.Add(at), Epoch.Add(at)
		})
	}
	a := models.RefusedAttempt{ID: f.id(), SupportCode: f.id(), Reason: models.CodeRegistrationTokenInvalid, AttemptedAt: Epoch.Add(time.Hour), Channel: models.ChannelREST}
	if _, err := f.RecordRefusedAttempt(t.Context(), &a, models.RefusedCaps{Total: 10}); err != nil {
		t.Fatal(err)
	}
	got, err := f.Activity(t.Context(), 3, time.Hour, Epoch.Add(2*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Redeemed, []int{1, 2, 2}) || !slices.Equal(got.Refused, []int{0, 1, 0}) ||
		!slices.Equal(got.Created, []int{1, 3, 0}) || !slices.Equal(got.Expiring, []int{1, 1, 0}) {
		t.Errorf("activity %+v", got)
	}
}
