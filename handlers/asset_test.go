package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAsset_WhatIsNoneIsAPageThatNoCacheKeeps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	missing := b.get("/static/js/nope.js").wants(http.StatusNotFound).has("h1", "Nothing here")
	if cache := missing.header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("Cache-Control of a missing file: %q", cache)
	}
	icon := b.get("/favicon.ico").wants(http.StatusFound)
	if cache := icon.header.Get("Cache-Control"); !strings.Contains(cache, "max-age=") {
		t.Errorf("Cache-Control of the icon: %q", cache)
	}
	b.get(icon.leadsTo()).wants(http.StatusOK)
}

func TestLogin_TakesNoSecretAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 1)
	for _, path := range []string{"/admin/registration-tokens/" + secret.Reveal(), "/admin/" + secret.Reveal() + "/edit"} {
		answer := w.browser().get(path)
		if to := answer.leadsTo(); strings.Contains(to, secret.Reveal()) || strings.Contains(answer.body, secret.Reveal()) {
			t.Errorf("%s leads to %q", path, to)
		}
	}
	if to := w.browser().get("/admin/registration-tokens").leadsTo(); !strings.Contains(to, "return_to=") {
		t.Errorf("an ordinary page is not come back to: %q", to)
	}
	if strings.Contains(w.logs.String(), secret.Reveal()) {
		t.Error("the log holds the secret")
	}
}

func TestQuery_NamesOfSecretsAreRefusedInAnyCase(t *testing.T) {
	t.Parallel()
	b := newWorld(t).browser()
	for _, name := range []string{"token", "TOKEN", "Access_Token", "refresh_token", "id_token", "api_key", "ApiKey"} {
		b.get("/redeem?" + name + "=x").wants(http.StatusBadRequest)
	}
	b.get("/redeem?tokens=x").wants(http.StatusOK)
}
