package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"muster/internal/test/webdriver"
)

// covered are the controls that are seen but cannot be clicked at their middle,
// since something else is there.
const covered = `(() => {
	const missed = [];
	for (const control of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
		if (control.disabled || !control.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
		let shown = control; // what is clipped is for screen readers only
		while (shown && getComputedStyle(shown).clipPath === "none") shown = shown.parentElement;
		if (shown) continue;
		control.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
		const box = control.getClientRects()[0];
		const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
		if (control.contains(hit) || [...control.labels ?? []].some((label) => label.contains(hit))) continue;
		missed.push(control.outerHTML.slice(0, 120) + " under " + (hit ? hit.outerHTML.slice(0, 120) : "nothing"));
	}
	return missed;
})()`

// unequal are the selects that are not as high as an input of one line.
const unequal = `[...document.querySelectorAll("select.input")].filter((select) => select.checkVisibility() &&
	select.getBoundingClientRect().height !== parseFloat(getComputedStyle(select).minHeight)).map((select) => select.outerHTML.slice(0, 80))`

// opens is what a hit test needs of a browser.
type opens interface {
	open(path string)
	eval(result any, expression string)
}

func (b *browser) eval(result any, expression string) {
	b.tb.Helper()
	b.run(chromedp.Evaluate(expression, result))
}

// hitPages are the main pages, the objects of which are the first of their lists.
func hitPages(b opens) []string {
	pages := []string{
		"/admin", "/admin/registration-tokens", "/admin/auth-tokens", "/admin/requests", "/admin/investigate", "/admin/audit", "/admin/api-keys",
		"/admin/registration-tokens/new", "/redeem", "/my", "/nowhere",
	}
	for _, list := range []string{"/admin/registration-tokens", "/admin/auth-tokens"} {
		b.open(list)
		var first string
		b.eval(&first, `document.querySelector(".row-open").getAttribute("href")`)
		pages = append(pages, first, first+"/delete")
		if list == "/admin/registration-tokens" {
			pages = append(pages, first+"/edit", first+"/replace", first+"/admission", first+"?section=expected", first+"?section=refused", first+"?section=changes")
		}
	}
	return pages
}

// hitTest fails for each control of a page that cannot be clicked where it is seen.
func hitTest(tb testing.TB, b opens) {
	tb.Helper()
	for _, page := range hitPages(b) {
		b.open(page)
		var missed []string
		b.eval(&missed, covered)
		if len(missed) > 0 {
			tb.Errorf("%s: %d controls cannot be clicked:\n%s", page, len(missed), strings.Join(missed, "\n"))
		}
		var high []string
		b.eval(&high, unequal)
		if len(high) > 0 {
			tb.Errorf("%s: selects of another height than inputs: %s", page, high)
		}
	}
}

func TestControls_CanBeClickedWhereTheyAreSeen(t *testing.T) {
	p := startProgram(t, "--demo")
	t.Run("looks", func(t *testing.T) {
		t.Run("chromium", func(t *testing.T) {
			t.Parallel()
			for _, l := range bothWidths {
				b := newBrowser(t, p.base, l)
				b.allow("404", "/nowhere")
				b.logIn("admin")
				hitTest(t, b)
			}
		})
		for _, kind := range engines {
			t.Run(string(kind), func(t *testing.T) {
				t.Parallel()
				w := newWindow(t, kind, p.base, desktop)
				w.logIn("admin")
				for _, l := range bothWidths {
					w.must(w.Resize(w.ctx, int(l.width), int(l.height)))
					hitTest(t, w)
				}
			})
		}
	})
}

var (
	engines    = []webdriver.Kind{webdriver.Firefox, webdriver.WebKit}
	bothWidths = []look{desktop, {width: 390, height: 844}}
)
