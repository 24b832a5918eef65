package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"muster/models"
)

// together calls fn n times at once.
func together(n int, fn func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			fn(i)
		})
	}
	close(start)
	wg.Wait()
}

// tally counts outcomes of parallel calls; any error it does not know fails
// the test.
type tally struct {
	mu                    sync.Mutex
	ok, notConsumed, kept int
}

func (y *tally) add(t *testing.T, err error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	switch {
	case err == nil:
		y.ok++
	case errors.Is(err, models.ErrNotConsumed):
		y.notConsumed++
	case errors.Is(err, models.ErrAnswerKept):
		y.kept++
	default:
		t.Errorf("unexpected error: %v", err)
	}
}

func redeemWritesAll(t *testing.T, f fixture) {
	token := f.create(3)
	verified := models.VerifiedIdentity{Issuer: "https://idp.example", Subject: "s1", Email: "a@example.com"}
	c := f.redeem(token.ID, func(c *models.Consumption) {
		c.Redemption.VerifiedIdentity, c.AuthToken.VerifiedIdentity = verified, verified
	})
	if c.Redemption.UseNumber != 1 {
		t.Errorf("the first use has number %d", c.Redemption.UseNumber)
	}
	if second := f.redeem(token.ID); second.Redemption.UseNumber != 2 {
		t.Errorf("the second use has number %d", second.Redemption.UseNumber)
	}
	got := f.read(token.ID)
	if got.UsedCount != 2 || got.RedemptionCount != 2 || got.LastRedeemedAt == nil || !got.LastRedeemedAt.Equal(Epoch) {
		t.Errorf("after two redemptions the token is %+v", got)
	}
	if got.Customer.Name != "Default" {
		t.Errorf("its customer is %+v", got.Customer)
	}
	auth := f.readAuthToken(c.AuthToken.ID)
	if auth.VerifiedIdentity != verified || auth.ClaimedIdentity != c.AuthToken.ClaimedIdentity ||
		string(auth.RefreshDigest) != string(c.AuthToken.RefreshDigest) || auth.PreviousDigest != nil ||
		auth.CreatedAt != Epoch || auth.IdleExpiresAt != c.AuthToken.IdleExpiresAt || auth.Customer.ID != models.DefaultCustomerID {
		t.Errorf("the auth token reads back as %+v", auth)
	}
	trail, err := f.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditRedeemed}, models.PageRequest{})
	if err != nil || len(trail.Items) != 2 {
		t.Errorf("the trail has %d redemptions, %v", len(trail.Items), err)
	}
	byDigest, err := f.RegistrationTokenByDigest(t.Context(), token.SecretDigest)
	if err != nil || byDigest.ID != token.ID {
		t.Errorf("found by digest: %+v, %v", byDigest, err)
	}
}

func redeemRefused(t *testing.T, f fixture) {
	disabled := Epoch.Add(-time.Hour)
	tokens := map[string]*models.RegistrationToken{
		"disabled": f.create(1, func(r *models.RegistrationToken) { r.DisabledAt = &disabled }),
		"expired":  f.create(1, func(r *models.RegistrationToken) { r.ExpiresAt = Epoch.Add(-time.Second) }),
		"deleted":  f.create(1),
		"used up":  f.create(1),
	}
	f.redeem(tokens["used up"].ID)
	if _, err := f.DeleteRegistrationToken(t.Context(), tokens["deleted"].ID, models.RegistrationTokenDeletion{}, Epoch, "Ada", f.event("x", "y", "z")); err != nil {
		t.Fatal(err)
	}
	for name, token := range tokens {
		before := f.read(token.ID)
		c := f.consumption(token.ID)
		if err := f.take(c); !errors.Is(err, models.ErrNotConsumed) {
			t.Errorf("redeeming a token that is %s: %v", name, err)
		}
		after := f.read(token.ID)
		if before.UsedCount != after.UsedCount || before.RedemptionCount != after.RedemptionCount {
			t.Errorf("a refused redemption changed the token that is %s", name)
		}
		_, err := f.AuthToken(t.Context(), c.AuthToken.ID)
		f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	}
	if err := f.take(f.consumption("unknown")); !errors.Is(err, models.ErrNotConsumed) {
		t.Errorf("redeeming an unknown token: %v", err)
	}
}

