package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/models"
)

const draftCookie = "muster-draft"

const newToken = registrationTokens + "/new"

// half is a form for a new registration token, filled in.
func half() url.Values {
	return url.Values{"identifier": {"Lab"}, "count": {"25"}, "expiryPreset": {"90d"}, "note": {"für das Labor\nin Berlin"}}
}

// comesBack looks whether the form holds what was typed.
func (a *answer) comesBack(t *testing.T) *answer {
	t.Helper()
	for name, typed := range map[string]string{"identifier": "Lab", "count": "25", "note": "für das Labor\nin Berlin"} {
		if got := a.value(name); got != typed {
			t.Errorf("%s holds %q, want %q", name, got, typed)
		}
	}
	return a
}

// signInAgain goes on from an answer that leads to the login.
func (b *browser) signInAgain(a *answer, account string) *answer {
	b.w.t.Helper()
	if !strings.HasPrefix(a.leadsTo(), "/auth/login") {
		b.w.t.Fatalf("leads to %q (%d)", a.leadsTo(), a.status)
	}
	return b.logInFrom(a, account)
}

func TestDraft_ASessionThatEndsUnderAFormLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	w.clock.Advance(31 * time.Minute)
	back := b.signInAgain(b.post(registrationTokens, half()), "admin").wants(http.StatusOK).comesBack(t)
	back.has(".notice-warning", "was not saved yet")
	if back.url.Path != newToken || strings.Contains(back.text(".notice-warning"), "not known whose") {
		t.Errorf("back on %s: %s", back.url.Path, back.text(".notice-warning"))
	}
	if n := w.rows("registration_tokens"); n != 0 {
		t.Errorf("%d registration tokens were created by nobody", n)
	}
	if got := b.get(newToken).value("identifier"); got != "" {
		t.Errorf("the form comes back a second time, with %q", got)
	}
	b.submit(back, `main form[action="`+registrationTokens+`"]`, nil).wants(http.StatusOK).has("#secret", "mrt_")
}

func TestDraft_IsForThePersonWhoseSessionEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	token, _ := w.registrationToken("Lab", 5)
	asked, err := w.service.AskRequest(t.Context(), w.admin(), models.NewRequest{
		RegistrationTokenID: token.ID, Remedy: models.RequestedRemedy{Kind: models.RemedyRaise, Count: new(5)}, Reason: "more people",
	})
	must(t, err)
	w.clock.Advance(31 * time.Minute)
	left := b.post("/admin/requests/"+asked.ID+"/decline", url.Values{"reason": {"told nobody"}})
	other := b.signInAgain(left, "helpdesk")
	if strings.Contains(other.body, "told nobody") || b.cookie(draftCookie) != "" {
		t.Error("somebody else is shown what was typed")
	}

	// Nobody knows any more whose session it was.
	b = w.login("admin")
	b.copyOf().post("/auth/logout", nil)
	back := b.signInAgain(b.post(registrationTokens, half()), "admin").wants(http.StatusOK).comesBack(t)
	back.has(".notice-warning", "not known whose session")
}

func TestDraft_IsKeptAQuarterOfAnHourAndHoldsNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for took, want := range map[time.Duration]string{15*time.Minute - time.Second: "Lab", 15 * time.Minute: ""} {
		b := w.login("admin")
		w.clock.Advance(31 * time.Minute)
		left := b.post(registrationTokens, half())
		w.clock.Advance(took)
		if got := b.signInAgain(left, "admin").value("identifier"); got != want {
			t.Errorf("after %s the label is %q", took, got)
		}
	}
	_, secret := w.registrationToken("Lab", 1)
	b := w.login("admin")
	w.clock.Advance(31 * time.Minute)
	form := half()
	form.Set("note", "sent "+secret.Reveal())
	back := b.signInAgain(b.post(registrationTokens, form), "admin")
	if back.value("identifier") != "Lab" || strings.Contains(back.body, secret.Reveal()) {
		t.Errorf("label %q, note %q", back.value("identifier"), back.value("note"))
	}
}

