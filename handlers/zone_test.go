package handlers_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
	"muster/views/paths"
)

// inZone is a browser whose script has told its time zone.
func (b *browser) inZone(name string) *browser {
	base, err := url.Parse(b.w.base)
	must(b.w.t, err)
	jar, ok := b.client.Jar.(*cookiejar.Jar)
	if !ok {
		b.w.t.Fatal("no cookies are kept")
	}
	jar.SetCookies(base, []*http.Cookie{{Name: "muster-zone", Value: name, Path: "/"}, {Name: "__Host-muster-zone", Value: name, Path: "/", Secure: true}})
	return b
}

// choose saves settings.
func (b *browser) choose(settings url.Values) *answer {
	b.w.t.Helper()
	return b.post(paths.Settings, settings).wants(http.StatusSeeOther)
}

var zoneOfExact = regexp.MustCompile(`^\d.*:\d\d:\d\d NZ[DS]T$`)

// TestZone_NoPageShowsUTCToWhoIsElsewhere reads every page that there is as somebody
// in Auckland.
func TestZone_NoPageShowsUTCToWhoIsElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.LimitPages(1)
	all := canaries{}
	all.customers(w)
	ids := all.plant(w, 0).ids
	w.login("admin").choose(url.Values{"zone": {"Pacific/Auckland"}})
	times := 0
	admin := &walk{w: w, account: "admin", role: models.RoleAdmin, ids: ids, planted: all}
	admin.also = func(path string, a *answer) {
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || a.doc.Find("html").AttrOr("data-zone", "Pacific/Auckland") != "Pacific/Auckland" {
			return // of nobody who is signed in
		}
		page := a.doc.Clone()
		page.Find(`select[name="zone"]`).Remove() // names UTC to choose it
		if before, _, found := strings.Cut(page.Find("body").Text(), "UTC"); found {
			t.Errorf("%s says UTC after %q", path, before[max(0, len(before)-60):])
		}
		page.Find("time").Each(func(_ int, e *goquery.Selection) {
			times++
			_, exact := e.Attr("data-exact")
			if exact && !zoneOfExact.MatchString(e.Text()) {
				t.Errorf("%s has the time %q", path, e.Text())
			}
			if title, ok := e.Attr("title"); ok && !strings.Contains(title, "NZ") {
				t.Errorf("%s has %q over %q", path, title, e.Text())
			}
		})
	}
	admin.everywhere()
	if times < 100 {
		t.Errorf("the walk saw %d times", times)
	}
}

// TestZone_IsTheChosenOneElseTheBrowsersElseUTC on one page.
func TestZone_IsTheChosenOneElseTheBrowsersElseUTC(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Rollout", 3)
	page := paths.RegistrationToken(token.ID)
	created := func(b *browser) string {
		a := b.get(page).wants(http.StatusOK)
		return squeeze(a.doc.Find(`time[data-exact][datetime="`+token.CreatedAt.UTC().Format(time.RFC3339)+`"]`).First().Text()) + " in " + a.doc.Find("html").AttrOr("data-zone", "")
	}
	utc := token.CreatedAt.UTC().Format("2 Jan 2006, 15:04:05") + " UTC in UTC"
	in := func(name string) string {
		zone, err := models.LoadZone(name)
		must(t, err)
		return token.CreatedAt.In(zone).Format("2 Jan 2006, 15:04:05 MST") + " in " + name
	}
	admin := w.login("admin")
	if got := created(admin); got != utc {
		t.Errorf("without a zone: %q, want %q", got, utc)
	}
	if got, want := created(admin.inZone("Asia/Kolkata")), in("Asia/Kolkata"); got != want {
		t.Errorf("with the browser's: %q, want %q", got, want)
	}
	for _, wrong := range []string{"Mars/Olympus", "Local", "..%2F..%2Fetc%2Fpasswd", strings.Repeat("A", 200)} {
		if got := created(admin.inZone(wrong)); got != utc {
			t.Errorf("with the cookie %q: %q", wrong, got)
		}
	}
	admin.inZone("Asia/Kolkata").choose(url.Values{"zone": {"Europe/Berlin"}})
	if got, want := created(admin), in("Europe/Berlin"); got != want {
		t.Errorf("with a chosen one: %q, want %q", got, want)
	}
	if got, want := created(w.login("admin")), in("Europe/Berlin"); got != want {
		t.Errorf("in another browser: %q, want %q", got, want)
	}
	if got := created(w.login("helpdesk")); got != utc {
		t.Errorf("somebody else sees %q", got)
	}
}

func TestZone_IsAskedForOnceUntilChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asks := func(b *browser, path, text string) bool {
		return strings.Contains(b.get(path).wants(http.StatusOK).doc.Find("noscript").Text(), text)
	}
	b := w.login("helpdesk")
	if !asks(b, paths.Overview, "Times are in UTC.") || !asks(b, paths.RegistrationTokens, "Choose your time zone") {
		t.Error("nobody is asked")
	}
	if asks(w.browser(), paths.Redeem, "Times are in UTC.") {
		t.Error("a stranger is asked")
	}
	user := w.login("user").speaking("de")
	if !asks(user, paths.My, "Die Zeiten sind in UTC.") {
		t.Error("an end user is not asked in their language")
	}
	kept := b.choose(url.Values{"zone": {"UTC"}, "return_to": {paths.RegistrationTokens}})
	if to := kept.leadsTo(); to != paths.RegistrationTokens {
		t.Errorf("keeping UTC leads to %s", to)
	}
	if asks(b, paths.Overview, "UTC") || asks(w.login("helpdesk"), paths.Overview, "UTC") {
		t.Error("it is asked again")
	}
	if asks(user.inZone("Europe/Berlin"), paths.My, "UTC") {
		t.Error("it is asked although the browser said it")
	}
}

// TestZone_IsThatOfAnErrorToo although REST tells the same in UTC.
func TestZone_IsThatOfAnErrorToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Gone", 1)
	w.clock.Advance(40 * 24 * time.Hour)
	b := w.login("admin").inZone("Pacific/Auckland")
	b.post(paths.RegistrationTokenEdit(token.ID), url.Values{"count": {"2"}, "identifier": {"Gone"}}).wants(http.StatusConflict).has("main", " NZDT")
	if text := b.post(paths.RegistrationTokenEnable(token.ID), nil).text("main"); strings.Contains(text, "UTC") {
		t.Errorf("the error says %q", text)
	}
}

// TestZone_DaysOfTheTrailAreThoseOfTheViewer and of a link, whoever follows it.
func TestZone_DaysOfTheTrailAreThoseOfTheViewer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.registrationToken("Early", 1)
	auckland, err := models.LoadZone("Pacific/Auckland")
	must(t, err)
	now := w.clock.Now()
	here, there := now.UTC().Format(time.DateOnly), now.In(auckland).Format(time.DateOnly)
	if here == there {
		w.clock.Advance(12 * time.Hour)
		w.registrationToken("Late", 1)
		now = w.clock.Now()
		here, there = now.UTC().Format(time.DateOnly), now.In(auckland).Format(time.DateOnly)
	}
	b := w.login("admin").inZone("Pacific/Auckland")
	found := func(b *browser, from, zone string) bool {
		q := url.Values{"from": {from}, "action": {string(models.AuditRegistrationTokenCreated)}}
		if zone != "" {
			q.Set("zone", zone)
		}
		return b.get(paths.Audit+"?"+q.Encode()).wants(http.StatusOK).doc.Find("time").Length() > 0
	}
	next := now.In(auckland).AddDate(0, 0, 1).Format(time.DateOnly)
	if !found(b, there, "") || found(b, next, "") {
		t.Errorf("%s of Auckland does not hold what happened then", there)
	}
	if found(b, there, "UTC") != (here >= there) {
		t.Errorf("a link with the days of UTC shows those of the viewer")
	}
	b.get(paths.Audit+"?from="+there).has(".chip", "("+auckland.String()+")")
}
