package storetest

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/models/lists"
)

// admit edits list and rules as the token service does.
func (f fixture) admit(id string, s models.AdmissionSettings) *models.RegistrationToken {
	f.tb.Helper()
	list, err := f.ExpectedList(f.tb.Context(), id)
	if err != nil {
		f.tb.Fatal(err)
	}
	change, err := s.Edit(list)
	if err != nil {
		f.tb.Fatal(err)
	}
	for i := range change.Added {
		e := &change.Added[i]
		e.ID, e.RegistrationTokenID, e.CreatedAt = f.id(), id, Epoch
	}
	copy(change.List[len(change.List)-len(change.Added):], change.Added)
	updated, err := f.SetAdmission(f.tb.Context(), id, f.read(id).AdmissionVersion, change, f.event(models.AuditRegistrationTokenAdmissionSet, "registration_token", id))
	if err != nil {
		f.tb.Fatalf("set the admission: %v", err)
	}
	return updated
}

func expecting(rules models.Admission, mode models.ListMode, lines ...string) models.AdmissionSettings {
	return models.AdmissionSettings{Rules: rules, Mode: mode, Entries: lists.ReadExpected(strings.Join(lines, "\n"), lists.Choices{}).Entries}
}

// as redeems in somebody's name.
func as(user, host string) func(*models.Consumption) {
	return func(c *models.Consumption) {
		claimed := models.ClaimedIdentity{SystemUserName: user, FQDN: host}
		c.Redemption.ClaimedIdentity, c.AuthToken.ClaimedIdentity = claimed, claimed
	}
}

// names are the entries of a part of the list, over pages of two.
func (f fixture) names(id string, state models.ExpectationState) []string {
	f.tb.Helper()
	entries := pages(f, models.PageRequest{Size: 2}, func(p models.PageRequest) (models.Page[models.Expectation], error) {
		return f.Expectations(f.tb.Context(), models.ExpectationFilter{RegistrationTokenID: id, State: state}, p)
	})
	return idsOf(entries, func(e models.Expectation) string { return e.Pattern })
}

func (f fixture) stands(id string, want models.ExpectationCounts) {
	f.tb.Helper()
	if got, err := f.ExpectationCounts(f.tb.Context(), id, Epoch); err != nil || got != want {
		f.tb.Errorf("the list stands at %+v, %v, want %+v", got, err, want)
	}
}

// admissionRefuses turns away whom the rules exclude, and takes no count.
func admissionRefuses(t *testing.T, f fixture) {
	token := f.create(5)
	f.admit(token.ID, expecting(models.Admission{OnlyExpected: true, Networks: []string{"192.0.2.0/24"}}, models.ListAdd, "ana", "*.lab.example", "carl@contoso.example"))
	refused := func(want models.AdmissionRule, edit ...func(*models.Consumption)) {
		t.Helper()
		c := f.consumption(token.ID, append(edit, keep("key"))...)
		e, ok := errors.AsType[*models.NotAdmitted](f.take(c))
		if !ok || e.Rule != want {
			t.Errorf("refused by %+v, want %q", e, want)
		}
	}
	refused(models.AdmissionExpectedSignIn, as("mallory", "pc.evil.example"))
	refused(models.AdmissionExpected, as("ana2", ""), func(c *models.Consumption) {
		c.Redemption.VerifiedIdentity = models.VerifiedIdentity{Issuer: "i", Subject: "s", Email: "m@contoso.example"}
	})
	refused(models.AdmissionNetwork, as("ana", ""), func(c *models.Consumption) { c.Redemption.IP = "198.51.100.1" })
	if got := f.read(token.ID); got.UsedCount != 0 || got.RedemptionCount != 0 {
		t.Errorf("counts were taken: %+v", got)
	}
	f.stands(token.ID, models.ExpectationCounts{Missing: 3, Claimable: 2})

	first := f.redeem(token.ID, as("ANA", "x"))
	second := f.redeem(token.ID, as("bob", "PC-1.lab.example"))
	f.redeem(token.ID, as("ana", "y"))
	for _, c := range []*models.Consumption{first, second} {
		if got := f.readAuthToken(c.AuthToken.ID); got.Unexpected || got.ExpectationID == nil {
			t.Errorf("%s: unexpected %v, expectation %v", got.SystemUserName, got.Unexpected, got.ExpectationID)
		}
	}
	list, err := f.ExpectedList(t.Context(), token.ID)
	if err != nil || len(list) != 3 || list[1].Pattern != "ana" || list[1].Arrivals != 2 ||
		list[1].FirstAuthTokenID == nil || *list[1].FirstAuthTokenID != first.AuthToken.ID || !list[1].FirstArrivedAt.Equal(Epoch) {
		t.Errorf("the list is %+v, %v", list, err)
	}
	f.stands(token.ID, models.ExpectationCounts{Arrived: 2, Missing: 1, Claimable: 2})
	if missing := f.names(token.ID, models.ExpectationMissing); !slices.Equal(missing, []string{"carl@contoso.example"}) {
		t.Errorf("missing: %v", missing)
	}
	_, err = f.Expectations(t.Context(), models.ExpectationFilter{RegistrationTokenID: token.ID, State: "late"}, models.PageRequest{})
	f.wantKind(err, models.KindInvalid, models.CodeInvalidRequest)
}

