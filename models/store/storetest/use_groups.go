package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"muster/models"
)

// useOf redeems as somebody, on a device, from an address, some time after
// the epoch.
func (f fixture) useOf(registrationTokenID, user, host, ip string, after time.Duration) *models.AuthToken {
	f.tb.Helper()
	c := f.redeem(registrationTokenID, at(Epoch.Add(after)), as(user, host), func(c *models.Consumption) {
		c.Redemption.IP, c.AuthToken.IP = ip, ip
	})
	return &c.AuthToken
}

// aLedger is a registration token with uses of three people, and another one
// that must never count.
func (f fixture) aLedger() (token *models.RegistrationToken, uses []*models.AuthToken) {
	token, other := f.create(20), f.create(20)
	for i, u := range []struct{ user, host, ip string }{
		{"ann", "a.contoso.example", "10.1.1.1"},
		{"Ann", "A.contoso.example", "10.1.9.9"},
		{"ann", "a.contoso.example", "10.1.1.1"},
		{"bob", "b.contoso.example", "10.2.1.1"},
		{"ann", "laptop.contoso.example", "10.1.1.1"},
		{"", "", "2001:db8:1::1"},
		{"", "", "2001:db8:1::2"},
		{"eve", "e.fabrikam.example", "203.0.113.7"},
	} {
		uses = append(uses, f.useOf(token.ID, u.user, u.host, u.ip, time.Duration(i)*time.Minute))
	}
	f.useOf(other.ID, "ann", "a.contoso.example", "10.1.1.1", 0)
	f.delete(uses[0].ID, true)
	f.delete(uses[3].ID, false)
	return token, uses
}

