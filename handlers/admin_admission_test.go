package handlers_test

import (
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
			form := b.get(self + "/admission").wants(http.StatusOK).fields("main form[enctype]")
			form.Set("expected", "ana\r\n\r\nAda <ada@example.com>")
			form.Set("signInRequired", "")
			form.Set("networks", "198.51.100.0/24, 127.0.0.1")
			read := b.upload(self+"/admission", form, "host,note\npc-7.lab.example,desk 4\n").wants(http.StatusOK)
			read.has("#reading .reading-counts", "1 e-mail address").has("#reading .reading-counts", "1 host name")
			if list, err := w.store.ExpectedList(t.Context(), token.ID); err != nil || len(list) != 0 {
				t.Fatalf("saved before it was seen: %+v, %v", list, err)
			}
			confirmed := read.fields("main form[enctype]")
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
			again := edit.fields("main form[enctype]")
			if !strings.Contains(again.Get("expected"), "ada@example.com;Ada") || edit.value("mode") != "replace" {
				t.Errorf("the form shows %q, %q", again.Get("expected"), edit.value("mode"))
			}
			w.admits(token.ID, models.Admission{OnlyExpected: true}, "bob")
			refused := b.post(self+"/admission", again).wants(http.StatusPreconditionFailed).has(".notice", "Somebody else saved a change").
				has("#conflict-title + p", "changed who may redeem it").has("main .form-actions", "Save mine over it")
			for field, both := range map[string]string{
				"List": "3 entries4 entries, only here: bob", "Networks": "198.51.100.0/24, 127.0.0.1/32",
			} {
				refused.has(`section[aria-labelledby="conflict-title"] tr:contains("`+field+`")`, both)
			}
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
		form := b.get(self).wants(http.StatusOK).fields("main form[enctype]")
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
	whole := b.get(self).wants(http.StatusOK).fields("main form[enctype]")
	for field, c := range map[string]struct {
		values []string
		status int
	}{
		"networks":       {nil, http.StatusUnprocessableEntity},
		"emailDomains":   {nil, http.StatusUnprocessableEntity},
		"version":        {nil, http.StatusPreconditionFailed},
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
		form := a.fields("main form[enctype]")
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
		has("#reading .reading-counts", "2 cells are not used").has("#reading .table", "PC-0815Computer, guessed").has("main .btn-primary", "without 1 line")
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