func TestDraft_WhatWasPastedIntoTheSearchBoxIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("helpdesk")
	w.clock.Advance(31 * time.Minute)
	pasted := "eyJhbGciOiJFUzI1NiJ9." + strings.Repeat("x", 3_000)
	left := b.post("/admin/investigate", url.Values{"query": {pasted}})
	if kept := b.cookie(draftCookie); len(kept) > 500 {
		t.Errorf("a draft of %d bytes is kept", len(kept))
	}
	back := b.signInAgain(left, "helpdesk").wants(http.StatusOK).has(".notice-warning", "nothing was done")
	if back.url.Path != "/admin/investigate" || strings.Contains(back.body, "eyJ") {
		t.Errorf("back on %s", back.url.Path)
	}
}

func TestDraft_AnotherSitesFormIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	got := b.sendAs(sender{"another site", "cross-site", "https://evil.example"}, registrationTokens)
	if got.status != http.StatusForbidden || b.cookie(draftCookie) != "" {
		t.Errorf("%d, draft %q", got.status, b.cookie(draftCookie))
	}
}

func TestDraft_WhatIsTooLargeIsAnsweredAndCanBeSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	w.clock.Advance(31 * time.Minute)
	form := half()
	long := strings.TrimSpace(strings.Repeat("one line of a long note\n", 160))
	form.Set("note", long)
	kept := b.post(registrationTokens, form).wants(http.StatusUnauthorized).has("h1", "Your session had ended")
	kept.has(`a[href="/auth/login"][target=_blank]`, "Log in")
	if got := kept.value("note"); got != long {
		t.Errorf("the page holds %d characters of %d", len(got), len(long))
	}
	if b.cookie(draftCookie) != "" {
		t.Error("a part of it is kept")
	}
	b.logInFrom(b.get("/auth/login"), "admin") // in the other tab
	again := b.submit(kept, "main form", nil).wants(http.StatusConflict).has(".notice-danger", "This click created nothing")
	if again.value("note") != long {
		t.Error("the form comes back without the note")
	}
	b.submit(again, `main form[action="`+registrationTokens+`"]`, nil).wants(http.StatusOK).has("#secret", "mrt_")
}

func TestDraft_ADialogComesBackAsAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Lab", 5)
	self := registrationTokens + "/" + token.ID
	b := w.login("admin")
	w.clock.Advance(31 * time.Minute)
	b.htmx = true
	left := b.post(self+"/disable", url.Values{"reason": {"on hold"}})
	b.htmx = false
	back := b.signInAgain(left, "admin").wants(http.StatusOK).has(".notice-warning", "not saved yet")
	if back.url.Path != self+"/disable" || back.value("reason") != "on hold" {
		t.Errorf("back on %s with %q", back.url.Path, back.value("reason"))
	}
	// What has no form to fill in says that nothing was done.
	w.clock.Advance(31 * time.Minute)
	back = b.signInAgain(b.post(self+"/raise", url.Values{"by": {"5"}}), "admin").wants(http.StatusOK).has(".notice-warning", "nothing was done")
	if back.url.Path != self {
		t.Errorf("back on %s", back.url.Path)
	}
}

func TestDraft_AFormWithFaultsHasTheAddressOfItsPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	form := half()
	form.Set("count", "many")
	wrong := b.post(registrationTokens, form).wants(http.StatusUnprocessableEntity)
	if wrong.method != http.MethodGet || wrong.url.Path != newToken || wrong.value("identifier") != "Lab" || wrong.value("count") != "many" {
		t.Errorf("%s %s holds %q, %q", wrong.method, wrong.url.Path, wrong.value("identifier"), wrong.value("count"))
	}
	wrong.has("#count-error", "whole number")
	b.get(newToken).wants(http.StatusOK).hasNot("#count-error") // reloaded
	if b.cookie(draftCookie) != "" {
		t.Error("the draft is left in the browser")
	}
}

func TestDraft_WhatCannotBeSavedAnyMoreIsStillShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	self := registrationTokens + "/" + token.ID
	b := w.login("admin")
	b.choose(url.Values{"zone": {"Pacific/Auckland"}})
	b.post(self+"/delete", url.Values{"authTokens": {"keep"}, "expected": {"0"}})
	b.post(self+"/edit", url.Values{"count": {"5"}, "note": {"For the lab in Lyon."}}).wants(http.StatusConflict).
		has(".notice-info", "For the lab in Lyon.").has(".notice-danger", "NZDT")
	b.get(self).wants(http.StatusOK).hasNot(".notice-info")
}

// leaves sends what a script keeps of a form whose page is left.
func (b *browser) leaves(page string, typed url.Values) *answer {
	b.w.t.Helper()
	r, err := http.NewRequestWithContext(b.w.t.Context(), http.MethodPost, b.w.base+"/admin/draft", strings.NewReader(typed.Encode()))
	must(b.w.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Muster-Page", page)
	r.Header.Set("Muster-Background", "1")
	return b.send(r)
}

func TestDraft_AFormThatIsLeftComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	b.leaves(newToken, half())
	b.get(registrationTokens).wants(http.StatusOK).hasNot("main[data-draft]")
	b.get(newToken).wants(http.StatusOK).comesBack(t).has(".notice-warning", "not saved yet").has("main[data-draft][data-restored]", "")
	b.get(newToken).hasNot("main[data-restored]").has("main[data-draft]", "")

	// Sent, it is kept no longer; nor what was cleared, or is too much.
	b.leaves(newToken, half())
	form := half()
	form.Set("count", "many")
	b.post(registrationTokens, form).wants(http.StatusUnprocessableEntity)
	if b.cookie(draftCookie) != "" {
		t.Error("kept after it was sent")
	}
	for name, typed := range map[string]url.Values{"nothing": {}, "too much": {"note": {strings.Repeat("x", 3000)}}} {
		b.leaves(newToken, half())
		if said := b.leaves(newToken, typed).status == http.StatusRequestEntityTooLarge; said != (name == "too much") {
			t.Errorf("%s: said to be too large: %t", name, said)
		}
		if b.cookie(draftCookie) != "" {
			t.Errorf("%s: the earlier draft is left", name)
		}
	}

	stranger := w.browser()
	stranger.leaves(newToken, half())
	if stranger.cookie(draftCookie) != "" {
		t.Error("kept for nobody")
	}
}

// noDraft are fields of which no page keeps what was typed: they hold secrets.
var noDraft = []string{"query", "registrationToken", "username"}

// typedInto are the fields of a form that one types into.
func (f *foundForm) typedInto() url.Values {
	values := url.Values{}
	for _, field := range f.fields {
		if f.method == http.MethodPost && slices.Contains([]string{"text", "textarea", "number"}, field.kind) {
			values.Set(field.name, "7")
		}
	}
	return values
}

// Whoever adds a form finds here that its page restores nothing yet.
func TestDraft_EveryFormThatOneTypesIntoComesBack(t *testing.T) {
	t.Parallel()
	for _, account := range []string{"admin", "helpdesk", "user"} {
		k, forms := newFormFinder(t, newWorld(t), account), 0
		for _, form := range k.forms {
			typed := form.typedInto()
			if len(typed) == 0 || slices.ContainsFunc(noDraft, typed.Has) {
				continue
			}
			forms++
			sent := maps.Clone(typed)
			for _, field := range form.fields { // a script sends all of them
				if !typed.Has(field.name) {
					sent[field.name] = field.values
				}
			}
			k.browser.leaves(form.address, sent)
			page := k.browser.get(form.address).wants(http.StatusOK)
			if page.doc.Find("main[data-draft][data-restored]").Length() == 0 {
				t.Errorf("%s: the page %s restores nothing", form, form.address)
				continue
			}
			for name := range typed {
				if got := page.value(name); got != "7" {
					t.Errorf("%s: %s comes back with %q", form, name, got)
				}
			}
		}
		t.Logf("%s: %d forms", account, forms)
		if want := map[string]int{"admin": 12, "helpdesk": 5, "user": 1}[account]; forms < want {
			t.Errorf("%s types into %d forms only", account, forms)
		}
	}
}

