package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestLogin_EachTabHasItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	one, two := b.get("/auth/login?return_to=/admin/auth-tokens"), b.get("/auth/login?return_to=/admin/requests")
	second, first := b.atProvider(two, "admin"), b.atProvider(one, "admin")
	for _, tab := range []struct{ callback, wanted string }{{first, "/admin/auth-tokens"}, {second, "/admin/requests"}} {
		if to := b.do(http.MethodGet, tab.callback, nil).wants(http.StatusSeeOther).leadsTo(); to != tab.wanted {
			t.Errorf("leads to %q, want %q", to, tab.wanted)
		}
	}
	b.get("/admin/requests").wants(http.StatusOK)
	// Reloaded, or gone back to.
	kept := b.cookie(sessionCookie)
	for _, tab := range []struct{ callback, wanted string }{
		{first, "/admin/auth-tokens"}, {second, "/admin/requests"}, {"/auth/callback?state=lost&code=x", "/"}, {"/auth/callback", "/"},
	} {
		if to := b.do(http.MethodGet, tab.callback, nil).wants(http.StatusSeeOther).leadsTo(); to != tab.wanted {
			t.Errorf("again, it leads to %q, want %q", to, tab.wanted)
		}
	}
	if b.cookie(sessionCookie) != kept {
		t.Error("a reload opened another session")
	}
	// All cookies but the session's, and the address: they open nothing.
	thief := w.browser()
	for name, value := range b.loginCookies() {
		thief.plant(name, value)
	}
	thief.do(http.MethodGet, first, nil).wants(http.StatusUnauthorized)
	if thief.cookie(sessionCookie) != "" {
		t.Error("a finished login opened a session elsewhere")
	}
}

func TestLogin_TheOldestStartedOnesAreDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	var started []*answer
	for range 6 {
		started = append(started, b.get("/auth/login"))
		w.clock.Advance(time.Second)
	}
	if n := len(b.loginCookies()); n != 4 {
		t.Errorf("the browser has %d started logins, want 4", n)
	}
	b.do(http.MethodGet, b.atProvider(started[1], "admin"), nil).wants(http.StatusUnauthorized)
	b.do(http.MethodGet, b.atProvider(started[2], "admin"), nil).wants(http.StatusSeeOther)

	long := w.browser()
	for range 3 {
		long.get("/auth/login?return_to=" + url.QueryEscape("/admin?"+strings.Repeat("a=&", 500)))
		w.clock.Advance(time.Second)
	}
	total := 0
	for _, value := range long.loginCookies() {
		total += len(value)
	}
	if total > 4096 || total == 0 {
		t.Errorf("started logins take %d bytes of cookies", total)
	}
}
