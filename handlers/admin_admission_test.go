package handlers_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"muster/internal/dev/idp"
	"muster/models"
	"muster/models/lists"
)

// admits adds those lines to the list of a registration token, under those
// rules.
func (w *world) admits(id string, rules models.Admission, lines ...string) {
	w.t.Helper()
	_, err := w.service.SetAdmission(w.t.Context(), w.admin(), id, models.AdmissionSettings{
		Rules: rules, Mode: models.ListAdd, Entries: lists.ReadExpected(strings.Join(lines, "\n"), lists.Choices{}).Entries,
	})
	must(w.t, err)
}

func TestAdmission_IsSetOnAFormOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, htmx := range map[string]bool{"plain": false, "htmx": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			token, secret := w.registrationToken("Pilot", 5)
			b := w.login("admin")
			b.htmx = htmx
			self := registrationTokens + "/" + token.ID
			form := b.get(self + "/admission").wants(http.StatusOK).fields("main form.form")
			form.Set("expected", "ana\r\n\r\nAda <ada@example.com>")
			form.Set("signInRequired", "")
			form.Set("networks", "198.51.100.0/24, 127.0.0.1")
			read := b.upload(self+"/admission", form, "host,note\npc-7.lab.example,desk 4\n").wants(http.StatusOK)
			read.has("#reading .reading-counts", "1 e-mail address").has("#reading .reading-counts", "1 host name")
			if list, err := w.store.ExpectedList(t.Context(), token.ID); err != nil || len(list) != 0 {
				t.Fatalf("saved before it was seen: %+v, %v", list, err)
			}
			confirmed := read.fields("main form.form")
			confirmed.Set("signInRequired", "")
			saved := b.upload(self+"/admission", confirmed, "")
			if to := saved.leadsTo(); !strings.HasSuffix(to, "?section=expected") {
				t.Fatalf("leads to %q: %s", to, saved.text("main"))
			}
			list, err := w.store.ExpectedList(t.Context(), token.ID)
			must(t, err)
			var got []string
			for _, e := range list {
				got = append(got, string(e.Kind)+" "+e.Pattern+" "+e.Note)
			}
			if !slices.Equal(got, []string{"email ada@example.com Ada", "person ana ", "host pc-7.lab.example desk 4"}) {
				t.Errorf("the list is %q", got)
			}
			w.redeem(secret, "ana", "")
			b.htmx = false
			page := b.get(self + "?section=expected&show=arrived").wants(http.StatusOK)
			page.has("#registration-token-"+token.ID+"-expected", "Only people and computers on the list are let in.Only redemptions from 198.51.100.0/24, 127.0.0.1/32 are let in.").has(".table", "ana")
			b.get(self+"?section=changes").has(".timeline", "Changed who may redeem it")
			b.get("/admin/audit").has("main", "changed who may redeem")

			// The form shows the list to be edited; what was changed meanwhile is
			// not overwritten.
			edit := b.get(self + "/admission").wants(http.StatusOK)
			again := edit.fields("main form.form")
			if !strings.Contains(again.Get("expected"), "ada@example.com;Ada") || edit.value("mode") != "replace" {
				t.Errorf("the form shows %q, %q", again.Get("expected"), edit.value("mode"))
			}
			w.admits(token.ID, models.Admission{OnlyExpected: true}, "bob")
			b.post(self+"/admission", again).wants(http.StatusConflict).has("main", "in the meantime")
		})
	}
}

