package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
)

// In bytes: maxPageWeight is a page uncompressed, maxOnTheWire the same as it is sent,
// which is all that a browser loads that has the files, and maxFiles what it loads of
// those when it has none, uncompressed.
const (
	maxPageWeight = 82 << 10
	maxFiles      = 110 << 10
	maxOnTheWire  = 36 << 10
)

// TestPages_WeighLittle visits every page that links lead to, with full lists.
func TestPages_WeighLittle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 60 {
		w.registrationToken(fmt.Sprintf("Rollout of the branch office number %d", i), 500)
	}
	_, secret := w.registrationToken("Contoso rollout, everywhere", 500)
	for i := range 120 {
		w.redeem(secret, fmt.Sprintf("person.number%d@contoso.example", i), fmt.Sprintf("ws-%04d.emea.contoso.example", i))
	}
	admin := w.login("admin")
	assets := map[string]int{}
	const enough = 60
	seen, queue := map[string]bool{}, []string{"/admin", "/admin/registration-tokens", "/admin/auth-tokens", "/admin/audit", "/redeem", "/my"}
	kinds := map[string]int{}
	for len(queue) > 0 && len(seen) < enough {
		path := queue[0]
		queue = queue[1:]
		kind := pageKind(path)
		if seen[path] || kinds[kind] >= 3 || strings.HasSuffix(path, "?print=1") { // paper holds thousands of rows
			continue
		}
		seen[path] = true
		kinds[kind]++
		page := admin.get(path)
		if !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") || page.doc.Find("html").Length() == 0 {
			continue
		}
		if own := len(page.body); own > maxPageWeight {
			t.Errorf("%s weighs %d KB; at most %d", path, own>>10, maxPageWeight>>10)
		}
		if files := admin.filesOf(page, assets); files > maxFiles {
			t.Errorf("%s loads %d KB of files; at most %d", path, files>>10, maxFiles>>10)
		}
		if sent := onTheWire(admin, path); sent > maxOnTheWire {
			t.Errorf("%s has %d KB on the wire; at most %d", path, sent>>10, maxOnTheWire>>10)
		}
		page.doc.Find("script").Each(func(_ int, e *goquery.Selection) {
			// The colours must be right before the first paint; it is small.
			src := e.AttrOr("src", "")
			if _, deferred := e.Attr("defer"); !deferred && !strings.Contains(src, "theme") || src == "" || strings.Contains(src, "theme") && assets[src] > 4<<10 {
				t.Errorf("%s: the script %q keeps the page from being painted", path, src)
			}
		})
		page.doc.Find(`a[href^="/"]`).Each(func(_ int, e *goquery.Selection) { queue = append(queue, e.AttrOr("href", "")) })
	}
	if len(seen) < 25 {
		t.Errorf("only %d pages were found", len(seen))
	}
}

// A list with a full page of ordinary rows: its own HTML, and with all the files that a
// browser loads that has none of them.
const (
	maxListWeight = 81 << 10
	maxListInAll  = 188 << 10
	rowsOfAPage   = 50
	rowsOfATrail  = 60
)

// TestLists_WeighLittleWhenFull weighs each list with a full page.
func TestLists_WeighLittleWhenFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	full := w.fillLists()
	admin := w.login("admin")
	for _, path := range []string{
		"/admin/registration-tokens", "/admin/auth-tokens", "/admin/audit", "/admin/requests", "/admin/api-keys",
		registrationTokens + "/" + full, registrationTokens + "/" + full + "?section=refused",
		registrationTokens + "/" + full + "?by=device",
	} {
		page := admin.get(path).wants(http.StatusOK)
		rows := page.doc.Find(".rows tbody tr").Length()
		own, files := len(page.body), admin.filesOf(page, map[string]int{})
		if rows < rowsOfAPage {
			t.Errorf("%s has %d rows only", path, rows)
		}
		if own > maxListWeight {
			t.Errorf("%s weighs %d KB; at most %d", path, own>>10, maxListWeight>>10)
		}
		if own+files > maxListInAll {
			t.Errorf("%s weighs %d KB with its files; at most %d", path, (own+files)>>10, maxListInAll>>10)
		}
	}
}

// fillLists gives each list more than a page of ordinary rows, and returns the
// registration token that has most.
func (w *world) fillLists() (full string) {
	w.t.Helper()
	ctx := w.t.Context()
	towns := []string{"Berlin", "Lyon", "Oslo", "Porto", "Utrecht"}
	people := []string{"anna.weber", "jean.dupont", "kari.nordmann", "maria.silva", "sanne.devries"}
	for i := range rowsOfATrail {
		token, secret := w.registrationToken(fmt.Sprintf("Rollout %s, floor %d", towns[i%len(towns)], i), 100+i)
		w.redeem(secret, people[i%len(people)]+"@contoso.example", fmt.Sprintf("ws-%04d.emea.contoso.example", i))
		_, err := w.service.AskRequest(ctx, w.admin(), models.NewRequest{
			RegistrationTokenID: token.ID, Remedy: models.RequestedRemedy{Kind: models.RemedyRaise, Count: new(2 + i)}, Reason: "Two more in the office wait for it.", Ticket: fmt.Sprintf("HD-%d", 1000+i),
		})
		must(w.t, err)
		_, _, err = w.service.CreateAPIKey(ctx, w.admin(), fmt.Sprintf("Licence server %d", i), models.RoleHelpdesk, nil, nil)
		must(w.t, err)
		w.clock.Advance(time.Minute)
	}
	token, secret := w.registrationToken("Contoso rollout, everywhere", rowsOfATrail)
	for i := range 2 * rowsOfATrail {
		user, host := fmt.Sprintf("%s%d@contoso.example", people[i%len(people)], i), fmt.Sprintf("lt-%04d.emea.contoso.example", i)
		if i < rowsOfATrail {
			w.redeem(secret, user, host)
		} else {
			w.turnAway(secret, user, host)
		}
		w.clock.Advance(time.Minute)
	}
	return token.ID
}

// onTheWire is how many bytes a page is sent in to a browser that reads gzip.
func onTheWire(b *browser, path string) int {
	b.w.t.Helper()
	r, err := http.NewRequestWithContext(b.w.t.Context(), http.MethodGet, b.w.base+path, http.NoBody)
	must(b.w.t, err)
	r.Header.Set("Accept-Encoding", "gzip")
	return len(b.send(r).body)
}

// filesOf is how many bytes a page loads besides itself; assets remembers what each file has.
func (b *browser) filesOf(page *answer, assets map[string]int) (sum int) {
	page.doc.Find("link[rel=stylesheet], script[src], img[src]").Each(func(_ int, e *goquery.Selection) {
		url := e.AttrOr("href", e.AttrOr("src", ""))
		if assets[url] == 0 {
			assets[url] = len(b.get(url).wants(http.StatusOK).body)
		}
		sum += assets[url]
	})
	return sum
}

// pageKind is the path without its ids and values, so that alike pages are
// visited a few times only.
func pageKind(path string) string {
	path, query, _ := strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if len(part) == 26 {
			parts[i] = ":id"
		}
	}
	name, _, _ := strings.Cut(query, "=")
	return strings.Join(parts, "/") + "?" + name
}
