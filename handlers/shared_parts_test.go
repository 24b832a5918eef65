package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

// reload asks for a part as a page does that was told of a change.
func (b *browser) reload(path string) *answer {
	b.w.t.Helper()
	b.htmx = true
	defer func() { b.htmx = false }()
	return b.get(path).wants(http.StatusOK)
}

func TestSharedParts_AreTheSameForARoleUntilSomethingChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot of ann@contoso.example", 9)
	w.redeem(secret, "ann@contoso.example", "ann-pc")
	part := "/admin/registration-tokens/" + token.ID + "?section=uses"
	admin, other, helpdesk := w.login("admin"), w.login("admin"), w.login("helpdesk")
	first := admin.reload(part + "&whole=1")
	if again := other.reload(part + "&whole=1"); again.body != first.body || again.header.Get("Cache-Control") != "no-store" {
		t.Error("two administrators see different parts")
	}
	if strings.Contains(first.body, "Nora Lindqvist</bdi>") && strings.Contains(first.body, "whoami") {
		t.Error("what is shared names who asked")
	}
	if seen := helpdesk.reload(part); strings.Contains(seen.body, "ann@contoso.example") || !strings.Contains(seen.body, "a…@contoso.example") {
		t.Error("the helpdesk got the administrators' part")
	}
	if seen := admin.reload(part); !strings.Contains(seen.body, "ann@contoso.example") {
		t.Error("an administrator got the helpdesk's part")
	}
	w.redeem(secret, "bob", "bob-pc")
	if seen := other.reload(part); !strings.Contains(seen.body, "bob-pc") {
		t.Error("a part outlived the change")
	}
	w.login("user").get(part).wants(http.StatusForbidden)
	b := w.login("admin")
	b.htmx = true
	b.get("/admin/registration-tokens/" + token.ID + "?section=x").wants(http.StatusUnprocessableEntity)
}

// While streams are open, parts change when browsers are told to come.
func TestSharedParts_AreFreshWhenBrowsersAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 9)
	part := "/admin/registration-tokens/" + token.ID + "?section=uses"
	admin := w.login("admin")
	stream := admin.listen()
	for _, host := range []string{"first-pc", "second-pc", "third-pc"} {
		admin.reload(part)
		w.redeem(secret, "ann", host)
		stream.next("registration-token-redeemed")
		if seen := admin.reload(part); !strings.Contains(seen.body, host) {
			t.Errorf("%s is not there when the browser is told", host)
		}
	}
}
