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

const maskBar = "form.mask-bar"

// desk is a world in which two people redeemed one registration token, and a
// third one was turned away.
type desk struct {
	*world
	token, first, second string // pages
	attempt              string
}

func newDesk(t *testing.T) desk {
	w := newWorld(t)
	token, secret := w.registrationToken("for carl@corp.example", 2)
	d := desk{world: w, token: registrationTokens + "/" + token.ID}
	for user, page := range map[string]*string{"carl@corp.example": &d.first, "dora@corp.example": &d.second} {
		*page = authTokens + "/" + w.redeem(secret, user, "pc-"+user[:4]+".corp.example").AuthToken.ID
	}
	if _, err := w.service.Redeem(t.Context(), w.redeemRequest(secret, "erin@corp.example", "pc-erin.corp.example")); err == nil {
		t.Fatal("redeemed a third time")
	}
	found, err := w.store.RefusedAttempts(t.Context(), models.RefusedAttemptFilter{}, models.PageRequest{})
	must(t, err)
	d.attempt = "/admin/investigate?code=" + found.Items[0].SupportCode
	return d
}

// shows fails unless the page, and what htmx reloads of it, holds all of the
// texts, or none.
func (d desk) shows(b *browser, page string, want bool, texts ...string) {
	d.t.Helper()
	reload := *b
	reload.htmx = true
	for _, a := range []*answer{b.get(page), reload.get(page)} {
		a.wants(http.StatusOK)
		for _, text := range texts {
			if strings.Contains(a.body, text) != want {
				d.t.Errorf("%s holds %s: %t, want %t", page, text, !want, want)
			}
		}
	}
}

func TestUnmask_ShowsOneObjectToOnePersonForAWhile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page, kind string
		texts      []string
	}{
		"auth token":           {"first", "auth_token", []string{"carl@corp.example", "198.51.100.77"}},
		"refused attempt":      {"attempt", "refused_attempt", []string{"erin@corp.example", "198.51.100.77"}},
		"registration token":   {"token", "registration_token", []string{"carl@corp.example", "dora@corp.example", "198.51.100.77"}},
		"its refused attempts": {"refused", "registration_token", []string{"erin@corp.example", "198.51.100.77"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			pages := map[string]string{"first": d.first, "second": d.second, "attempt": d.attempt, "token": d.token, "refused": d.token + "?section=refused"}
			page := pages[c.page]
			b, other := d.login("helpdesk"), d.login("helpdesk")

			d.shows(b, page, false, c.texts...)
			masked := b.get(page).has(maskBar, "masked").has(maskBar+" button", "Show them for 15 minutes")
			to := b.submit(masked, maskBar, nil).wants(http.StatusSeeOther).leadsTo()
			if to != page {
				t.Errorf("it leads to %s, not back to %s", to, page)
			}
			d.shows(b, page, true, c.texts...)
			b.get(page).has(maskBar, "shown to you until 10:15 UTC. This is recorded").has(maskBar+" button", "Hide")
			for name, elsewhere := range pages {
				if same := strings.HasPrefix(elsewhere, strings.TrimSuffix(page, "?section=refused")); !same {
					d.shows(b, elsewhere, false, "carl@", "dora@", "erin@", "198.51.100.77")
				} else if name != c.page && c.kind != "registration_token" {
					t.Errorf("%s and %s are one page", name, c.page)
				}
			}
			for _, list := range []string{"/admin", registrationTokens, authTokens, auditPage} {
				d.shows(b, list, false, "carl@", "dora@", "erin@", "198.51.100.77")
			}
			if c.kind != "registration_token" { // its label is of another object
				d.shows(b, page, false, "for carl@corp.example")
			}
			// The same person elsewhere is the same person.
			d.shows(other, page, true, c.texts...)

			d.clock.Advance(15 * time.Minute)
			d.shows(b, page, false, c.texts...)
			b.get(page).has(maskBar, "masked")
		})
	}
}

