package tokens_test

import (
	"fmt"
	"testing"

	"muster/models"
	"muster/models/store/storetest"
)

// stale counts who saved and who was refused as stale; anything else fails the test.
func stale(t *testing.T, errs []error) (saved, refused int) {
	t.Helper()
	for i, err := range errs {
		switch {
		case err == nil:
			saved++
		case models.ErrorKind(err) == models.KindStale:
			refused++
		default:
			t.Errorf("%d: %v", i, err)
		}
	}
	return saved, refused
}

// Of many who save over the same version one wins, and who redeems meanwhile neither
// makes that one stale nor is turned away.
func TestEditors_OneSavesOverAVersionWhileOthersRedeem(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, url string) {
		r := newRigOn(t, url)
		token, secret := r.create(1000)
		const editors, redeemers, each = 6, 4, 3
		for round := range 5 {
			read := models.Versions{r.token(token.ID).Version()}
			errs := parallel(editors+redeemers, func(i int) error {
				if i < editors {
					_, err := r.UpdateRegistrationToken(r.ctx(), admin, token.ID, models.RegistrationTokenSettings{Note: ptr(fmt.Sprint(round, "-", i)), IfVersion: read})
					return err
				}
				for range each {
					if _, err := r.Redeem(r.ctx(), request(secret, "ann")); err != nil {
						return err
					}
				}
				return nil
			})
			if saved, refused := stale(t, errs[:editors]); saved != 1 || refused != editors-1 {
				t.Errorf("round %d: %d saved, %d were stale", round, saved, refused)
			}
			for _, err := range errs[editors:] {
				if err != nil {
					t.Errorf("round %d: a redemption: %v", round, err)
				}
			}
			r.used(token.ID, (round+1)*redeemers*each)
		}
	})
}

// A lone editor is never stale for what is redeemed, refreshed or given back meanwhile.
func TestEditors_AreNotMadeStaleByUses(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, url string) {
		r := newRigOn(t, url)
		token, secret := r.create(1000)
		var versions []string
		errs := parallel(5, func(i int) error {
			for n := range 4 {
				if i == 0 {
					read := r.token(token.ID).Version()
					edited, err := r.UpdateRegistrationToken(r.ctx(), admin, token.ID, models.RegistrationTokenSettings{Note: ptr(fmt.Sprint(n)), IfVersion: models.Versions{read}})
					if err != nil {
						return err
					}
					versions = append(versions, edited.Version())
					continue
				}
				issued, err := r.Redeem(r.ctx(), request(secret, "ann"))
				if err == nil {
					_, err = r.Refresh(r.ctx(), issued.RefreshToken, models.Origin{})
				}
				if err == nil {
					err = r.DeleteAuthToken(r.ctx(), admin, issued.AuthToken.ID, "lost", n%2 == 0)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		for i, err := range errs {
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		if last := r.token(token.ID).Version(); len(versions) != 4 || versions[3] != last {
			t.Errorf("the last version is %s, saved were %v", last, versions)
		}
	})
}

// Several at once are one of the editors: either they or one who edits one of them
// saves, and a second click on their button changes nothing.
func TestEditors_OfSeveralAtOnceAndOfOneOfThem(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, url string) {
		r := newRigOn(t, url)
		ids := r.createMany(3, false)
		for round := range 5 {
			var versions []string
			before := map[string]int{}
			for _, id := range ids {
				row := r.token(id)
				versions, before[id] = append(versions, row.Version()), row.Count
			}
			joint, one := models.Versions{models.JointVersion(versions)}, models.Versions{versions[1]}
			errs := parallel(8, func(i int) error {
				if i%2 == 0 {
					mine := ids
					if i%4 == 0 {
						mine = []string{ids[2], ids[1], ids[0]}
					}
					_, err := r.EditRegistrationTokens(r.ctx(), admin, mine, models.SelectionChange{RaiseBy: 3, IfVersion: joint}, 3)
					return err
				}
				_, err := r.UpdateRegistrationToken(r.ctx(), helper, ids[1], models.RegistrationTokenSettings{Raise: 5, IfVersion: one})
				return err
			})
			if saved, refused := stale(t, errs); saved != 1 || refused != 7 {
				t.Errorf("round %d: %d saved, %d were stale", round, saved, refused)
			}
			by := [2]int{r.token(ids[0]).Count - before[ids[0]], r.token(ids[1]).Count - before[ids[1]]}
			if by != [2]int{3, 3} && by != [2]int{0, 5} {
				t.Errorf("round %d: raised by %v", round, by)
			}
		}
	})
}

// Disabling several at once does not wait for a version, and loses nobody's edit: who
// saved before is kept, who comes after is told.
func TestEditors_WhileSeveralAreDisabled(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, url string) {
		r := newRigOn(t, url)
		for range 5 {
			ids := r.createMany(2, false)
			read := models.Versions{r.token(ids[0]).Version()}
			errs := parallel(5, func(i int) error {
				if i == 0 {
					_, err := r.DisableRegistrationTokens(r.ctx(), admin, ids)
					return err
				}
				_, err := r.UpdateRegistrationToken(r.ctx(), helper, ids[0], models.RegistrationTokenSettings{Note: ptr("hers"), IfVersion: read})
				return err
			})
			saved, _ := stale(t, errs)
			row := r.token(ids[0])
			if row.DisabledAt == nil || r.token(ids[1]).DisabledAt == nil || saved > 2 || saved == 2 != (row.Note == "hers") {
				t.Errorf("%d saved: %+v", saved, row)
			}
		}
	})
}
