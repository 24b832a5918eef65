package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"muster/views/paths"
)

func TestSettings_HoldForThePersonInEveryBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("user").speaking("en")
	page := b.get(paths.Settings).wants(http.StatusOK).has("h1", "Settings").hasNot(`select[name="rows"]`)
	if page.value("zone") != "" || page.value("theme") != "system" || page.value("language") != "" {
		t.Errorf("at first: %q, %q, %q", page.value("zone"), page.value("theme"), page.value("language"))
	}
	b.follow(b.choose(url.Values{"zone": {"Pacific/Auckland"}, "language": {"de"}, "theme": {"dark"}})).
		has("h1", "Einstellungen").has("#notices", "Ihre Einstellungen wurden gespeichert.").has("#zone-hint", "NZ")
	other := w.login("user").speaking("fr")
	page = other.get(paths.My).wants(http.StatusOK).has("h1", "Ihre Authentifizierungs")
	root := page.doc.Find("html")
	if root.AttrOr("data-theme", "") != "dark" || root.AttrOr("data-theme-saved", "") != "dark" || root.AttrOr("data-zone", "") != "Pacific/Auckland" || root.AttrOr("data-zone-cookie", "") != "" {
		t.Errorf("another browser gets %v", root.Nodes[0].Attr)
	}
	// A field that is not sent stays; a language that is picked elsewhere is the chosen one.
	other.post(paths.SettingsTheme, url.Values{"theme": {"light"}, "zone": {"Asia/Kolkata"}}).wants(http.StatusNoContent)
	other.get(paths.My+"?lang=ja").has("h1", "認証トークン")
	page = b.get(paths.Settings).has("h1", "設定")
	if page.value("zone") != "Pacific/Auckland" || page.value("theme") != "light" || page.value("language") != "ja" {
		t.Errorf("then: %q, %q, %q", page.value("zone"), page.value("theme"), page.value("language"))
	}
	// Nobody else has them, and the trail does not.
	w.login("admin").get("/admin/audit?q=Auckland").wants(http.StatusOK).hasNot("time")
	page = w.login("helpdesk").get(paths.Settings).wants(http.StatusOK).has("h1", "Settings").has(`.rail`, "Overview")
	if page.value("zone") != "" || page.value("rows") != "50" || page.doc.Find("html").AttrOr("data-theme-saved", "") != "" {
		t.Errorf("somebody else has %q, %q", page.value("zone"), page.value("rows"))
	}
}

func TestSettings_RefuseWhatCannotBeChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("helpdesk")
	for field, value := range map[string]string{"zone": "Mars/Olympus", "language": "tlh", "theme": "pink", "rows": "1000"} {
		b.post(paths.Settings, url.Values{field: {value}}).wants(http.StatusUnprocessableEntity).has("#"+field+"-error", "")
	}
	b.post(paths.SettingsTheme, url.Values{"theme": {"pink"}}).wants(http.StatusUnprocessableEntity)
	b.choose(url.Values{"rows": {"25"}})
	if page := b.get(paths.Settings); page.value("rows") != "25" || page.value("theme") != "system" {
		t.Errorf("%q rows, %q", page.value("rows"), page.value("theme"))
	}
	w.browser().get(paths.Settings).wants(http.StatusSeeOther) // to sign in
}

// TestSettings_AreLinkedFromEveryFrame so that everybody who is signed in finds them.
func TestSettings_AreLinkedFromEveryFrame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for account, path := range map[string]string{"admin": paths.Overview, "helpdesk": paths.Investigate, "user": paths.My} {
		if n := w.login(account).get(path).wants(http.StatusOK).doc.Find(`a[href="/my/settings"]`).Length(); n == 0 {
			t.Errorf("%s has no link to the settings on %s", account, path)
		}
	}
	if n := w.browser().get(paths.Redeem).doc.Find(`a[href="/my/settings"]`).Length(); n != 0 {
		t.Error("a stranger has a link to settings")
	}
}
