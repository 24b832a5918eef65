package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
)

// submit sends a form of the page as a browser without scripts would: the
// fields as they were rendered, and over them what is typed.
func (b *browser) submit(page *answer, form string, typed url.Values) *answer {
	b.w.t.Helper()
	found := page.doc.Find(form)
	if found.Length() != 1 {
		b.w.t.Fatalf("%s: %d forms match %q", page.url.Path, found.Length(), form)
	}
	values := url.Values{}
	found.Find("[name]").Each(func(_ int, field *goquery.Selection) {
		name := field.AttrOr("name", "")
		if _, off := field.Attr("disabled"); off {
			return
		}
		switch kind := field.AttrOr("type", ""); {
		case goquery.NodeName(field) == "button":
		case kind == "checkbox" || kind == "radio":
			if _, on := field.Attr("checked"); on {
				values.Add(name, field.AttrOr("value", "on"))
			}
		case goquery.NodeName(field) == "textarea":
			values.Add(name, field.Text())
		case goquery.NodeName(field) == "select":
			chosen := field.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = field.Find("option").First()
			}
			values.Add(name, chosen.AttrOr("value", ""))
		default:
			values.Add(name, field.AttrOr("value", ""))
		}
	})
	for name, texts := range typed {
		if found.Find(`[name="`+name+`"]`).Length() == 0 {
			b.w.t.Fatalf("%s: the form has no field %s", page.url.Path, name)
		}
		values[name] = texts
	}
	target := page.resolve(found.AttrOr("action", page.url.Path))
	if !strings.EqualFold(found.AttrOr("method", "get"), "post") {
		return b.get(strings.TrimPrefix(target, b.w.base) + "?" + values.Encode())
	}
	return b.do(http.MethodPost, target, values)
}

func TestPlainForms_WholeLifeWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	b, device := w.login("admin"), w.browser()
	const post = `main form[method=post]`

	created := b.submit(b.get(registrationTokens+"/new").wants(http.StatusOK), `main form[action="`+registrationTokens+`"]`, url.Values{"count": {"5"}, "identifier": {"Lab"}}).wants(http.StatusOK)
	secret := created.text("#secret")
	all, err := w.store.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{}, w.clock.Now())
	must(t, err)
	self := registrationTokens + "/" + all.Items[0].ID
	var shown []string // secrets that no other page may show
	for _, name := range []string{"ann", "bob", "carl"} {
		got := device.submit(device.get("/redeem").wants(http.StatusOK), "form[data-redeem]", url.Values{"registrationToken": {secret}, "systemUserName": {name}}).wants(http.StatusOK)
		shown = append(shown, got.text("#refresh-token"), got.text("#access-token"))
	}

	b.follow(b.submit(b.get(self+"/edit").wants(http.StatusOK), `main form[action="`+self+`/edit"]`, url.Values{"identifier": {"Lab two"}})).wants(http.StatusOK).has("h1", "Lab two")
	b.follow(b.submit(b.get(self+"/disable").wants(http.StatusOK), post, url.Values{"reason": {"on hold"}})).wants(http.StatusOK).has(".reason", "Disabled on")
	b.follow(b.submit(b.get(self).wants(http.StatusOK), `form[action="`+self+`/enable"]`, nil)).wants(http.StatusOK).hasNot(".reason")

	list := b.get(authTokens).wants(http.StatusOK)
	ids, _ := list.doc.Find("input[name=id]").First().Attr("value")
	b.follow(b.submit(b.get(authTokens+"/delete?id="+ids).wants(http.StatusOK), post+`[action="`+authTokens+`/delete"]`, url.Values{"reason": {"lost"}})).wants(http.StatusOK).has(".page-lead", "Deleted on")
	var rest []string
	list = b.get(authTokens + "?state=live").wants(http.StatusOK)
	list.doc.Find("input[name=id]").Each(func(_ int, box *goquery.Selection) { rest = append(rest, box.AttrOr("value", "")) })
	form := list.doc.Find("form:has(input[name=id])").First()
	confirm := b.get(form.AttrOr("action", "") + "?" + url.Values{"id": rest}.Encode()).wants(http.StatusOK)
	b.follow(b.submit(confirm, post+`[action="`+authTokens+`/delete"]`, url.Values{"reason": {"moved"}, "returnCount": {"true"}})).wants(http.StatusOK).has(".notice-success", "2 counts given back")
	if used := w.usedCount(all.Items[0].ID); used != 1 {
		t.Errorf("used count %d, want 1", used)
	}

	replaced := b.submit(b.get(self+"/replace").wants(http.StatusOK), `main form[action="`+self+`/replace"]`, nil).wants(http.StatusOK)
	shown = append(shown, secret, replaced.text("#secret"))
	b.follow(b.submit(b.get(self+"/delete").wants(http.StatusOK), post+`[action="`+self+`/delete"]`, nil)).wants(http.StatusOK).has(".reason", "Deleted on")

	pages := []string{"/admin", registrationTokens, self, authTokens, authTokens + "/" + ids, "/redeem", "/"}
	for _, reader := range []*browser{b, w.login("helpdesk"), device} {
		for _, path := range pages {
			page := reader.get(path)
			for _, hidden := range shown {
				if hidden == "" || strings.Contains(page.body, hidden) {
					t.Errorf("%s shows a secret, or none was shown once", path)
				}
			}
		}
	}
	helpdesk := w.login("helpdesk")
	for _, path := range pages[:5] {
		helpdesk.get(path).wants(http.StatusOK).hasNot(`main form[method=post]:not(.export):not(.menu-form):not(.mask-bar):not([action="/admin/notes"])`)
	}
}