func TestAdmission_SaysWhatIsWrongAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	b := w.login("admin")
	self := registrationTokens + "/" + token.ID + "/admission"
	for name, c := range map[string]struct {
		form  url.Values
		field string
		says  string
	}{
		"a bad line":        {url.Values{"mode": {"add"}, "expected": {"ana\nper*son:x@\n@"}}, "#expected-error", "Line 2"},
		"a bad domain":      {url.Values{"mode": {"add"}, "emailDomains": {"contoso"}}, "#emailDomains-error", "contoso"},
		"a bad network":     {url.Values{"mode": {"add"}, "networks": {"10.0.0.0/99"}}, "#networks-error", "10.0.0.0/99"},
		"a rule for nobody": {url.Values{"mode": {"add"}, "onlyExpected": {"true"}}, "#expected-error", "nobody would be let in"},
		"replaced by none":  {url.Values{"mode": {"replace"}, "expected": {" "}}, "#expected-error", "Empty the list"},
		"an unknown mode":   {url.Values{"mode": {"burn"}}, "#mode-error", "Choose"},
	} {
		form := b.get(self).wants(http.StatusOK).fields("main form.form")
		maps.Copy(form, c.form)
		page := b.post(self, form).wants(http.StatusUnprocessableEntity).has(c.field, c.says)
		if got := page.doc.Find("[name=networks]").Text(); got != c.form.Get("networks") {
			t.Errorf("%s: the form forgot %q", name, got)
		}
	}
	b.upload(self, url.Values{"mode": {"add"}}, "PK\x03\x04").wants(http.StatusUnprocessableEntity).has("#file-error", "save the sheet as CSV")
	must(t, deleteToken(w, token.ID))
	b.get(self).wants(http.StatusConflict)
	b.post(self, url.Values{"mode": {"add"}, "expected": {"ana"}, "networks": {""}, "emailDomains": {""}}).wants(http.StatusConflict)
	b.get(registrationTokens + "/nothing/admission").wants(http.StatusNotFound)
}

// A form of which a part is lost, or that says what no form of ours says, opens
// nothing.
func TestAdmission_AnIncompleteFormRemovesNoRule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	rules := models.Admission{Networks: []string{"10.0.0.0/8"}, EmailDomains: []string{"contoso.example"}, SignInRequired: true}
	w.admits(token.ID, rules)
	b := w.login("admin")
	self := registrationTokens + "/" + token.ID + "/admission"
	whole := b.get(self).wants(http.StatusOK).fields("main form.form")
	for field, c := range map[string]struct {
		values []string
		status int
	}{
		"networks":       {nil, http.StatusUnprocessableEntity},
		"emailDomains":   {nil, http.StatusUnprocessableEntity},
		"version":        {nil, http.StatusConflict},
		"signInRequired": {[]string{"on"}, http.StatusUnprocessableEntity},
		"onlyExpected":   {[]string{"TRUE"}, http.StatusUnprocessableEntity},
	} {
		form := maps.Clone(whole)
		if delete(form, field); c.values != nil {
			form[field] = c.values
		}
		b.post(self, form).wants(c.status)
	}
	b.post(self, nil).wants(http.StatusUnprocessableEntity)
	got, err := w.store.RegistrationToken(t.Context(), token.ID)
	must(t, err)
	if !reflect.DeepEqual(got.Networks, rules.Networks) || !reflect.DeepEqual(got.EmailDomains, rules.EmailDomains) || !got.SignInRequired {
		t.Errorf("the rules are %+v", got.Admission)
	}
	b.post(registrationTokens, url.Values{"identifier": {"x"}, "count": {"5"}, "signInRequired": {"on"}}).wants(http.StatusUnprocessableEntity)
}

func deleteToken(w *world, id string) error {
	_, err := w.service.DeleteRegistrationToken(w.t.Context(), w.admin(), id, models.RegistrationTokenDeletion{})
	return err
}

