package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// brokenNames are the names in sentences that stand on two lines though one has room.
const brokenNames = `[...document.querySelectorAll("main span.inline-block.break-all")]
	.filter((name) => name.getBoundingClientRect().height > 1.5 * parseFloat(getComputedStyle(name).lineHeight))
	.map((name) => name.textContent).join(" ")`

// offMiddle are the states that do not stand in the middle of their row, with how far.
const offMiddle = `[...document.querySelectorAll(".rows td > .badge")].map((badge) => {
	const of = (box) => box.top + box.height / 2;
	return of(badge.getBoundingClientRect()) - of(badge.parentElement.getBoundingClientRect());
}).filter((off) => Math.abs(off) > 0.75).join(" ")`

// cutStates are the states that their column has no room for.
const cutStates = `[...document.querySelectorAll(".rows td .badge")].filter((badge) =>
	badge.getBoundingClientRect().right > badge.closest("td").getBoundingClientRect().right).map((badge) => badge.textContent).join(", ")`

func TestLooks_NamesStayWholeAndStatesHaveRoom(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	b := newBrowser(t, p.base, desktop)
	b.allow("beforeunload")
	for _, c := range []struct {
		page, wrong, what string
	}{
		{"verdict-unused_seats", brokenNames, "broken names"},
		{"verdict-retry_loop", brokenNames, "broken names"},
		{"attempt-holds-one-elsewhere", brokenNames, "broken names"},
		{"auth-tokens-many", offMiddle, "states off the middle"},
		{"tokens-many", offMiddle, "states off the middle"},
		{"auth-tokens-many", cutStates, "cut states"},
		{"investigate-results", cutStates, "cut states"},
		{"token-detail-full", cutStates, "cut states"},
		{"requests", cutStates, "cut states"},
	} {
		b.open(gallery + "/" + c.page)
		for _, l := range []look{desktop, {width: 390, height: 844}} {
			b.show(l)
			var wrong string
			b.run(chromedp.Evaluate(c.wrong, &wrong))
			if wrong != "" {
				t.Errorf("%s at %d px: %s %s", c.page, l.width, c.what, wrong)
			}
		}
	}
}
