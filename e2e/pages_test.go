package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestPages_AreAccessibleAndQuiet opens every page that can be reached, as
// every role, and looks at it in both themes, wide and narrow: axe finds
// nothing serious, the console stays silent, nothing needs sideways scrolling.
func TestPages_AreAccessibleAndQuiet(t *testing.T) {
	t.Parallel()
	p := startProgram(t, "--demo")
	for _, account := range []string{"admin", "helpdesk", "user", ""} {
		t.Run(account, func(t *testing.T) {
			t.Parallel()
			b := newBrowser(t, p.base, desktop)
			b.allow("403") // a person without a role meets it
			if account != "" {
				b.open("/auth/login")
				b.accessible("the development provider's login page")
				b.logIn(account)
			}
			pages := crawl(t, p, b, account, func(path string) { checkPage(b, account+" "+path) })
			if account == "admin" && len(pages) < 12 {
				t.Errorf("only %d pages were found", len(pages))
			}
			for _, kind := range mustReach[account] {
				if !slices.ContainsFunc(pages, func(page crawled) bool { return kindOf(page.path) == kind }) {
					t.Errorf("%s does not reach %s", account, kind)
				}
			}
		})
	}
}

// checkPage looks at the page that is open. What the dark theme changes is the
// colours.
func checkPage(b *browser, name string) {
	b.tb.Helper()
	for _, l := range []look{{width: 390, height: 844}, {width: 390, height: 844, dark: true}, {width: 1440, height: 1000, dark: true}, desktop} {
		b.show(l)
		var rules []string
		if l.dark {
			rules = colourRules
		}
		b.accessible(fmt.Sprintf("%s at %d px", name, l.width), rules...)
		if b.scrollsSideways() {
			b.tb.Errorf("%s scrolls sideways at %d px", name, l.width)
		}
	}
}

// colourRules are those of axe that the colours decide.
var colourRules = []string{"color-contrast", "link-in-text-block"}

// show switches the look of the page, without transitions, whose colours do not count.
func (b *browser) show(l look) {
	b.tb.Helper()
	b.run(append(l.set(), chromedp.Evaluate(`document.getAnimations().forEach(a => a.finish())`, nil))...)
}

// mustReach are kinds of pages that the links have to lead to.
var mustReach = map[string][]string{
	"admin": {
		"/admin/audit", "/admin/api-keys", "/admin/api-keys/new", "/admin/registration-tokens/:id?by", "/admin/registration-tokens/:id?section=expected",
		"/admin/registration-tokens/:id?from", "/admin/registration-tokens/:id/admission", "/admin/registration-tokens/:id/disable",
	},
	"helpdesk": {"/admin/audit", "/admin/registration-tokens/:id?by", "/admin/registration-tokens/:id?section=expected"},
	"user":     {"/my"},
}

type crawled struct{ path, html string }

// gallery shows every component. The made-up pages it leads to are not opened:
// what they link to and listen for is not there.
const gallery = "/dev/gallery"

// crawl follows the links of pages, a few of each kind, from the start page,
// and checks each while it is open. A signed-out person also sees the gallery.
func crawl(t *testing.T, p *program, b *browser, account string, look func(path string)) []crawled {
	t.Helper()
	queue := []string{"/", "/redeem", "/auth/signed-out", "/nowhere"}
	if account == "" {
		queue = append(queue, gallery)
	}
	b.allow("404", "/nowhere")
	seen, kinds := map[string]bool{}, map[string]int{}
	var pages []crawled
	for len(queue) > 0 {
		path, _, _ := strings.Cut(queue[0], "#") // a heading is no page of its own
		queue = queue[1:]
		if seen[path] || strings.HasPrefix(path, "/auth/login") || kinds[kindOf(path)] >= most(path) {
			continue
		}
		seen[path] = true
		kinds[kindOf(path)]++
		b.open(path)
		var html, where string
		var links []string
		b.run(chromedp.Evaluate(`document.documentElement.outerHTML`, &html), chromedp.Location(&where),
			chromedp.Evaluate(`[...document.querySelectorAll('a[href^="/"]')].map(a => a.getAttribute("href"))`, &links))
		pages = append(pages, crawled{path: strings.TrimPrefix(where, p.base), html: html})
		look(pages[len(pages)-1].path)
		if path != gallery {
			queue = append(queue, links...)
		}
	}
	return pages
}

// most is how many pages of a kind are opened: lists that are narrowed in
// another way look much the same.
func most(path string) int {
	if strings.Contains(path, "?") {
		return 2
	}
	return 4
}

// kindOf folds the addresses that differ only by an id or a filter.
func kindOf(path string) string {
	path, query, _ := strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if len(part) == 26 {
			parts[i] = ":id"
		}
	}
	if query != "" {
		first, _, _ := strings.Cut(query, "&")
		if name, _, _ := strings.Cut(first, "="); name != "section" { // a tab is a page of its own
			first = name
		}
		return strings.Join(parts, "/") + "?" + first
	}
	return strings.Join(parts, "/")
}

func sessionCookies(b *browser) []string {
	b.tb.Helper()
	var values []string
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		cookies, err := network.GetCookies().Do(ctx)
		for _, cookie := range cookies {
			if !cookie.HTTPOnly {
				continue // scripts read it, so it is no secret: the name of a zone
			}
			values = append(values, cookie.Value)
		}
		return err
	}))
	return values
}
