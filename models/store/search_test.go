package store_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"muster/models"
	"muster/models/store"
)

// question is a search with the ids of what it finds.
type question struct {
	q    models.Search
	want []string
}

func equal(text string, fields ...models.SearchField) models.Search {
	return models.Search{Text: text, Fields: fields, Limit: 9}
}

func byWords(text string) models.Search { return models.Search{Text: text, ByWords: true, Limit: 9} }

func begun(text string) models.Search {
	return models.Search{Text: text, ByWords: true, Begun: true, Limit: 9}
}

func masked(q models.Search) models.Search {
	q.AsMasked = true
	return q
}

func within(network string) models.Search {
	return models.Search{Network: netip.MustParsePrefix(network), Limit: 9}
}

func answer[T any](t *testing.T, find func(context.Context, models.Search) (models.Hits[T], error), id func(*T) string, questions map[string]question) {
	t.Helper()
	for name, c := range questions {
		found, err := find(t.Context(), c.q)
		var ids []string
		for i := range found.Rows {
			ids = append(ids, id(&found.Rows[i]))
		}
		if err != nil || !slices.Equal(ids, c.want) || len(ids) < c.q.Limit && (found.Total != models.Total{Number: len(ids)}) {
			t.Errorf("%s: %v of %+v, %v; want %v", name, ids, found.Total, err, c.want)
		}
	}
}

func idOfAuthToken(a *models.AuthToken) string { return a.ID }

// searching makes rows with ids that count up.
type searching struct {
	t *testing.T
	*store.Store
	n *int
}

func (f searching) id() string {
	*f.n++
	return fmt.Sprintf("%026d", *f.n)
}

func (f searching) event() models.AuditEvent { return newEvent(f.id()) }

func (f searching) create(count int, edit ...func(*models.RegistrationToken)) *models.RegistrationToken {
	f.t.Helper()
	token := newToken(f.id(), count)
	for _, e := range edit {
		e(token)
	}
	if err := f.CreateRegistrationToken(f.t.Context(), token, f.event()); err != nil {
		f.t.Fatal(err)
	}
	return token
}

// seat redeems with an identity.
func (f searching) seat(registrationTokenID string, edit func(*models.AuthToken)) string {
	f.t.Helper()
	c := newConsumption(registrationTokenID, f.id())
	id := f.id()
	c.AuthToken.ID, c.Redemption.AuthTokenID = id, id
	edit(&c.AuthToken)
	c.Redemption.ClaimedIdentity, c.Redemption.VerifiedIdentity, c.Redemption.IP = c.AuthToken.ClaimedIdentity, c.AuthToken.VerifiedIdentity, c.AuthToken.IP
	if err := redeem(f.t.Context(), f.Store, c); err != nil {
		f.t.Fatal(err)
	}
	return id
}

func TestSearch_WholeValuesInAnySpelling(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		f := searching{t, s, new(int)}
		token := f.create(20)
		ann := f.seat(token.ID, func(a *models.AuthToken) {
			a.ClaimedIdentity = models.ClaimedIdentity{SystemUserName: "Ann", FQDN: "LT-007.contoso.example", MACAddress: "00-53-00-AA-BB-CC", Identifier: "Sitz 1 M\u00fcnchen", RefID1: "One", RefID2: "two"}
		})
		anna := f.seat(token.ID, func(a *models.AuthToken) {
			a.ClaimedIdentity = models.ClaimedIdentity{SystemUserName: "anna", FQDN: "lt-0071.contoso.example", RefID1: "lt-007.contoso.example"}
			a.VerifiedIdentity = models.VerifiedIdentity{Issuer: "i", Subject: "s", Email: "Anna@Contoso.example"}
		})
		later := f.seat(token.ID, func(a *models.AuthToken) { a.SystemUserName = "ANN" })
		d := models.AuthTokenDeletion{Filter: models.AuthTokenFilter{IDs: []string{ann}}} // what ended is found too
		if _, _, err := s.DeleteAuthTokens(t.Context(), d, day, "Ada", f.event()); err != nil {
			t.Fatal(err)
		}
		few := equal("aNN", models.SearchPerson)
		few.Limit = 1
		answer(t, f.SearchAuthTokens, idOfAuthToken, map[string]question{
			"newest first":            {equal("aNN", models.SearchPerson), []string{later, ann}},
			"no more than asked for":  {few, []string{later}},
			"not by a beginning":      {equal("an", models.SearchPerson), nil},
			"not by a part":           {equal("lt-007", models.SearchHost), nil},
			"fields together":         {equal("LT-007.contoso.example", models.SearchHost, models.SearchReference1), []string{anna, ann}},
			"e-mail":                  {equal("anna@contoso.EXAMPLE", models.SearchEmail), []string{anna}},
			"MAC in another notation": {equal("0053.00aa.bbcc", models.SearchMAC), []string{ann}},
			"label in another case":   {equal("SITZ 1 Mu\u0308nchen", models.SearchLabel), []string{ann}},
			"reference 1":             {equal("one", models.SearchReference1), []string{ann}},
			"reference 2":             {equal("TWO", models.SearchReference2), []string{ann}},
			"nothing asked":           {equal("", models.SearchLabel), nil},
		})
		if found, err := f.SearchAuthTokens(t.Context(), few); err != nil || found.Total.Number != 2 {
			t.Errorf("one of %+v, %v; want 2 in all", found.Total, err)
		}
		pilot := f.create(1, func(r *models.RegistrationToken) { r.Identifier, r.RefID1 = "Pilot", "PO-1" })
		second := f.create(1, func(r *models.RegistrationToken) { r.Identifier, r.RefID2 = "pilot, second wave", "PO-1" })
		answer(t, f.SearchRegistrationTokens, registrationTokenID, map[string]question{
			"label":           {equal("PILOT", models.SearchLabel), []string{pilot.ID}},
			"reference 1":     {equal("po-1", models.SearchReference1), []string{pilot.ID}},
			"reference 2":     {equal("PO-1", models.SearchReference2), []string{second.ID}},
			"both":            {equal("PO-1", models.SearchReference1, models.SearchReference2), []string{second.ID, pilot.ID}},
			"beginning of id": {equal(pilot.ID[:25], models.SearchID), []string{second.ID, pilot.ID}},
			"has no host":     {equal("pilot", models.SearchHost), nil},
		})
		attempt := f.refused(pilot.ID, func(a *models.RefusedAttempt) {
			a.ClaimedIdentity = models.ClaimedIdentity{SystemUserName: "Ann", FQDN: "ann-pc.contoso.example", MACAddress: "005300AABBCC"}
			a.VerifiedIdentity, a.IP = models.VerifiedIdentity{Issuer: "i", Subject: "s", Email: "ann@contoso.example"}, "192.0.2.1"
		})
		for field, text := range map[models.SearchField]string{
			models.SearchPerson: "ANN", models.SearchHost: "Ann-PC.contoso.example", models.SearchEmail: "Ann@contoso.example", models.SearchMAC: "00:53:00:aa:bb:cc", models.SearchIP: "192.0.2.1",
		} {
			answer(t, f.SearchRefusedAttempts, idOfAttempt, map[string]question{string(field): {equal(text, field), []string{attempt}}})
		}
	})
}