func redeemAtExpiry(t *testing.T, f fixture) {
	token := f.create(5)
	for offset, want := range map[time.Duration]error{
		-time.Microsecond: nil, 0: models.ErrNotConsumed, time.Microsecond: models.ErrNotConsumed,
	} {
		c := f.consumption(token.ID, at(token.ExpiresAt.Add(offset)))
		if err := f.take(c); !errors.Is(err, want) {
			t.Errorf("at expiry %+v: %v, want %v", offset, err, want)
		}
	}
}

func redeemOtherZones(t *testing.T, f fixture) {
	tokyo, losAngeles := time.FixedZone("JST", 9*3600), time.FixedZone("PST", -8*3600)
	for _, zone := range []*time.Location{tokyo, losAngeles} {
		token := f.create(2, func(r *models.RegistrationToken) {
			r.ExpiresAt, r.CreatedAt, r.UpdatedAt = r.ExpiresAt.In(zone), r.CreatedAt.In(zone), r.UpdatedAt.In(zone)
		})
		early := f.consumption(token.ID, at(token.ExpiresAt.Add(-time.Second).In(losAngeles)))
		if err := f.take(early); err != nil {
			t.Errorf("a second before the expiry: %v", err)
		}
		late := f.consumption(token.ID, at(token.ExpiresAt.Add(time.Second).In(tokyo)))
		if err := f.take(late); !errors.Is(err, models.ErrNotConsumed) {
			t.Errorf("a second after the expiry: %v", err)
		}
		got := f.read(token.ID)
		if !got.ExpiresAt.Equal(token.ExpiresAt) || got.ExpiresAt.Location() != time.UTC {
			t.Errorf("the expiry %v reads back as %v", token.ExpiresAt, got.ExpiresAt)
		}
	}
}

func redeemKeptAnswer(t *testing.T, f fixture) {
	token := f.create(5, func(r *models.RegistrationToken) { r.ExpiresAt = Epoch.Add(48 * time.Hour) })
	first := f.redeem(token.ID, keep("key one"))
	if err := f.take(f.consumption(token.ID, keep("key one"))); !errors.Is(err, models.ErrAnswerKept) {
		t.Errorf("the same key again: %v", err)
	}
	if used := f.read(token.ID).UsedCount; used != 1 {
		t.Errorf("one key used %d counts", used)
	}
	kept, err := f.KeptAnswer(t.Context(), token.ID, digest("key one"), Epoch)
	if err != nil || kept.AuthTokenID != first.AuthToken.ID || string(kept.Sealed) != "sealed" {
		t.Errorf("the kept answer is %+v, %v", kept, err)
	}
	_, err = f.KeptAnswer(t.Context(), token.ID, digest("key one"), Epoch.Add(time.Microsecond))
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)

	other := f.create(5)
	f.redeem(other.ID, keep("key one")) // keys belong to their registration token

	old := Epoch.Add(models.KeptAnswerLifetime)
	if err := f.take(f.consumption(token.ID, at(old), keep("key one"))); !errors.Is(err, models.ErrAnswerKept) {
		t.Errorf("the same key at the end of its time: %v", err)
	}
	later := f.redeem(token.ID, at(old.Add(time.Microsecond)), keep("key one"))
	kept, err = f.KeptAnswer(t.Context(), token.ID, digest("key one"), Epoch)
	if err != nil || kept.AuthTokenID != later.AuthToken.ID {
		t.Errorf("an old answer was not replaced: %+v, %v", kept, err)
	}
}

func redeemRefusedKeepsNoAnswer(t *testing.T, f fixture) {
	token := f.create(1)
	f.redeem(token.ID, keep("first"))
	if err := f.take(f.consumption(token.ID, keep("second"))); !errors.Is(err, models.ErrNotConsumed) {
		t.Errorf("redeeming past the count: %v", err)
	}
	_, err := f.KeptAnswer(t.Context(), token.ID, digest("second"), Epoch)
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	if err := f.take(f.consumption(token.ID, keep("first"))); !errors.Is(err, models.ErrAnswerKept) {
		t.Errorf("a kept answer on a token that is used up: %v", err)
	}
}

