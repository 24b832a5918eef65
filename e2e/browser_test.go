package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"muster/internal/test/chromium"
)

// axe is axe-core (MPL-2.0), which checks accessibility.
//
//go:embed testdata/axe.min.js
var axe string

// chrome is one browser for the whole run; every test has profiles of its
// own in it.
var chrome = sync.OnceValues(func() (context.Context, error) {
	ctx, stop, err := chromium.Start(context.Background())
	if err == nil {
		stopChromium = stop
	}
	return ctx, err
})

var stopChromium = func() {}

// browser is one window with a profile of its own.
type browser struct {
	tb   testing.TB
	ctx  context.Context
	base string
	look look

	mu       sync.Mutex
	problems []string // console errors, exceptions, CSP violations
	// allowed are parts of console messages that a test provokes.
	allowed []string
}

type look struct {
	width, height int64
	dark          bool
	noScript      bool
	zone          string // of the machine
}

var desktop = look{width: 1440, height: 1000}

// set gives a window this size and these colours.
func (l look) set() []chromedp.Action {
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	return []chromedp.Action{
		chromedp.EmulateViewport(l.width, l.height),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
	}
}

func newBrowser(tb testing.TB, base string, l look) *browser {
	tb.Helper()
	parent, err := chrome()
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel, err := chromium.NewProfile(parent)
	if err != nil {
		tb.Fatal(err)
	}
	return setUp(ctx, tb, cancel, base, l)
}

func setUp(ctx context.Context, tb testing.TB, cancel context.CancelFunc, base string, l look) *browser {
	tb.Helper()
	ctx, stop := context.WithTimeout(ctx, 10*time.Minute)
	b := &browser{tb: tb, ctx: ctx, base: base, look: l}
	tb.Cleanup(func() {
		b.mu.Lock()
		for _, problem := range b.problems {
			tb.Errorf("browser: %s", problem)
		}
		b.mu.Unlock()
		stop()
		cancel()
	})
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.LevelError {
				b.problem(e.Entry.Text + " " + e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			b.problem(e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.APITypeError {
				b.problem(fmt.Sprintf("console.error %s", e.Args[0].Value))
			}
		}
	})
	actions := append([]chromedp.Action{log.Enable(), runtime.Enable()}, l.set()...)
	if l.noScript {
		actions = append(actions, emulation.SetScriptExecutionDisabled(true))
	}
	if l.zone != "" {
		actions = append(actions, emulation.SetTimezoneOverride(l.zone))
	}
	// The first lasts as long as the window does, so it has the window's context.
	if err := chromedp.Run(ctx, actions...); err != nil {
		tb.Fatalf("open a window: %v", err)
	}
	return b
}

func (b *browser) problem(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, part := range b.allowed {
		if strings.Contains(text, part) {
			return
		}
	}
	b.problems = append(b.problems, text)
}

// allow expects console messages with these parts: a whole page that answers 4xx
// makes Chromium log one, a part does not.
func (b *browser) allow(parts ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowed = append(b.allowed, parts...)
}

// run does these within a bound that no honest page needs.
func (b *browser) run(actions ...chromedp.Action) {
	b.tb.Helper()
	bound, stop := context.WithTimeout(b.ctx, 3*time.Minute)
	defer stop()
	if err := chromedp.Run(bound, actions...); err != nil {
		shown, stop := context.WithTimeout(b.ctx, 10*time.Second)
		defer stop()
		var where, text string
		_ = chromedp.Run(shown, chromedp.Location(&where))
		_ = chromedp.Run(shown, chromedp.Text("body", &text, chromedp.ByQuery, chromedp.AtLeast(0)))
		b.tb.Fatalf("browser at %s: %v\n%s", where, err, text)
	}
}

func (b *browser) open(path string) {
	b.tb.Helper()
	target := path
	if strings.HasPrefix(path, "/") {
		target = b.base + path
	}
	b.run(chromedp.Navigate(target))
}