func registrationTokenID(r *models.RegistrationToken) string { return r.ID }
func idOfAttempt(a *models.RefusedAttempt) string            { return a.ID }

// refused records a refused attempt.
func (f searching) refused(registrationTokenID string, edit func(*models.RefusedAttempt)) string {
	f.t.Helper()
	attempt := &models.RefusedAttempt{
		ID: f.id(), RegistrationTokenID: &registrationTokenID, Reason: models.CodeRegistrationTokenExhausted, AttemptedAt: day, Channel: models.ChannelREST,
	}
	attempt.SupportCode = attempt.ID
	edit(attempt)
	if _, err := f.RecordRefusedAttempt(f.t.Context(), attempt, models.RefusedCaps{Total: 1_000}); err != nil {
		f.t.Fatal(err)
	}
	return attempt.ID
}

func TestSearch_WordsOfAuthTokens(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		f := searching{t, s, new(int)}
		token := f.create(20)
		weber := f.seat(token.ID, func(a *models.AuthToken) {
			a.ClaimedIdentity = models.ClaimedIdentity{SystemUserName: `CONTOSO\anna.weber`, FQDN: "lt-0417.contoso.example", Identifier: "Vertrieb S\u00fcd"}
		})
		signedIn := f.seat(token.ID, func(a *models.AuthToken) {
			a.SystemUserName, a.VerifiedIdentity = "aw", models.VerifiedIdentity{Issuer: "i", Subject: "s", Email: "anna.weber@contoso.example"}
		})
		mueller := f.seat(token.ID, func(a *models.AuthToken) { a.SystemUserName, a.RefID1 = "J.M\u00fcller", "LT0417" })
		answer(t, f.SearchAuthTokens, idOfAuthToken, map[string]question{
			"a surname":                     {byWords("Weber"), []string{signedIn, weber}},
			"in any order":                  {byWords("Weber, Anna"), []string{signedIn, weber}},
			"of one object":                 {byWords("weber 0417"), []string{weber}},
			"of several fields":             {byWords("anna s\u00fcd"), []string{weber}},
			"a number behind letters":       {byWords("0417"), []string{mueller, weber}},
			"umlauts decomposed":            {byWords("Mu\u0308ller"), []string{mueller}},
			"umlauts as two letters":        {byWords("mueller"), []string{mueller}},
			"umlauts as one letter":         {byWords("MULLER"), []string{mueller}},
			"whole words only":              {byWords("web"), nil},
			"a beginning":                   {begun("web"), []string{signedIn, weber}},
			"the last word is begun":        {begun("anna verTR"), []string{weber}},
			"only the last one":             {begun("ann weber"), nil},
			"one letter is no beginning":    {begun("w"), nil},
			"nothing but signs":             {begun("%_\\"), nil},
			"all have to fit":               {begun("anna fabrikam"), nil},
			"masked: what is shown":         {masked(byWords("weber")), []string{weber}},
			"masked: of the masked form":    {masked(byWords("a contoso")), []string{signedIn}},
			"masked: not what is hidden":    {masked(begun("aw anna")), nil},
			"masked: nor its beginning":     {masked(begun("anna.we")), []string{weber}},
			"unmasked: not the masked form": {byWords("a contoso"), nil},
		})
		label := "Einkauf"
		if _, err := f.UpdateAuthTokenLabels(t.Context(), weber, models.AuthTokenLabels{Identifier: &label}, f.event()); err != nil {
			t.Fatal(err)
		}
		answer(t, f.SearchAuthTokens, idOfAuthToken, map[string]question{
			"the new label": {byWords("einkauf"), []string{weber}}, "not the old one": {byWords("vertrieb"), nil}, "the rest as before": {byWords("weber"), []string{signedIn, weber}},
		})
	})
}

