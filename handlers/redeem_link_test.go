package handlers_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
)

func TestRedeemLink_WhatIsPastedIsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	file, err := os.ReadFile("../tokens/secrets/testdata/pasted.json")
	must(t, err)
	var cases []struct{ From, Text string }
	must(t, json.Unmarshal(file, &cases))
	token, secret := w.registrationToken("t", len(cases))
	s := secret.Reveal()
	written := strings.NewReplacer("{secret}", s, "{SECRET}", strings.ToUpper(s), "{rest}", s[4:], "{first}", s[:33], "{second}", s[33:])
	b := w.browser()
	for _, c := range cases {
		form := redeemForm("", "ann", "")
		form.Set("registrationToken", written.Replace(c.Text))
		if page := b.post("/redeem", form); page.status != http.StatusOK {
			t.Errorf("%s: status %d, %s", c.From, page.status, page.text("h1"))
		}
	}
	if used := w.usedCount(token.ID); used != len(cases) {
		t.Errorf("used %d of %d", used, len(cases))
	}
}

func TestRedeemLink_ASecretInThePathIsSaidToBeSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("t", 9)
	s := secret.Reveal()
	for _, path := range []string{
		"/redeem%23" + s, "/redeem%2523" + s, "/redeem/%23" + s, "/redeem/" + s, "/redeem%23" + strings.ToUpper(s), "/redeem%23mrt%5F" + s[4:], "/redeem%23" + s + "/", "/redeem%23" + s + ".",
	} {
		b := w.browser()
		page := b.get(path).wants(http.StatusOK).has("[role=alert]", "replace").has(redeemFormOf, "")
		if strings.Contains(strings.ToLower(page.body), s[4:]) || page.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: the page shows the secret, or may be kept", path)
		}
		b.submit(page, redeemFormOf, map[string][]string{"registrationToken": {w.base + path}, "systemUserName": {"ann"}}).wants(http.StatusOK).has("#refresh-token", "mrf_")
		b.do(http.MethodHead, path, nil).wants(http.StatusOK)
	}
	if strings.Contains(strings.ToLower(w.logs.String()), s[4:]) {
		t.Error("the log holds the secret")
	}
	b := w.browser()
	b.get("/redeem/").wants(http.StatusOK).hasNot("[role=alert]").has(redeemFormOf, "")
	b.get("/redeem?q="+s).wants(http.StatusBadRequest).has("main", "seen")
	for _, path := range []string{"/redeem%23", "/redeem.", "/redeem)", "/redeem%20", "/redeem%E2%80%8B"} {
		b.get(path).wants(http.StatusOK).hasNot("[role=alert]").has(redeemFormOf, "")
	}
	b.get("/redeem%23"+s[:40]).wants(http.StatusOK).has("[role=alert]", "replace").has(redeemFormOf, "")
	for _, path := range []string{"/redeemer", "/redeem/help", "/redeem%23help"} {
		b.get(path).wants(http.StatusNotFound)
	}
}

func TestPages_ASlashBehindAnAddressLeadsToThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("t", 9)
	b := w.login("admin")
	for path, to := range map[string]string{
		"/my/": "/my", "/admin/": "/admin", "/admin/registration-tokens/": "/admin/registration-tokens",
		"/admin/registration-tokens/" + token.ID + "/":          "/admin/registration-tokens/" + token.ID,
		"/admin/registration-tokens/?status=active&sort=-count": "/admin/registration-tokens?status=active&sort=-count",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if got := b.do(method, path, nil).wants(http.StatusPermanentRedirect).leadsTo(); got != to {
				t.Errorf("%s %s leads to %q", method, path, got)
			}
		}
	}
	for _, path := range []string{
		"//evil.example/", "//evil.example/admin/", "/\\evil.example/", "/admin//", "//admin/", "/%2F/evil.example/", "/no/such/page/",
		"/token/api/v5/registrationTokens/", "/oauth2/jwks/", "/healthz/", "/static/js/page.js/",
	} {
		if got := b.get(path); got.status < 400 && strings.Trim(got.leadsTo(), "/") != "admin" {
			t.Errorf("%s: %d, leads to %q", path, got.status, got.leadsTo())
		}
	}
	if got := b.post("/my/", nil); got.status < 400 {
		t.Errorf("a form sent there is answered %d", got.status)
	}
}