func redeemManyAtOnce(t *testing.T, f fixture) {
	for range 5 {
		token := f.create(50)
		var y tally
		together(64, func(int) { y.add(t, f.take(f.consumption(token.ID))) })
		if y.ok != 50 || y.notConsumed != 14 {
			t.Errorf("64 at once on a count of 50: %d redeemed, %d refused", y.ok, y.notConsumed)
		}
		if got := f.read(token.ID); got.UsedCount != 50 || got.RedemptionCount != 50 {
			t.Errorf("used %d, redemptions %d", got.UsedCount, got.RedemptionCount)
		}
	}
}

func redeemOneKeyAtOnce(t *testing.T, f fixture) {
	token := f.create(50)
	var y tally
	together(40, func(int) { y.add(t, f.take(f.consumption(token.ID, keep("the key")))) })
	if y.ok != 1 || y.kept != 39 {
		t.Errorf("one key 40 times at once: %d redeemed, %d kept, %d refused", y.ok, y.kept, y.notConsumed)
	}
	if used := f.read(token.ID).UsedCount; used != 1 {
		t.Errorf("one key used %d counts", used)
	}
}

func redeemAgainstReplace(t *testing.T, f fixture) {
	for range 5 {
		token := f.create(20)
		var y tally
		var successor *models.RegistrationToken
		together(17, func(i int) {
			if i > 0 {
				y.add(t, f.take(f.consumption(token.ID)))
				return
			}
			for {
				old, err := f.RegistrationToken(t.Context(), token.ID)
				if err != nil {
					t.Error(err)
					return
				}
				next := f.token(old.RemainingCount())
				err = f.ReplaceRegistrationToken(t.Context(), token.ID, old.UsedCount, next, Epoch, "Ada", f.event("x", "y", "z"))
				if err == nil {
					successor = next
					return
				}
				if models.ErrorKind(err) != models.KindConflict {
					t.Errorf("replace: %v", err)
					return
				}
			}
		})
		old := f.read(token.ID)
		if successor == nil || old.UsedCount != y.ok || old.UsedCount+successor.Count != 20 || old.DisabledAt == nil {
			t.Errorf("%d redeemed of 20, successor %+v, old %+v", y.ok, successor, old)
		}
	}
}

func redeemAgainstReclaim(t *testing.T, f fixture) {
	token := f.create(8)
	held := make([]string, 8)
	for i := range held {
		held[i] = f.redeem(token.ID).AuthToken.ID
	}
	var y tally
	together(24, func(i int) {
		if i >= 16 {
			y.add(t, f.take(f.consumption(token.ID)))
			return
		}
		// Two at once delete the same auth token: one of them reclaims.
		_, _, err := f.DeleteAuthTokens(t.Context(), models.AuthTokenDeletion{
			Filter: models.AuthTokenFilter{IDs: []string{held[i/2]}}, ReturnCount: true,
		}, Epoch, "Ada", f.event(models.AuditAuthTokenDeleted, "auth_token", ""))
		y.add(t, err)
	})
	got := f.read(token.ID)
	redeemed := y.ok - 16
	if got.UsedCount != redeemed || got.RedemptionCount != 8+redeemed {
		t.Errorf("8 uses, 8 reclaims, %d more uses: used %d of %d redemptions", redeemed, got.UsedCount, got.RedemptionCount)
	}
}

func redeemAgainstDeletion(t *testing.T, f fixture) {
	for range 3 {
		token := f.create(100)
		var y tally
		together(17, func(i int) {
			if i > 0 {
				y.add(t, f.take(f.consumption(token.ID)))
				return
			}
			_, err := f.DeleteRegistrationToken(t.Context(), token.ID, models.RegistrationTokenDeletion{AuthTokens: true, Reason: "gone"}, Epoch, "Ada", f.event("x", "y", token.ID))
			if err != nil {
				t.Errorf("delete the registration token: %v", err)
			}
		})
		live, err := f.LiveAuthTokenCount(t.Context(), token.ID, Epoch)
		if err != nil || live != 0 {
			t.Errorf("%d auth tokens outlived their registration token, %v", live, err)
		}
	}
}