func TestUnmask_HidesAgainAndTellsTheTrail(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.login("helpdesk")
	b.submit(b.get(d.attempt), maskBar, nil)
	b.submit(b.get(d.first), maskBar, nil)
	b.submit(b.get(d.first), maskBar, nil).wants(http.StatusSeeOther)
	b.post("/admin/addresses/hide", unmaskValues(d.second)).wants(http.StatusSeeOther) // was not shown
	d.shows(b, d.first, false, "carl@", "198.51.100.77")
	d.shows(b, d.attempt, true, "erin@corp.example")

	actions := []models.AuditAction{models.AuditPersonalDataShown, models.AuditPersonalDataHidden}
	found, err := d.store.AuditEvents(t.Context(), models.AuditFilter{Actions: actions}, models.PageRequest{})
	must(t, err)
	if len(found.Items) != 3 {
		t.Fatalf("the trail holds %+v", found.Items)
	}
	for _, e := range found.Items {
		if e.ActorName != "Tomasz Zielinski" || e.ActorKind != models.ActorPerson || e.RequestID == "" {
			t.Errorf("nobody did it: %+v", e)
		}
		if page := map[string]string{"auth_token": authTokens + "/", "refused_attempt": "/admin/investigate?code="}[e.ObjectKind] + e.ObjectID; page != d.first && page != d.attempt {
			t.Errorf("it is about %s: %+v", page, e)
		}
		if strings.Contains(e.Detail+e.ObjectID, "@") || strings.Contains(e.Detail+e.ObjectID+e.IP, "198.51.100.77") {
			t.Errorf("the trail holds an address: %+v", e)
		}
		if e.Action == models.AuditPersonalDataShown && e.Detail != `{"until":"2026-11-23T10:15:00Z"}` {
			t.Errorf("the trail says %s", e.Detail)
		}
	}
	trail := d.login("admin").get(auditPage+"?action=personal_data.shown").wants(http.StatusOK).
		has("#audit", "was shown the e-mail and IP addresses of the auth token of carl@corp.example").
		has("#audit", "was shown the e-mail and IP addresses of the refused attempt "+strings.TrimPrefix(d.attempt, "/admin/investigate?code="))
	if trail.doc.Find(`#audit a[href="`+d.attempt+`"]`).Length() == 0 {
		t.Error("the trail does not lead to the attempt")
	}
}

// unmaskValues is the form of an auth token's page.
func unmaskValues(authTokenPage string) url.Values {
	return url.Values{"objectKind": {"auth_token"}, "objectId": {strings.TrimPrefix(authTokenPage, authTokens+"/")}}
}

func TestUnmask_OnlyWhoSeesThemMaskedAndOnlyWhatIsThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, account := range []string{"admin", "user"} {
		b := d.login(account)
		for _, verb := range []string{"show", "hide"} {
			b.post("/admin/addresses/"+verb, unmaskValues(d.first)).wants(http.StatusForbidden)
		}
	}
	d.login("admin").get(d.first).wants(http.StatusOK).hasNot(maskBar)

	b := d.login("helpdesk")
	for name, c := range map[string]struct {
		kind, id string
		status   int
	}{
		"no such kind":    {"api_key", unknownID, http.StatusUnprocessableEntity},
		"no kind":         {"", "", http.StatusUnprocessableEntity},
		"no such object":  {"auth_token", unknownID, http.StatusNotFound},
		"of another kind": {"registration_token", strings.TrimPrefix(d.first, authTokens+"/"), http.StatusNotFound},
		"no such code":    {"refused_attempt", "AAAA-AAAA", http.StatusNotFound},
		"not text":        {"auth_token", "\x00", http.StatusNotFound},
	} {
		got := b.post("/admin/addresses/show", url.Values{"objectKind": {c.kind}, "objectId": {c.id}})
		if got.status != c.status {
			t.Errorf("%s: %d, want %d", name, got.status, c.status)
		}
	}
	for _, away := range []string{"", "https://evil.example/", "//evil.example", "/auth/logout"} {
		values := unmaskValues(d.first)
		values.Set("return_to", away)
		if to := b.post("/admin/addresses/show", values).leadsTo(); to != d.first {
			t.Errorf("%q leads to %s", away, to)
		}
	}
}

