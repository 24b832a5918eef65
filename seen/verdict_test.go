package seen

import (
	"slices"
	"testing"

	"muster/models"
)

func TestVerdict_NamesAreMaskedForWhomAddressesAre(t *testing.T) {
	t.Parallel()
	names := []string{"alice@contoso.example", "anton@contoso.example", "10.1.2.3", "ci-07.contoso.example"}
	judged := models.Verdict{Uses: 7, People: 3, Devices: 4, UnusedSeats: 2, Findings: []models.Finding{
		{Kind: models.FindingSeveralPerPerson, Names: slices.Clone(names), Usual: "10.20.0.0/16"}, {Kind: models.FindingInOrder, Names: []string{}},
	}, Waiting: []models.Waiting{{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: names[0]}, IP: names[2]}}}
	helpdesk := NewViewer(models.Actor{Permissions: models.RoleHelpdesk.Permissions()}, "")
	shown := helpdesk.verdict(judged, "t")
	if want := []string{"a…@contoso.example", "a…@contoso.example", "10.1.*.*", "ci-07.contoso.example"}; !slices.Equal(shown.Findings[0].Names, want) {
		t.Errorf("helpdesk sees %q", shown.Findings[0].Names)
	}
	if f := shown.Findings[0]; f.Usual == "10.20.0.0/16" {
		t.Errorf("helpdesk sees that most are from %s", f.Usual)
	}
	if shown.Findings[1].Names == nil || shown.Uses != 7 || shown.People != 3 || shown.Devices != 4 || shown.UnusedSeats != 2 {
		t.Errorf("helpdesk sees %+v", shown)
	}
	if w := shown.Waiting[0]; w.SystemUserName != "a…@contoso.example" || w.IP != "10.1.*.*" {
		t.Errorf("helpdesk sees %+v waiting", w)
	}
	if !slices.Equal(judged.Findings[0].Names, names) {
		t.Errorf("the verdict itself is masked: %q", judged.Findings[0].Names)
	}
	admin := NewViewer(models.Actor{Permissions: models.RoleAdmin.Permissions()}, "")
	if f := admin.verdict(judged, "t").Findings[0]; !slices.Equal(f.Names, names) || f.Usual != "10.20.0.0/16" {
		t.Errorf("an administrator sees %+v", f)
	}
}
