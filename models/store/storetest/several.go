package storetest

import (
	"slices"
	"testing"
	"time"

	"muster/models"
)

// listSeveral redeems on shared devices and by one person, ends some, and
// looks who is still not alone.
func listSeveral(t *testing.T, f fixture) {
	token := f.create(20)
	redeem := func(user, host, mac string, edit ...func(*models.Consumption)) string {
		return f.redeem(token.ID, append(edit, func(c *models.Consumption) {
			claimed := models.ClaimedIdentity{SystemUserName: user, FQDN: host, MACAddress: mac}
			c.Redemption.ClaimedIdentity, c.AuthToken.ClaimedIdentity = claimed, claimed
		})...).AuthToken.ID
	}
	listed := func(lens models.AuthTokenLens, now time.Time) []string {
		found := pages(f, models.PageRequest{Size: 2}, func(p models.PageRequest) (models.Page[models.AuthToken], error) {
			return f.AuthTokens(t.Context(), models.AuthTokenFilter{Lens: lens}, p, now)
		})
		slices.Reverse(found)
		return idsOf(found, func(a models.AuthToken) string { return a.ID })
	}
	want := func(what string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	b1 := redeem("ann", "b.example", "")
	a1 := redeem("bob", "A.example.", "")
	redeem("carl", "alone.example", "")
	a2 := redeem("Bob", "a.example", "")
	b2 := redeem("Ann", "B.example", "")
	b3 := redeem("ann", "b.example", "")
	redeem("dora", "a.example", "") // of the same name, and somebody else's
	k1 := redeem("fay", "kiosk.example", "00:1B:44:AA:BB:CC")
	k2 := redeem("gus", "kiosk.example", "001b.44aa.bbcc") // several people's
	want("on one device", listed(models.LensSharedDevice, Epoch), a1, a2, b1, b2, b3, k1, k2)
	want("of one person", listed(models.LensSharedPerson, Epoch), b1, b2, b3, a1, a2)

	f.delete(a1, false)
	f.delete(b2, false)
	want("on one device after two were deleted", listed(models.LensSharedDevice, Epoch), b1, b3, k1, k2)
	want("of one person after two were deleted", listed(models.LensSharedPerson, Epoch), b1, b3)
	a3 := redeem("bob", "a", "")
	want("on one device after another came", listed(models.LensSharedDevice, Epoch), a2, a3, b1, b3, k1, k2)
	want("when all have lapsed", listed(models.LensSharedDevice, Epoch.Add(100*24*time.Hour)))

	_, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{}, models.PageRequest{SortBy: "device"}, Epoch)
	f.wantKind(err, models.KindInvalid, models.CodeInvalidRequest)
}
