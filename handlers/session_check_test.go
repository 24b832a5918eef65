package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/internal/rp/rptest"
	"muster/models"
)

// backChannel sends a logout token as the provider does.
func (w *world) backChannel(token string) *answer {
	w.t.Helper()
	return w.browser().post("/auth/backchannel-logout", url.Values{"logout_token": {token}})
}

// ended are the sessions that ended for a reason.
func (w *world) ended(reason string) int {
	w.t.Helper()
	n := 0
	for _, event := range w.audited(models.AuditLogout) {
		if strings.Contains(event.Detail, reason) {
			n++
		}
	}
	return n
}

func TestSession_RefreshTokenShowsThatARoleIsLost(t *testing.T) {
	t.Parallel()
	w, p := newWorldOfProvider(t)
	p.Set(func(b *rptest.Behaviour) { b.RefreshTokens = true })
	b := w.browser()
	b.signIn(p, listURL).wants(http.StatusOK)
	w.clock.Advance(15*time.Minute - time.Second)
	b.get(listURL).wants(http.StatusOK)
	if n := p.Calls("/token"); n != 1 {
		t.Errorf("%d calls before the session is due", n)
	}
	for round := range 3 { // each with the refresh token of the one before
		w.clock.Advance(15 * time.Minute)
		b.get(listURL).wants(http.StatusOK)
		b.get(listURL).wants(http.StatusOK)
		if n := p.Calls("/token"); n != round+2 {
			t.Errorf("%d calls after %d checks", n, round+1)
		}
	}
	if n := len(w.audited(models.AuditLogin)); n != 1 {
		t.Errorf("%d logins are in the trail", n)
	}

	p.Set(func(b *rptest.Behaviour) { b.IDClaims = func(c map[string]any) { c["groups"] = []string{"staff"} } })
	w.clock.Advance(14 * time.Minute)
	b.get(listURL).wants(http.StatusOK) // not due yet
	w.clock.Advance(time.Minute)
	if to := b.get(listURL).wants(http.StatusSeeOther).leadsTo(); !strings.HasPrefix(to, "/auth/login") {
		t.Errorf("leads to %s", to)
	}
	if w.rows("sessions") != 0 || w.ended(models.EndedByRole) != 1 {
		t.Errorf("%d sessions are left, %d ended for the role", w.rows("sessions"), w.ended(models.EndedByRole))
	}
	b.signIn(p, listURL).wants(http.StatusForbidden) // and so it stays
}

func TestSession_RefusedRefreshEndsIt(t *testing.T) {
	t.Parallel()
	w, p := newWorldOfProvider(t)
	p.Set(func(b *rptest.Behaviour) { b.RefreshTokens = true })
	b := w.browser()
	b.signIn(p, listURL).wants(http.StatusOK)
	p.Set(func(b *rptest.Behaviour) {
		b.Handle = map[string]http.HandlerFunc{"/token": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		}}
	})
	w.clock.Advance(15 * time.Minute)
	// What a page does by itself shows nothing any more either.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+listURL, http.NoBody)
	must(t, err)
	r.Header.Set("HX-Request", "true")
	r.Header.Set("Muster-Background", "1")
	b.send(r).wants(http.StatusUnauthorized)
	if w.rows("sessions") != 0 || w.ended(models.EndedUnchecked) != 1 {
		t.Errorf("%d sessions are left", w.rows("sessions"))
	}
}

func TestSession_ProviderThatIsDownEndsNone(t *testing.T) {
	t.Parallel()
	for _, refreshTokens := range []bool{true, false} {
		w, p := newWorldOfProvider(t)
		p.Set(func(b *rptest.Behaviour) { b.RefreshTokens = refreshTokens })
		b := w.browser()
		b.signIn(p, listURL).wants(http.StatusOK)
		down := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
		p.Set(func(b *rptest.Behaviour) {
			b.Handle = map[string]http.HandlerFunc{"/token": down, "/.well-known/openid-configuration": down}
		})
		w.clock.Advance(20 * time.Minute)
		b.get(listURL).wants(http.StatusOK)
		b.post("/my/settings/theme", url.Values{"theme": {"dark"}})
		// It is back, and says no.
		p.Set(func(b *rptest.Behaviour) {
			b.Handle, b.NoSession = nil, true
			b.IDClaims = func(c map[string]any) { c["groups"] = nil }
		})
		w.clock.Advance(time.Minute)
		b.get(listURL).wants(http.StatusSeeOther)
	}
}

func TestSession_SilentLoginConfirmsItAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w, p := newWorldOfProvider(t)
	b := w.browser()
	b.signIn(p, listURL).wants(http.StatusOK)
	secret := b.cookie("__Host-" + sessionCookie)
	w.clock.Advance(15 * time.Minute)
	b.get("/redeem").wants(http.StatusOK) // never leads away
	started := b.step(b.get(listURL + "?q=x"))
	address := started.wants(http.StatusSeeOther).leadsTo()
	if !strings.HasPrefix(address, p.URL+"/authorize?") || !strings.Contains(address, "prompt=none") {
		t.Fatalf("leads to %s", address)
	}
	if page := b.comeBack(p, address).wants(http.StatusOK); page.url.RequestURI() != listURL+"?q=x" {
		t.Errorf("leads back to %s", page.url)
	}
	if b.cookie("__Host-"+sessionCookie) != secret || len(w.audited(models.AuditLogin)) != 1 {
		t.Error("the same session does not go on")
	}

	// A form that is due comes back filled in.
	w.clock.Advance(14*time.Minute + 30*time.Second)
	sent := b.post("/my/settings", url.Values{"zone": {"Asia/Kolkata"}, "language": {""}, "theme": {""}, "rows": {"25"}})
	silent := b.get(sent.movesTo()).wants(http.StatusSeeOther).leadsTo()
	if page := b.comeBack(p, silent).wants(http.StatusOK); page.url.Path != "/my/settings" || page.value("zone") != "Asia/Kolkata" {
		t.Errorf("%s has %q", page.url, page.value("zone"))
	}
}

func TestSession_SilentLoginThatIsRefusedEndsIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*rptest.Behaviour)
		status int
	}{
		"no session at the provider": {func(b *rptest.Behaviour) { b.NoSession = true }, 0},
		"another person": {func(b *rptest.Behaviour) {
			b.IDClaims = func(c map[string]any) { c["sub"] = "other" }
		}, 0},
		"the role is gone": {func(b *rptest.Behaviour) {
			b.IDClaims = func(c map[string]any) { c["groups"] = []string{} }
		}, http.StatusForbidden},
	} {
		w, p := newWorldOfProvider(t)
		b := w.browser()
		b.signIn(p, listURL).wants(http.StatusOK)
		stolen := b.cookie("__Host-" + sessionCookie)
		p.Set(c.change)
		w.clock.Advance(15 * time.Minute)
		back := b.get("/auth/callback?" + p.LogIn(b.step(b.get(listURL)).leadsTo()).Encode())
		thief := w.browser()
		thief.plant("__Host-"+sessionCookie, stolen)
		thief.get(listURL).wants(http.StatusSeeOther)
		if c.status != 0 {
			b.follow(back).wants(c.status)
			continue
		}
		if to := back.wants(http.StatusSeeOther).leadsTo(); to != "/auth/login?return_to="+url.QueryEscape(listURL) {
			t.Errorf("%s: leads to %s", name, to)
		}
		if address := b.get(back.leadsTo()).leadsTo(); strings.Contains(address, "prompt") {
			t.Errorf("%s: the next login is silent, too: %s", name, address)
		}
		if w.rows("sessions") != 0 {
			t.Errorf("%s: %d sessions are left", name, w.rows("sessions"))
		}
	}
}

func TestBackChannelLogout_EndsSessionsAtOnceAndOnce(t *testing.T) {
	t.Parallel()
	w, p := newWorldOfProvider(t)
	p.Set(func(b *rptest.Behaviour) { b.IDClaims = func(c map[string]any) { c["sid"] = "s-1" } })
	b := w.browser()
	b.signIn(p, listURL).wants(http.StatusOK)
	for _, junk := range []string{"", "x", p.LogoutToken(func(_, c map[string]any) { c["aud"] = "other" }), p.LogoutToken(func(_, c map[string]any) { c["sid"] = "s-2" })} {
		told := w.backChannel(junk)
		if status := told.status; status != http.StatusBadRequest && !strings.Contains(junk, ".") {
			t.Errorf("%q: status %d", junk, status)
		}
		if told.header.Get("Cache-Control") != "no-store" || strings.Contains(told.body, "aud") {
			t.Errorf("%q: %v %s", junk, told.header, told.body)
		}
	}
	b.get(listURL).wants(http.StatusOK)

	token := p.LogoutToken(func(_, c map[string]any) { c["sid"] = "s-1" })
	if told := w.backChannel(token).wants(http.StatusOK); told.header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control is %q", told.header.Get("Cache-Control"))
	}
	b.get(listURL).wants(http.StatusSeeOther)
	if events := w.audited(models.AuditLogout); len(events) != 1 || events[0].ActorID != p.URL+" "+rptest.Subject || w.ended(models.EndedByProvider) != 1 {
		t.Errorf("the trail has %+v", events)
	}
	// It does not end a login of after it.
	b.signIn(p, listURL).wants(http.StatusOK)
	w.backChannel(token).wants(http.StatusBadRequest)
	b.get(listURL).wants(http.StatusOK)
}

// step follows one redirect.
func (b *browser) step(a *answer) *answer {
	b.w.t.Helper()
	return b.get(a.wants(http.StatusSeeOther).leadsTo())
}
