package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/internal/test/webdriver"
)

// window is a window of Firefox or WebKit, with the words of [browser].
type window struct {
	tb   testing.TB
	ctx  context.Context
	base string
	*webdriver.Browser
}

func newWindow(tb testing.TB, kind webdriver.Kind, base string, l look) *window {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), 10*time.Minute)
	tb.Cleanup(cancel)
	b, err := webdriver.Start(ctx, kind)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(b.Stop)
	w := &window{tb: tb, ctx: ctx, base: base, Browser: b}
	w.must(w.Resize(ctx, int(l.width), int(l.height)))
	return w
}

// must fails the test and says what the page shows.
func (w *window) must(err error) {
	w.tb.Helper()
	if err != nil {
		var where string
		_ = w.Run(w.ctx, &where, "return location.href")
		w.tb.Fatalf("at %s: %v\n%s", where, err, w.text())
	}
}

func (w *window) open(path string) {
	w.tb.Helper()
	w.must(w.Open(w.ctx, w.base+path))
}

// eval reads a JavaScript expression.
func (w *window) eval(result any, expression string) {
	w.tb.Helper()
	w.must(w.Run(w.ctx, result, "return "+expression))
}

func (w *window) text() string {
	var text string
	_ = w.Run(w.ctx, &text, "return document.body.innerText")
	return text
}

func (w *window) fill(selector, value string) {
	w.tb.Helper()
	w.must(w.Run(w.ctx, nil, `document.querySelector(arguments[0]).value = ""`, selector))
	w.must(w.Type(w.ctx, selector, value))
}

func (w *window) click(selector string) {
	w.tb.Helper()
	w.must(w.Click(w.ctx, selector))
}

// press clicks the button or link with this text, in the middle, as a reader would
// scroll it, clear of the phone's bar. Before its scripts have run a page only has links.
func (w *window) press(text string) {
	w.tb.Helper()
	w.is(`document.readyState === "complete"`)
	w.must(w.Run(w.ctx, nil, `document.evaluate(arguments[0], document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue?.scrollIntoView({block: "center"})`, pressed(text)))
	w.click(pressed(text))
}

// pressed is the XPath of the button or link with this text that is not folded away.
func pressed(text string) string {
	return fmt.Sprintf(`//*[self::main or self::dialog[@open]]//*[(self::summary or (self::button or self::a) and not(ancestor::details[not(@open)])) and normalize-space()=%q]`, text)
}

// see waits until the selector matches and its text contains all parts.
func (w *window) see(selector string, parts ...string) {
	w.tb.Helper()
	deadline := time.Now().Add(30 * time.Second)
	var text *string
	for {
		// A page that is being left answers with an error.
		err := w.Run(w.ctx, &text, "return document.querySelector(arguments[0])?.innerText ?? null", selector)
		if err == nil && text != nil && containsAll(*text, parts) {
			return
		}
		if time.Now().After(deadline) {
			w.tb.Fatalf("%s never said %q; the page (%v):\n%s", selector, parts, err, w.text())
		}
		<-time.After(30 * time.Millisecond)
	}
}

// is waits until a JavaScript expression is true.
func (w *window) is(expression string) {
	w.tb.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		var yes bool
		err := w.Run(w.ctx, &yes, "return Boolean("+expression+")")
		if err == nil && yes {
			return
		}
		if time.Now().After(deadline) {
			w.tb.Fatalf("%s never was true (%v); the page:\n%s", expression, err, w.text())
		}
		<-time.After(30 * time.Millisecond)
	}
}

func (w *window) logIn(account string) {
	w.tb.Helper()
	w.open("/auth/login")
	w.fill(`input[name="username"]`, account)
	w.fill(`input[name="password"]`, account)
	w.click(`form button[type="submit"]`)
	w.is(`document.querySelector('form[action="/auth/logout"]')`)
}

// attribute is an attribute of the first element that matches.
func (w *window) attribute(selector, name string) string {
	w.tb.Helper()
	var value string
	w.must(w.Run(w.ctx, &value, `return document.querySelector(arguments[0]).getAttribute(arguments[1])`, selector, name))
	return value
}

// fits fails when the page is wider than its window.
func (w *window) fits(page string) {
	w.tb.Helper()
	var over int
	w.eval(&over, "document.documentElement.scrollWidth - document.documentElement.clientWidth")
	if over > 1 {
		w.tb.Errorf("%s is %d pixels wider than its window", page, over)
	}
}

// secretIn is the registration token that the page shows.
func (w *window) secretIn() string {
	w.tb.Helper()
	secret := secretPattern.FindString(w.text())
	if secret == "" {
		w.tb.Fatalf("the page shows no registration token:\n%s", strings.TrimSpace(w.text()))
	}
	return secret
}
