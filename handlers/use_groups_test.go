package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
)

// redeemAt redeems from an address.
func (w *world) redeemAt(secret models.Secret, user, host, ip string) *tokens.IssuedAuthToken {
	w.t.Helper()
	request := w.redeemRequest(secret, user, host)
	request.Origin.IP = ip
	issued, err := w.service.Redeem(w.t.Context(), request)
	must(w.t, err)
	return issued
}

func TestUses_AreGroupedWithTheirSurplus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 20)
	for i := range 3 {
		w.redeemAt(secret, "ann@contoso.example", "lt-1.contoso.example", fmt.Sprintf("10.1.9.%d", i))
		w.clock.Advance(time.Hour)
	}
	gone := w.redeemAt(secret, "bob", "lt-2.contoso.example", "10.1.0.9")
	must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), gone.AuthToken.ID, "lost", true))
	w.redeemAt(secret, "eve", "", "203.0.113.7")
	self := registrationTokens + "/" + token.ID + "?section=uses"
	admin, helpdesk := w.login("admin"), w.login("helpdesk")

	page := admin.get(self+"&by=device").wants(http.StatusOK).has(".segment[aria-current]", "Device").
		has("tbody tr:nth-child(1)", "lt-1.contoso.example").has("tbody tr:nth-child(1)", "×3").has("tbody tr:nth-child(1) .surplus", "2 surplus").
		has("tbody tr:nth-child(1)", "3 live").has("tbody", "1 deleted").has("tbody", "1 count given back")
	if n := page.doc.Find("#registration-token-" + token.ID + "-uses tbody tr").Length(); n != 3 {
		t.Errorf("%d devices", n)
	}
	surplus := page.doc.Find("a.surplus").AttrOr("href", "")
	if n := admin.get(surplus).wants(http.StatusOK).doc.Find("tbody tr").Length(); n != 2 {
		t.Errorf("%s shows %d auth tokens", surplus, n)
	}
	admin.get(self+"&by=network").has("tbody tr:nth-child(1)", "10.1.0.0/16").has("tbody tr:nth-child(1)", "×4").has("tbody tr:nth-child(2)", "203.0.0.0/16")
	admin.get(self+"&by=domain").has("tbody tr:nth-child(1)", "contoso.example").has("tbody tr:nth-child(2)", "host without a domain")
	admin.get(self+"&by=person").has("tbody tr:nth-child(1)", "ann@contoso.example").has(`tbody tr:nth-child(1) [title="reported by the device"]`, "")

	for _, by := range models.Facets {
		masked := helpdesk.get(self + "&by=" + string(by)).wants(http.StatusOK).hasNot("a.surplus")
		group := masked.doc.Find("#registration-token-"+token.ID+"-uses tbody .row-open").First().AttrOr("href", "")
		uses := helpdesk.get(group).wants(http.StatusOK).has(".uses-tools .chip-on", string(by[1:])).hasNot(".uses-select")
		for _, body := range []string{masked.body, uses.body, group} {
			for _, secret := range []string{"ann@contoso.example", "10.1.9."} {
				if strings.Contains(body, secret) || strings.Contains(body, url.QueryEscape(secret)) {
					t.Errorf("by %s the helpdesk sees %s", by, secret)
				}
			}
		}
		if n := uses.doc.Find("#registration-token-" + token.ID + "-uses tbody tr").Length(); n < 3 {
			t.Errorf("the first group by %s shows %d uses", by, n)
		}
	}

	for _, bad := range []string{"&by=shoe", "&by=device&of=x", "&of=" + gone.AuthToken.ID, "&from=soon", "&to=x", "&from=2026-11-23T10:00:00Z&to=2026-11-23T10:00:00Z", "&days=0"} {
		admin.get(self + bad).wants(http.StatusUnprocessableEntity)
	}
	admin.get(self + "&by=device&of=01arz3ndektsv4rrffq69g5fav").wants(http.StatusNotFound)
	_, other := w.registrationToken("Other", 1)
	admin.get(self + "&by=device&of=" + w.redeem(other, "zoe", "h9").AuthToken.ID).wants(http.StatusNotFound)
}

func TestUses_OfAStretchOfTheBurnDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 40)
	w.clock.Advance(time.Hour)
	w.redeemAt(secret, "early", "lt-1.contoso.example", "10.1.1.1")
	w.clock.Advance(24 * time.Hour)
	for i := range 28 {
		w.redeemAt(secret, fmt.Sprintf("leak%d", i), fmt.Sprintf("pc-%d.home%d.example", i, i), fmt.Sprintf("100.%d.1.1", i))
		w.clock.Advance(20 * time.Second)
	}
	admin := w.login("admin")
	admin.choose(url.Values{"rows": {"25"}})
	page := admin.get(registrationTokens+"/"+token.ID).wants(http.StatusOK).
		has(".burn-uses", "28 uses in a burst: 24 Nov 2026, 11:00:00 to 11:09:01 UTC").has(".verdict a.link", "See these uses")
	if n := page.doc.Find(".burn-burst").Length(); n != 1 {
		t.Errorf("%d bursts are shaded", n)
	}
	rows := "#registration-token-" + token.ID + "-uses tbody tr"
	for link, chip := range map[string]string{".burn-uses": "11:00:00 to 11:09:01 UTC", ".verdict a.link": "Found: A burst, as after a leak"} {
		shown := admin.get(page.doc.Find(link).AttrOr("href", "")).wants(http.StatusOK).has(".chip-on", chip)
		if n := shown.doc.Find(rows).Length(); n != 25 || shown.doc.Find(".pager [rel=next]").Length() != 1 {
			t.Errorf("%s leads to %d uses", link, n)
		}
		next := admin.get(shown.doc.Find(".pager [rel=next]").AttrOr("href", "")).wants(http.StatusOK)
		if n := next.doc.Find(rows).Length(); n != 3 {
			t.Errorf("the next page of %s has %d uses", link, n)
		}
		if all := admin.get(shown.doc.Find(".chip-on").AttrOr("href", "")).wants(http.StatusOK); all.doc.Find(rows).Length() != 25 || all.doc.Find(".chip-on").Length() != 0 {
			t.Error("the chip does not come off")
		}
	}
	// Together the stretches of the drawing show each use once.
	total, stretches := 0, page.doc.Find(".burn-stretch")
	for i := range stretches.Length() {
		link := stretches.Eq(i).AttrOr("href", "")
		total += admin.get(strings.Split(link, "#")[0]).wants(http.StatusOK).doc.Find(rows).Length()
	}
	if total != 26 { // 25 of the 28 are on the first page
		t.Errorf("the stretches show %d uses", total)
	}
	admin.get(registrationTokens+"/"+token.ID+"?section=uses&to=2026-11-23T10:30").wants(http.StatusOK).has(".empty", "No use matches")
}

func TestDeleteAuthTokens_AllThatALensShows(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("Rollout", 10)
		for i := range 5 {
			w.redeem(secret, "build", "ci-07.contoso.example")
			w.redeem(secret, fmt.Sprintf("person%d", i), fmt.Sprintf("lt-%d.contoso.example", i))
			w.clock.Advance(time.Minute)
		}
		list := authTokens + "?registrationToken=" + token.ID + "&state=surplus"
		page := b.get(list).wants(http.StatusOK).has(".tab[aria-current]", "Surplus 4").has(".tabs", "All 10")
		match := page.value("match")
		asked := b.get(authTokens+"/delete?match="+url.QueryEscape(match)).wants(http.StatusOK).
			has("#confirm-title", "Delete 4 auth tokens of 1 person").has("#confirm", "Each device keeps the auth token it used last").has("#confirm time", "in 13 min").has("[name=returnCount][checked]", "").has(".preview", "build")
		form := url.Values{"match": {match}, "expected": {"5"}, "reason": {"retry loop"}, "returnCount": {"true"}}
		b.post(authTokens+"/delete", form).wants(http.StatusConflict).has("#confirm-title", "Delete 4 auth tokens")
		if asked.value("expected") != "4" || asked.value("match") != match || w.usedCount(token.ID) != 10 {
			t.Fatalf("asked with %q and %q", asked.value("expected"), asked.value("match"))
		}
		form.Set("expected", "10001")
		b.post(authTokens+"/delete", form).wants(http.StatusUnprocessableEntity).has("#confirm", "At most 10,000")
		form.Set("expected", "4")
		succeeded(t, b, b.post(authTokens+"/delete", form), list).has(".notice-success", "4 auth tokens deleted. 4 counts given back.")
		if used := w.usedCount(token.ID); used != 6 {
			t.Errorf("used count %d", used)
		}
		left, err := w.store.AuthTokens(t.Context(), models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{FQDN: "ci-07.contoso.example"}, State: models.AuthTokenLive}, models.PageRequest{}, w.clock.Now())
		if err != nil || len(left.Items) != 1 || left.Items[0].CreatedAt.Sub(token.CreatedAt) != 4*time.Minute {
			t.Errorf("what is left is %+v, %v", left.Items, err)
		}
		b.get(authTokens+"/delete?match="+url.QueryEscape(match)).wants(http.StatusOK).has("#confirm", "No auth token matches any more")

		for _, bad := range []string{"state=all", "registrationToken=" + token.ID, "state=deleted", "x=%zz", "state=sleepy", "by=device&of=x&state=live"} {
			b.get(authTokens + "/delete?match=" + url.QueryEscape(bad)).wants(http.StatusUnprocessableEntity)
			form.Set("match", bad)
			b.post(authTokens+"/delete", form).wants(http.StatusUnprocessableEntity)
		}
		if used := w.usedCount(token.ID); used != 6 {
			t.Errorf("a bad selection changed the used count to %d", used)
		}
	})
}

