package store_test

import (
	"testing"

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
