package tokens_test

import (
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
	"muster/tokens/secrets"
)

func (r *rig) refreshFails(refreshToken models.Secret, code models.Code) error {
	r.t.Helper()
	_, err := r.Refresh(r.ctx(), refreshToken, origin)
	refused(r.t, err, models.KindUnauthenticated, code)
	return err
}

func TestRefresh_RotatesEachTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	device := r.device()
	id, issued := device.AuthToken.ID, &device.IssuedSecrets
	seen := map[models.Secret]bool{issued.RefreshToken: true}
	for i := range 5 {
		r.clock.advance(time.Hour)
		issued = r.refresh(issued.RefreshToken)
		if seen[issued.RefreshToken] || !r.active(issued.AccessToken) {
			t.Fatal("not rotated")
		}
		seen[issued.RefreshToken] = true
		row := r.authToken(id)
		if row.Generation != i+2 || row.FirstUsedAt == nil || !row.FirstUsedAt.Equal(start.Add(time.Hour)) ||
			!row.LastSeenAt.Equal(r.clock.now()) || !row.IdleExpiresAt.Equal(r.clock.now().Add(refreshIdle)) {
			t.Errorf("row %+v", row)
		}
	}
}

func TestRefresh_GraceGivesTheSameSuccessor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		after time.Duration
		ok    bool
	}{{0, true}, {29 * time.Second, true}, {30 * time.Second, false}, {31 * time.Second, false}} {
		t.Run(c.after.String(), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			first := r.device()
			second := r.refresh(first.RefreshToken)
			r.clock.advance(c.after)
			if !c.ok {
				r.refreshFails(first.RefreshToken, models.CodeRefreshTokenReused)
				r.refreshFails(second.RefreshToken, models.CodeRefreshTokenInvalid)
				return
			}
			again := r.refresh(first.RefreshToken)
			if again.RefreshToken != second.RefreshToken {
				t.Error("another successor")
			}
			if !r.active(again.AccessToken) || r.authToken(first.AuthToken.ID).Generation != 2 {
				t.Error("the repeat is not a repeat")
			}
			r.refresh(second.RefreshToken)
		})
	}
}

func TestRefresh_GraceIsNotProlongedByRepeats(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.device()
	r.refresh(first.RefreshToken)
	r.clock.advance(29 * time.Second)
	r.refresh(first.RefreshToken)
	r.clock.advance(time.Second)
	r.refreshFails(first.RefreshToken, models.CodeRefreshTokenReused)
}

func TestRefresh_ReuseAtAnyDepthEndsTheFamily(t *testing.T) {
	t.Parallel()
	for depth := 1; depth <= 5; depth++ {
		t.Run(string(rune('0'+depth)), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			first := r.device()
			last := &first.IssuedSecrets
			for range depth {
				last = r.refresh(last.RefreshToken)
			}
			if depth == 1 {
				r.clock.advance(30 * time.Second)
			}
			// Asking about the old one changes nothing.
			if r.active(first.RefreshToken) || !r.active(last.RefreshToken) {
				t.Error("introspection is wrong before the reuse")
			}
			r.told()
			r.refreshFails(first.RefreshToken, models.CodeRefreshTokenReused)
			r.refreshFails(last.RefreshToken, models.CodeRefreshTokenInvalid)
			if r.active(last.AccessToken) || r.active(last.RefreshToken) {
				t.Error("the family lives on")
			}
			row := r.authToken(first.AuthToken.ID)
			if row.State(r.clock.now()) != models.AuthTokenEnded || row.EndReason != "refresh_token_reused" {
				t.Errorf("row %+v", row)
			}
			events, err := r.db.AuditEvents(t.Context(), models.AuditFilter{ObjectID: row.ID, Action: models.AuditAuthTokenEnded}, models.PageRequest{})
			if err != nil || len(events.Items) != 1 {
				t.Errorf("audit: %d, %v", len(events.Items), err)
			}
		})
	}
}

func TestRefresh_IdleEndIsExact(t *testing.T) {
	t.Parallel()
	for d, ok := range map[time.Duration]bool{-time.Second: true, 0: false, time.Second: false} {
		r := newRig(t)
		issued := r.device()
		r.clock.set(start.Add(refreshIdle + d))
		if ok {
			r.refresh(issued.RefreshToken)
		} else {
			r.refreshFails(issued.RefreshToken, models.CodeRefreshTokenInvalid)
		}
	}
}

func TestRefresh_AWrongTokenIsAGuessAndEndsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issued := r.device()
	id := issued.AuthToken.ID
	for name, c := range map[string]struct {
		secret string
		guess  bool
	}{
		"unknown id":   {someMRF, true},
		"wrong family": {spell(secrets.RefreshToken, id, someFamily, someRandom), true},
		"other kind":   {someMRT, false},
		"mistyped":     {issued.RefreshToken.Reveal()[:80], false},
		"empty":        {"", false},
	} {
		if err := r.refreshFails(models.Secret(c.secret), models.CodeRefreshTokenInvalid); tokens.IsGuess(err) != c.guess {
			t.Errorf("%s: guess %v", name, !c.guess)
		}
	}
	r.refresh(issued.RefreshToken)
}

func TestRefresh_HundredAtOnceGetOneSuccessor(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	rounds := 5
	for range rounds {
		first := r.device()
		const n = 100
		issued := make([]*tokens.IssuedSecrets, n)
		for i, err := range parallel(n, func(i int) (err error) {
			issued[i], err = r.Refresh(t.Context(), first.RefreshToken, origin)
			return err
		}) {
			if err != nil {
				t.Fatal(err)
			}
			if issued[i].RefreshToken != issued[0].RefreshToken {
				t.Fatal("two live successors")
			}
		}
		if g := r.authToken(first.AuthToken.ID).Generation; g != 2 {
			t.Errorf("generation %d", g)
		}
	}
}

func TestRefresh_NeverAfterAnAcknowledgedDelete(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 20 {
		first := r.device()
		var deleted atomic.Bool
		parallel(9, func(i int) error {
			if i == 4 {
				err := r.DeleteAuthToken(t.Context(), admin, first.AuthToken.ID, "left", false)
				deleted.Store(err == nil)
				return err
			}
			token := first.RefreshToken
			for range 5 {
				before := deleted.Load()
				issued, err := r.Refresh(t.Context(), token, origin)
				if err == nil && before {
					t.Error("refreshed after the delete was acknowledged")
				}
				if err == nil {
					token = issued.RefreshToken
				}
			}
			return nil
		})
		if !deleted.Load() {
			t.Fatal("not deleted")
		}
		r.refreshFails(first.RefreshToken, models.CodeRefreshTokenInvalid)
	}
}
