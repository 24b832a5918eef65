package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
)

// deniedRows are the rows of refused accesses, newest first.
func (w *world) deniedRows(want int) []models.AuditEvent {
	w.t.Helper()
	found := w.audited(models.AuditAccessDenied)
	if len(found) != want {
		w.t.Fatalf("%d rows of refused accesses, want %d: %+v", len(found), want, found)
	}
	return found
}

func TestDenied_AFloodIsOneRowAtOnceAndOneForTheRestOfTheMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger := w.login("user")
	for range 200 {
		stranger.get("/admin/api-keys").wants(http.StatusForbidden)
	}
	first := w.deniedRows(1)[0]
	if first.ObjectID != "GET /admin/api-keys" || first.Detail != "{}" {
		t.Errorf("the first is written as %+v", first)
	}
	w.clock.Advance(time.Minute - 1)
	w.deniedRows(1)
	w.clock.Advance(1) // they never come back
	rest := w.deniedRows(2)[0]
	if rest.ActorID != first.ActorID || rest.ObjectID != first.ObjectID || rest.Detail != `{"more":199}` || !rest.OccurredAt.Equal(w.clock.Now()) {
		t.Errorf("the rest is written as %+v", rest)
	}
	w.clock.Advance(time.Hour)
	w.deniedRows(2)

	const said = "was refused GET /admin/api-keys 199 more times within a minute"
	admin := w.login("admin")
	admin.get(auditPage).wants(http.StatusOK).has("#audit", said)
	if file := admin.post(auditPage+"/export", nil).wants(http.StatusOK).body; !strings.Contains(file, said) {
		t.Errorf("the export does not say it: %s", file)
	}

	stranger = w.login("user")
	stranger.get("/admin/api-keys").wants(http.StatusForbidden)
	w.deniedRows(3)
}

func TestDenied_TheRowOfTheRestNamesEachRoute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger, helpdesk := w.login("user"), w.login("helpdesk")
	key := w.withKey(models.ScopeRegistrationTokensRead)
	for range 3 {
		stranger.get("/admin/audit").wants(http.StatusForbidden)
		stranger.get(registrationTokens).wants(http.StatusForbidden)
		stranger.get(registrationTokens).wants(http.StatusForbidden)
		key.call(http.MethodGet, apiAuth, nil).refuses(http.StatusForbidden, models.CodeForbidden)
	}
	helpdesk.get("/admin/api-keys").wants(http.StatusForbidden)
	w.deniedRows(3) // each has their own
	w.clock.Advance(time.Minute)
	var details []string
	for _, e := range w.deniedRows(5)[:2] {
		details = append(details, e.ObjectID+" "+e.Detail)
	}
	slices.Sort(details)
	if want := []string{
		"GET " + registrationTokens + ` {"more":8,"routes":["GET /admin/registration-tokens (6)","GET /admin/audit (2)"]}`,
		"GET " + apiAuth + ` {"more":2}`,
	}; !slices.Equal(details, want) {
		t.Errorf("%q", details)
	}
	const said = "was refused GET /admin/registration-tokens and 1 other address 8 more times within a minute"
	admin := w.login("admin")
	row := admin.get(auditPage).doc.Find("#audit tbody tr").FilterFunction(func(_ int, row *goquery.Selection) bool { return strings.Contains(row.Text(), said) })
	admin.get(row.Find("a.audit-more").AttrOr("href", "")).has("main", "GET /admin/registration-tokens (6), GET /admin/audit (2)")
}

func TestDenied_AGracefulStopWritesWhatIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger := w.login("user")
	for range 3 {
		stranger.get("/admin").wants(http.StatusForbidden)
	}
	w.server.Drain()
	if rows := w.deniedRows(2); rows[0].Detail+rows[1].Detail != `{"more":2}{}` && rows[1].Detail+rows[0].Detail != `{"more":2}{}` {
		t.Errorf("the rest is not written: %+v", rows)
	}
	w.clock.Advance(time.Minute)
	w.server.Drain()
	w.deniedRows(2)
	for range 2 { // requests that are under way then
		stranger.get("/admin").wants(http.StatusForbidden)
	}
	w.deniedRows(4)
}
