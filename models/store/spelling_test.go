package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"muster/models"
	"muster/models/store/storetest"
)

// A filter by user or host name finds the same names as everything else: in every
// spelling, and short or whole where no other could be meant.
func TestAuthTokens_ANameIsFoundHoweverItIsSpelled(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t, url(t))
			if err := s.CreateRegistrationToken(t.Context(), newToken("t", 20), newEvent("created")); err != nil {
				t.Fatal(err)
			}
			for id, of := range map[string][2]string{
				"1": {`CONTOSO\Anna`, "LAPTOP-7"}, "2": {"anna@contoso.example", "laptop-7.corp.example.com"}, "3": {"ANNA", ""},
				"4": {`CONTOSO\ben`, "pc-1.emea.example.com"}, "5": {`FABRIKAM\ben`, "pc-1.apac.example.com"}, "6": {"ben", "PC-1"},
				"7": {"jürgen@müller.example", "mac.müller.example"}, "8": {"dora@contoso.example", ""}, "9": {"dora", ""},
			} {
				c := newConsumption("t", id)
				c.AuthToken.SystemUserName, c.AuthToken.FQDN = of[0], of[1]
				if err := redeem(t.Context(), s, c); err != nil {
					t.Fatal(err)
				}
			}
			find := func(f models.AuthTokenFilter) string {
				page, err := s.AuthTokens(t.Context(), f, models.PageRequest{Size: 50}, day)
				if err != nil {
					t.Fatal(err)
				}
				return tellingIDs(page.Items)
			}
			for asked, want := range map[string]string{
				"anna": "123", `contoso\ANNA`: "123", "Anna@Contoso.Example": "123", "anna@fabrikam.example": "",
				"ben": "456", `contoso\ben`: "4", "ben@fabrikam": "5", "JÜRGEN@xn--mller-kva.example": "7", "nobody-like-this": "",
			} {
				if got := find(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: asked}}); got != want {
					t.Errorf("user %s: %q, want %q", asked, got, want)
				}
			}
			for asked, want := range map[string]string{
				"laptop-7": "12", "LAPTOP-7.corp.example.com.": "12", "laptop-7.other.example.com": "",
				"pc-1": "456", "pc-1.emea.example.com": "4", "mac.xn--mller-kva.example": "7",
			} {
				if got := find(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{FQDN: asked}}); got != want {
					t.Errorf("host %s: %q, want %q", asked, got, want)
				}
			}
			// What is shown masked is found only by whoever knows all of it (rule 14).
			for asked, want := range map[string]string{
				"anna": "13", "anna@contoso.example": "123", `contoso.example\anna`: "13", "anna@": "13", "anna@localhost": "13",
				// No answer depends on the domain of an address that is not shown.
				`contoso.example\dora`: "9", `fabrikam.example\dora`: "9", "contoso.example/dora": "9", "dora": "9", "dora@fabrikam.example": "",
			} {
				f := models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: asked}, AsMasked: true}
				if got := find(f); got != want {
					t.Errorf("masked, user %s: %q, want %q", asked, got, want)
				}
			}
			for want, q := range map[string]models.Search{
				"123": {Fields: []models.SearchField{models.SearchPerson}, Text: "anna"},
				"13":  {Fields: []models.SearchField{models.SearchPerson}, Text: "anna", AsMasked: true},
				"12":  {Fields: []models.SearchField{models.SearchHost}, Text: "LAPTOP-7"},
				"4":   {ByWords: true, Begun: true, Text: "pc-1.em"},
			} {
				q.Limit = 10
				found, err := s.SearchAuthTokens(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				if got := tellingIDs(found.Rows); got != want {
					t.Errorf("search %+v: %q, want %q", q, got, want)
				}
			}
			// Whom a deletion means has to be clear.
			for asked, several := range map[string]bool{"ben": true, "anna": false, `contoso\ben`: false} {
				d := models.AuthTokenDeletion{Filter: models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: asked}}, DryRun: true}
				result, _, err := s.DeleteAuthTokens(t.Context(), d, day, "Ada", newEvent(""))
				if (models.ErrorCode(err) == models.CodeSeveralMatch) != several || !several && err != nil {
					t.Errorf("deleting those of %s: %+v, %v", asked, result, err)
				}
			}
		})
	}
}

// Of a name that is known in many domains nothing is concluded: a bare one is nobody's
// in particular, and is not deleted with somebody's.
func TestDeleteAuthTokens_ANameOfManyDomainsMeansOnlyItself(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t, url(t))
			if err := s.CreateRegistrationToken(t.Context(), newToken("t", 200), newEvent("created")); err != nil {
				t.Fatal(err)
			}
			add := func(id, user, host string) {
				c := newConsumption("t", id)
				c.AuthToken.SystemUserName, c.AuthToken.FQDN = user, host
				if err := redeem(t.Context(), s, c); err != nil {
					t.Fatal(err)
				}
			}
			for i := range 40 {
				add(fmt.Sprint(i), fmt.Sprintf("user@d%d.example", i), fmt.Sprintf("kiosk.site%d.example", i))
			}
			add("bare", "user", "kiosk")
			for asked, want := range map[models.ClaimedIdentity]int{
				{SystemUserName: "user@d1.example"}: 1, {FQDN: "kiosk.site1.example"}: 1, {SystemUserName: "user"}: 1, {FQDN: "kiosk"}: 1,
			} {
				d := models.AuthTokenDeletion{Filter: models.AuthTokenFilter{ClaimedIdentity: asked}, DryRun: true}
				if result, _, err := s.DeleteAuthTokens(t.Context(), d, day, "Ada", newEvent("")); err != nil || result.Deleted != want {
					t.Errorf("%+v: %+v, %v", asked, result, err)
				}
			}
		})
	}
}

// tellingIDs are the parts of ids that differ, in order.
func tellingIDs(found []models.AuthToken) string {
	ids := make([]string, len(found))
	for i := range found {
		ids[i] = strings.TrimPrefix(found[i].ID, "auth ")
	}
	slices.Sort(ids)
	return strings.Join(ids, "")
}
