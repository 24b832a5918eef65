package tokens_test

import (
	"context"
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
)

// held is a store whose notes wait until they are let go.
type held struct {
	tokens.Store
	let <-chan struct{}
}

func (h held) TouchAuthToken(ctx context.Context, id string, now time.Time, ip string) error {
	<-h.let
	return h.Store.TouchAuthToken(ctx, id, now, ip)
}

func (h held) TouchAPIKey(ctx context.Context, id string, now time.Time) error {
	<-h.let
	return h.Store.TouchAPIKey(ctx, id, now)
}

func TestTouches_DoNotHoldTheAnswerUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	device := r.device()
	issued := r.refresh(device.RefreshToken) // used before
	key, secret, err := r.CreateAPIKey(t.Context(), admin, "licence server", models.RoleNone, []models.Scope{models.ScopeIntrospect}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.clock.advance(2 * time.Minute)
	let := make(chan struct{})
	s := r.service(held{r.db, let})
	for range 3 {
		actor, err := s.AuthenticateAPIKey(t.Context(), secret, origin)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := s.Introspect(t.Context(), actor, issued.AccessToken, ""); err != nil || !answer.Active {
			t.Fatalf("%+v, %v", answer, err)
		}
	}
	close(let)
	s.Close()
	if seen := r.authToken(device.AuthToken.ID).LastSeenAt; !seen.Equal(r.clock.now()) {
		t.Errorf("seen at %s", seen)
	}
	keys, err := r.db.APIKeys(t.Context())
	if err != nil || keys[0].ID != key.ID || keys[0].LastUsedAt == nil || !keys[0].LastUsedAt.Equal(r.clock.now()) {
		t.Errorf("keys %+v, %v", keys, err)
	}
	// Closed, it answers as before and notes nothing.
	r.clock.advance(2 * time.Minute)
	if answer, err := s.Introspect(t.Context(), licenceServer, issued.RefreshToken, tokens.HintRefreshToken); err != nil || !answer.Active {
		t.Errorf("%+v, %v", answer, err)
	}
}

// The kept answer ends with the first use, so that use must be on record.
func TestIntrospect_FailsWhenTheFirstUseCannotBeStored(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, secret := r.create(1)
	q := request(secret, "bob")
	q.IdempotencyKey = key
	issued, err := r.Redeem(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.service(&untouchable{r.db}).Introspect(t.Context(), licenceServer, issued.AccessToken, "")
	refused(t, err, models.KindUnavailable, models.CodeUnavailable)
	if !r.active(issued.AccessToken) {
		t.Fatal("not active")
	}
	_, err = r.Redeem(t.Context(), q)
	refused(t, err, models.KindConflict, models.CodeIdempotencyKeySpent)
}

// untouchable is a store that cannot note a use.
type untouchable struct{ tokens.Store }

func (untouchable) TouchAuthToken(context.Context, string, time.Time, string) error {
	return models.Unavailable(nil)
}
