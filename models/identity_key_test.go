package models_test

import (
	"slices"
	"testing"

	"muster/models"
)

func TestIdentityKeys(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"lt-1.emea.contoso.example": "contoso.example", "a.b.contoso.co.uk": "contoso.co.uk", "lt-1": "", "LT.Contoso.Example": "contoso.example",
	} {
		if got := models.DomainOf(models.VerifiedIdentity{}, models.ClaimedIdentity{FQDN: host}); got != want {
			t.Errorf("domain of %s: %q, want %q", host, got, want)
		}
	}
	verified := models.VerifiedIdentity{Email: "ann@mail.Contoso.example"}
	if got := models.Domains(verified, models.ClaimedIdentity{FQDN: "lt-1.home.example"}); !slices.Equal(got, []string{"home.example", "contoso.example"}) {
		t.Errorf("whoever signed in may be of the domain of the e-mail: %v", got)
	}
	if got := models.DomainOf(verified, models.ClaimedIdentity{FQDN: "lt-1"}); got != "contoso.example" {
		t.Errorf("without a host's, the domain is %q", got)
	}
	for ip, want := range map[string]string{"10.20.3.4": "10.20.0.0/16", "2001:db8:1:2::3": "2001:db8:1::/48", "::ffff:10.20.3.4": "10.20.0.0/16", "x": ""} {
		if got := models.NetworkOf(ip); got != want {
			t.Errorf("network of %s: %q, want %q", ip, got, want)
		}
	}
}
