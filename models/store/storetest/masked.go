package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"muster/models"
)

// spellings are texts with and without an address in them, in every spelling
// that the database must know as [models.MayHoldAddress] does.
var spellings = []string{
	"Rollout 2026", "pc-0815.emea.contoso.example", "00:53:00:12:34:56", "00-53-00", "50% off", "R&D; 1.2.3", "v1.2", "a:b", "",
	"anna@contoso.example", "anna＠contoso.example", "anna﹫contoso.example", "anna%40contoso.example", "anna&#64;contoso.example", "anna&commat;x",
	"10.77.66.5", "010.077.066.005", "ip-10-77-66-5.ec2.internal", "10_77_66_5", "１０．７７．６６．５", "10.\u200b77.66.5", "10。77。66。5",
	"2001:db8::77", "ip:2001:db8:aa:bb:1:2:3:4", "::1", "：：1", "００:00:00:00:00:00:00:01", "00-53-00-12-34-56",
}

// searchAsMasked compares what the database leaves out with the rule in Go.
func searchAsMasked(t *testing.T, f fixture) {
	found := map[string]bool{}
	for i, text := range spellings {
		f.create(1, func(r *models.RegistrationToken) { r.Identifier = fmt.Sprintf("label%02d %s", i, text) })
	}
	page, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{Search: "LABEL", AsMasked: true}, models.PageRequest{}, Epoch)
	if err != nil {
		t.Fatal(err)
	}
	for i := range page.Items {
		_, text, _ := strings.Cut(page.Items[i].Identifier, " ")
		found[text] = true
	}
	for i, text := range spellings {
		if want := !models.MayHoldAddress(text); found[text] != want {
			t.Errorf("%q is found by a part: %t, want %t", text, found[text], want)
		}
		whole := fmt.Sprintf("label%02d %s", i, text)
		page, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{Search: whole, AsMasked: true}, models.PageRequest{}, Epoch)
		if err != nil || len(page.Items) != 1 {
			t.Errorf("%q typed in full finds %d, %v", whole, len(page.Items), err)
		}
	}
}

// orderAsMasked: rows that differ only in what is hidden stand in the order
// they came in, whatever they are sorted by.
func orderAsMasked(t *testing.T, f fixture) {
	hidden := []string{"jz@contoso.example", "ja@contoso.example", "jm@contoso.example"}
	var ids, authTokens []string
	for _, label := range append([]string{"beta", "alpha"}, hidden...) {
		ids = append(ids, f.create(9, func(r *models.RegistrationToken) { r.Identifier = label }).ID)
	}
	want := []string{ids[2], ids[3], ids[4], ids[1], ids[0]}
	for _, descending := range []bool{false, true} {
		found := pages(f, models.PageRequest{Size: 2, SortBy: "identifier", Descending: descending}, func(p models.PageRequest) (models.Page[models.RegistrationToken], error) {
			return f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{AsMasked: true}, p, Epoch)
		})
		got := idsOf(found, func(r models.RegistrationToken) string { return r.ID })
		if descending {
			slices.Reverse(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("by label, descending %t: %v, want %v", descending, got, want)
		}
	}

	token := ids[0]
	for _, user := range hidden {
		for range 2 {
			authTokens = append(authTokens, f.redeem(token, func(c *models.Consumption) {
				c.AuthToken.SystemUserName, c.AuthToken.FQDN = user, "pc-"+user
			}).AuthToken.ID)
		}
	}
	slices.Reverse(authTokens)
	for _, lens := range []models.AuthTokenLens{models.LensSharedPerson, models.LensSharedDevice} {
		page, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{Lens: lens, AsMasked: true}, models.PageRequest{}, Epoch)
		var got []string
		for i := range page.Items {
			got = append(got, page.Items[i].ID)
		}
		if err != nil || !slices.Equal(got, authTokens) {
			t.Errorf("%s: %v, %v; want %v", lens, got, err, authTokens)
		}
	}
	for _, field := range []string{"systemUserName", "fqdn"} {
		_, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{AsMasked: true}, models.PageRequest{SortBy: field}, Epoch)
		wantField(t, field, err, "sortBy")
	}

	var users []string
	for _, user := range hidden {
		users = append(users, "person:"+user)
	}
	f.admit(token, expecting(models.Admission{}, models.ListAdd, users...))
	page, err := f.Expectations(t.Context(), models.ExpectationFilter{RegistrationTokenID: token, State: models.ExpectationArrived, AsMasked: true}, models.PageRequest{})
	if err != nil || len(page.Items) != len(hidden) {
		t.Errorf("arrived: %d, %v", len(page.Items), err)
	}
	other := ids[1]
	f.admit(other, expecting(models.Admission{}, models.ListAdd, append([]string{"carl", "bert"}, hidden...)...))
	page, err = f.Expectations(t.Context(), models.ExpectationFilter{RegistrationTokenID: other, State: models.ExpectationMissing, AsMasked: true}, models.PageRequest{})
	var got []string
	for i := range page.Items {
		got = append(got, page.Items[i].Pattern)
	}
	if want := append(slices.Clone(hidden), "bert", "carl"); err != nil || !slices.Equal(got, want) {
		t.Errorf("missing: %v, %v; want %v", got, err, want)
	}
}