func useGroups(t *testing.T, f fixture) {
	token, uses := f.aLedger()
	groups := func(by models.Facet, filter models.AuthTokenFilter) []string {
		t.Helper()
		filter.RegistrationTokenID = token.ID
		page, err := f.UseGroups(t.Context(), filter, by, models.PageRequest{}, Epoch.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, g := range page.Items {
			lines = append(lines, fmt.Sprintf("%s uses %d reclaimed %d surplus %d live %d deleted %d people %d devices %d from %v",
				g.Last.FQDN, g.Uses, g.Reclaimed, g.Surplus, g.Live, g.Deleted, g.People, g.Devices, g.First.CreatedAt.Sub(Epoch).Minutes()))
			if g.Unknown != (g.Last.FQDN == "" && by != models.FacetNetwork) {
				t.Errorf("%+v says unknown is %t", g.Last.ClaimedIdentity, g.Unknown)
			}
		}
		return lines
	}
	for by, want := range map[models.Facet][]string{
		models.FacetDevice: {
			"a.contoso.example uses 3 reclaimed 1 surplus 1 live 2 deleted 1 people 1 devices 1 from 0",
			" uses 2 reclaimed 0 surplus 0 live 2 deleted 0 people 0 devices 0 from 5",
			"e.fabrikam.example uses 1 reclaimed 0 surplus 0 live 1 deleted 0 people 1 devices 1 from 7",
			"laptop.contoso.example uses 1 reclaimed 0 surplus 0 live 1 deleted 0 people 1 devices 1 from 4",
			"b.contoso.example uses 1 reclaimed 0 surplus 0 live 0 deleted 1 people 1 devices 1 from 3",
		},
		models.FacetPerson: {
			"laptop.contoso.example uses 4 reclaimed 1 surplus 1 live 3 deleted 1 people 1 devices 2 from 0",
			" uses 2 reclaimed 0 surplus 0 live 2 deleted 0 people 0 devices 0 from 5",
			"e.fabrikam.example uses 1 reclaimed 0 surplus 0 live 1 deleted 0 people 1 devices 1 from 7",
			"b.contoso.example uses 1 reclaimed 0 surplus 0 live 0 deleted 1 people 1 devices 1 from 3",
		},
		models.FacetNetwork: {
			"laptop.contoso.example uses 4 reclaimed 1 surplus 1 live 3 deleted 1 people 1 devices 2 from 0",
			" uses 2 reclaimed 0 surplus 0 live 2 deleted 0 people 0 devices 0 from 5",
			"e.fabrikam.example uses 1 reclaimed 0 surplus 0 live 1 deleted 0 people 1 devices 1 from 7",
			"b.contoso.example uses 1 reclaimed 0 surplus 0 live 0 deleted 1 people 1 devices 1 from 3",
		},
		models.FacetDomain: {
			"laptop.contoso.example uses 5 reclaimed 1 surplus 1 live 3 deleted 2 people 2 devices 3 from 0",
			" uses 2 reclaimed 0 surplus 0 live 2 deleted 0 people 0 devices 0 from 5",
			"e.fabrikam.example uses 1 reclaimed 0 surplus 0 live 1 deleted 0 people 1 devices 1 from 7",
		},
	} {
		for how, filter := range map[string]models.AuthTokenFilter{"all": {}, "since the epoch": {From: Epoch}} {
			if got := groups(by, filter); !slices.Equal(got, want) {
				t.Errorf("by %s, %s:\n%q, want\n%q", by, how, got, want)
			}
		}
	}
	got := groups(models.FacetDevice, models.AuthTokenFilter{From: uses[4].CreatedAt, To: uses[5].CreatedAt})
	if want := []string{"laptop.contoso.example uses 1 reclaimed 0 surplus 0 live 1 deleted 0 people 1 devices 1 from 4"}; !slices.Equal(got, want) {
		t.Errorf("within a minute: %q", got)
	}
	// What changed since is counted, whichever way.
	f.delete(uses[4].ID, true)
	f.useOf(token.ID, "bob", "b.contoso.example", "10.2.1.1", time.Minute)
	for _, by := range models.Facets {
		if got, want := groups(by, models.AuthTokenFilter{}), groups(by, models.AuthTokenFilter{From: Epoch}); !slices.Equal(got, want) {
			t.Errorf("by %s, after a change:\n%q, want\n%q", by, got, want)
		}
	}
	page, err := f.UseGroups(t.Context(), models.AuthTokenFilter{RegistrationTokenID: token.ID}, models.FacetDevice, models.PageRequest{}, Epoch.Add(100*24*time.Hour))
	if err != nil || page.Items[0].Ended != 2 || page.Items[0].Live != 0 {
		t.Errorf("when all have lapsed: %+v, %v", page.Items, err)
	}
	_, err = f.UseGroups(t.Context(), models.AuthTokenFilter{RegistrationTokenID: token.ID}, "shoe", models.PageRequest{}, Epoch)
	f.wantKind(err, models.KindInvalid, models.CodeInvalidRequest)
}

func useGroupPages(t *testing.T, f fixture) {
	token, _ := f.aLedger()
	filter, request := models.AuthTokenFilter{RegistrationTokenID: token.ID}, models.PageRequest{Size: 2}
	var hosts []string
	for {
		page, err := f.UseGroups(t.Context(), filter, models.FacetDevice, request, Epoch)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range page.Items {
			hosts = append(hosts, g.Last.FQDN)
		}
		if request.Token = page.NextToken; request.Token == "" {
			break
		}
		if _, err := f.UseGroups(t.Context(), filter, models.FacetPerson, request, Epoch); models.ErrorKind(err) != models.KindInvalid {
			t.Errorf("the page token of one grouping opens another: %v", err)
		}
	}
	if want := []string{"a.contoso.example", "", "e.fabrikam.example", "laptop.contoso.example", "b.contoso.example"}; !slices.Equal(hosts, want) {
		t.Errorf("the pages have %q", hosts)
	}
}

func selectedUses(t *testing.T, f fixture) {
	token, uses := f.aLedger()
	f.seen(uses[1].ID, Epoch.Add(30*time.Minute))
	for name, test := range map[string]struct {
		filter models.AuthTokenFilter
		want   []int // places in uses, newest first
	}{
		"all":                     {models.AuthTokenFilter{}, []int{7, 6, 5, 4, 3, 2, 1, 0}},
		"from":                    {models.AuthTokenFilter{From: uses[6].CreatedAt}, []int{7, 6}},
		"to":                      {models.AuthTokenFilter{To: uses[2].CreatedAt}, []int{1, 0}},
		"same device":             {models.AuthTokenFilter{Like: models.Like{Facet: models.FacetDevice, AuthTokenID: uses[0].ID}}, []int{2, 1, 0}},
		"same person":             {models.AuthTokenFilter{Like: models.Like{Facet: models.FacetPerson, AuthTokenID: uses[4].ID}}, []int{4, 2, 1, 0}},
		"same network":            {models.AuthTokenFilter{Like: models.Like{Facet: models.FacetNetwork, AuthTokenID: uses[6].ID}}, []int{6, 5}},
		"same domain":             {models.AuthTokenFilter{Like: models.Like{Facet: models.FacetDomain, AuthTokenID: uses[7].ID}}, []int{7}},
		"no device":               {models.AuthTokenFilter{Like: models.Like{Facet: models.FacetDevice, AuthTokenID: uses[5].ID}}, []int{6, 5}},
		"like nothing":            {models.AuthTokenFilter{Like: models.Like{Facet: models.FacetDevice, AuthTokenID: "unknown"}}, nil},
		"surplus":                 {models.AuthTokenFilter{Lens: models.LensSurplus}, []int{2}},
		"unrefreshed for minutes": {models.AuthTokenFilter{Lens: models.LensNeverRefreshed, LensAge: 55 * time.Minute}, []int{4, 2, 1}},
		"silent for minutes":      {models.AuthTokenFilter{Lens: models.LensSilent, LensAge: 55 * time.Minute}, []int{4, 2}},
	} {
		test.filter.RegistrationTokenID = token.ID
		page, err := f.SelectedUses(t.Context(), test.filter, models.PageRequest{}, Epoch.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for i := range page.Items {
			use := &page.Items[i]
			if use.Redemption.AuthTokenID != use.AuthToken.ID || use.Redemption.UseNumber == 0 {
				t.Errorf("%s: a redemption with another auth token: %+v", name, use)
			}
			got = append(got, slices.IndexFunc(uses, func(t *models.AuthToken) bool { return t.ID == use.AuthToken.ID }))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	_, err := f.SelectedUses(t.Context(), models.AuthTokenFilter{Like: models.Like{Facet: "shoe", AuthTokenID: uses[0].ID}}, models.PageRequest{}, Epoch)
	f.wantKind(err, models.KindInvalid, models.CodeInvalidRequest)
}

// seen gives an auth token a sign of life.
func (f fixture) seen(id string, at time.Time) {
	f.tb.Helper()
	if err := f.TouchAuthToken(f.tb.Context(), id, at, "10.1.1.1"); err != nil {
		f.tb.Fatal(err)
	}
}
