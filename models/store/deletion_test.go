package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// deletions makes what is deleted.
type deletions struct {
	*store.Store
	t *testing.T
	n int
}

func (f *deletions) id() string {
	f.n++
	return fmt.Sprintf("%03d", f.n)
}

func (f *deletions) create(count int) *models.RegistrationToken {
	f.t.Helper()
	token := newToken("token "+f.id(), count)
	if err := f.CreateRegistrationToken(f.t.Context(), token, newEvent("created "+token.ID)); err != nil {
		f.t.Fatal(err)
	}
	return token
}

func (f *deletions) redeem(registrationTokenID string, edit ...func(*models.Consumption)) *models.Consumption {
	f.t.Helper()
	c := newConsumption(registrationTokenID, f.id())
	c.AuthToken.SystemUserName = "user " + c.AuthToken.ID
	for _, e := range edit {
		e(c)
	}
	if err := redeem(f.t.Context(), f.Store, c); err != nil {
		f.t.Fatal(err)
	}
	return c
}

func (f *deletions) delete(id string, reclaim bool) {
	f.t.Helper()
	_, _, err := f.DeleteAuthTokens(f.t.Context(), models.AuthTokenDeletion{Filter: models.AuthTokenFilter{IDs: []string{id}}, ReturnCount: reclaim}, day, "Ada", newEvent(""))
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *deletions) isDeleted(id string) bool {
	f.t.Helper()
	row, err := f.AuthToken(f.t.Context(), id)
	if err != nil {
		f.t.Fatal(err)
	}
	return row.DeletedAt != nil
}

func (f *deletions) used(id string) int {
	f.t.Helper()
	row, err := f.RegistrationToken(f.t.Context(), id)
	if err != nil {
		f.t.Fatal(err)
	}
	return row.UsedCount
}

func (f *deletions) refused(err error, kind models.Kind, code models.Code) {
	f.t.Helper()
	if models.ErrorKind(err) != kind || models.ErrorCode(err) != code {
		f.t.Errorf("%v, want %s %s", err, kind, code)
	}
}

func TestDeletion_OfAFindingAsJudgedThere(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) { deleteFinding(t, &deletions{Store: s, t: t}) })
}

// deleteFinding deletes all uses but the first, as a verdict would say that is
// given the evidence; the store knows no rules.
func deleteFinding(t *testing.T, f *deletions) {
	token, other := f.create(5), f.create(5)
	kept, late, gone, elsewhere := f.redeem(token.ID), f.redeem(token.ID), f.redeem(token.ID), f.redeem(other.ID)
	f.delete(late.AuthToken.ID, false)
	f.delete(f.redeem(token.ID).AuthToken.ID, true)
	var judged []string
	d := models.AuthTokenDeletion{
		Filter: models.AuthTokenFilter{RegistrationTokenID: token.ID, Finding: models.FindingUnusedSeats}, ReturnCount: true, DryRun: true,
		Judge: func(r *models.RegistrationToken, e *models.Evidence) models.Verdict {
			judged = nil
			remedy := models.Remedy{Kind: models.RemedyGiveBack, Finding: models.FindingUnusedSeats}
			for _, u := range e.Uses {
				judged = append(judged, u.AuthTokenID)
				if u.AuthTokenID != kept.AuthToken.ID {
					remedy.AuthTokens = append(remedy.AuthTokens, u.AuthTokenID)
				}
			}
			if r.ID != token.ID {
				t.Errorf("judged %s", r.ID)
			}
			return models.Verdict{Findings: []models.Finding{
				{Kind: models.FindingTooSmall, Remedy: models.Remedy{Kind: models.RemedyRaise}},
				{Kind: models.FindingUnusedSeats, Remedy: remedy},
			}}
		},
	}
	event := newEvent("")
	preview, _, err := f.DeleteAuthTokens(t.Context(), d, day, "Ada", event)
	if err != nil || preview.Acted() != 2 || preview.Late != 1 || preview.Matched != 2 {
		t.Fatalf("a dry run: %+v, %v", preview, err)
	}
	slices.Sort(judged)
	if want := []string{kept.AuthToken.ID, late.AuthToken.ID, gone.AuthToken.ID}; !slices.Equal(judged, want) {
		t.Errorf("judged by %v, want %v", judged, want)
	}
	expected := 3
	d.DryRun, d.Expected = false, &expected
	_, _, err = f.DeleteAuthTokens(t.Context(), d, day, "Ada", event)
	f.refused(err, models.KindConflict, models.CodeUnexpectedNumber)
	expected = 2
	if got, _, err := f.DeleteAuthTokens(t.Context(), d, day, "Ada", event); err != nil || got != preview {
		t.Errorf("deleted %+v, the preview was %+v; %v", got, preview, err)
	}
	if f.isDeleted(kept.AuthToken.ID) || f.isDeleted(elsewhere.AuthToken.ID) {
		t.Error("others were deleted")
	}
	if used := f.used(token.ID); used != 1 {
		t.Errorf("%d are used, want 1", used)
	}
	if findings, err := f.Check(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("check found %v, %v", findings, err)
	}
	d.Expected = nil
	for name, edit := range map[string]func(*models.AuthTokenFilter){
		"nothing left":               func(*models.AuthTokenFilter) {},
		"a finding that is none":     func(f *models.AuthTokenFilter) { f.Finding = models.FindingStrangers },
		"one that deletes nothing":   func(f *models.AuthTokenFilter) { f.Finding = models.FindingTooSmall },
		"an unknown one of no token": func(f *models.AuthTokenFilter) { f.RegistrationTokenID = "unknown" },
	} {
		d := d
		edit(&d.Filter)
		if got, _, err := f.DeleteAuthTokens(t.Context(), d, day, "Ada", event); err != nil || got.Matched != 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	_, err = f.AuthTokens(t.Context(), d.Filter, models.PageRequest{}, day)
	f.refused(err, models.KindInvalid, models.CodeInvalidRequest)
}

func TestDeletion_OfAFindingAgainstRefresh(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) { deleteFindingAgainstRefresh(t, &deletions{Store: s, t: t}) })
}

