package seen

import (
	"fmt"
	"strings"
	"testing"

	"muster/models"
)

func TestRows_LeaveTheOriginalAndTheAdministratorAlone(t *testing.T) {
	t.Parallel()
	token := models.AuthToken{IP: "10.1.2.3", ClaimedIdentity: models.ClaimedIdentity{SystemUserName: "alice@contoso.example"}}
	helpdesk := NewViewer(models.Actor{Permissions: models.RoleHelpdesk.Permissions()}, "")
	admin := NewViewer(models.Actor{Permissions: models.RoleAdmin.Permissions()}, "")
	if got := helpdesk.AuthToken(&token); got.IP != "10.1.*.*" || got.SystemUserName != "a…@contoso.example" {
		t.Errorf("helpdesk sees %+v", got)
	}
	if got := admin.AuthToken(&token); got.IP != "10.1.2.3" || token.SystemUserName != "alice@contoso.example" {
		t.Errorf("admin sees %+v", got)
	}
}

// All that a device fills in is free text.
func TestRows_MaskEveryFieldADeviceFills(t *testing.T) {
	t.Parallel()
	const address = "alice@contoso.example"
	claimed := models.ClaimedIdentity{
		SystemUserName: address, FQDN: "pc." + address, MACAddress: address, Identifier: "of " + address, RefID1: address, RefID2: address,
	}
	agent := "device/1.0 (+mailto:" + address + ") Chrome/131.0.0.0"
	var nobody Viewer
	token := models.AuthToken{ClaimedIdentity: claimed, UserAgent: agent}
	redemption := models.Redemption{ClaimedIdentity: claimed, UserAgent: agent}
	for name, shown := range map[string]any{
		"auth token": nobody.AuthToken(&token), "use": nobody.tokenUse(&models.TokenUse{AuthToken: token, Redemption: redemption}),
		"refused attempt": nobody.refusedAttempt(&models.RefusedAttempt{ClaimedIdentity: claimed, UserAgent: agent}),
	} {
		text := fmt.Sprintf("%+v", shown)
		if strings.Contains(text, "alice") {
			t.Errorf("%s shows the address: %s", name, text)
		}
		if !strings.Contains(text, "Chrome/131.0.0.0") {
			t.Errorf("%s lost the version: %s", name, text)
		}
	}
}

func TestPerson_VerifiedLeads(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		verified models.VerifiedIdentity
		want     Person
	}{
		"device only":    {models.VerifiedIdentity{}, Person{Name: "ann"}},
		"with e-mail":    {models.VerifiedIdentity{Issuer: "i", Subject: "s", Email: "a@b.example"}, Person{Name: "a@b.example", Verified: true, Reported: "ann"}},
		"without e-mail": {models.VerifiedIdentity{Issuer: "i", Subject: "s"}, Person{Name: "s", Verified: true, Reported: "ann"}},
	} {
		if got := personOf(c.verified, models.ClaimedIdentity{SystemUserName: "ann"}); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
