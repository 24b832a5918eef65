package tokens_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"muster/models"
	"muster/models/lists"
	"muster/tokens"
)

func labels(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("Person %d <p%d@example.com>", i, i)
	}
	return all
}

// batch makes a registration token of the count for each.
func (r *rig) batch(count int, labels []string) []tokens.IssuedRegistrationToken {
	r.t.Helper()
	issued, err := r.CreateRegistrationTokens(r.t.Context(), admin, lists.ReadRecipients(strings.Join(labels, "\n"), lists.Choices{}).People, models.RegistrationTokenSettings{Count: &count})
	if err != nil {
		r.t.Fatal(err)
	}
	return issued
}

func idsOf(issued []tokens.IssuedRegistrationToken) []string {
	ids := make([]string, len(issued))
	for i := range issued {
		ids[i] = issued[i].RegistrationToken.ID
	}
	return ids
}

func TestReplaceRegistrationTokens_CarriesEverythingForEach(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.batch(2, labels(models.MaxPageSize))
	listed := made[7].RegistrationToken.ID
	if _, err := r.SetAdmission(t.Context(), admin, listed, models.AdmissionSettings{
		Rules: models.Admission{EmailDomains: []string{"example.com"}}, Mode: models.ListAdd, Entries: lists.ReadExpected("ann\nbob", lists.Choices{}).Entries,
	}); err != nil {
		t.Fatal(err)
	}
	r.redeem(made[3].Secret, "a")
	issued, err := r.ReplaceRegistrationTokens(t.Context(), admin, idsOf(made), nil, len(made))
	if err != nil {
		t.Fatal(err)
	}
	next := map[string]tokens.IssuedRegistrationToken{}
	for _, n := range issued {
		next[n.RegistrationToken.Identifier] = n
	}
	for i := range made {
		n, want := next[made[i].RegistrationToken.Identifier], 2
		if i == 3 {
			want = 1
		}
		old, err := r.db.RegistrationToken(t.Context(), made[i].RegistrationToken.ID)
		if err != nil {
			t.Fatal(err)
		}
		if n.Recipient.Name != fmt.Sprintf("Person %d", i) || n.Recipient.Email != fmt.Sprintf("p%d@example.com", i) || n.RegistrationToken.Count != want ||
			*old.ReplacedByID != n.RegistrationToken.ID || *n.RegistrationToken.ReplacesID != old.ID || old.DisabledBy != admin.Name {
			t.Fatalf("%d: %+v replaced by %+v", i, old, n)
		}
	}
	successor, err := r.db.RegistrationToken(t.Context(), next[made[7].RegistrationToken.Identifier].RegistrationToken.ID)
	if err != nil || successor.ExpectedCount != 2 || len(successor.EmailDomains) != 1 {
		t.Errorf("the admission became %+v, %v", successor.Admission, err)
	}
	list, err := r.db.ExpectedList(t.Context(), successor.ID)
	if err != nil || len(list) != 2 {
		t.Errorf("the list became %v, %v", list, err)
	}
	for _, action := range []models.AuditAction{models.AuditRegistrationTokenReplaced, models.AuditRegistrationTokenCreated} {
		id := made[9].RegistrationToken.ID
		if action == models.AuditRegistrationTokenCreated {
			id = next[made[9].RegistrationToken.Identifier].RegistrationToken.ID
		}
		events, err := r.db.AuditEvents(t.Context(), models.AuditFilter{ObjectID: id, Action: action}, models.PageRequest{})
		if err != nil || len(events.Items) != 1 {
			t.Errorf("%s: %v, %v", action, events, err)
		}
	}
	_, err = r.ReplaceRegistrationTokens(t.Context(), admin, idsOf(made), nil, len(made))
	refused(t, err, models.KindConflict, models.CodeUnexpectedNumber)
	_, err = r.ReplaceRegistrationTokens(t.Context(), helpdesk, idsOf(issued), nil, len(issued))
	refused(t, err, models.KindForbidden, models.CodeForbidden)
}

// However redemptions and other administrators come between, no count is lost or
// doubled.
func TestReplaceRegistrationTokens_AgainstRedemptions(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const each = 3
	made := r.batch(each, labels(8))
	var all sync.WaitGroup
	answers := make([][]tokens.IssuedRegistrationToken, 2)
	for i := range answers {
		all.Go(func() { answers[i], _ = r.ReplaceRegistrationTokens(r.ctx(), admin, idsOf(made), nil, len(made)) })
	}
	for _, m := range made {
		all.Go(func() { _, _ = r.Redeem(r.ctx(), request(m.Secret, "x")) })
	}
	all.Wait()
	if (answers[0] == nil) == (answers[1] == nil) {
		t.Fatalf("%d and %d were issued: one administrator replaces them", len(answers[0]), len(answers[1]))
	}
	for _, n := range append(answers[0], answers[1]...) {
		old, err := r.db.RegistrationToken(t.Context(), *n.RegistrationToken.ReplacesID)
		if err != nil || old.UsedCount+n.RegistrationToken.Count != each {
			t.Errorf("%d used before and %d after, of %d; %v", old.UsedCount, n.RegistrationToken.Count, each, err)
		}
	}
	if findings, err := r.db.Check(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("check found %v, %v", findings, err)
	}
}