func (b *browser) fill(selector, value string) {
	b.tb.Helper()
	b.run(chromedp.WaitVisible(selector, chromedp.ByQuery),
		chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).value = ""; 0`, selector), nil),
		chromedp.SendKeys(selector, value, chromedp.ByQuery))
}

func (b *browser) click(selector string) {
	b.tb.Helper()
	b.run(chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
}

// press clicks the button or link with this text.
func (b *browser) press(text string) {
	b.tb.Helper()
	path := fmt.Sprintf(`//*[self::main or self::dialog]//*[(self::summary or (self::button or self::a) and not(ancestor::details[not(@open)])) and normalize-space()=%q]`, text)
	// To the middle, as a reader would scroll it, clear of the phone's bar.
	b.run(chromedp.WaitVisible(path, chromedp.BySearch),
		chromedp.Evaluate(fmt.Sprintf(`document.evaluate(%q, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue.scrollIntoView({block: "center"}); 0`, path), nil),
		chromedp.Click(path, chromedp.BySearch, chromedp.NodeVisible))
}

// see waits until the selector matches and its text contains all parts.
func (b *browser) see(selector string, parts ...string) {
	b.tb.Helper()
	deadline, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	var text string
	for {
		var nodes []*cdp.Node
		err := chromedp.Run(deadline, chromedp.Nodes(selector, &nodes, chromedp.ByQueryAll, chromedp.AtLeast(0)))
		if err == nil && len(nodes) > 0 {
			err = chromedp.Run(deadline, chromedp.Text(selector, &text, chromedp.ByQuery))
			if err == nil && containsAll(text, parts) {
				return
			}
		}
		if deadline.Err() != nil {
			b.tb.Fatalf("%s never said %q; it says:\n%s\nthe page:\n%s", selector, parts, text, b.text())
		}
		<-time.After(30 * time.Millisecond)
	}
}

// scrollsSideways tells whether the page is wider than its window.
func (b *browser) scrollsSideways() bool {
	b.tb.Helper()
	var overflow bool
	b.run(chromedp.Evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth + 1`, &overflow))
	return overflow
}

func containsAll(text string, parts []string) bool {
	folded := strings.Join(strings.Fields(text), " ")
	for _, part := range parts {
		if !strings.Contains(folded, part) {
			return false
		}
	}
	return true
}

func (b *browser) text() string {
	var text string
	_ = chromedp.Run(b.ctx, chromedp.Text("body", &text, chromedp.ByQuery))
	return text
}

// value reads an attribute or property through the DOM.
func (b *browser) value(selector string) string {
	b.tb.Helper()
	var value string
	b.run(chromedp.Value(selector, &value, chromedp.ByQuery))
	return value
}

func (b *browser) attribute(selector, name string) string {
	b.tb.Helper()
	var value string
	var ok bool
	b.run(chromedp.AttributeValue(selector, name, &value, &ok, chromedp.ByQuery))
	return value
}

// logIn goes through the real code flow of the development provider.
func (b *browser) logIn(account string) {
	b.tb.Helper()
	b.open("/auth/login")
	b.fill(`input[name="username"]`, account)
	b.fill(`input[name="password"]`, account)
	b.click(`form button[type="submit"]`)
	b.run(chromedp.WaitReady(`form[action="/auth/logout"]`, chromedp.ByQuery))
	if b.look.zone != "" && !b.look.noScript {
		// The first page loads itself once more, in the machine's zone; what is opened
		// before it did would never come.
		b.is(`document.documentElement.dataset.zone === Intl.DateTimeFormat().resolvedOptions().timeZone`)
	}
}

// accessible fails on every finding of axe that is serious or worse. rules limits the
// check; none means all rules.
func (b *browser) accessible(page string, rules ...string) {
	b.tb.Helper()
	var raw string
	var loaded bool
	b.run(chromedp.Evaluate(`"axe" in window`, &loaded))
	if !loaded {
		b.run(chromedp.Evaluate(axe+";0", nil))
	}
	only := ""
	if len(rules) > 0 {
		only = `runOnly: {type: "rule", values: ["` + strings.Join(rules, `", "`) + `"]}, `
	}
	// Without preload, which fetches the style sheet once more for a rule
	// that is off.
	b.run(chromedp.Evaluate(`axe.run(document, {`+only+`preload: false, resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(
			v => ({id: v.id, impact: v.impact, nodes: v.nodes.map(n => n.html + " :: " + n.failureSummary)}))))`, &raw,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	var findings []struct {
		ID, Impact string
		Nodes      []string
	}
	if err := json.Unmarshal([]byte(raw), &findings); err != nil {
		b.tb.Fatal(err)
	}
	for _, finding := range findings {
		if finding.Impact == "serious" || finding.Impact == "critical" {
			b.tb.Errorf("%s: axe %s (%s): %s", page, finding.ID, finding.Impact, strings.Join(finding.Nodes, "\n"))
		}
	}
}