// admissionJudges asks without taking anything, of tokens that are not there too.
func admissionJudges(t *testing.T, f fixture) {
	token := f.create(5)
	f.admit(token.ID, expecting(models.Admission{OnlyExpected: true}, models.ListAdd, "ana"))
	for user, want := range map[string]models.AdmissionRule{"ana": "", "bob": models.AdmissionExpected} {
		j, err := f.Judge(t.Context(), token.ID, models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: user}})
		if err != nil || j.Refused != want || j.Unexpected != (want != "") || (j.Expected != nil) != (want == "") {
			t.Errorf("%s: %+v, %v", user, j, err)
		}
	}
	if j, err := f.Judge(t.Context(), f.id(), models.Presented{}); err != nil || j != (models.Judged{}) {
		t.Errorf("no token: %+v, %v", j, err)
	}
	f.stands(token.ID, models.ExpectationCounts{Missing: 1, Claimable: 1})
}

// admissionKnowsNames meets an entry under every spelling of its name, rows of
// earlier versions included.
func admissionKnowsNames(t *testing.T, f fixture) {
	token := f.create(5)
	settings := expecting(models.Admission{}, models.ListAdd, `CONTOSO\ana`, "bob@contoso.example", "host:LAPTOP-7", "PC-1.emea.example", "PC-1.apac.example", "host:PC-1", "person:bücher@müller.example", "carl@contoso.example")
	settings.Entries = append(settings.Entries, models.Expectation{Kind: models.ExpectPerson, Pattern: `CONTOSO\Dora`, Folded: `contoso\dora`})
	settings.Entries[1].ByClaim = true // from before e-mail entries needed a sign-in
	f.admit(token.ID, settings)
	for _, c := range []struct{ user, host, want string }{
		{"ana@contoso.example", "", `CONTOSO\ana`}, {"Ana", "", `CONTOSO\ana`}, {`FABRIKAM\ana`, "", ""},
		{`CONTOSO\bob`, "", "bob@contoso.example"}, {"BOB", "", "bob@contoso.example"}, {"bob@contoso.test", "", ""}, {"bobby", "", ""},
		{"carl@contoso.example", "", ""}, {`CONTOSO\carl`, "", ""},
		{`CONTOSO\dora`, "", `CONTOSO\Dora`}, {"dora@contoso.example", "", `CONTOSO\Dora`}, {`FABRIKAM\dora`, "", ""},
		{"BU\u0308CHER@xn--mller-kva.example", "", "bücher@müller.example"},
		{"", "laptop-7.corp.example", "LAPTOP-7"}, {"", "Laptop-7.", "LAPTOP-7"}, {"", "laptop-70", ""},
		{"", "pc-1.emea.example", "PC-1.emea.example"}, {"", "pc-1", "PC-1"}, {"", "pc-1.amer.example", ""},
	} {
		j, err := f.Judge(t.Context(), token.ID, models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: c.user, FQDN: c.host}})
		if err != nil || (j.Expected != nil) != (c.want != "") || j.Expected != nil && j.Expected.Pattern != c.want {
			t.Errorf("%q at %q: %+v, %v, want %q", c.user, c.host, j.Expected, err, c.want)
		}
	}
	f.admit(token.ID, expecting(models.Admission{}, models.ListReplace, `contoso\DORA`))
	f.stands(token.ID, models.ExpectationCounts{Missing: 1, Claimable: 1})
	if left := f.names(token.ID, models.ExpectationMissing); !slices.Equal(left, []string{`CONTOSO\Dora`}) {
		t.Errorf("an entry of an earlier version was replaced by itself: %q", left)
	}
}