// deleteFindingAgainstRefresh lets the machine come back with the auth token that is
// in surplus while the surplus is deleted: whatever comes first, it keeps the one it
// uses.
func deleteFindingAgainstRefresh(t *testing.T, f *deletions) {
	keepLastSeen := func(_ *models.RegistrationToken, e *models.Evidence) models.Verdict {
		last := 0
		for i := range e.Uses {
			if e.Uses[i].LastSeenAt.After(e.Uses[last].LastSeenAt) {
				last = i
			}
		}
		remedy := models.Remedy{Kind: models.RemedyDeleteSurplus, Finding: models.FindingSeveralPerDevice}
		for i := range e.Uses {
			if i != last {
				remedy.AuthTokens = append(remedy.AuthTokens, e.Uses[i].AuthTokenID)
			}
		}
		return models.Verdict{Findings: []models.Finding{{Kind: models.FindingSeveralPerDevice, Remedy: remedy}}}
	}
	for range 20 {
		token := f.create(2)
		older, newer := f.redeem(token.ID), f.redeem(token.ID, func(c *models.Consumption) { c.AuthToken.LastSeenAt = day.Add(time.Second) })
		var both sync.WaitGroup
		var refreshed bool
		both.Go(func() {
			var err error
			if refreshed, err = f.RotateRefreshToken(t.Context(), older.AuthToken.ID, func() models.Rotation {
				return models.Rotation{
					At: day.Add(time.Minute), Presented: older.AuthToken.RefreshDigest, Successor: sum("next " + older.AuthToken.ID),
					SealedSuccessor: []byte("sealed"), IdleExpiresAt: day.Add(time.Hour),
				}
			}); err != nil {
				t.Error(err)
			}
		})
		both.Go(func() {
			_, _, err := f.DeleteAuthTokens(t.Context(), models.AuthTokenDeletion{
				Filter: models.AuthTokenFilter{RegistrationTokenID: token.ID, Finding: models.FindingSeveralPerDevice}, ReturnCount: true, Judge: keepLastSeen,
			}, day.Add(time.Minute), "Ada", newEvent(""))
			if err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		kept, gone := newer, older
		if refreshed {
			kept, gone = older, newer
		}
		if f.isDeleted(kept.AuthToken.ID) || !f.isDeleted(gone.AuthToken.ID) {
			t.Fatalf("refreshed %t: the one in use was deleted, or the other kept", refreshed)
		}
	}
}

func TestDeletion_RefusesNamesOfSeveral(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) { refuseNamesOfSeveral(t, &deletions{Store: s, t: t}) })
}