func TestAdmission_IsSetAtCreationToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	fresh := b.get(registrationTokens + "/new").wants(http.StatusOK)
	fresh.has("details.advanced summary", "Who may redeem it")
	form := fresh.fields(`main form[action="` + registrationTokens + `"]`)
	form.Set("count", "3")
	form.Set("onlyExpected", "true")
	form.Set("emailDomains", "x")
	form.Set("expected", "ana")
	form.Set("signInRequired", "")
	wrong := b.upload(registrationTokens, form, "").wants(http.StatusUnprocessableEntity).has("#emailDomains-error", "domain")
	if wrong.doc.Find("details[open] #emailDomains").Length() != 1 {
		t.Error("the error is folded away")
	}
	form.Set("nonce", wrong.value("nonce"))
	form.Set("emailDomains", "")
	read := b.upload(registrationTokens, form, "bob\n").wants(http.StatusOK).has("#reading", "2 user names").has("#reading", "a filter, not a lock").hasNot("#secret")
	form = read.fields(`main form[action="` + registrationTokens + `"]`)
	form.Set("signInRequired", "")
	created := b.upload(registrationTokens, form, "").wants(http.StatusOK)
	secret := models.Secret(created.text("#secret"))
	w.redeem(secret, "ana", "")
	w.redeem(secret, "bob", "")
	_, err := w.service.Redeem(t.Context(), w.redeemRequest(secret, "eve", ""))
	if models.ErrorCode(err) != models.CodeIdentityNotAllowed {
		t.Errorf("eve: %v", err)
	}
	b.get(registrationTokens + "/" + w.registrationTokens()[0].ID + "/edit").wants(http.StatusOK).hasNot("[name=onlyExpected]")
	b.get(recipientsPath).wants(http.StatusOK).hasNot("[name=onlyExpected]")
}

func TestExpected_ShowsWhoArrivedWhoIsMissingAndWhoIsUnexpected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 50)
	b := w.login("admin")
	tab := registrationTokens + "/" + token.ID + "?section=expected"
	b.get(tab).wants(http.StatusOK).has("main", "There is no expected list").has("main .tabs .tab[aria-current]", "Expected 0")
	var lines []string
	for i := range 12 {
		lines = append(lines, fmt.Sprintf("user%02d;desk %d", i, i))
	}
	w.admits(token.ID, models.Admission{}, lines...)
	b.get(tab+"&show=arrived").has("main", "Nobody on the list has arrived yet")
	b.get(tab+"&show=unexpected").has("main", "Nobody came who was not on the list")
	w.redeem(secret, "USER03", "pc-3.example")
	w.redeem(secret, "eve", "pc-9.example")
	missing := b.get(tab).wants(http.StatusOK)
	missing.has("nav[aria-label='The list']", "Missing 11Arrived 1Unexpected 1").has(".table", "user00").hasNot("#nothing")
	next := b.get(missing.doc.Find(".pager a[rel=next]").AttrOr("href", "")).wants(http.StatusOK)
	next.has(".table", "user11").has("nav[aria-label='The list'] [aria-current]", "Missing")
	b.get(tab+"&show=arrived").has(".tab-panel .table tbody", "user03Persondesk 3").has(".table .row-link", "just now")
	strangers := b.get(tab+"&show=unexpected").has(".table tbody", "eve").hasNot(`.table:contains("user")`)
	selection := b.get(strangers.doc.Find(`a:contains("Select them")`).AttrOr("href", "")).wants(http.StatusOK)
	selection.has(".table tbody", "eve").has(".tabs [aria-current]", "Unexpected").has("main", "Pilot")
	if n := selection.doc.Find(".table tbody tr").Length(); n != 1 {
		t.Errorf("%d are to be selected", n)
	}
	b.get(registrationTokens+"/"+token.ID).has(`tr:contains("eve")`, "not expected")
	b.get(tab + "&show=nobody").wants(http.StatusUnprocessableEntity)

	// The part that reloads by itself.
	b.htmx = true
	part := b.get(tab + "&show=arrived").wants(http.StatusOK)
	part.has("#registration-token-"+token.ID+"-expected", "user03").hasNot("html > body > .frame")
}