// admissionLooksBack compares the uses there were with a list that came, or
// changed, later.
func admissionLooksBack(t *testing.T, f fixture) {
	token, other := f.create(20), f.create(20)
	later := at(Epoch.Add(time.Minute))
	first := f.redeem(token.ID, as("ana", "a"))
	f.redeem(token.ID, as("ana", "b"), later)
	bob := f.redeem(token.ID, as("bob", "pc.lab.example"))
	gone := f.redeem(token.ID, as("gone", ""))
	f.delete(gone.AuthToken.ID, false)
	f.redeem(other.ID, as("bob", "pc.lab.example"))
	f.stands(token.ID, models.ExpectationCounts{})

	f.admit(token.ID, expecting(models.Admission{}, models.ListAdd, "ana", "dora"))
	f.stands(token.ID, models.ExpectationCounts{Arrived: 1, Missing: 1, Unexpected: 1, Claimable: 2})
	list, err := f.ExpectedList(t.Context(), token.ID)
	if err != nil || list[0].Arrivals != 2 || *list[0].FirstAuthTokenID != first.AuthToken.ID || !list[0].FirstArrivedAt.Equal(Epoch) {
		t.Errorf("the list is %+v, %v", list, err)
	}
	uses, err := f.TokenUses(t.Context(), token.ID, models.PageRequest{})
	if err != nil || !uses.Items[1].AuthToken.Unexpected || uses.Items[3].AuthToken.ExpectationID == nil || *uses.Items[3].AuthToken.ExpectationID != list[0].ID {
		t.Errorf("the uses are %+v, %v", uses.Items, err)
	}
	for _, filter := range []models.AuthTokenFilter{{Lens: models.LensUnexpected}, {Lens: models.LensUnexpected, RegistrationTokenID: token.ID}} {
		found, err := f.AuthTokens(t.Context(), filter, models.PageRequest{}, Epoch)
		if err != nil || len(found.Items) != 1 || found.Items[0].ID != bob.AuthToken.ID {
			t.Errorf("unexpected: %+v, %v", found.Items, err)
		}
	}
	f.admit(token.ID, expecting(models.Admission{}, models.ListAdd, "*.lab.example"))
	f.stands(token.ID, models.ExpectationCounts{Arrived: 2, Missing: 1, Claimable: 3})
	f.admit(token.ID, expecting(models.Admission{}, models.ListRemove, "ana"))
	f.stands(token.ID, models.ExpectationCounts{Arrived: 1, Missing: 1, Unexpected: 2, Claimable: 2})
	f.admit(token.ID, expecting(models.Admission{}, models.ListClear))
	f.stands(token.ID, models.ExpectationCounts{})
	if got := f.readAuthToken(bob.AuthToken.ID); got.ExpectationID != nil || got.Unexpected {
		t.Errorf("a mark stayed: %+v", got)
	}
}

