package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/internal/test/histories"
	"muster/models"
)

// standing is what an approval can change about a registration token.
type standing struct {
	count, used, deleted int
	expires              time.Time
	enabled              bool
	successor            string
}

func (w *world) standing(id string) standing {
	w.t.Helper()
	t, err := w.store.RegistrationToken(w.t.Context(), id)
	must(w.t, err)
	s := standing{count: t.Count, used: t.UsedCount, expires: t.ExpiresAt, enabled: t.DisabledAt == nil}
	if t.ReplacedByID != nil {
		s.successor = *t.ReplacedByID
	}
	for page := (models.PageRequest{Size: 500}); ; {
		found, err := w.store.AuthTokens(w.t.Context(), models.AuthTokenFilter{RegistrationTokenID: id}, page, w.clock.Now())
		must(w.t, err)
		for i := range found.Items {
			if found.Items[i].DeletedAt != nil {
				s.deleted++
			}
		}
		if page.Token = found.NextToken; page.Token == "" {
			return s
		}
	}
}

// numbers are those in a text, in order.
func numbers(text string) []string {
	found := regexp.MustCompile(`\d[\d,]*`).FindAllString(text, -1)
	for i := range found {
		found[i] = strings.ReplaceAll(found[i], ",", "")
	}
	return found
}

// changed are the numbers of what an approval did, as a sentence about it says them.
func (w *world) changed(kind models.RemedyKind, before, after standing) []string {
	w.t.Helper()
	deleted, back := after.deleted-before.deleted, before.used-after.used
	switch kind {
	case models.RemedyRaise:
		return []string{fmt.Sprint(after.count - before.count)}
	case models.RemedyGiveBack:
		return []string{fmt.Sprint(back)}
	case models.RemedyReplace:
		return []string{fmt.Sprint(w.standing(after.successor).count)}
	case models.RemedyEnable, models.RemedyExtend:
		return nil
	default:
		if deleted == back {
			return []string{fmt.Sprint(deleted)}
		}
		return []string{fmt.Sprint(deleted), fmt.Sprint(back)}
	}
}

// askable is the first remedy of a verdict that can be asked for and was not yet.
func askable(got *reply, asked map[string]bool) (remedy map[string]any, finding string) {
	for _, f := range got.rows("verdict.findings") {
		remedy, finding := members(f["remedy"]), fmt.Sprint(f["kind"])
		switch models.RemedyKind(fmt.Sprint(remedy["kind"])) {
		case models.RemedyOwnToken, models.RemedyAsk, models.RemedyNone:
		default:
			if !asked[finding] {
				asked[finding] = true
				return remedy, finding
			}
		}
	}
	return nil, ""
}

// Of each history, whatever the verdict proposes is asked for and approved: each
// sentence about the request says the numbers of what was done.
func TestRequests_OfEachRemedySayTheNumbersOfTheAct(t *testing.T) {
	t.Parallel()
	for _, h := range histories.All() {
		if len(h.Uses) > 200 {
			continue // it shows nothing that others do not
		}
		t.Run(h.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			token := w.play(h)
			asked := map[string]bool{}
			for w.standing(token.ID).successor == "" {
				got := w.as("helpdesk").call(http.MethodGet, apiRegs+"/"+token.ID+"/verdict", nil).wants(http.StatusOK)
				remedy, finding := askable(got, asked)
				if remedy == nil {
					return
				}
				w.asksAndApproves(token.ID, finding, remedy)
				w.clock.Advance(time.Second) // changes are in the order of time
			}
			// Nothing can be asked for of what was replaced.
			w.login("helpdesk").get(registrationTokens + "/" + token.ID).wants(http.StatusOK).hasNot(`a[href*="/requests/new"]`)
		})
	}
}

// asksAndApproves asks for a remedy by REST and approves it on its page, and compares
// what is said about it with what was done.
func (w *world) asksAndApproves(id, finding string, remedy map[string]any) {
	w.t.Helper()
	kind, self := models.RemedyKind(fmt.Sprint(remedy["kind"])), registrationTokens+"/"+id
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	said := map[string]string{}
	page := helpdesk.get(self).wants(http.StatusOK)
	button := page.doc.Find(fmt.Sprintf(`.verdict a[href*="remedy=%s"], .verdict a[href*="finding=%s"]`, kind, finding)).First()
	switch address := page.resolve(button.AttrOr("href", "")); kind {
	case models.RemedyRaise:
		said["the button"], said["the form"] = button.Text(), helpdesk.get(address).wants(http.StatusOK).value("count")
	case models.RemedyGiveBack, models.RemedyDelete, models.RemedyDeleteSurplus:
		said["the button"], said["the form"] = button.Text(), helpdesk.get(address).wants(http.StatusOK).doc.Find("main .font-strong").First().Text()
	default: // its button has no number
	}
	path, made := w.as("helpdesk").asks(id, remedy)
	address := "/admin/requests/" + made.text("request.id")
	row := `a.row-open[href="` + address + `"]`
	said["the queue"], said["the list of one's own"] = admin.get("/admin/requests").doc.Find(row).Text(), helpdesk.get("/admin/requests?state=mine").doc.Find(row).Text()
	_, said["the overview"], _ = strings.Cut(admin.get("/admin").doc.Find(`li.attention:has(a[href="`+address+`"]) p`).First().Text(), " asks to ")
	said["the overview"], _, _ = strings.Cut(said["the overview"], ": ")
	said["the page of the registration token"] = helpdesk.get(self).doc.Find(".request .timeline-what").First().Text()
	decision := admin.get(address).wants(http.StatusOK)
	said["the heading"] = decision.doc.Find("h1").Text()
	if label := decision.doc.Find(approveForm + " .btn").Text(); label != "Approve" {
		said["what approves"] = label
	}
	effect := decision.doc.Find("#now-title + .card > p").First().Text()

	before := w.standing(id)
	if sent := admin.submit(decision, approveForm, url.Values{}); kind == models.RemedyReplace {
		sent.wants(http.StatusOK)
	} else {
		said["the notice"] = admin.follow(sent).wants(http.StatusOK).doc.Find(".notice").First().Text()
	}
	after := w.standing(id)
	want := w.changed(kind, before, after)
	for where, text := range said {
		want := want
		if where == "the button" {
			want = want[:1] // a deletion is called by what it deletes
		}
		if got := numbers(text); text == "" || kind != models.RemedyExtend && !slices.Equal(got, want) {
			w.t.Errorf("%s, %s: %s reads %q, and what was done is %v", finding, kind, where, text, want)
		}
	}
	deleted, back := after.deleted-before.deleted, before.used-after.used
	if deleted > 0 && !strings.HasPrefix(effect, fmt.Sprintf("%d auth token", deleted)) || back > 0 && !strings.Contains(effect, fmt.Sprintf("%d count", back)) {
		w.t.Errorf("%s, %s: the effect is %q, and %d were deleted and %d given back", finding, kind, effect, deleted, back)
	}
	_, became, _ := strings.Cut(helpdesk.get(address).doc.Find(".page-lead").Text(), " UTC. ")
	if n := max(deleted, back); n > 0 && !slices.Equal(numbers(became), []string{fmt.Sprint(n)}) {
		w.t.Errorf("%s, %s: later it reads %q, and %d were deleted and %d given back", finding, kind, became, deleted, back)
	}
	for _, done := range []string{"sked to ", "pproved the request to "} {
		if text := w.trailOf(admin, self, done); kind != models.RemedyExtend && !slices.Equal(numbers(text), want) {
			w.t.Errorf("%s, %s: the trail reads %q, and what was done is %v", finding, kind, text, want)
		}
	}
	if got := w.as("admin").call(http.MethodGet, path, nil).wants(http.StatusOK); got.text("request.state") != "approved" || before == after {
		w.t.Errorf("%s, %s: nothing was done: %s", finding, kind, got.raw)
	}
}

// trailOf is what the newest change of a registration token says after some words.
func (w *world) trailOf(b *browser, self, after string) string {
	w.t.Helper()
	found := ""
	b.get(self + "?section=changes").wants(http.StatusOK).doc.Find(".timeline-what").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		_, text, ok := strings.Cut(s.Text(), after)
		if ok {
			found = text
		}
		return !ok
	})
	return found
}
