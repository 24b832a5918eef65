package tokens_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"muster/models"
	"muster/models/store/storetest"
)

// Of several editors who read the same version, one saves and the others learn it,
// whatever each of them does; those who name no version are as before.
func TestVersions_OfTwoEditorsExactlyOneWins(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, url string) {
		r := newRigOn(t, url)
		token, _ := r.create(5)
		read := models.Versions{token.Version()}
		editors := []func(i int) error{
			func(i int) error {
				_, err := r.UpdateRegistrationToken(r.ctx(), admin, token.ID, models.RegistrationTokenSettings{Note: ptr(fmt.Sprint("note ", i)), IfVersion: read})
				return err
			},
			func(i int) error {
				_, err := r.ResetRegistrationToken(r.ctx(), helper, token.ID, models.RegistrationTokenSettings{Count: ptr(10 + i), IfVersion: read})
				return err
			},
			func(int) error {
				_, err := r.DeleteRegistrationToken(r.ctx(), helper, token.ID, models.RegistrationTokenDeletion{IfVersion: read})
				return err
			},
		}
		oneWins(t, parallel(9, func(i int) error { return editors[i%len(editors)](i) }))

		issued := r.device()
		label := models.Versions{issued.AuthToken.Version()}
		oneWins(t, parallel(8, func(i int) error {
			if i%4 == 3 {
				return r.DeleteAuthToken(r.ctx(), admin, issued.AuthToken.ID, "lost", false, label...)
			}
			_, err := r.UpdateAuthToken(r.ctx(), admin, issued.AuthToken.ID, models.AuthTokenLabels{RefID1: ptr(fmt.Sprint("r", i)), IfVersion: label})
			return err
		}))
	})
}

// oneWins expects one change to be made, and the others to be refused as stale or by
// what the one made of it.
func oneWins(t *testing.T, errs []error) {
	t.Helper()
	won, stale := 0, 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case models.ErrorKind(err) == models.KindStale:
			stale++
		case models.ErrorCode(err) == models.CodeRegistrationTokenDeleted, models.ErrorCode(err) == models.CodeAuthTokenDeleted:
		default:
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d editors won (%d are stale): %v", won, len(errs), stale, errors.Join(errs...))
	}
}

func TestVersions_ChangeWithWhatPeopleSetAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(5)
	version := func() string { return r.token(token.ID).Version() }
	last := version()
	if token.Version() != last {
		t.Error("the version of a new one differs from that of its row")
	}
	issued := r.redeem(secret, "ann")
	if _, err := r.Refresh(r.ctx(), issued.RefreshToken, models.Origin{}); err != nil {
		t.Fatal(err)
	}
	if err := r.DeleteAuthToken(r.ctx(), admin, issued.AuthToken.ID, "lost", true); err != nil {
		t.Fatal(err)
	}
	r.clock.advance(time.Hour)
	if version() != last {
		t.Error("a redemption, a refresh or a returned count changed the version")
	}
	for name, change := range map[string]models.RegistrationTokenSettings{
		"label": {Identifier: ptr("x")}, "count": {Raise: 1}, "expiry": {ExpiresAt: ptr(start.Add(48 * time.Hour))},
		"references": {RefID2: ptr("b")}, "note": {Note: ptr("n")}, "state": {Enabled: ptr(false)},
	} {
		if _, err := r.UpdateRegistrationToken(r.ctx(), admin, token.ID, change); err != nil {
			t.Fatal(err)
		}
		if now := version(); now == last {
			t.Errorf("%s left the version", name)
		} else {
			last = now
		}
	}
	if _, _, err := r.ReplaceRegistrationToken(r.ctx(), admin, token.ID, models.RegistrationTokenSettings{}); err != nil || version() == last {
		t.Errorf("a replacement left the version: %v", err)
	}
	last = version()
	if _, err := r.DeleteRegistrationToken(r.ctx(), admin, token.ID, models.RegistrationTokenDeletion{IfVersion: models.Versions{last}}); err != nil || version() == last {
		t.Errorf("a deletion left the version: %v", err)
	}
}