// admissionIsComparedAndSet lets one of two edits win, and neither on a
// deleted token.
func admissionIsComparedAndSet(t *testing.T, f fixture) {
	token := f.create(5)
	event := func() models.AuditEvent {
		return f.event(models.AuditRegistrationTokenAdmissionSet, "registration_token", token.ID)
	}
	var wg sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		e := event()
		change := models.AdmissionChange{Rules: models.Admission{EmailDomains: []string{strconv.Itoa(i) + ".example"}}}
		wg.Go(func() { _, errs[i] = f.SetAdmission(t.Context(), token.ID, 0, change, e) })
	}
	wg.Wait()
	won := 0
	for i, err := range errs {
		if err == nil {
			won++
			if got := f.read(token.ID).EmailDomains; !slices.Equal(got, []string{strconv.Itoa(i) + ".example"}) {
				t.Errorf("the rules are %v", got)
			}
			continue
		}
		f.wantKind(err, models.KindConflict, models.CodeConflict)
	}
	if won != 1 || f.read(token.ID).AdmissionVersion != 1 {
		t.Errorf("%d edits won; version %d", won, f.read(token.ID).AdmissionVersion)
	}
	open, err := f.SetAdmission(t.Context(), token.ID, 1, models.AdmissionChange{}, event())
	if err != nil || !open.Open() {
		t.Errorf("rules stayed: %+v, %v", open.Admission, err)
	}
	if _, err := f.DeleteRegistrationToken(t.Context(), token.ID, models.RegistrationTokenDeletion{}, Epoch, "Ada", event()); err != nil {
		t.Fatal(err)
	}
	_, err = f.SetAdmission(t.Context(), token.ID, 2, models.AdmissionChange{}, event())
	f.wantKind(err, models.KindConflict, models.CodeRegistrationTokenDeleted)
	_, err = f.SetAdmission(t.Context(), f.id(), 0, models.AdmissionChange{}, event())
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
}

// admissionGoesOver carries list and rules over to the successor; who came
// with the old one is not missing.
func admissionGoesOver(t *testing.T, f fixture) {
	old := f.create(5)
	f.admit(old.ID, expecting(models.Admission{OnlyExpected: true, SignInRequired: false, Networks: []string{"192.0.2.0/24"}}, models.ListAdd, "ana", "bob"))
	f.redeem(old.ID, as("ana", "a"))
	successor := f.token(4)
	err := f.ReplaceRegistrationToken(t.Context(), old.ID, 1, successor, Epoch, "Ada Admin", f.event(models.AuditRegistrationTokenReplaced, "registration_token", old.ID))
	if err != nil {
		t.Fatal(err)
	}
	got := f.read(successor.ID)
	if !got.OnlyExpected || !slices.Equal(got.Networks, []string{"192.0.2.0/24"}) || got.ExpectedCount != 2 || !successor.OnlyExpected {
		t.Errorf("the rules are %+v", got.Admission)
	}
	f.stands(successor.ID, models.ExpectationCounts{Arrived: 1, Missing: 1, Claimable: 2})
	f.stands(old.ID, models.ExpectationCounts{Arrived: 1, Missing: 1, Claimable: 2})
	f.redeem(successor.ID, as("bob", "b"))
	f.stands(successor.ID, models.ExpectationCounts{Arrived: 2, Claimable: 2})
	f.stands(old.ID, models.ExpectationCounts{Arrived: 1, Missing: 1, Claimable: 2})
}