func TestTryAdmission_SaysWhatARedemptionWouldBeTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	w.admits(token.ID, models.Admission{OnlyExpected: true, Networks: []string{"192.0.2.0/24"}}, "ana", "ada@example.com")
	try := registrationTokens + "/" + token.ID + "/admission/try"
	for _, role := range []string{"admin", "helpdesk"} {
		b := w.login(role)
		for _, htmx := range []bool{false, true} {
			b.htmx = htmx
			ask := func(form url.Values) *answer { return b.post(try, form) }
			ask(url.Values{"systemUserName": {"ana"}, "ip": {"192.0.2.9"}}).wants(http.StatusOK).has("#admission-try .notice-success", "Yes, they would be let in")
			ask(url.Values{"systemUserName": {"x"}, "email": {"Ada@example.com"}, "ip": {"192.0.2.9"}}).wants(http.StatusOK).has("#admission-try .notice-success", "is on the list")
			ask(url.Values{"systemUserName": {"eve"}, "ip": {"192.0.2.9"}}).wants(http.StatusOK).has("#admission-try .notice-warning", "Not on the list, and not signed in")
			ask(url.Values{"systemUserName": {"ana"}, "ip": {"198.51.100.1"}}).wants(http.StatusOK).has("#admission-try .notice-warning", "Not from an allowed network")
			ask(url.Values{"systemUserName": {"ana"}}).wants(http.StatusUnprocessableEntity).has("#ip-error", "Give the IP address they come from")
			ask(url.Values{"ip": {"192.0.2.9"}, "email": {"nobody"}}).wants(http.StatusUnprocessableEntity).has("#email-error", "not an e-mail").has("#systemUserName-error", "needed")
		}
	}
	// What the helpdesk sees masked it cannot find out here without a trace.
	found, err := w.store.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditPersonalDataLookedUp}, models.PageRequest{})
	must(t, err)
	if len(found.Items) == 0 || strings.Contains(found.Items[0].Detail, "ada@") {
		t.Errorf("the trail has %+v", found.Items)
	}
	if got := w.usedCount(token.ID); got != 0 {
		t.Errorf("%d counts were taken", got)
	}
	must(t, deleteToken(w, token.ID))
	w.login("admin").post(try, url.Values{"systemUserName": {"ana"}, "ip": {"192.0.2.9"}}).wants(http.StatusOK).has("main", "The registration token is deleted.")
}

// A pattern of the list is masked, and a text that is no address may match it.
func TestTryAdmission_IsNoOracleOnTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	w.admits(token.ID, models.Admission{}, "host:10.88.66.5*")
	b := w.login("helpdesk")
	try := func(i int) *answer {
		return b.post(registrationTokens+"/"+token.ID+"/admission/try", url.Values{"fqdn": {fmt.Sprintf("10.88.%d.5999", i)}})
	}
	for i := range 30 {
		try(i).wants(http.StatusOK)
	}
	try(66).wants(http.StatusTooManyRequests)
	if n := len(w.audited(models.AuditPersonalDataLookedUp)); n != 30 {
		t.Errorf("%d tries are in the trail, want 30", n)
	}
}

func TestTryAdmission_NeedsAnAddressOnlyWhereARuleChecksIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	try := registrationTokens + "/" + token.ID + "/admission/try"
	b := w.login("helpdesk")
	b.post(try, url.Values{"systemUserName": {"ana"}}).wants(http.StatusOK).has("#admission-try .notice-success", "Yes, they would be let in")
	b.post(try, url.Values{"systemUserName": {"ana"}, "ip": {"192.0.2"}}).wants(http.StatusUnprocessableEntity).has("#ip-error", "or leave it empty")
}

func TestExpected_IsMaskedForTheHelpdesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 5)
	w.admits(token.ID, models.Admission{Networks: []string{"198.51.100.77/32"}}, "ada@example.com;grace@example.com")
	w.redeem(secret, "eve@example.com", "")
	b := w.login("helpdesk")
	tab := registrationTokens + "/" + token.ID + "?section=expected"
	for _, show := range []string{"missing", "unexpected", "arrived"} {
		page := b.get(tab + "&show=" + show).wants(http.StatusOK).hasNot("a[href$='/admission']")
		for _, secret := range []string{"ada@", "grace@", "eve@", "198.51.100.77"} {
			if strings.Contains(page.body, secret) {
				t.Errorf("%s shows %s", show, secret)
			}
		}
	}
	answer := b.post(registrationTokens+"/"+token.ID+"/admission/try", url.Values{"systemUserName": {"x"}, "email": {"ada@example.com"}, "ip": {"198.51.100.77"}}).wants(http.StatusOK)
	answer.has(".notice-success", "a…@example.com")
}

func TestRedeemPage_SaysWhichRuleAndOffersTheSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, email := idp.Person("user")
	token, secret := w.registrationToken("Pilot", 5)
	form := url.Values{"registrationToken": {secret.Reveal()}, "systemUserName": {"somebody"}}
	visitor, user := w.browser(), w.login("user")

	w.admits(token.ID, models.Admission{OnlyExpected: true}, email)
	visitor.post("/redeem", form).wants(http.StatusForbidden).has(".outcome-refused", "not found on the list").
		has(`.what-next form[action="/auth/login"] button`, "Sign in").hasNot("#redeem-who-title").has(".support-code", "-")
	user.post("/redeem", form).wants(http.StatusOK).has(".outcome-good", "ready")

	w.admits(token.ID, models.Admission{SignInRequired: true})
	away := visitor.post("/redeem", form).wants(http.StatusForbidden).has(".outcome-refused", "sign in first").has(".what-next form", "Sign in")
	user.post("/redeem", form).wants(http.StatusOK)
	admin := w.login("admin")
	code := away.text(".support-code")
	admin.get("/admin/investigate?code="+code).wants(http.StatusOK).has("main", "Sign-in required").has("main", "The same attempt would be turned away")
	w.admits(token.ID, models.Admission{EmailDomains: []string{"elsewhere.example"}})
	user.post("/redeem", form).wants(http.StatusForbidden).has(".outcome-refused", "another organisation").hasNot(".what-next form")
	w.admits(token.ID, models.Admission{Networks: []string{"192.0.2.0/24"}})
	visitor.accepts = "de"
	visitor.post("/redeem", form).wants(http.StatusForbidden).has(".outcome-refused", "Aus diesem Netz")
	w.admits(token.ID, models.Admission{})
	admin.get("/admin/investigate?code="+code).wants(http.StatusOK).has("main", "It can be redeemed now")
	if got := w.usedCount(token.ID); got != 2 {
		t.Errorf("%d counts were taken", got)
	}
}