func TestAuthTokenList_DeadSeatsForSoManyDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 9)
	for i := range 5 {
		w.redeem(secret, fmt.Sprintf("p%d", i), fmt.Sprintf("h%d", i))
		w.clock.Advance(24 * time.Hour)
	}
	b := w.login("helpdesk")
	for _, state := range []string{"silent", "never_refreshed"} {
		page := b.get(authTokens + "?state=" + state + "&days=3").wants(http.StatusOK).hasNot("[name=match]")
		if got := page.text("tbody .row-open bdi"); got != "p0p1" && got != "p0 p1" {
			t.Errorf("%s for three days: %q", state, got)
		}
		if page.value("days") != "3" {
			t.Errorf("the days are %q", page.value("days"))
		}
		b.get(authTokens + "?state=" + state + "&days=x").wants(http.StatusUnprocessableEntity)
	}
	w.login("admin").get(authTokens+"?state=silent&days=3").wants(http.StatusOK).has("button", "Delete all that match")
}

// Each form of the list keeps the filters that it does not ask for itself.
func TestAuthTokenList_FormsKeepTheOtherFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 9)
	w.redeem(secret, "p0", "h0")
	w.clock.Advance(5 * 24 * time.Hour)
	page := w.login("admin").get(authTokens + "?state=silent&days=3&q=p0&from=2026-11-01T00:00&registrationToken=" + token.ID).wants(http.StatusOK)
	for form, own := range map[string]string{"form[role=search]": "q", "form.lens-days:has(#days)": "days", "form.lens-days:has(#from)": "from"} {
		for name, value := range map[string]string{"state": "silent", "q": "p0", "from": "2026-11-01T00:00:00Z", "registrationToken": token.ID} {
			hidden := form + " [type=hidden][name=" + name + "]"
			if name == own {
				page.hasNot(hidden)
			} else {
				page.has(hidden+`[value="`+value+`"]`, "")
			}
		}
	}
}

func TestAuthTokenList_RedeemedBetween(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 9)
	for i := range 4 {
		w.redeem(secret, fmt.Sprintf("p%d", i), fmt.Sprintf("h%d", i))
		w.clock.Advance(time.Hour)
	}
	b := w.login("admin")
	// As a browser sends the form: both fields, one of them may be empty.
	page := b.get(authTokens+"?state=live&from=2026-11-23T11:00&to=2026-11-23T13:00").wants(http.StatusOK).has(".chip-on", "11:00:00 to 13:00:00 UTC")
	if got := page.text("tbody .row-open bdi"); got != "p2p1" && got != "p2 p1" {
		t.Errorf("between eleven and one: %q", got)
	}
	from, to := page.doc.Find("#from").AttrOr("value", ""), page.doc.Find("#to").AttrOr("value", "")
	if from != "2026-11-23T11:00" || to != "2026-11-23T13:00" {
		t.Errorf("the form holds %q and %q", from, to)
	}
	if n := b.get(authTokens + "?state=live&from=2026-11-23T11:00&to=").wants(http.StatusOK).doc.Find("tbody tr").Length(); n != 3 {
		t.Errorf("since eleven: %d", n)
	}
	asked := b.get(authTokens+"/delete?match="+url.QueryEscape(page.value("match"))).wants(http.StatusOK).has("#confirm-title", "Delete 2 auth tokens")
	if asked.value("expected") != "2" {
		t.Errorf("expects %q", asked.value("expected"))
	}
	for _, bad := range []string{"?from=yesterday", "?finding=strangers", "?by=device&of=01arz3ndektsv4rrffq69g5fav"} {
		b.get(authTokens + bad).wants(http.StatusUnprocessableEntity)
	}
}

// The network that strangers are not of is an address too: whoever sees those
// masked sees no more of it than of one, in words or in links.
func TestVerdict_MasksTheUsualNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 20)
	for i := range 8 {
		w.redeemAt(secret, fmt.Sprintf("p%d", i), fmt.Sprintf("H%d", i), fmt.Sprintf("2001:db8:77:%d::1", i))
		w.clock.Advance(time.Hour)
	}
	w.redeemAt(secret, "x", "HX", "2001:db8:99:1::1")
	self := registrationTokens + "/" + token.ID
	const network = "2001:db8:77::/48"
	w.login("admin").get(self).wants(http.StatusOK).has(".verdict", "most of the others are from "+network)
	b := w.login("helpdesk")
	masked := b.get(self).wants(http.StatusOK).has(".verdict", "most of the others are from 2001:db8:*")
	link := masked.doc.Find(".verdict a.link").AttrOr("href", "")
	if rows := b.get(link).wants(http.StatusOK).has(".chip", "Found: Strangers").doc.Find(".tab-panel tbody tr"); rows.Length() != 1 {
		t.Errorf("the link of the strangers leads to %d uses", rows.Length())
	}
	for _, shown := range []string{masked.body, link} {
		if strings.Contains(shown, "db8:77") || strings.Contains(shown, "db8%3A77") {
			t.Errorf("the network is shown in %.200s", shown)
		}
	}
}
