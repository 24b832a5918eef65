package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"muster/models/store/storetest"
)

// Every form of every page, sent as it stands and with each of its fields left
// out, blank, twice, too long and wrong: what comes back is a page that says
// what is wrong, never a failure of ours.
func TestForms_NothingThatIsSentIsAFailureOfOurs(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	reached := map[string]bool{} // routes that forms were sent to
	t.Run("as", func(t *testing.T) {
		for _, account := range []string{"admin", "helpdesk", "user", nobody} {
			t.Run(account, func(t *testing.T) {
				t.Parallel()
				k := newFormFinder(t, newWorld(t), account)
				k.past = newRewinder(k.w)
				k.keepState()
				for i := 0; i < len(k.forms); i++ { // answers bring more
					k.sendInEveryWay(k.forms[i])
				}
				if logged := k.w.logs.String(); strings.Contains(logged, `"level":"ERROR"`) {
					t.Errorf("errors were logged: %s", logged)
				}
				t.Logf("%d forms on %d pages, sent %d times", len(k.forms), len(k.visited), k.sent)
				mu.Lock()
				defer mu.Unlock()
				for _, form := range k.forms {
					reached[form.route()] = true
				}
			})
		}
	})
	for _, route := range newWorld(t).server.Routes() {
		if route.Page && route.Method == http.MethodPost && !reached[route.Method+" "+route.Path] && withoutForm[route.Path] == "" {
			t.Errorf("no form was found that is sent to %s; let seedForms make what has one", route.Path)
		}
	}
}

// PostgreSQL takes no text with a NUL, or that is not UTF-8; SQLite takes both.
func TestForms_WhatIsNoTextDoesNotReachPostgreSQL(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, storetest.Postgres(t))
	for _, account := range []string{"admin", "helpdesk", "user"} {
		k := newFormFinder(t, w, account)
		for _, f := range k.forms {
			c := changes{form: f, whole: k.asItStands(f)}
			for _, field := range f.fields {
				if k.first(f.route() + " " + field.name) {
					c.mistype(field.name, "a\x00b", "\xff\xfe")
				}
			}
			for _, s := range c.all {
				k.check(f, s, k.send(f, s))
			}
		}
	}
}

// withoutForm are the routes of pages that no form is sent to, and why.
var withoutForm = map[string]string{
	"/my/settings/theme": "the switch of colours, which works by script alone",
	"/admin/draft":       "a script sends it what is typed into other forms",
	"/realms/*":          "the development provider answers below it, to a form that is found",
}

// sendInEveryWay sends a form as it stands, which must work, and then wrong,
// each time in the state that it was found in.
func (k *formFinder) sendInEveryWay(f *foundForm) {
	t := k.w.t
	t.Helper()
	k.past.rewind(f.state)
	whole := k.asItStands(f)
	a := k.send(f, whole)
	if a.status >= http.StatusBadRequest {
		t.Errorf("%s as it stands: status %d: %s", f, a.status, a.text("main"))
	}
	k.check(f, whole, a)
	k.gather(a)
	k.gather(k.sender.follow(a))
	k.keepState()
	changed := true
	for _, s := range k.changesOf(f, whole) {
		if changed {
			k.past.rewind(f.state)
		}
		a := k.send(f, s)
		changed = f.method == http.MethodPost && a.status < http.StatusBadRequest
		k.check(f, s, a)
	}
}

// changesOf are the ways to send a form that its page does not offer. What
// another form has sent to the same route is not sent once more.
func (k *formFinder) changesOf(f *foundForm, whole sending) []sending {
	c := changes{form: f, whole: whole, texts: mistypedTexts}
	if k.account == "helpdesk" {
		c.texts = mistypedTexts[:5] // to the handlers that the administrator's forms are sent to
	}
	if k.first(f.route()) {
		c.ofAll()
	}
	for _, field := range f.fields {
		if k.first(f.route() + " " + field.name) {
			c.of(field)
		}
	}
	return c.all
}

// first reports whether that was not asked before.
func (k *formFinder) first(what string) bool {
	known := k.known[what]
	k.known[what] = true
	return !known
}

// changes are ways to send a form wrong.
type changes struct {
	form  *foundForm
	whole sending
	texts []string
	all   []sending
}

// add takes one, and where scripts send the form, a second one in their way.
func (c *changes) add(what string, edit func(*sending)) {
	for _, htmx := range []bool{false, true} {
		if htmx && !c.form.htmx {
			continue
		}
		s := c.whole.clone()
		s.change, s.htmx = what, htmx
		edit(&s)
		c.all = append(c.all, s)
	}
}

