package handlers

import (
	"fmt"
	"strings"
	"testing"

	"muster/models"
)

func TestMask_KeepsDomainsAndNetworksOnly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"alice@contoso.example": "a…@contoso.example", "ölaf@contoso.example": "ö…@contoso.example", "@contoso.example": "@contoso.example",
		"alice": "alice", "": "", "for alice@contoso.example, please": "for a…@contoso.example, please",
		"CONTOSO\\alice": "CONTOSO\\alice", "10.1.2.3": "10.1.*.*", "at 10.1.2.3!": "at 10.1.*.*!", "2001:db8:1:2::3": "2001:db8:*",
		"10:20 meeting": "10:20 meeting", "build 1.2.3": "build 1.2.3", "00:53:00:12:34:56": "00:53:00:12:34:56", "pc1.contoso.example": "pc1.contoso.example",
	} {
		if got := maskName(text); got != want {
			t.Errorf("maskName(%q) = %q, want %q", text, got, want)
		}
	}
	for agent, want := range map[string]string{
		"Mozilla/5.0 Chrome/131.0.0.0 Safari/537.36": "Mozilla/5.0 Chrome/131.0.0.0 Safari/537.36", "": "",
		"device/1.0.0.1 (10.1.2.3; x@contoso.example)": "device/1.0.0.1 (10.1.*.*; x…@contoso.example)", "http://10.1.2.3/x": "http://10.1.*.*/x",
	} {
		if got := maskUserAgent(agent); got != want {
			t.Errorf("maskUserAgent(%q) = %q, want %q", agent, got, want)
		}
	}
	for ip, want := range map[string]string{
		"10.1.2.3": "10.1.*.*", "::ffff:10.1.2.3": "10.1.*.*", "2001:db8:1:2::3": "2001:db8:*", "fe80::1%eth0": "fe80:*", "": "", "nonsense": "*",
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
	if got := masked(helpdesk, &token); got.IP != "10.1.*.*" || got.SystemUserName != "a…@contoso.example" {
		t.Errorf("helpdesk sees %+v", got)
	}
	if got := masked(admin, &token); got.IP != "10.1.2.3" || token.SystemUserName != "alice@contoso.example" {
		t.Errorf("admin sees %+v", got)
	}
}

// TestMask_FindsAddressesInEveryFieldADeviceFills: all of it is free text.
func TestMask_FindsAddressesInEveryFieldADeviceFills(t *testing.T) {
	t.Parallel()
	const address = "alice@contoso.example"
	claimed := models.ClaimedIdentity{
		SystemUserName: address, FQDN: "pc." + address, MACAddress: address, Identifier: "of " + address, RefID1: address, RefID2: address,
	}
	agent := "device/1.0 (+mailto:" + address + ") Chrome/131.0.0.0"
	helpdesk := models.Actor{Permissions: models.RoleHelpdesk.Permissions()}
	token := models.AuthToken{ClaimedIdentity: claimed, UserAgent: agent}
	redemption := models.Redemption{ClaimedIdentity: claimed, UserAgent: agent}
	use := maskedUse(helpdesk, &models.TokenUse{AuthToken: token, Redemption: redemption})
	for name, seen := range map[string]any{
		"auth token": *masked(helpdesk, &token), "use": *use,
		"refused attempt": *maskedAttempt(helpdesk, &models.RefusedAttempt{ClaimedIdentity: claimed, UserAgent: agent}),
	} {
		text := fmt.Sprintf("%+v", seen)
		if strings.Contains(text, "alice") {
			t.Errorf("%s shows the address: %s", name, text)
		}
		if !strings.Contains(text, "Chrome/131.0.0.0") {
			t.Errorf("%s lost the version: %s", name, text)
		}
	}
	for mac, want := range map[string]string{
		"00:53:00:12:34:56": "00:53:00:12:34:56", "00-53-00-12-34-56": "00-53-00-12-34-56",
		"00:53:00:12:34:56:78:9a": "00:53:00:12:34:56:78:9a", "10.1.2.3": "10.1.*.*", "0053.0012.3456": "0053.0012.3456",
	} {
		if got := maskMAC(mac); got != want {
			t.Errorf("maskMAC(%q) = %q, want %q", mac, got, want)
		}
	}
}