// A list is shown as it was read, with what is not used; people say what columns and
// guesses are, and nothing is saved before they have seen it.
func TestAdmission_ShowsHowAListWasReadAndTakesAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	b := w.login("admin")
	self := registrationTokens + "/" + token.ID + "/admission"
	fields := func(a *answer) url.Values {
		form := a.fields("main form.form")
		form.Set("signInRequired", "")
		form.Set("onlyExpected", "")
		return form
	}
	entries := func() (all []string) {
		list, err := w.store.ExpectedList(t.Context(), token.ID)
		must(t, err)
		for _, e := range list {
			all = append(all, strings.TrimSpace(string(e.Kind)+" "+e.Pattern+" "+e.Note))
		}
		return all
	}
	form := fields(b.get(self).wants(http.StatusOK))
	form.Set("expected", "anna.weber\nbob@contoso.example\nPC-0815\n@")
	read := b.upload(self, form, "Asset;Rechnername;Raum\n1;LT-7;2.14\n").wants(http.StatusUnprocessableEntity)
	read.has("#expected-error", "Line 4 (“@”)").has("#reading .reading-counts", "2 host names").has("#reading", "1 line is left out").
		has("#reading .reading-counts", "2 cells are not used").has("#reading .table", "PC-0815Computer, guessed").has("main .btn-primary", "leaving out 1 line")
	answers := fields(read)
	for i, c := range answers["column"] {
		if c == "raum=none" {
			answers["column"][i] = "raum=note"
		}
	}
	for i, g := range answers["guessed"] {
		if g == "email=email" {
			answers["guessed"][i] = "email=person"
		}
	}
	again := b.upload(self, answers, "").wants(http.StatusUnprocessableEntity)
	again.has("#reading .reading-counts", "1 note").has("#reading .reading-counts", "2 user names").hasNot(`#reading .reading-counts dt:contains("by sign-in")`)
	if got := entries(); len(got) != 0 {
		t.Fatalf("saved before it was seen: %q", got)
	}
	b.upload(self, fields(again), "").leadsTo()
	want := []string{"person anna.weber", "person bob@contoso.example", "host LT-7 2.14", "host PC-0815"}
	if got := entries(); !slices.Equal(got, want) {
		t.Errorf("saved %q, want %q", got, want)
	}

	// The list as it is there needs no second look, unless that is asked for.
	untouched := fields(b.get(self).wants(http.StatusOK))
	untouched.Set("do", "check")
	b.post(self, untouched).wants(http.StatusOK).has("#reading", "How the list was read")
	untouched.Set("do", "")
	b.post(self, untouched).leadsTo()
}

// Entries from before e-mail addresses needed a sign-in are named where somebody
// looks, and settled with one click.
func TestExpected_AsksWhatBecomesOfClaimedEmails(t *testing.T) {
	t.Parallel()
	for settle, redeems := range map[string]int{"verify": http.StatusForbidden, "user_names": http.StatusOK} {
		t.Run(settle, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			token, secret := w.registrationToken("Pilot", 5)
			list := lists.ReadExpected("ada@example.com", lists.Choices{}).Entries
			list[0].ByClaim = true
			rules := models.Admission{OnlyExpected: true}
			_, err := w.service.SetAdmission(t.Context(), w.admin(), token.ID, models.AdmissionSettings{Rules: rules, Mode: models.ListAdd, Entries: list})
			must(t, err)
			b := w.login("admin")
			tab := registrationTokens + "/" + token.ID + "?section=expected"
			overview := b.get("/admin").wants(http.StatusOK).has("main", "has 1 e-mail address on its expected list that a device only has to claim")
			if to := overview.doc.Find(`main a:contains("Decide…")`).AttrOr("href", ""); to != tab {
				t.Errorf("the overview leads to %q", to)
			}
			page := b.get(tab).wants(http.StatusOK).has("#claims", "1 e-mail address on this list is still met by a claim").has("#filter-not-lock", "a filter, not a lock").has(".table", "E-mail, or a claim of it")
			w.login("helpdesk").get(tab).wants(http.StatusOK).has("#claims", "1 e-mail address").hasNot("#claims form")
			form := page.fields("#claims form")
			w.login("helpdesk").post(registrationTokens+"/"+token.ID+"/admission/claims", form).wants(http.StatusForbidden)
			b.post(registrationTokens+"/"+token.ID+"/admission/claims", form).wants(http.StatusUnprocessableEntity)
			form.Set("settle", settle)
			if to := b.post(registrationTokens+"/"+token.ID+"/admission/claims", form).leadsTo(); !strings.HasSuffix(to, tab) {
				t.Errorf("leads to %q", to)
			}
			b.get(tab).wants(http.StatusOK).hasNot("#claims")
			b.post(registrationTokens+"/"+token.ID+"/admission/claims", form).wants(http.StatusConflict)
			w.browser().post("/redeem", url.Values{"registrationToken": {secret.Reveal()}, "systemUserName": {"ada@example.com"}}).wants(redeems)
		})
	}
}
