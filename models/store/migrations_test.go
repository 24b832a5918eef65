package store_test

import (
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
)

// A released migration writes what it wrote when it was released, whatever
// new rows get today.
func TestMigrate_FillsUseKeysAsItDidThen(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, s *store.Store) {
		if err := s.MigrateTo(t.Context(), 9); err != nil {
			t.Fatal(err)
		}
		uses := map[string]struct{ host, email, ip, network, domain string }{
			"guessed":   {"pc1.emea.sap.de", "ann@contoso.example", "10.20.3.4", "10.20.0.0/16", "emea.sap.de"},
			"by e-mail": {"pc1", "ann@mail.contoso.example", "2001:db8:1:2::3", "2001:db8:1::/48", "contoso.example"},
			"home":      {"anns-macbook.local", "", "::ffff:10.20.3.4", "10.20.0.0/16", "local"},
			"nothing":   {"", "", "", "", ""},
			"address":   {"10.77.66.1", "", "10.99.3.4", "10.99.0.0/16", "66.1"},
		}
		withTodaysColumns(t, s, func() {
			if err := s.CreateRegistrationToken(t.Context(), newToken("t", 9), newEvent("created")); err != nil {
				t.Fatal(err)
			}
			for id, u := range uses {
				c := newConsumption("t", id)
				c.AuthToken.FQDN, c.AuthToken.Email, c.AuthToken.IP = u.host, u.email, u.ip
				if err := redeem(t.Context(), s, c); err != nil {
					t.Fatal(err)
				}
			}
		})
		if err := s.Exec(t.Context(), "UPDATE auth_tokens SET network_key = '', domain_key = ''"); err != nil {
			t.Fatal(err)
		}
		if err := s.MigrateTo(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
		for id, want := range uses {
			got, err := s.Strings(t.Context(), "SELECT network_key || ' ' || domain_key FROM auth_tokens WHERE id = ?", "auth "+id)
			if err != nil || len(got) != 1 || got[0] != want.network+" "+want.domain {
				t.Errorf("%s: the keys are %q, want %q and %q, %v", id, got, want.network, want.domain, err)
			}
		}
	})
}

// Only the e-mail entries that are there keep being met by a claim, and they are
// named; what comes later is not.
func TestMigrate_KeepsEarlierEmailEntriesAndNamesThem(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, s *store.Store) {
		if err := s.MigrateTo(t.Context(), 12); err != nil {
			t.Fatal(err)
		}
		entries := func(prefix string) []models.Expectation {
			list := []models.Expectation{
				models.NewExpectation(models.ExpectEmail, prefix+"@contoso.example", ""),
				models.NewExpectation(models.ExpectPerson, prefix, ""), models.NewExpectation(models.ExpectHost, prefix+".contoso.example", ""),
			}
			for i := range list {
				list[i].ID, list[i].RegistrationTokenID, list[i].CreatedAt = prefix+string(list[i].Kind), "t", day
			}
			return list
		}
		withTodaysColumns(t, s, func() {
			if err := s.CreateRegistrationToken(t.Context(), newToken("t", 9), newEvent("created")); err != nil {
				t.Fatal(err)
			}
			if err := s.Insert(t.Context(), entries("ann")); err != nil {
				t.Fatal(err)
			}
		})
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Insert(t.Context(), entries("bob")); err != nil {
			t.Fatal(err)
		}
		list, err := s.ExpectedList(t.Context(), "t")
		if err != nil || len(list) != 6 {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, e := range list {
			if want := e.ID == "annemail"; e.ByClaim != want {
				t.Errorf("%s is met by a claim: %v", e.Pattern, e.ByClaim)
			}
		}
		claimed, err := s.ClaimedLists(t.Context(), day)
		if err != nil || len(claimed) != 1 || claimed[0] != (models.ClaimedList{ID: "t", Identifier: "t", Entries: 1}) {
			t.Errorf("named are %+v, %v", claimed, err)
		}
		if claimed, err := s.ClaimedLists(t.Context(), day.Add(time.Hour)); err != nil || len(claimed) != 0 {
			t.Errorf("expired, and still named: %+v, %v", claimed, err)
		}
	})
}
