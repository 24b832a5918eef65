package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// tallest is the height of the tallest row of the list, in pixels.
func (b *browser) tallest() float64 {
	b.tb.Helper()
	var height float64
	b.run(chromedp.Evaluate(`Math.max(...[...document.querySelectorAll(".rows tbody tr")].map((row) => row.getBoundingClientRect().height))`, &height))
	return height
}

// cutIn is at how many places the first text in the part of the page is cut.
func (b *browser) cutIn(part string) int {
	b.tb.Helper()
	var places int
	b.run(chromedp.Evaluate(`(() => {
		const text = document.querySelector("`+part+` bdi");
		return [text, ...text.children].filter((e) => e.scrollWidth > e.clientWidth).length;
	})()`, &places))
	return places
}

// newToken creates a registration token and returns its secret.
func (b *browser) newToken(label, count string) string {
	b.tb.Helper()
	b.open("/admin/registration-tokens/new")
	b.fill(`input[name="count"]`, count)
	b.fill(`input[name="identifier"]`, label)
	b.press("Create token")
	b.see("main", "mrt_")
	secret := secretPattern.FindString(b.text())
	b.press("I have copied it")
	b.see("main", "0 of "+count)
	return secret
}

const longHost = "a-workstation-with-a-very-long-name-indeed-0042.emea.contoso.example"

// A list has a line for each row, says how long it is, is sorted by its headings and
// narrowed by criteria; what has no room is still copied whole.
func TestRows_AreShortSortedAndNarrowed(t *testing.T) {
	for name, l := range map[string]look{
		"with JavaScript":             desktop,
		"without JavaScript":          {width: 1440, height: 1000, noScript: true},
		"with JavaScript, on a phone": {width: 390, height: 844},
	} {
		t.Run(name, func(t *testing.T) {
			p := startProgram(t)
			admin := newBrowser(t, p.base, l)
			admin.logIn("admin")
			secret := admin.newToken("Pilot Berlin", "5")
			admin.newToken("Rollout Lyon, for everybody who works there and those who visit", "9")
			visitor := newBrowser(t, p.base, l)
			redeem(visitor, l, secret, "anna.weber-of-the-berlin-office@contoso.example", longHost)
			visitor.see("main", "Your auth token is ready")

			limit := 40.0
			if l.width < 768 {
				limit = 130
			}
			admin.open("/admin/registration-tokens")
			admin.see(".pager", "1–2 of 2")
			if got := admin.tallest(); got > limit {
				t.Errorf("a registration token takes %v px", got)
			}
			admin.press("Label")
			admin.see(`th[aria-sort="ascending"]`, "Label")
			admin.see("tbody tr:first-child", "Pilot Berlin")
			admin.press("Label")
			admin.see(`th[aria-sort="descending"]`, "Label")
			admin.see("tbody tr:first-child", "Rollout Lyon")

			admin.press("Last redemption")
			admin.see(`th[aria-sort="descending"]`, "Last redemption")
			admin.see("tbody tr:first-child", "Pilot Berlin")
			admin.press("Last redemption")
			admin.see(`th[aria-sort="ascending"]`, "Last redemption")
			admin.see("tbody tr:first-child", "Rollout Lyon", "never")
			admin.press("Label")
			admin.press("Label")
			admin.see(`th[aria-sort="descending"]`, "Label")

			admin.press("Add a criterion")
			admin.run(chromedp.SetValue("#criterion-how", "starts", chromedp.ByQuery))
			admin.fill("#criterion-value", "pilot")
			admin.press("Add")
			admin.see(".chip-on", "Label starts with pilot")
			admin.see(".pager", "1–1 of 1")
			admin.see(`th[aria-sort="descending"]`, "Label")
			if admin.scrollsSideways() {
				t.Error("the list scrolls sideways")
			}
			if !l.noScript {
				admin.accessible("a narrowed list")
			}
			admin.click(".chip-on")
			admin.see(".pager", "1–2 of 2")

			admin.open("/admin/auth-tokens")
			admin.see(".pager", "1–1 of 1")
			if got := admin.tallest(); got > limit {
				t.Errorf("an auth token takes %v px", got)
			}
			if admin.scrollsSideways() {
				t.Error("the list of auth tokens scrolls sideways")
			}
			var copied string
			admin.run(chromedp.Evaluate(`(() => {
				const range = document.createRange();
				range.selectNodeContents(document.querySelector('tbody [data-label="Host"]'));
				const selection = window.getSelection();
				selection.removeAllRanges();
				selection.addRange(range);
				return selection.toString();
			})()`, &copied))
			if strings.TrimSpace(copied) != longHost {
				t.Errorf("copying the host takes %q", copied)
			}
			if got := admin.cutIn("tbody th"); got != 1 {
				t.Errorf("the person is cut %d times", got)
			}
			admin.open("/admin/registration-tokens?q=Pilot")
			admin.press("Pilot Berlin")
			admin.see("#uses-title", "Who used it")
			if got := admin.tallest(); got > limit {
				t.Errorf("a use takes %v px", got)
			}
			admin.see("tbody th", "anna.weber")
			if admin.scrollsSideways() {
				t.Error("the page of a registration token scrolls sideways")
			}
			admin.open("/admin/audit")
			admin.see("tbody", "redeemed")
			if got := admin.tallest(); l.width >= 768 && got > limit {
				t.Errorf("an event takes %v px", got)
			}
			admin.press("Details")
			admin.see("tbody details[open]", "All by this actor")
			admin.is(`document.activeElement.matches("details[open] > summary")`)
			p.check()
		})
	}
}

