package handlers_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// browser is a client that keeps cookies and follows no redirect by itself.
type browser struct {
	w      *world
	client *http.Client
	// htmx makes every request one of htmx.
	htmx bool
	// accepts is the languages the browser asks for.
	accepts string
}

func (w *world) browser() *browser {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	must(w.t, err)
	client := *w.http.Client()
	client.Jar = jar
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{w: w, client: &client}
}

// login signs an account of the development provider in, through its page.
func (w *world) login(account string) *browser {
	w.t.Helper()
	b := w.browser()
	led := b.logInFrom(b.get("/auth/login"), account)
	if b.cookie(sessionCookie)+b.cookie("__Host-"+sessionCookie) == "" {
		w.t.Fatalf("%s is not signed in: %d %s\n%.300s", account, led.status, led.url, led.doc.Find("main").Text())
	}
	return b
}

// logInFrom goes on from the redirect to the provider and returns the page
// the login leads to.
func (b *browser) logInFrom(started *answer, account string) *answer {
	b.w.t.Helper()
	if started.doc.Find("meta[http-equiv=refresh]").Length() > 0 { // a form has been sent
		started = b.get(started.movesTo())
	}
	page := b.follow(started)
	form := page.doc.Find("form").First()
	values := url.Values{"username": {account}, "password": {account}}
	form.Find("input[type=hidden]").Each(func(_ int, field *goquery.Selection) {
		values.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	target := page.resolve(form.AttrOr("action", ""))
	return b.follow(b.do(http.MethodPost, target, values))
}

// answer is an answer, read and parsed.
type answer struct {
	t      testing.TB
	method string
	url    *url.URL
	status int
	header http.Header
	body   string
	doc    *goquery.Document
}

func (b *browser) get(path string) *answer {
	b.w.t.Helper()
	return b.do(http.MethodGet, path, nil)
}

func (b *browser) post(path string, form url.Values) *answer {
	b.w.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	return b.do(http.MethodPost, path, form)
}

func (b *browser) do(method, target string, form url.Values) *answer {
	b.w.t.Helper()
	if strings.HasPrefix(target, "/") {
		target = b.w.base + target
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(context.WithoutCancel(b.w.t.Context()), method, target, body)
	must(b.w.t, err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.htmx {
		r.Header.Set("HX-Request", "true")
	}
	if b.accepts != "" {
		r.Header.Set("Accept-Language", b.accepts)
	}
	return b.send(r)
}

// send sends a request of any shape.
func (b *browser) send(r *http.Request) *answer {
	b.w.t.Helper()
	response, err := b.client.Do(r)
	must(b.w.t, err)
	raw, err := io.ReadAll(response.Body)
	must(b.w.t, err)
	must(b.w.t, response.Body.Close())
	if refused := response.Header.Get("Muster-Status"); response.StatusCode == http.StatusSeeOther && refused != "" {
		return b.shown(r, response, refused)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(raw))
	must(b.w.t, err)
	status := response.StatusCode
	if meant := response.Header.Get("Muster-Status"); meant != "" { // so that the console stays quiet
		if status != http.StatusOK && status != http.StatusNoContent {
			b.w.t.Fatalf("%s: %s goes as %d", r.URL.Path, meant, status)
		}
		status, err = strconv.Atoi(meant)
		must(b.w.t, err)
	}
	return &answer{t: b.w.t, method: r.Method, url: r.URL, status: status, header: response.Header, body: string(raw), doc: doc}
}

// shown is the page that a form which was sent in vain leads to, with the status that
// it was refused with.
func (b *browser) shown(sent *http.Request, led *http.Response, refused string) *answer {
	b.w.t.Helper()
	to, err := led.Location()
	must(b.w.t, err)
	next, err := http.NewRequestWithContext(sent.Context(), http.MethodGet, to.String(), http.NoBody)
	must(b.w.t, err)
	next.Header.Set("Accept-Language", sent.Header.Get("Accept-Language"))
	page := b.follow(b.send(next))
	if page.status == http.StatusOK {
		page.status, err = strconv.Atoi(refused)
		must(b.w.t, err)
	}
	if wait := led.Header.Get("Retry-After"); wait != "" {
		page.header.Set("Retry-After", wait)
	}
	return page
}

// follow goes where redirects lead, those for htmx included.
func (b *browser) follow(a *answer) *answer {
	b.w.t.Helper()
	for range 10 {
		to := a.leadsTo()
		if to == "" {
			return a
		}
		a = b.do(http.MethodGet, a.resolve(to), nil)
	}
	b.w.t.Fatal("too many redirects")
	return nil
}

// leadsTo is where the answer sends the browser; empty when it stays.
func (a *answer) leadsTo() string {
	if to := a.header.Get("Hx-Redirect"); to != "" {
		return to
	}
	if a.status >= 300 && a.status < 400 {
		return a.header.Get("Location")
	}
	return ""
}

func (a *answer) resolve(to string) string {
	a.t.Helper()
	u, err := a.url.Parse(to)
	must(a.t, err)
	return u.String()
}

// wants fails unless the status is as wanted.
func (a *answer) wants(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: status %d, want %d\n%s", a.url.Path, a.status, status, squeeze(a.doc.Text()))
	}
	return a
}

// text is the text of what the selector finds, white space squeezed.
func (a *answer) text(selector string) string { return squeeze(a.doc.Find(selector).Text()) }

// has fails unless the selector finds something with that text in it.
func (a *answer) has(selector, text string) *answer {
	a.t.Helper()
	found := a.doc.Find(selector)
	if found.Length() == 0 {
		a.t.Fatalf("%s: nothing matches %q\n%s", a.url.Path, selector, squeeze(a.doc.Text()))
	}
	if got := squeeze(found.Text()); !strings.Contains(got, text) {
		a.t.Fatalf("%s: %q holds %q, want %q", a.url.Path, selector, got, text)
	}
	return a
}

// hasNot fails when the selector finds something.
func (a *answer) hasNot(selector string) *answer {
	a.t.Helper()
	if found := a.doc.Find(selector); found.Length() > 0 {
		a.t.Fatalf("%s: %q matches %q", a.url.Path, selector, squeeze(found.First().Text()))
	}
	return a
}

// value is what a form field holds.
func (a *answer) value(name string) string {
	return fieldValue(a.doc.Find(`[name="` + name + `"]`).First())
}

func fieldValue(field *goquery.Selection) string {
	switch goquery.NodeName(field) {
	case "textarea":
		return field.Text()
	case "select":
		return field.Find("option[selected]").AttrOr("value", "")
	default:
		return field.AttrOr("value", "")
	}
}

func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }
