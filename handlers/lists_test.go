package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/text/unicode/norm"

	"muster/models"
)

// labels are the labels of the rows.
func (a *answer) labels() []string {
	return a.doc.Find("tbody .row-open").Map(func(_ int, s *goquery.Selection) string { return squeeze(s.Text()) })
}

func TestLists_AreSortedByTheirHeadings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, label := range []string{"b", "c", "a"} {
		w.clock.Advance(time.Minute)
		w.registrationToken(label, 1)
	}
	_, secret := w.registrationToken("d", 9)
	w.redeem(secret, "ann", "h2.example")
	w.clock.Advance(time.Minute)
	w.redeem(secret, "bob", "h1.example")
	b := w.login("admin")
	heading := func(a *answer, label string) *goquery.Selection {
		return a.doc.Find("th a.sort-by").FilterFunction(func(_ int, s *goquery.Selection) bool { return squeeze(s.Text()) == label })
	}
	for _, list := range []struct {
		path, heading   string
		direction, back string
	}{
		{registrationTokens, "Label", "ascending", "descending"},
		{"/admin/auth-tokens", "Host", "ascending", "descending"},
		{"/admin/auth-tokens", "Redeemed", "ascending", "descending"},
		{"/admin/audit", "When", "ascending", "descending"},
		{"/admin/requests?state=any", "When", "", ""},
		{"/admin/api-keys", "Name", "", ""},
	} {
		page := b.get(list.path).wants(http.StatusOK)
		if list.direction == "" { // it has no rows
			continue
		}
		first := b.get(heading(page, list.heading).AttrOr("href", "")).wants(http.StatusOK)
		if got := heading(first, list.heading).Parent().AttrOr("aria-sort", ""); got != list.direction {
			t.Errorf("%s by %s is sorted %q, want %q", list.path, list.heading, got, list.direction)
		}
		if n := first.doc.Find("[aria-sort]").Length(); n != 1 {
			t.Errorf("%s says of %d columns that it is sorted by them", list.path, n)
		}
		turned := b.get(heading(first, list.heading).AttrOr("href", "")).wants(http.StatusOK)
		if got := heading(turned, list.heading).Parent().AttrOr("aria-sort", ""); got != list.back {
			t.Errorf("%s by %s is then sorted %q, want %q", list.path, list.heading, got, list.back)
		}
		if list.heading == "Label" {
			if got, back := first.labels(), turned.labels(); !slices.Equal(got, []string{"a", "b", "c", "d"}) || !slices.Equal(back, []string{"d", "c", "b", "a"}) {
				t.Errorf("by label: %q, turned: %q", got, back)
			}
		}
	}
	b.get("/admin/auth-tokens?sort=seen&order=up").wants(http.StatusUnprocessableEntity)
	helpdesk := w.login("helpdesk").get("/admin/auth-tokens").wants(http.StatusOK)
	if heading(helpdesk, "Host").Length() != 0 || heading(helpdesk, "Last seen").Length() != 1 {
		t.Error("helpdesk can sort by what it sees masked, or by nothing")
	}
	w.login("helpdesk").get("/admin/auth-tokens?sort=host").wants(http.StatusUnprocessableEntity)
}

func TestAuthTokenList_TabsAreCountedAndColumnsChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Pilot", 9)
	for _, user := range []string{"ann", "bob"} {
		w.redeem(secret, user, user+"-pc.example")
	}
	b := w.login("admin")
	page := b.get("/admin/auth-tokens").wants(http.StatusOK).has(".tabs [aria-current]", "All 2")
	action := page.doc.Find(`.menu-form[method="post"]`).AttrOr("action", "")
	chosen := b.follow(b.post(action, url.Values{"column": {"label", "mac"}})).wants(http.StatusOK).has("thead", "MAC").has("thead", "Label")
	if strings.Contains(chosen.text("thead"), "Last seen") {
		t.Errorf("the columns are %s", chosen.text("thead"))
	}
	b.get(registrationTokens).wants(http.StatusOK).has("thead", "Last redemption")
}

func TestLists_AreNarrowedByCriteria(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, label := range []string{"Pilot Berlin", "Pilot Lyon", "Rollout Berlin"} {
		w.registrationToken(label, 5)
	}
	_, secret := w.registrationToken("Lab", 9)
	w.redeem(secret, "ann", "lt-1.contoso.example")
	w.redeem(secret, "bob", "ws-1.contoso.example")
	b := w.login("admin")
	form := url.Values{"field": {"label"}, "how": {"starts"}, "value": {"pilot"}, "sort": {"label"}}
	page := b.follow(b.get(registrationTokens+"?"+form.Encode())).wants(http.StatusOK).has(".chip-on", "Label starts with pilot").has(".pager", "1–2 of 2")
	if got := page.url.Query(); got.Get("where") != "label.starts:pilot" || got.Has("value") || got.Get("sort") != "label" {
		t.Errorf("the address is %s", page.url)
	}
	both := b.get(page.url.String() + "&where=label.contains:berlin").wants(http.StatusOK)
	if got := both.labels(); !slices.Equal(got, []string{"Pilot Berlin"}) {
		t.Errorf("both criteria leave %q", got)
	}
	off := b.get(both.doc.Find(".chip-on").First().AttrOr("href", "")).wants(http.StatusOK)
	if got := off.labels(); !slices.Equal(got, []string{"Pilot Berlin", "Rollout Berlin"}) {
		t.Errorf("without the first %q are left", got)
	}
	hosts := b.get("/admin/auth-tokens?where=host.starts:lt-&where=person.is:ANN").wants(http.StatusOK).has("tbody", "lt-1.contoso.example")
	if hosts.doc.Find("tbody tr").Length() != 1 {
		t.Errorf("hosts: %s", hosts.text("tbody"))
	}
	w.registrationToken(norm.NFD.String("Köln"), 5)
	for _, query := range []string{"q=k%C3%B6l", "where=label.starts:k%C3%B6l", "where=label.contains:%C3%B6ln", "where=label.contains:" + norm.NFD.String("öln")} {
		if got := len(b.get(registrationTokens + "?" + query).labels()); got != 1 {
			t.Errorf("%s finds %d labels that were typed on a Mac", query, got)
		}
	}
	w.registrationToken("Straße 9", 5)
	w.registrationToken("Strasse 10", 5)
	for _, text := range []string{"STRASSE", "straße", "STRAẞE", "strasse"} {
		if got := len(b.get(registrationTokens + "?" + url.Values{"where": {"label.starts:" + text}}.Encode()).labels()); got != 2 {
			t.Errorf("%s finds %d labels", text, got)
		}
	}
	for criterion, found := range map[string]int{
		"mac.starts:00:53:0": 2, "mac.contains:12-34": 2, "mac.contains:0012.3": 2, "mac.is:0053.0012.3456": 2, "mac.starts:53:00": 0, "mac.contains::": 0,
	} {
		if got := b.get("/admin/auth-tokens?" + url.Values{"where": {criterion}}.Encode()).doc.Find("tbody tr").Length(); got != found {
			t.Errorf("%s finds %d", criterion, got)
		}
	}
	for _, bad := range []string{"where=secret.is:x", "where=label.like:x", "where=label.is:", "where=x"} {
		b.get(registrationTokens + "?" + bad).wants(http.StatusUnprocessableEntity)
	}
	b.get("/admin/auth-tokens?where=note.is:x").wants(http.StatusUnprocessableEntity)
	// A form without a text adds none.
	b.follow(b.get(registrationTokens+"?field=label&how=is&value=+")).wants(http.StatusOK).has("tbody", "Lab").hasNot(".chip-on")
}

func TestLists_AnswerOnlyTheRowsThatChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 5)
	w.registrationToken("Other", 5)
	b := w.login("admin")
	list := b.get(registrationTokens).wants(http.StatusOK).doc.Find("[data-live-rows]")
	since := list.AttrOr("data-live-since", "")
	w.clock.Advance(time.Minute)
	issued := w.redeem(secret, "ann", "pc.example")
	later, _ := w.registrationToken("Newcomer", 1)
	ask := list.AttrOr("data-live-url", "") + "?" + url.Values{"rows": {token.ID}, "since": {since}}.Encode()
	changes := b.get(ask).wants(http.StatusOK).has("#registration-tokens-tabs", "All 3").has("#new-rows a", "1 new").
		has("#registration-token-"+token.ID, "1 of 5").has("#registration-token-"+token.ID, "just now")
	if n := changes.doc.Find("tr").Length(); n != 1 {
		t.Errorf("%d rows are answered", n)
	}
	b.get(changes.doc.Find("#new-rows a").AttrOr("href", "")).wants(http.StatusOK).has("tbody", later.Identifier).hasNot("#new-rows a")

	narrowed := "/admin/auth-tokens?" + url.Values{"rows": {issued.AuthToken.ID}, "since": {since}, "state": {"live"}}.Encode()
	b.get(narrowed).wants(http.StatusOK).has("#new-rows", "1 new").has("#auth-token-"+issued.AuthToken.ID, "pc.example").has("#auth-tokens-tabs [aria-current]", "Live 1")
	b.get(strings.Replace(narrowed, "live", "deleted", 1)).wants(http.StatusOK).hasNot("#new-rows a")

	asked, err := w.service.AskRequest(t.Context(), w.admin(), models.NewRequest{
		RegistrationTokenID: token.ID, Remedy: models.RequestedRemedy{Kind: models.RemedyRaise, Count: new(2)}, Reason: "More come.",
	})
	must(t, err)
	b.get("/admin/requests").wants(http.StatusOK).has("#request-"+asked.ID, "Open")
	_, err = w.service.WithdrawRequest(t.Context(), w.admin(), asked.ID)
	must(t, err)
	query := "?" + url.Values{"rows": {asked.ID}, "since": {since}}.Encode()
	b.get("/admin/requests"+query).wants(http.StatusOK).has("#request-"+asked.ID, "Withdrawn").has("#requests-tabs", "Open 0").hasNot("#new-rows a").hasNot("main")
	b.get("/admin/requests"+query+"&state=decided").wants(http.StatusOK).has("#new-rows a", "1 new")
	for _, bad := range []string{"rows=x&since=" + since, "rows=&since=yesterday", "rows="} {
		b.get(registrationTokens + "?" + bad).wants(http.StatusUnprocessableEntity)
	}
}