// An open list follows: a row changes as a whole, what is new is a bar, and nothing
// moves until that is clicked.
func TestRows_FollowChanges(t *testing.T) {
	p := startProgram(t)
	admin := newBrowser(t, p.base, desktop)
	admin.logIn("admin")
	secret := admin.newToken("Pilot", "1")
	admin.open("/admin/registration-tokens")
	admin.see("tbody", "never")
	if admin.attribute("tbody tr", "id") == "" {
		t.Fatal("the row has no id")
	}

	visitor := newBrowser(t, p.base, desktop)
	redeem(visitor, desktop, secret, "ana", "laptop.contoso.example")
	visitor.see("main", "Your auth token is ready")
	admin.see("tbody tr", "1 of 1", "Exhausted", "just now")
	admin.see("#registration-tokens-tabs", "Exhausted 1", "Active 0")
	admin.see("#new-rows")

	other := newBrowser(t, p.base, desktop)
	other.logIn("admin")
	other.newToken("Newcomer", "2")
	admin.see("#new-rows", "1 new")
	var rows int
	admin.run(chromedp.Evaluate(`document.querySelectorAll("tbody tr").length`, &rows))
	if rows != 1 {
		t.Errorf("%d rows are shown before anybody asked for the new one", rows)
	}
	admin.press("1 new")
	admin.see("tbody tr:first-child", "Newcomer")
	admin.see(".pager", "1–2 of 2")

	// So does the list of auth tokens, and one that is empty.
	admin.open("/admin/auth-tokens?q=bea")
	admin.see(".empty", "No auth token matches")
	secret = other.newToken("Rollout", "2")
	second := newBrowser(t, p.base, desktop) // the first one asks before it leaves
	redeem(second, desktop, secret, "bea", "desk.contoso.example")
	second.see("main", "Your auth token is ready")
	admin.see("#new-rows", "1 new")
	p.check()
}

// The list of requests follows as the other lists do: a row changes where it stands, and
// what is asked for meanwhile is a bar.
func TestRows_OfRequestsFollowChanges(t *testing.T) {
	p := startProgram(t)
	admin := newBrowser(t, p.base, desktop)
	admin.logIn("admin")
	secret := admin.newToken("Pilot", "1")
	visitor := newBrowser(t, p.base, desktop)
	redeem(visitor, desktop, secret, "ana", "laptop.contoso.example")
	visitor.see("main", "Your auth token is ready")
	helpdesk := newBrowser(t, p.base, desktop)
	helpdesk.logIn("helpdesk")
	admin.open("/admin/requests")
	admin.see(".empty", "Nothing waits for a decision")

	helpdesk.open("/admin/registration-tokens")
	helpdesk.press("Pilot")
	helpdesk.click(`main a[href*="remedy=raise"]`)
	helpdesk.fill(`[name="count"]`, "2")
	helpdesk.fill(`[name="reason"]`, "Two more come.")
	helpdesk.press("Send request")
	helpdesk.see("main", "An administrator decides")
	admin.see("#new-rows", "1 new")
	admin.press("1 new")
	admin.see("tbody tr", "Raise the count by 2", "Open")
	helpdesk.press("Withdraw it")
	admin.see("tbody tr", "Withdrawn")
	admin.see("#requests-tabs", "Open 0")
	p.check()
}