// admissionUnderLoad lets many in at once by one pattern, never too many, and
// counts each arrival.
func admissionUnderLoad(t *testing.T, f fixture) {
	token := f.create(8)
	f.admit(token.ID, expecting(models.Admission{OnlyExpected: true}, models.ListAdd, "*.lab.example"))
	var wg sync.WaitGroup
	errs := make([]error, 24)
	for i := range errs {
		host := "pc" + strconv.Itoa(i) + ".lab.example"
		if i%2 == 1 {
			host = "pc" + strconv.Itoa(i) + ".evil.example"
		}
		c := f.consumption(token.ID, as("", host))
		wg.Go(func() { errs[i] = f.take(c) })
	}
	wg.Wait()
	in := 0
	for i, err := range errs {
		_, turnedAway := errors.AsType[*models.NotAdmitted](err)
		switch {
		case i%2 == 1 && !turnedAway:
			t.Errorf("a stranger: %v", err)
		case i%2 == 0 && err == nil:
			in++
		case i%2 == 0 && !errors.Is(err, models.ErrNotConsumed):
			t.Errorf("an expected one: %v", err)
		}
	}
	list, err := f.ExpectedList(t.Context(), token.ID)
	if in != 8 || f.read(token.ID).UsedCount != 8 || err != nil || list[0].Arrivals != 8 {
		t.Errorf("%d were let in; %+v, %v", in, list, err)
	}
}

// admissionSettlesClaims lets an e-mail entry from before the rule be met by a
// claim, lists it, and compares the uses anew when it is settled.
func admissionSettlesClaims(t *testing.T, f fixture) {
	token, gone := f.create(9, func(r *models.RegistrationToken) { r.Identifier = "Pilot" }), f.create(5)
	earlier := expecting(models.Admission{OnlyExpected: true}, models.ListAdd, "ana@contoso.example", "eve@contoso.example")
	for i := range earlier.Entries {
		earlier.Entries[i].ByClaim = true
	}
	f.admit(token.ID, earlier)
	f.admit(gone.ID, earlier)
	if _, err := f.DeleteRegistrationToken(t.Context(), gone.ID, models.RegistrationTokenDeletion{}, Epoch, "Ada", f.event(models.AuditRegistrationTokenDeleted, "registration_token", gone.ID)); err != nil {
		t.Fatal(err)
	}
	claimed := f.redeem(token.ID, as("eve@contoso.example", ""))
	f.redeem(token.ID, func(c *models.Consumption) {
		who := models.VerifiedIdentity{Issuer: "i", Subject: "s", Email: "ana@contoso.example"}
		c.Redemption.VerifiedIdentity, c.AuthToken.VerifiedIdentity = who, who
	})
	f.stands(token.ID, models.ExpectationCounts{Arrived: 2, Claimable: 2, ByClaim: 2})
	want := models.ClaimedList{ID: token.ID, Identifier: "Pilot", OnlyExpected: true, Entries: 2}
	if found, err := f.ClaimedLists(t.Context(), Epoch); err != nil || !slices.Equal(found, []models.ClaimedList{want}) {
		t.Errorf("lists with claims: %+v, %v", found, err)
	}
	if found, err := f.Attention(t.Context(), 5, Epoch); err != nil || found.Total != 1 || found.Items[0].ID != token.ID || found.Items[0].ByClaim != 2 {
		t.Errorf("needs attention: %+v, %v", found, err)
	}

	f.admit(token.ID, models.AdmissionSettings{Rules: earlier.Rules, Mode: models.ListVerify})
	f.stands(token.ID, models.ExpectationCounts{Arrived: 1, Missing: 1, Unexpected: 1})
	if got := f.readAuthToken(claimed.AuthToken.ID); !got.Unexpected || got.ExpectationID != nil {
		t.Errorf("who only claimed the address is %+v", got)
	}
	if _, ok := errors.AsType[*models.NotAdmitted](f.take(f.consumption(token.ID, as("ana@contoso.example", "")))); !ok {
		t.Error("a claim still met the entry")
	}
	if found, err := f.ClaimedLists(t.Context(), Epoch); err != nil || len(found) != 0 {
		t.Errorf("lists with claims: %+v, %v", found, err)
	}
}
