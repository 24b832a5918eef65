package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestGallery_EveryStateIsAccessibleAndFits opens every component and page in
// every state: wide and light, as a phone in the dark, and as a phone at 200 %
// zoom. axe finds nothing serious, nothing scrolls sideways, and a page that
// is made up listens to nothing.
func TestGallery_EveryStateIsAccessibleAndFits(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	b := newBrowser(t, p.base, desktop)
	b.open(gallery)
	var pages []string
	b.run(chromedp.Evaluate(`[...document.querySelectorAll(".gallery-pages a")].map(a => a.getAttribute("href"))`, &pages))
	if len(pages) < 90 {
		t.Fatalf("the gallery leads to only %d pages", len(pages))
	}
	pages = append(pages, gallery)
	const windows = 3 // side by side, to be done sooner
	for window := range windows {
		t.Run(fmt.Sprint("window ", window+1), func(t *testing.T) {
			t.Parallel()
			b := newBrowser(t, p.base, desktop)
			b.allow("beforeunload") // a page with a secret asks before it is left
			for i := window; i < len(pages); i += windows {
				checkGalleryPage(t, b, pages[i])
			}
		})
	}
}

func checkGalleryPage(t *testing.T, b *browser, page string) {
	t.Helper()
	b.open(page)
	b.show(desktop)
	b.accessible(page + ", wide and light")
	b.show(look{width: 390, height: 844, dark: true})
	b.accessible(page+", phone and dark", colourRules...)
	if b.scrollsSideways() {
		t.Errorf("%s scrolls sideways on a phone", page)
	}
	b.show(look{width: 195, height: 422, dark: true})
	if b.scrollsSideways() {
		t.Errorf("%s scrolls sideways on a phone at 200 %% zoom: %s", page, b.widest())
	}
	var live string
	b.run(chromedp.Evaluate(`document.body.dataset.liveUrl ?? ""`, &live))
	if live != "" {
		t.Errorf("%s listens to %s", page, live)
	}
}

// widest names the element that extends farthest beyond the window.
func (b *browser) widest() string {
	b.tb.Helper()
	var text string
	b.run(chromedp.Evaluate(`[...document.querySelectorAll("body *")]
		.filter(e => getComputedStyle(e).position === "absolute" || !e.parentElement.closest(".tabs, .table-box"))
		.map(e => [e.getBoundingClientRect().right, e]).filter(([right]) => right > innerWidth + 1)
		.sort((a, b) => b[0] - a[0]).slice(0, 5).map(([right, e]) => Math.round(right) + " px: " + e.outerHTML.slice(0, 120)).join("\n")`, &text))
	return text
}
