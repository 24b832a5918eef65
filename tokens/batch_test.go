package tokens_test

import (
	"fmt"
	"testing"

	"muster/models"
	"muster/tokens"
)

func people(n int) []models.Recipient {
	recipients := make([]models.Recipient, n)
	for i := range recipients {
		recipients[i] = models.Recipient{Name: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("p%d@example.com", i), Line: i + 1}
	}
	return recipients
}

func (r *rig) registrationTokens() int {
	r.t.Helper()
	counts, err := r.db.RegistrationTokenStatusCounts(r.t.Context(), r.clock.now())
	if err != nil {
		r.t.Fatal(err)
	}
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

func TestCreateRegistrationTokens_MakesOneForEachRecipient(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ref := "PO-7"
	issued, err := r.CreateRegistrationTokens(t.Context(), admin, people(models.MaxRecipients), models.RegistrationTokenSettings{RefID1: &ref})
	if err != nil {
		t.Fatal(err)
	}
	if len(issued) != models.MaxRecipients || r.registrationTokens() != models.MaxRecipients {
		t.Fatalf("%d issued, %d stored", len(issued), r.registrationTokens())
	}
	secrets := map[models.Secret]bool{}
	for _, i := range issued {
		secrets[i.Secret] = true
	}
	if len(secrets) != len(issued) {
		t.Errorf("%d different secrets for %d recipients", len(secrets), len(issued))
	}
	last := issued[len(issued)-1]
	kept, err := r.db.RegistrationToken(t.Context(), last.RegistrationToken.ID)
	if err != nil {
		t.Fatal(err)
	}
	if kept.Identifier != "Person 4999 <p4999@example.com>" || kept.Count != 1 || kept.RefID1 != ref || kept.CreatedBy != admin.Name {
		t.Errorf("kept %+v", kept)
	}
	events, err := r.db.AuditEvents(t.Context(), models.AuditFilter{ObjectID: kept.ID}, models.PageRequest{})
	if err != nil || len(events.Items) != 1 {
		t.Errorf("audit: %v, %v", events, err)
	}
	request := tokens.RedeemRequest{Secret: last.Secret, Claimed: models.ClaimedIdentity{FQDN: device}, Origin: origin}
	if _, err := r.Redeem(t.Context(), request); err != nil {
		t.Errorf("the last secret does not redeem: %v", err)
	}
}

func TestCreateRegistrationTokens_IsAllOrNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	zero := 0
	blank := people(3)
	blank[1] = models.Recipient{Line: 2}
	secret := people(2)
	_, made := r.create(1)
	secret[1].Name = string(made)
	for name, c := range map[string]struct {
		actor      models.Actor
		recipients []models.Recipient
		settings   models.RegistrationTokenSettings
		kind       models.Kind
		field      string
	}{
		"nobody":               {admin, nil, models.RegistrationTokenSettings{}, models.KindInvalid, "recipients"},
		"one too many":         {admin, people(models.MaxRecipients + 1), models.RegistrationTokenSettings{}, models.KindInvalid, "recipients"},
		"an empty label":       {admin, blank, models.RegistrationTokenSettings{}, models.KindInvalid, "recipients"},
		"a secret for a label": {admin, secret, models.RegistrationTokenSettings{}, models.KindInvalid, "recipients"},
		"a count of 0":         {admin, people(2), models.RegistrationTokenSettings{Count: &zero}, models.KindInvalid, "count"},
		"by the helpdesk":      {helpdesk, people(2), models.RegistrationTokenSettings{}, models.KindForbidden, ""},
	} {
		_, err := r.CreateRegistrationTokens(t.Context(), c.actor, c.recipients, c.settings)
		if models.ErrorKind(err) != c.kind || err == nil {
			t.Errorf("%s: %v, want kind %v", name, err, c.kind)
		}
		if c.field != "" {
			invalid(t, err, c.field)
		}
	}
	if n := r.registrationTokens(); n != 1 {
		t.Errorf("%d registration tokens were left behind", n-1)
	}
}
