package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
)

func TestPages_HelpdeskChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("mine", 3)
	issued := w.redeem(secret, "ann", "h")
	self := registrationTokens + "/" + token.ID
	for _, htmx := range []bool{false, true} {
		b := w.login("helpdesk")
		b.htmx = htmx
		for _, path := range []string{registrationTokens + "/new", self + "/edit", self + "/replace", self + "/delete", "/admin/auth-tokens/delete?id=" + issued.AuthToken.ID} {
			b.get(path).wants(http.StatusForbidden)
		}
		for _, path := range []string{registrationTokens, self + "/edit", self + "/enable", self + "/disable", self + "/replace", self + "/delete", "/admin/auth-tokens/delete"} {
			b.post(path, url.Values{"id": {issued.AuthToken.ID}, "expected": {"1"}, "count": {"1"}}).wants(http.StatusForbidden)
		}
	}
	b := w.login("helpdesk")
	b.get("/admin/auth-tokens").wants(http.StatusOK).hasNot(`[action="/admin/auth-tokens/delete"]`).hasNot(".btn-danger")
	b.get("/admin/auth-tokens/" + issued.AuthToken.ID).wants(http.StatusOK).hasNot(".btn-danger-quiet")
	if w.usedCount(token.ID) != 1 {
		t.Error("something changed")
	}
}

func TestPages_HelpdeskSeesMaskedAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("for carl@corp.example", 1)
	request := w.redeemRequest(secret, "carl@corp.example", "h")
	request.Verified = models.VerifiedIdentity{Issuer: "https://idp.example", Subject: "s-1", Email: "carl.c@corp.example"}
	issued, err := w.service.Redeem(t.Context(), request)
	must(t, err)
	if _, err := w.service.Redeem(t.Context(), request); err == nil {
		t.Fatal("redeemed twice")
	}
	paths := []string{
		registrationTokens, registrationTokens + "/" + token.ID, registrationTokens + "/" + token.ID + "?section=uses",
		registrationTokens + "/" + token.ID + "?section=refused",
		"/admin/auth-tokens", "/admin/auth-tokens/" + issued.AuthToken.ID, "/admin/auth-tokens?registrationToken=" + token.ID,
	}
	for _, htmx := range []bool{false, true} {
		helpdesk := w.login("helpdesk")
		helpdesk.htmx = htmx
		for _, path := range paths {
			body := helpdesk.get(path).wants(http.StatusOK).body
			for _, hidden := range []string{"198.51.100.77", "carl.c@corp", "carl@corp"} {
				if strings.Contains(body, hidden) {
					t.Errorf("%s shows %s", path, hidden)
				}
			}
		}
	}
	w.login("admin").get("/admin/auth-tokens/"+issued.AuthToken.ID).has("h1", "carl.c@corp.example").has(".timeline", "198.51.100.77")
}

func TestPages_TextsOfPeopleStayTexts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attack := `"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}`
	rtl := "\u05d0\u05d1\u05d2 " + strings.Repeat("\u05d3", 316)
	one, note := 2, attack+"\njavascript:alert(1)"
	token, secret, err := w.service.CreateRegistrationToken(t.Context(), w.admin(), models.RegistrationTokenSettings{
		Identifier: &attack, Note: &note, RefID1: &attack, RefID2: &attack, Count: &one,
	})
	must(t, err)
	request := w.redeemRequest(secret, attack, attack)
	request.Claimed.MACAddress, request.Claimed.Identifier, request.Claimed.RefID1 = attack, attack, attack
	request.Origin.UserAgent = attack
	issued, err := w.service.Redeem(t.Context(), request)
	must(t, err)
	w.redeem(secret, rtl, strings.Repeat("w", 320))
	if _, err := w.service.Redeem(t.Context(), request); err == nil {
		t.Fatal("redeemed a third time")
	}
	must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), issued.AuthToken.ID, attack, true))
	b := w.login("admin")
	self := registrationTokens + "/" + token.ID
	for _, path := range []string{
		registrationTokens, registrationTokens + "?q=" + url.QueryEscape(attack), self, self + "/edit", self + "/replace", self + "/delete",
		"/admin/auth-tokens", "/admin/auth-tokens/" + issued.AuthToken.ID, "/admin/auth-tokens?q=" + url.QueryEscape(attack),
		"/admin/auth-tokens/delete?id=" + issued.AuthToken.ID, "/admin/auth-tokens?registrationToken=" + token.ID,
	} {
		page := b.get(path).wants(http.StatusOK)
		page.hasNot("img[src=x]").hasNot("[onerror]").hasNot(`a[href^="javascript:"]`)
		page.doc.Find("script").Each(func(_ int, script *goquery.Selection) {
			if script.AttrOr("src", "") == "" {
				t.Errorf("%s holds an inline script", path)
			}
		})
	}
	b.get("/admin/auth-tokens").has("tbody", rtl)
	form := newForm(b.get(registrationTokens+"/new"), map[string]string{"count": attack, "expiryPreset": attack, "expirationDate": attack, "identifier": attack, "note": attack})
	b.post(registrationTokens, form).wants(http.StatusUnprocessableEntity).hasNot("img[src=x]").hasNot("[onerror]")
}

func TestPages_LoginLeadsBackToTheWantedPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.registrationToken("findme", 1)
	b := w.browser()
	wanted := registrationTokens + "?q=findme&status=active"
	turned := b.get(wanted).wants(http.StatusSeeOther)
	login := b.do(http.MethodGet, turned.resolve(turned.leadsTo()), nil)
	page := b.logInFrom(login, "admin").wants(http.StatusOK).has("tbody", "findme")
	if page.url.Query().Get("q") != "findme" || page.url.Query().Get("status") != "active" {
		t.Errorf("came back to %s", page.url)
	}
	stranger := w.login("user")
	stranger.get(registrationTokens).wants(http.StatusForbidden)
	b = w.browser()
	b.htmx = true
	b.get(registrationTokens).wants(http.StatusUnauthorized)
}