// What many browsers reload is rendered once; who sees more must not fill it
// for who sees less.
func TestUnmask_SharedPartsKeepWhoSeesMoreApart(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.login("helpdesk")
	part := *b
	part.htmx = true
	uses := d.token + "?section=uses"
	if body := part.get(uses).wants(http.StatusOK).body; strings.Contains(body, "carl@") {
		t.Fatal("it is not masked")
	}
	b.submit(b.get(d.token), maskBar, nil)
	if body := part.get(uses).wants(http.StatusOK).body; !strings.Contains(body, "carl@") {
		t.Error("the masked part came again")
	}
	b.submit(b.get(d.token), maskBar, nil)
	if body := part.get(uses).wants(http.StatusOK).body; strings.Contains(body, "carl@") {
		t.Error("the part came again that shows all")
	}
}

// A grant is for pages: programs of the same person stay masked.
func TestUnmask_RESTStaysMasked(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.login("helpdesk")
	b.submit(b.get(d.first), maskBar, nil)
	got := d.as("helpdesk").call(http.MethodGet, apiAuth+"/"+strings.TrimPrefix(d.first, authTokens+"/"), nil)
	if got.status != http.StatusOK || strings.Contains(got.raw, "carl@") || strings.Contains(got.raw, "198.51.100.77") {
		t.Errorf("%d: %s", got.status, got.raw)
	}
	export := b.post(authTokens+"/export", nil).wants(http.StatusOK)
	if strings.Contains(export.body, "carl@") || strings.Contains(export.body, "198.51.100.77") {
		t.Errorf("the export shows it: %s", export.body)
	}
}

// What is expected of a registration token is its own: the list, the second
// page of it, the networks it is limited to, and what the tester answers.
func TestUnmask_ShowsTheListOfTheExpected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 20)
	var lines []string
	for i := range 30 {
		lines = append(lines, fmt.Sprintf("person%02d@corp.example", i))
	}
	w.admits(token.ID, models.Admission{OnlyExpected: true, Networks: []string{"198.51.100.0/24"}}, lines...)
	d := desk{world: w, token: registrationTokens + "/" + token.ID}
	tab := d.token + "?section=expected"
	b := w.login("helpdesk")
	b.choose(url.Values{"rows": {"25"}})
	next := func() string {
		t.Helper()
		return b.get(tab).wants(http.StatusOK).doc.Find(".pager a[rel=next]").AttrOr("href", "")
	}
	try := func() *answer {
		t.Helper()
		return b.post(d.token+"/admission/try", url.Values{"systemUserName": {"somebody"}, "email": {lines[7]}, "ip": {"198.51.100.7"}}).wants(http.StatusOK)
	}
	d.shows(b, tab, false, "person", "198.51.100")
	d.shows(b, next(), false, "person", "198.51.100")
	if got := try().text(".notice"); strings.Contains(got, lines[7]) || !strings.Contains(got, "p…@corp.example") {
		t.Errorf("the tester says %q", got)
	}
	// Asked for on the second page, they are shown from the first on: masked, the
	// list is in another order.
	shown := b.submit(b.get(next()), maskBar, nil).wants(http.StatusSeeOther).leadsTo()
	for _, page := range []string{tab, shown} {
		d.shows(b, page, true, append(lines[:25:25], "198.51.100.0/24")...)
	}
	d.shows(b, next(), true, lines[25:]...)
	try().has(".notice", "They are expected: “"+lines[7]+"” is on the list.")
	part := *b
	part.htmx = true
	part.post(d.token+"/admission/try", url.Values{"systemUserName": {"somebody"}, "email": {lines[7]}, "ip": {"198.51.100.7"}}).wants(http.StatusOK).has(".notice", lines[7])
	w.clock.Advance(15 * time.Minute)
	d.shows(b, tab, false, "person", "198.51.100")
}
