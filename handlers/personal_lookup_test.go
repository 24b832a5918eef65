package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/models"
)

func TestSearch_HelpdeskCannotSpellOutAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("for bob@contoso.example", 3)
	request := w.redeemRequest(secret, "alice@contoso.example", "pc1.contoso.example")
	request.Claimed.Identifier, request.Claimed.MACAddress, request.Claimed.RefID1 = "desk of alice@contoso.example", "alice@contoso.example", "Room 7"
	issued, err := w.service.Redeem(t.Context(), request)
	must(t, err)
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	finds := func(b *browser, path, q, id string) bool {
		t.Helper()
		return strings.Contains(b.get(path+"?q="+url.QueryEscape(q)).wants(http.StatusOK).body, id)
	}
	id := issued.AuthToken.ID
	for _, part := range []string{"198.51.100.7", "51.100.77", ".77", "100.7", "alice@", "alice", "lice@contoso.example", "desk of al"} {
		if finds(helpdesk, "/admin/auth-tokens", part, id) {
			t.Errorf("the helpdesk finds the auth token by %q", part)
		}
		if !finds(admin, "/admin/auth-tokens", part, id) {
			t.Errorf("the administrator does not find the auth token by %q", part)
		}
	}
	for _, known := range []string{"198.51.100.77", "alice@contoso.example", "Alice@Contoso.example", "pc1", "contoso.example", "room", "desk of alice@contoso.example"} {
		if !finds(helpdesk, "/admin/auth-tokens", known, id) {
			t.Errorf("the helpdesk does not find the auth token by %q", known)
		}
	}
	source := issued.AuthToken.RegistrationTokenID
	for q, want := range map[string]bool{"bob@c": false, "for b": false, "for bob@contoso.example": true} {
		if finds(helpdesk, "/admin/registration-tokens", q, source) != want {
			t.Errorf("the helpdesk finds the registration token by %q: %t", q, !want)
		}
	}
}

func TestSearch_HelpdeskAsksForFewAddressesAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	helpdesk, page, admin := w.as("helpdesk"), w.login("helpdesk"), w.as("admin")
	for i := range 30 {
		field := []string{"ip=198.51.100.%d", "systemUserName=u%d@contoso.example", "refId1=u%d@contoso.example"}[i%3]
		path := apiAuth + "?" + fmt.Sprintf(field, i)
		for range 2 { // a list that reloads itself asks the same again
			helpdesk.call(http.MethodGet, path, nil).wants(http.StatusOK)
		}
	}
	got := helpdesk.call(http.MethodGet, apiAuth+"?ip=198.51.100.200", nil).refuses(http.StatusTooManyRequests, models.CodeRateLimited)
	if got.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	helpdesk.call(http.MethodGet, apiRegs+"?identifier=a@contoso.example", nil).refuses(http.StatusTooManyRequests, models.CodeRateLimited)
	page.get("/admin/auth-tokens?q=198.51.100.201").wants(http.StatusTooManyRequests) // the same person
	page.get("/admin/registration-tokens?q=a@contoso.example").wants(http.StatusTooManyRequests)
	// What is not hidden is not limited, nor is who sees it anyway.
	helpdesk.call(http.MethodGet, apiAuth+"?fqdn=pc1", nil).wants(http.StatusOK)
	page.get("/admin/auth-tokens?q=pc1").wants(http.StatusOK)
	for i := range 35 {
		admin.call(http.MethodGet, apiAuth+fmt.Sprintf("?ip=198.51.100.%d", i), nil).wants(http.StatusOK)
	}

	events := w.audited(models.AuditPersonalDataLookedUp)
	if len(events) != 30 {
		t.Fatalf("%d look-ups are in the trail, want 30", len(events))
	}
	for _, e := range events {
		if !strings.HasSuffix(e.ActorID, " helpdesk") && e.ActorName == "" || strings.Contains(e.Detail, "198.51.100.") || strings.Contains(e.Detail, "@contoso.example") && !strings.Contains(e.Detail, "u…@") {
			t.Errorf("event %+v", e)
		}
	}
	w.clock.Advance(time.Minute)
	helpdesk.call(http.MethodGet, apiAuth+"?ip=198.51.100.200", nil).wants(http.StatusOK)
}