func TestSearch_WordsOfTheOthers(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		f := searching{t, s, new(int)}
		rollout := f.create(2, func(r *models.RegistrationToken) {
			r.Identifier, r.RefID1, r.Note = "Filialrollout S\u00fcd", "PO-4711", "for anna.weber@contoso.example"
		})
		answer(t, f.SearchRegistrationTokens, registrationTokenID, map[string]question{
			"a word":                     {byWords("s\u00fcd"), []string{rollout.ID}},
			"the middle of a label":      {begun("lroll"), []string{rollout.ID}},
			"the end of a label":         {byWords("rollout"), []string{rollout.ID}},
			"not the middle of a note":   {begun("onto"), nil},
			"a part of a reference":      {byWords("4711"), []string{rollout.ID}},
			"a word of the note":         {byWords("weber"), []string{rollout.ID}},
			"masked: not what is hidden": {masked(begun("web")), nil},
			"masked: what is shown":      {masked(byWords("contoso")), []string{rollout.ID}},
		})
		settings := models.RegistrationTokenChange{Identifier: "Messe", RefID1: rollout.RefID1, Note: rollout.Note, Count: 2, ExpiresAt: rollout.ExpiresAt, Enabled: true}
		if _, err := f.UpdateRegistrationToken(t.Context(), rollout.ID, rollout.UpdatedAt, settings, day, f.event()); err != nil {
			t.Fatal(err)
		}
		answer(t, f.SearchRegistrationTokens, registrationTokenID, map[string]question{
			"the new label": {equal("messe", models.SearchLabel), []string{rollout.ID}}, "its middle": {byWords("esse"), []string{rollout.ID}},
			"not the old one": {begun("roll"), nil}, "the rest as before": {byWords("4711"), []string{rollout.ID}},
		})
		attempt := f.refused(rollout.ID, func(a *models.RefusedAttempt) {
			a.SystemUserName, a.VerifiedIdentity.Email = "weber-a", "anna.weber@contoso.example"
		})
		answer(t, f.SearchRefusedAttempts, idOfAttempt, map[string]question{
			"a surname": {byWords("weber"), []string{attempt}}, "masked: what is shown": {masked(byWords("weber")), []string{attempt}}, "masked: not what is hidden": {masked(byWords("anna")), nil},
		})
		note := models.Note{ID: f.id(), ObjectKind: models.ObjectRegistrationToken, ObjectID: rollout.ID, Text: "Caller waits", Ticket: "INC-0042", CreatedAt: day}
		if err := f.CreateNote(t.Context(), &note, f.event()); err != nil {
			t.Fatal(err)
		}
		answer(t, f.SearchNotes, func(n *models.Note) string { return n.ID }, map[string]question{
			"its text": {byWords("waits"), []string{note.ID}}, "its ticket": {byWords("inc-0042"), []string{note.ID}}, "no fields": {equal("waits", models.SearchLabel), nil},
		})
	})
}

func TestSearch_Networks(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		f := searching{t, s, new(int)}
		token := f.create(20)
		at := func(ip string) string { return f.seat(token.ID, func(a *models.AuthToken) { a.IP = ip }) }
		office, branch, home, six := at("10.77.3.4"), at("10.77.31.4"), at("10.7.3.4"), at("2001:db8::1")
		answer(t, f.SearchAuthTokens, idOfAuthToken, map[string]question{
			"/16": {within("10.77.0.0/16"), []string{branch, office}}, "/24": {within("10.77.3.0/24"), []string{office}}, "/8": {within("10.0.0.0/8"), []string{home, branch, office}},
			"/12": {within("10.64.0.0/12"), []string{branch, office}}, "of IPv6": {within("2001:db8::/32"), []string{six}}, "of IPv6, with zeros": {within("2001:db8:0:1::/64"), nil},
			"none there": {within("192.0.2.0/24"), nil},
		})
		attempt := f.refused(token.ID, func(a *models.RefusedAttempt) { a.IP = "10.77.9.9" })
		answer(t, f.SearchRefusedAttempts, idOfAttempt, map[string]question{"/16": {within("10.77.0.0/16"), []string{attempt}}, "/24": {within("10.77.3.0/24"), nil}})
		answer(t, f.SearchRegistrationTokens, registrationTokenID, map[string]question{"none": {within("10.77.0.0/16"), nil}})
	})
}