func (c *changes) ofAll() {
	c.add("everything left out", func(s *sending) { clear(s.values) })
	c.add("everything blank", func(s *sending) {
		for name := range s.values {
			s.values[name] = []string{""}
		}
	})
	if c.form.method != http.MethodPost {
		return
	}
	for _, as := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=none", "application/json", "(/", ""} {
		c.add("sent as "+as, func(s *sending) { s.as = &as })
	}
	limit := 64 << 10
	if c.form.multipart {
		limit = 2 << 20
	}
	c.add("a body over the limit", func(s *sending) { s.values.Set("note", strings.Repeat("x", limit)) })
}

// mistypedTexts are wrong in most fields, each in its way.
var mistypedTexts = []string{
	"", "nonsense", "-1", "a\x00b\xff", strings.Repeat("w", 5_000),
	"0", "99999999999999999999999", "custom", "10000-01-01T00:00", "\u202eevil", "\r\n%zz",
	"a=b&state=live", "//evil.example", "0123456789abcdefghjkmnpqrs", strings.Repeat("a,b;c\n", 1_000),
}

var mistypedFiles = []string{"", "Ada\x00", "\xff\xfe\x00A", `"`, strings.Repeat("x@corp.example\n", 5_001), strings.Repeat("x", 2<<20)}

func (c *changes) of(field formField) {
	if field.kind == "file" {
		for _, content := range mistypedFiles {
			c.add("a file "+shown(content), func(s *sending) { s.file = content })
		}
		return
	}
	c.add(field.name+" left out", func(s *sending) { s.values.Del(field.name) })
	c.add(field.name+" twice", func(s *sending) { s.values.Add(field.name, "another") })
	c.mistype(field.name, c.texts...)
}

func (c *changes) mistype(field string, texts ...string) {
	for _, text := range texts {
		c.add(field+" is "+shown(text), func(s *sending) {
			s.values.Set(field, text)
			s.typed = map[string]string{field: text}
		})
	}
}

func shown(text string) string {
	if len(text) > 40 {
		text = text[:40] + "…"
	}
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", "NUL"), "?")
}

// check fails unless the answer is one that a person can read.
func (k *formFinder) check(f *foundForm, s sending, a *answer) {
	t := k.w.t
	t.Helper()
	kind := a.header.Get("Content-Type")
	file := a.status == http.StatusOK && a.header.Get("Content-Disposition") != ""
	switch {
	case a.status >= http.StatusInternalServerError:
		t.Errorf("%s with %s: status %d", f, s.change, a.status)
	case a.leadsTo() != "":
	case a.method == http.MethodPost && !s.htmx && !file && !mayAnswerPost(f, s, a):
		t.Errorf("%s with %s: a page without an address of its own: %d %s", f, s.change, a.status, a.text("h1"))
	case strings.TrimSpace(a.body) == "":
		t.Errorf("%s with %s: status %d and nothing else", f, s.change, a.status)
	case !strings.HasPrefix(kind, "text/html") && !file:
		t.Errorf("%s with %s: status %d as %q", f, s.change, a.status, kind)
	case a.status >= http.StatusBadRequest && f.method == http.MethodPost: // what a list cannot do is left out
		k.keepsWhatWasTyped(f, s, a)
	}
}

// mayAnswerPost reports whether the answer to a POST may be a page: reloading it, or
// going back to it, asks whether to send the form again.
func mayAnswerPost(f *foundForm, s sending, a *answer) bool {
	switch {
	case f.route() == "POST /redeem", strings.HasPrefix(f.route(), "POST /realms/"):
		return true // programs read its status; the development provider is no page of ours
	case a.doc.Find("#secret").Length() > 0:
		return true // shown here and nowhere else; its script gives it an address
	case s.file != "", len(s.values.Encode()) > 1_500:
		return true // fits into no cookie
	case a.status == http.StatusBadRequest, a.status == http.StatusForbidden, a.status == http.StatusRequestEntityTooLarge, a.status == http.StatusUnsupportedMediaType:
		return true // no form of ours sends that
	}
	return false
}

// neverShownAgain are fields that hold secrets; the desk is given anything.
var neverShownAgain = []string{"registrationToken", "password", "query"}

// keepsWhatWasTyped looks whether a form that comes back holds it. Pages
// cannot hold what is no text.
func (k *formFinder) keepsWhatWasTyped(f *foundForm, s sending, a *answer) {
	k.w.t.Helper()
	for _, again := range formsOf(a) {
		if again.route() != f.route() {
			continue
		}
		for _, field := range again.fields {
			text, changed := s.typed[field.name]
			editable := slices.Contains([]string{"text", "textarea", "number", "datetime-local"}, field.kind)
			if !changed || !editable || !utf8.ValidString(text) || strings.Contains(text, "\x00") || slices.Contains(neverShownAgain, field.name) {
				continue
			}
			if got := strings.Join(field.values, ""); squeeze(got) != squeeze(text) {
				k.w.t.Errorf("%s with %s: comes back with %q", f, s.change, shown(got))
			}
		}
		return
	}
}
