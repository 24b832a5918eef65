package storetest

import (
	"slices"
	"testing"
	"time"

	"muster/models"
)

// auditFilters writes a small trail and looks for each event by every filter.
func auditFilters(t *testing.T, f fixture) {
	token := f.create(3, func(r *models.RegistrationToken) { r.Identifier = "Contoso Rollout 100%" })
	key := &models.APIKey{ID: f.id(), Name: "Nightly report", SecretDigest: digest("key"), Role: models.RoleAdmin, CreatedAt: Epoch}
	keyEvent := f.event(models.AuditAPIKeyCreated, "api_key", key.ID)
	keyEvent.ActorKind, keyEvent.ActorID, keyEvent.ActorName = models.ActorSystem, "muster apikey", "command line"
	if err := f.CreateAPIKey(t.Context(), key, keyEvent); err != nil {
		t.Fatal(err)
	}
	created := f.newest(models.AuditFilter{ObjectID: token.ID})
	add := func(kind models.ActorKind, name string, at time.Time, edit func(*models.AuditEvent)) string {
		e := f.event(models.AuditRegistrationTokenUpdated, "registration_token", token.ID)
		e.ActorKind, e.ActorID, e.ActorName, e.OccurredAt = kind, "id of "+name, name, at
		edit(&e)
		if err := f.AppendAudit(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	none := func(*models.AuditEvent) {}
	person := add(models.ActorPerson, "bob@contoso.example", Epoch.Add(time.Hour), none)
	device := add(models.ActorDevice, "kiosk", Epoch.Add(2*time.Hour), func(e *models.AuditEvent) { e.IP, e.ObjectID = "192.0.2.77", "x" })
	edited := add(models.ActorAPIKey, "robot", Epoch.Add(3*time.Hour), func(e *models.AuditEvent) {
		e.RequestID, e.Detail, e.ObjectID = "01request", `{"note":{"from":"a","to":"50% off_"}}`, "y"
	})

	hour, later := Epoch.Add(time.Hour), Epoch.Add(2*time.Hour)
	for name, c := range map[string]struct {
		filter models.AuditFilter
		want   []string
	}{
		"everything":                   {models.AuditFilter{}, []string{edited, device, person, keyEvent.ID, created}},
		"people":                       {models.AuditFilter{ActorKind: models.ActorPerson}, []string{person, created}},
		"devices":                      {models.AuditFilter{ActorKind: models.ActorDevice}, []string{device}},
		"API keys":                     {models.AuditFilter{ActorKind: models.ActorAPIKey}, []string{edited}},
		"the system":                   {models.AuditFilter{ActorKind: models.ActorSystem}, []string{keyEvent.ID}},
		"a part of a name":             {models.AuditFilter{Actor: "KIO"}, []string{device}},
		"a part of a masked name":      {models.AuditFilter{Actor: "bob@", AsMasked: true}, nil},
		"a whole masked name":          {models.AuditFilter{Actor: "Bob@contoso.example", AsMasked: true}, []string{person}},
		"from an hour":                 {models.AuditFilter{From: &hour}, []string{edited, device, person}},
		"before an hour":               {models.AuditFilter{Before: &hour}, []string{keyEvent.ID, created}},
		"one hour":                     {models.AuditFilter{From: &hour, Before: &later}, []string{person}},
		"an object by its label":       {models.AuditFilter{Object: "contoso roll"}, []string{person, created}},
		"an object by an API key":      {models.AuditFilter{Object: "NIGHTLY"}, []string{keyEvent.ID}},
		"an object of nobody":          {models.AuditFilter{Object: "fabrikam"}, nil},
		"a percent sign is no pattern": {models.AuditFilter{Object: "100%x"}, nil},
		"text in the detail":           {models.AuditFilter{Search: "50% OFF_"}, []string{edited}},
		"text of the object":           {models.AuditFilter{Search: "rollout 100%"}, []string{person, created}},
		"text with a request id":       {models.AuditFilter{Search: "01request"}, []string{edited}},
		"text with an address":         {models.AuditFilter{Search: "192.0.2.7"}, []string{device}},
		"a part of a masked address":   {models.AuditFilter{Search: "192.0.2.7", AsMasked: true}, nil},
		"a whole masked address":       {models.AuditFilter{Search: "192.0.2.77", AsMasked: true}, []string{device}},
		"text and a time":              {models.AuditFilter{Search: "rollout", Before: &hour}, []string{created}},
	} {
		f.trail(name, c.filter, 2, c.want)
	}
	if e, err := f.AuditEvent(t.Context(), person); err != nil || e.ActorName != "bob@contoso.example" {
		t.Errorf("one event is %+v, %v", e, err)
	}
	if _, err := f.AuditEvent(t.Context(), "nothing"); models.ErrorKind(err) != models.KindNotFound {
		t.Errorf("an unknown event: %v", err)
	}
	if k, err := f.APIKey(t.Context(), key.ID); err != nil || k.Name != "Nightly report" {
		t.Errorf("one API key is %+v, %v", k, err)
	}
	if _, err := f.APIKey(t.Context(), "nothing"); models.ErrorKind(err) != models.KindNotFound {
		t.Errorf("an unknown API key: %v", err)
	}
}

// redeemedEvents: the ledger is the trail of redemptions, and those that have an event of
// their own beside it are told once.
func redeemedEvents(t *testing.T, f fixture) {
	token := f.create(9, func(r *models.RegistrationToken) { r.Identifier = "Contoso Rollout" })
	at := func(hours int) time.Time { return Epoch.Add(time.Duration(hours) * time.Hour) }
	redeem := func(hours int, user, fqdn, ip string, apart bool) *models.Consumption {
		return f.redeem(token.ID, func(c *models.Consumption) {
			c.AuthToken.ClaimedIdentity, c.AuthToken.IP, c.AuthToken.CreatedAt = models.ClaimedIdentity{SystemUserName: user, FQDN: fqdn}, ip, at(hours)
			r := &c.Redemption
			r.ClaimedIdentity, r.IP, r.RedeemedAt, r.RequestID, r.AuditedApart = c.AuthToken.ClaimedIdentity, ip, at(hours), "request "+fqdn, apart
		})
	}
	ann, kiosk := redeem(1, "ann@contoso.example", "laptop-7", "192.0.2.7", false), redeem(2, "", "kiosk-3", "2001:db8::3", false)
	redeem(3, "", "server-1", "", true)
	own := f.event(models.AuditRedeemed, models.ObjectRegistrationToken, token.ID)
	own.OccurredAt, own.ActorKind, own.ActorID, own.ActorName = at(3), models.ActorDevice, "x", "server-1"
	if err := f.AppendAudit(t.Context(), own); err != nil {
		t.Fatal(err)
	}
	created := f.newest(models.AuditFilter{Action: models.AuditRegistrationTokenCreated})

	want := models.AuditEvent{
		ID: ann.AuthToken.ID, OccurredAt: at(1), ActorKind: models.ActorDevice, ActorID: ann.AuthToken.ID, ActorName: "ann@contoso.example",
		Action: models.AuditRedeemed, ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID, IP: "192.0.2.7", RequestID: "request laptop-7",
		Detail: `{"authToken":"` + ann.AuthToken.ID + `","channel":"rest","redemption":"` + ann.Redemption.ID + `"}`,
	}
	if got, err := f.AuditEvent(t.Context(), ann.AuthToken.ID); err != nil || *got != want {
		t.Errorf("the event is %+v, %v, want %+v", got, err, want)
	}
	hour, later := at(2), at(3)
	for name, c := range map[string]struct {
		filter models.AuditFilter
		want   []string
	}{
		"everything":             {models.AuditFilter{}, []string{own.ID, kiosk.AuthToken.ID, ann.AuthToken.ID, created}},
		"redemptions":            {models.AuditFilter{Action: models.AuditRedeemed}, []string{own.ID, kiosk.AuthToken.ID, ann.AuthToken.ID}},
		"one of several actions": {models.AuditFilter{Actions: []models.AuditAction{models.AuditNoteAdded, models.AuditRedeemed}}, []string{own.ID, kiosk.AuthToken.ID, ann.AuthToken.ID}},
		"of the token":           {models.AuditFilter{ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID}, []string{own.ID, kiosk.AuthToken.ID, ann.AuthToken.ID, created}},
		"of some tokens":         {models.AuditFilter{ObjectIDs: []string{token.ID, "x"}, Action: models.AuditRedeemed, From: &hour}, []string{own.ID, kiosk.AuthToken.ID}},
		"of a device":            {models.AuditFilter{ActorID: kiosk.AuthToken.ID}, []string{kiosk.AuthToken.ID}},
		"devices of an hour":     {models.AuditFilter{ActorKind: models.ActorDevice, From: &hour, Before: &later}, []string{kiosk.AuthToken.ID}},
		"people":                 {models.AuditFilter{ActorKind: models.ActorPerson}, []string{created}},
		"a part of a host":       {models.AuditFilter{Actor: "KIOSK"}, []string{kiosk.AuthToken.ID}},
		"a whole masked name":    {models.AuditFilter{Actor: "Ann@contoso.example", AsMasked: true}, []string{ann.AuthToken.ID}},
		"by the token's label":   {models.AuditFilter{Object: "contoso roll", ActorKind: models.ActorDevice}, []string{own.ID, kiosk.AuthToken.ID, ann.AuthToken.ID}},
		"by a request id":        {models.AuditFilter{Search: "request kiosk"}, []string{kiosk.AuthToken.ID}},
		"by the redemption":      {models.AuditFilter{Search: ann.Redemption.ID}, []string{ann.AuthToken.ID}},
	} {
		for _, size := range []int{1, 2, 50} {
			f.trail(name, c.filter, size, c.want)
		}
	}
}

// trail walks the pages of what a filter selects, and compares ids and total.
func (f fixture) trail(name string, filter models.AuditFilter, size int, want []string) {
	f.tb.Helper()
	found := pages(f, models.PageRequest{Size: size, Count: true}, func(p models.PageRequest) (models.Page[models.AuditEvent], error) {
		page, err := f.AuditEvents(f.tb.Context(), filter, p)
		if page.Total.Number != len(want) || page.Total.More {
			f.tb.Errorf("%s: %+v in all", name, page.Total)
		}
		return page, err
	})
	got := idsOf(found, func(e models.AuditEvent) string { return e.ID })
	if !slices.Equal(got, want) {
		f.tb.Errorf("%s, %d a page: %v, want %v", name, size, got, want)
	}
}

func (f fixture) newest(filter models.AuditFilter) string {
	f.tb.Helper()
	page, err := f.AuditEvents(f.tb.Context(), filter, models.PageRequest{Size: 1})
	if err != nil || len(page.Items) != 1 {
		f.tb.Fatalf("the newest event: %+v, %v", page, err)
	}
	return page.Items[0].ID
}

// ownAuthTokens are those of one verified person, whoever else has the same
// subject at another issuer or the same e-mail address.
func ownAuthTokens(t *testing.T, f fixture) {
	token := f.create(5)
	redeem := func(issuer, subject string) string {
		return f.redeem(token.ID, func(c *models.Consumption) {
			c.AuthToken.VerifiedIdentity = models.VerifiedIdentity{Issuer: issuer, Subject: subject, Email: "same@example.org"}
			c.Redemption.VerifiedIdentity = c.AuthToken.VerifiedIdentity
		}).AuthToken.ID
	}
	mine := redeem("https://a.example", "ann")
	redeem("https://b.example", "ann")
	redeem("https://a.example", "bob")
	redeem("", "")
	page, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{Owner: &models.VerifiedIdentity{Issuer: "https://a.example", Subject: "ann"}}, models.PageRequest{}, Epoch)
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != mine {
		t.Errorf("the person's auth tokens are %+v, %v", page.Items, err)
	}
	for _, nobody := range []models.VerifiedIdentity{{}, {Issuer: "https://a.example"}, {Subject: "ann"}} {
		page, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{Owner: &nobody}, models.PageRequest{}, Epoch)
		if err != nil || len(page.Items) != 0 {
			t.Errorf("%d auth tokens belong to %+v, %v", len(page.Items), nobody, err)
		}
	}
}