func refuseNamesOfSeveral(t *testing.T, f *deletions) {
	token := f.create(50)
	use := func(user, host, mac, subject string) *models.Consumption {
		return f.redeem(token.ID, func(c *models.Consumption) {
			c.AuthToken.SystemUserName, c.AuthToken.FQDN, c.AuthToken.MACAddress = user, host, mac
			if subject != "" {
				c.AuthToken.VerifiedIdentity = models.VerifiedIdentity{Issuer: "https://idp.example", Subject: subject, Email: subject + "@contoso.example"}
			}
		})
	}
	use("alice", "pc-1.contoso.example", "00:53:00:00:00:01", "")
	use("alice", "pc-2.contoso.example", "00:53:00:00:00:02", "")
	use("jdoe", "pc-3.contoso.example", "", "john")
	jane := use("jdoe", "pc-4.contoso.example", "", "jane")
	use("gil", "GOLDEN-W11", "00:53:00:00:00:11", "")
	use("mia", "GOLDEN-W11", "00:53:00:00:00:12", "")
	use("tim", "GOLDEN-W11", "00:53:00:00:00:13", "")
	use("SYSTEM", "kiosk-1.contoso.example", "00:53:00:00:00:21", "")
	use("SYSTEM", "kiosk-2.contoso.example", "00:53:00:00:00:22", "")
	use("ann", "lab.contoso.example", "00:53:00:00:00:31", "")
	use("ben", "lab.contoso.example", "00:53:00:00:00:31", "")
	event := newEvent("")
	remove := func(user, host string, dryRun bool) (models.AuthTokenDeletionResult, error) {
		filter := models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: user, FQDN: host}}
		got, _, err := f.DeleteAuthTokens(t.Context(), models.AuthTokenDeletion{Filter: filter, DryRun: dryRun}, day, "Ada", event)
		return got, err
	}
	for _, c := range []struct{ user, host, says string }{
		{"jdoe", "", "fits 2 people"},
		{"", "GOLDEN-W11", "fits 3 devices"},
		{"SYSTEM", "", "fits 2 people or devices"},
	} {
		for _, dryRun := range []bool{true, false} {
			_, err := remove(c.user, c.host, dryRun)
			f.refused(err, models.KindConflict, models.CodeSeveralMatch)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s%s: %v", c.user, c.host, err)
			}
		}
	}
	for _, c := range []struct {
		user, host string
		n          int
	}{
		{"alice", "", 2}, {"", "lab.contoso.example", 2}, {"mia", "GOLDEN-W11", 1}, {"nobody", "", 0},
	} {
		preview, err := remove(c.user, c.host, true)
		if err != nil || preview.Deleted != c.n {
			t.Errorf("%s%s: %+v, %v", c.user, c.host, preview, err)
		}
		if got, err := remove(c.user, c.host, false); err != nil || got != preview {
			t.Errorf("%s%s: deleted %+v, the preview was %+v; %v", c.user, c.host, got, preview, err)
		}
	}
	f.delete(jane.AuthToken.ID, false)
	if got, err := remove("jdoe", "", false); err != nil || got.Deleted != 1 {
		t.Errorf("once one of the two is deleted: %+v, %v", got, err)
	}
}

func TestDeletion_KnowsTheServiceAccountsOfTheSetting(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t), store.WithServiceAccounts([]string{"robot"}))
	f := &deletions{Store: s, t: t}
	token := f.create(5)
	for _, host := range []string{"pc-1.contoso.example", "pc-2.contoso.example"} {
		f.redeem(token.ID, func(c *models.Consumption) { c.AuthToken.SystemUserName, c.AuthToken.FQDN = "robot", host })
	}
	_, _, err := f.DeleteAuthTokens(t.Context(), models.AuthTokenDeletion{
		Filter: models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: "robot"}},
	}, day, "Ada", newEvent(""))
	f.refused(err, models.KindConflict, models.CodeSeveralMatch)
}
