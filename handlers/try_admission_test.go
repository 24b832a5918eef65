package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/models"
)

func TestTryAdmission_SaysWhatARedemptionWouldBeTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	w.admits(token.ID, models.Admission{OnlyExpected: true, Networks: []string{"192.0.2.0/24"}}, "ana", "ada@example.com")
	try := registrationTokens + "/" + token.ID + "/admission/try"
	for _, role := range []string{"admin", "helpdesk"} {
		b := w.login(role)
		for _, htmx := range []bool{false, true} {
			b.htmx = htmx
			ask := func(form url.Values) *answer { return b.post(try, form) }
			ask(url.Values{"systemUserName": {"ana"}, "ip": {"192.0.2.9"}}).wants(http.StatusOK).has("#admission-try .notice-success", "Yes, they would be let in")
			ask(url.Values{"systemUserName": {"x"}, "email": {"Ada@example.com"}, "ip": {"192.0.2.9"}}).wants(http.StatusOK).has("#admission-try .notice-success", "is on the list")
			ask(url.Values{"systemUserName": {"eve"}, "ip": {"192.0.2.9"}}).wants(http.StatusOK).has("#admission-try .notice-warning", "Not on the list, and not signed in")
			ask(url.Values{"systemUserName": {"ana"}, "ip": {"198.51.100.1"}}).wants(http.StatusOK).has("#admission-try .notice-warning", "Not from an allowed network")
			ask(url.Values{"systemUserName": {"ana"}}).wants(http.StatusUnprocessableEntity).has("#ip-error", "Give the IP address they come from")
			ask(url.Values{"ip": {"192.0.2.9"}, "email": {"nobody"}}).wants(http.StatusUnprocessableEntity).has("#email-error", "not an e-mail").has("#systemUserName-error", "needed")
		}
	}
	// What the helpdesk sees masked it cannot find out here without a trace.
	found, err := w.store.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditPersonalDataLookedUp}, models.PageRequest{})
	must(t, err)
	if len(found.Items) == 0 || strings.Contains(found.Items[0].Detail, "ada@") {
		t.Errorf("the trail has %+v", found.Items)
	}
	if got := w.usedCount(token.ID); got != 0 {
		t.Errorf("%d counts were taken", got)
	}
	must(t, deleteToken(w, token.ID))
	w.login("admin").post(try, url.Values{"systemUserName": {"ana"}, "ip": {"192.0.2.9"}}).wants(http.StatusOK).has("main", "The registration token is deleted.")
}

// A pattern of the list is masked, and a text that is no address may match it.
func TestTryAdmission_IsNoOracleOnTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	w.admits(token.ID, models.Admission{}, "host:10.88.66.5*")
	b := w.login("helpdesk")
	try := func(i int) *answer {
		return b.post(registrationTokens+"/"+token.ID+"/admission/try", url.Values{"fqdn": {fmt.Sprintf("10.88.%d.5999", i)}})
	}
	for i := range 30 {
		try(i).wants(http.StatusOK)
	}
	try(66).has(".notice-danger", "too many").hasNot("#admission-try .notice")
	if n := len(w.audited(models.AuditPersonalDataLookedUp)); n != 30 {
		t.Errorf("%d tries are in the trail, want 30", n)
	}
}

func TestTryAdmission_NeedsAnAddressOnlyWhereARuleChecksIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	try := registrationTokens + "/" + token.ID + "/admission/try"
	b := w.login("helpdesk")
	b.post(try, url.Values{"systemUserName": {"ana"}}).wants(http.StatusOK).has("#admission-try .notice-success", "Yes, they would be let in")
	b.post(try, url.Values{"systemUserName": {"ana"}, "ip": {"192.0.2"}}).wants(http.StatusUnprocessableEntity).has("#ip-error", "or leave it empty")
}
