package handlers

import (
	"testing"

	"muster/models"
)

func TestMask_KeepsDomainsAndNetworksOnly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"alice@contoso.example": "a…@contoso.example", "ölaf@contoso.example": "ö…@contoso.example", "@contoso.example": "@contoso.example",
		"alice": "alice", "": "", "for alice@contoso.example, please": "for a…@contoso.example, please",
		"CONTOSO\\alice": "CONTOSO\\alice", "10.1.2.3": "10.1.…", "at 10.1.2.3!": "at 10.1.…!", "2001:db8:1:2::3": "2001:db8:…",
		"10:20 meeting": "10:20 meeting", "build 1.2.3": "build 1.2.3", "00:53:00:12:34:56": "00:53:00:12:34:56", "pc1.contoso.example": "pc1.contoso.example",
	} {
		if got := maskName(text); got != want {
			t.Errorf("maskName(%q) = %q, want %q", text, got, want)
		}
	}
	for ip, want := range map[string]string{
		"10.1.2.3": "10.1.…", "::ffff:10.1.2.3": "10.1.…", "2001:db8:1:2::3": "2001:db8:…", "fe80::1%eth0": "fe80:…", "": "", "nonsense": "…",
	} {
		if got := maskIP(ip); got != want {
			t.Errorf("maskIP(%q) = %q, want %q", ip, got, want)
		}
	}
}

func TestMask_LeavesTheOriginalAndTheAdministratorAlone(t *testing.T) {
	t.Parallel()
	token := models.AuthToken{IP: "10.1.2.3", ClaimedIdentity: models.ClaimedIdentity{SystemUserName: "alice@contoso.example"}}
	helpdesk := models.Actor{Role: models.RoleHelpdesk, Permissions: models.RoleHelpdesk.Permissions()}
	admin := models.Actor{Role: models.RoleAdmin, Permissions: models.RoleAdmin.Permissions()}
	if got := masked(helpdesk, &token); got.IP != "10.1.…" || got.SystemUserName != "a…@contoso.example" {
		t.Errorf("helpdesk sees %+v", got)
	}
	if got := masked(admin, &token); got.IP != "10.1.2.3" || token.SystemUserName != "alice@contoso.example" {
		t.Errorf("admin sees %+v", got)
	}
}
