package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A browser writes each 4xx that a script gets into its console as an error.
func TestParts_ExpectedRefusalsAreQuietInTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 1)
	b := w.login("admin")
	const nowhere = "/admin/registration-tokens/01arz3ndektsv4rrffq69g5fav"
	if status, header := b.bareHeaders(http.MethodGet, nowhere); status != http.StatusNotFound || header.Get("Muster-Status") != "" {
		t.Errorf("a whole page: %d, Muster-Status %q", status, header.Get("Muster-Status"))
	}
	b.htmx = true
	status, header := b.bareHeaders(http.MethodGet, nowhere)
	if status != http.StatusOK || header.Get("Muster-Status") != "404" || header.Get("Hx-Retarget") != "#notices" || header.Get("Hx-Push-Url") != "false" {
		t.Errorf("a part: %d %v", status, header)
	}
	if n := strings.Count(w.logs.String(), `"status":404`); n != 2 {
		t.Errorf("the log has %d of the two 404", n)
	}
	b.htmx = false
	led, header := b.bareHeaders(http.MethodGet, registrationTokens+"?where=x&sort=label")
	if led != http.StatusSeeOther || header.Get("Location") != registrationTokens+"?sort=label" || header.Get("Muster-Status") != "422" {
		t.Errorf("a criterion that is wrong: %d %v", led, header)
	}
	b.get(registrationTokens+"?where=x&sort=label").wants(http.StatusUnprocessableEntity).has(".notice-danger", "cannot be narrowed by that")
	if again, _ := b.bareHeaders(http.MethodGet, registrationTokens+"?sort=label"); again != http.StatusOK {
		t.Errorf("the list without it: %d", again)
	}
	b.get(registrationTokens+"?page=x&sort=label").wants(http.StatusUnprocessableEntity).
		has(".notice-danger", "The list is shown from its beginning").has("tbody .row-open", "Pilot")
	gone := registrationTokens + "/" + token.ID
	b.post(gone+"/delete", url.Values{"authTokens": {"keep"}, "expected": {"0"}})
	if status, header := b.bareHeaders(http.MethodGet, gone+"/edit"); status != http.StatusOK || header.Get("Muster-Status") != "409" {
		t.Errorf("the form of what was deleted meanwhile: %d %v", status, header)
	}
	if status, header := b.bareHeaders(http.MethodGet, "/admin/investigate?code=K7Q4-M2QX"); status != http.StatusOK || header.Get("Muster-Status") != "404" {
		t.Errorf("a code that nobody knows: %d %v", status, header)
	}
	stranger := w.browser()
	stranger.htmx = true
	if a := stranger.get(nowhere); a.status != http.StatusUnauthorized || !strings.HasPrefix(a.header.Get("Hx-Redirect"), "/auth/login") || a.body != "" {
		t.Errorf("without a session: %d %v %q", a.status, a.header, a.body)
	}
	must(t, w.store.Close())
	if status, _ := b.bareHeaders(http.MethodGet, nowhere); status != http.StatusServiceUnavailable {
		t.Errorf("a fault of ours goes as %d", status)
	}
}