// Notes and the tester stand on a page beside other forms.
func TestDraft_FormsBesideOthersComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 1)
	w.redeem(secret, "ann", "ann-pc")
	self := registrationTokens + "/" + token.ID
	b := w.login("admin")
	note := url.Values{"objectKind": {models.ObjectRegistrationToken}, "objectId": {token.ID}, "text": {"Called twice."}, "ticket": {"HD-1"}}

	tab := self + "?section=expected"
	b.leaves(tab, url.Values{"systemUserName": {"dora"}, "text": {"Called twice."}})
	page := b.get(tab).has("#notes details[open]", "").has(".notice-warning", "not saved yet")
	if page.value("systemUserName") != "dora" || page.value("text") != "Called twice." || page.value("objectId") != token.ID {
		t.Errorf("the forms hold %q, %q for %q", page.value("systemUserName"), page.value("text"), page.value("objectId"))
	}

	// What is sent beside it leaves a note alone; sent itself, it is done.
	b.leaves(self, note)
	b.post(self+"/raise", url.Values{"by": {"2"}}).wants(http.StatusSeeOther)
	if got := b.get(self).value("text"); got != "Called twice." {
		t.Errorf("after a raise the note holds %q", got)
	}
	b.leaves(self, note)
	added := b.follow(b.post("/admin/notes", note)).wants(http.StatusOK).has("#notes .note", "Called twice.").hasNot("#notes details[open]")
	if added.value("text") != "" || b.cookie(draftCookie) != "" {
		t.Errorf("after it was added the form holds %q", added.value("text"))
	}

	// With a fault it stands where it was typed, and after the session has ended too.
	wrong := b.post("/admin/notes", url.Values{"objectKind": note["objectKind"], "objectId": note["objectId"], "ticket": {strings.Repeat("x", 300)}}).wants(http.StatusUnprocessableEntity)
	wrong.has("#ticket-error", "characters").has("h1", "Lab")
	w.clock.Advance(31 * time.Minute)
	back := b.signInAgain(b.post("/admin/notes", note), "admin").wants(http.StatusOK).has(".notice-warning", "was not saved yet")
	if back.url.Path != self || back.value("text") != "Called twice." {
		t.Errorf("back on %s with %q", back.url.Path, back.value("text"))
	}
	long := url.Values{"objectKind": note["objectKind"], "objectId": note["objectId"], "text": {strings.Repeat("long ", 700)}, "ticket": {strings.Repeat("x", 300)}}
	b.post("/admin/notes", long).wants(http.StatusUnprocessableEntity).has("h1", "Add a note").has("textarea", "long long")
}

func TestDraft_WhatAScriptSendsAndIsTooLargeStaysInTheForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Lab", 5)
	b := w.login("admin")
	w.clock.Advance(31 * time.Minute)
	b.htmx = true
	left := b.post(registrationTokens+"/"+token.ID+"/disable", url.Values{"reason": {strings.Repeat("on hold ", 500)}}).wants(http.StatusUnauthorized)
	left.has(`a[href="/auth/login"][target=_blank]`, "Log in").has(".notice-danger", "still in the form")
	if left.leadsTo() != "" || left.header.Get("Hx-Retarget") != "#notices" {
		t.Errorf("leads to %q, into %q", left.leadsTo(), left.header.Get("Hx-Retarget"))
	}
}

// A session that ended while somebody types is known, so what they type is kept for them.
func TestDraft_WhatIsTypedAfterTheSessionEndedIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	w.clock.Advance(31 * time.Minute)
	b.leaves(newToken, half())
	b.signInAgain(b.get(newToken), "admin").wants(http.StatusOK).comesBack(t)
}

func TestDraft_KeepingItIsNoActivity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	for range 3 {
		w.clock.Advance(10 * time.Minute)
		b.leaves(newToken, half())
	}
	b.get(listURL).wants(http.StatusSeeOther)
}
