package storetest

import (
	"slices"
	"testing"

	"muster/models"
)

func deskSearchAuthTokens(t *testing.T, f fixture) {
	token := f.create(20)
	redeem := func(edit func(*models.ClaimedIdentity, *models.VerifiedIdentity)) string {
		return f.redeem(token.ID, func(c *models.Consumption) {
			edit(&c.Redemption.ClaimedIdentity, &c.Redemption.VerifiedIdentity)
			c.AuthToken.ClaimedIdentity, c.AuthToken.VerifiedIdentity = c.Redemption.ClaimedIdentity, c.Redemption.VerifiedIdentity
		}).AuthToken.ID
	}
	ann := redeem(func(c *models.ClaimedIdentity, _ *models.VerifiedIdentity) {
		*c = models.ClaimedIdentity{SystemUserName: "Ann", FQDN: "LT-007.contoso.example", MACAddress: "00-53-00-AA-BB-CC", Identifier: "seat 1", RefID1: "one", RefID2: "two"}
	})
	anna := redeem(func(c *models.ClaimedIdentity, v *models.VerifiedIdentity) {
		*c = models.ClaimedIdentity{SystemUserName: "anna", FQDN: "lt-0071.contoso.example"}
		*v = models.VerifiedIdentity{Issuer: "i", Subject: "s", Email: "Anna@Contoso.example"}
	})
	later := redeem(func(c *models.ClaimedIdentity, _ *models.VerifiedIdentity) { c.SystemUserName = "ANN" })
	percent := redeem(func(c *models.ClaimedIdentity, _ *models.VerifiedIdentity) { c.SystemUserName = "100%_\\é" })
	f.delete(ann, false) // what ended is found too
	for name, c := range map[string]struct {
		q    models.Search
		want []string
	}{
		"whole, newest first":      {models.Search{Field: models.SearchPerson, Text: "aNN", Limit: 9}, []string{later, ann}},
		"then what begins with it": {models.Search{Field: models.SearchPerson, Text: "ann", Beginning: true, Limit: 9}, []string{later, ann, anna}},
		"no more than asked for":   {models.Search{Field: models.SearchPerson, Text: "ann", Beginning: true, Limit: 2}, []string{later, ann}},
		"begins with":              {models.Search{Field: models.SearchHost, Text: "lt-007", Beginning: true, Limit: 9}, []string{ann, anna}},
		"not in the middle":        {models.Search{Field: models.SearchHost, Text: "contoso", Beginning: true, Limit: 9}, nil},
		"no pattern":               {models.Search{Field: models.SearchPerson, Text: "%", Beginning: true, Limit: 9}, nil},
		"any character":            {models.Search{Field: models.SearchPerson, Text: "100%_\\", Beginning: true, Limit: 9}, []string{percent}},
		"e-mail":                   {models.Search{Field: models.SearchEmail, Text: "anna@contoso.EXAMPLE", Limit: 9}, []string{anna}},
		"MAC in another notation":  {models.Search{Field: models.SearchMAC, Text: "0053.00aa.bbcc", Limit: 9}, []string{ann}},
		"label":                    {models.Search{Field: models.SearchLabel, Text: "seat 1", Limit: 9}, []string{ann}},
		"reference 1":              {models.Search{Field: models.SearchReference1, Text: "one", Limit: 9}, []string{ann}},
		"reference 2":              {models.Search{Field: models.SearchReference2, Text: "two", Limit: 9}, []string{ann}},
		"nothing asked":            {models.Search{Field: models.SearchLabel, Limit: 9}, nil},
	} {
		rows, err := f.SearchAuthTokens(t.Context(), c.q)
		var ids []string
		for i := range rows {
			ids = append(ids, rows[i].ID)
		}
		if err != nil || !slices.Equal(ids, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, ids, err, c.want)
		}
	}
}

func deskSearchOthers(t *testing.T, f fixture) {
	pilot := f.create(1, func(r *models.RegistrationToken) { r.Identifier, r.RefID1 = "Pilot", "PO-1" })
	second := f.create(1, func(r *models.RegistrationToken) { r.Identifier, r.RefID2 = "pilot, second wave", "PO-1" })
	for name, c := range map[string]struct {
		q    models.Search
		want []string
	}{
		"label":           {models.Search{Field: models.SearchLabel, Text: "PILOT", Limit: 9}, []string{pilot.ID}},
		"labels":          {models.Search{Field: models.SearchLabel, Text: "pilot", Beginning: true, Limit: 9}, []string{pilot.ID, second.ID}},
		"reference 1":     {models.Search{Field: models.SearchReference1, Text: "PO-1", Limit: 9}, []string{pilot.ID}},
		"reference 2":     {models.Search{Field: models.SearchReference2, Text: "PO-1", Limit: 9}, []string{second.ID}},
		"beginning of id": {models.Search{Field: models.SearchID, Text: pilot.ID[:25], Limit: 9}, []string{second.ID, pilot.ID}},
		"has no host":     {models.Search{Field: models.SearchHost, Text: "pilot", Limit: 9}, nil},
	} {
		rows, err := f.SearchRegistrationTokens(t.Context(), c.q)
		var ids []string
		for i := range rows {
			ids = append(ids, rows[i].ID)
		}
		if err != nil || !slices.Equal(ids, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, ids, err, c.want)
		}
	}
	attempt := &models.RefusedAttempt{
		ID: f.id(), SupportCode: "K7Q4-M2QX", RegistrationTokenID: &pilot.ID, Reason: models.CodeRegistrationTokenExhausted, AttemptedAt: Epoch,
		ClaimedIdentity:  models.ClaimedIdentity{SystemUserName: "Ann", FQDN: "ann-pc.contoso.example", MACAddress: "005300AABBCC"},
		VerifiedIdentity: models.VerifiedIdentity{Issuer: "i", Subject: "s", Email: "ann@contoso.example"}, IP: "192.0.2.1", Channel: models.ChannelREST,
	}
	if _, err := f.RecordRefusedAttempt(t.Context(), attempt, models.RefusedCaps{Total: 10}); err != nil {
		t.Fatal(err)
	}
	for field, text := range map[models.SearchField]string{
		models.SearchPerson: "ANN", models.SearchHost: "ann-pc", models.SearchEmail: "Ann@contoso.example", models.SearchMAC: "00:53:00:aa:bb:cc", models.SearchIP: "192.0.2.1",
	} {
		rows, err := f.SearchRefusedAttempts(t.Context(), models.Search{Field: field, Text: text, Beginning: true, Limit: 9})
		if err != nil || len(rows) != 1 || rows[0].ID != attempt.ID {
			t.Errorf("refused attempt by %s: %+v, %v", field, rows, err)
		}
	}
}
