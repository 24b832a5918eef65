package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const (
	regs = "/admin/registration-tokens"
	// listed is how many registration tokens there are: a page and three rows more.
	listed = 53
)

// bothWays are a window with and one without JavaScript.
var bothWays = map[string]look{
	"with JavaScript":    desktop,
	"without JavaScript": {width: 1440, height: 1000, noScript: true},
}

// changeToken is a change by somebody else, over REST.
func (p *program) changeToken(bearer, id string, change map[string]any) {
	p.tb.Helper()
	p.call(http.MethodPatch, "/token/api/v5/registrationTokens/"+id, bearer, map[string]any{"registrationToken": change}, http.StatusOK, nil)
}

// Of two who edit the same registration token the second sees both values, loses
// nothing of what was typed, and chooses.
func TestEdits_TwoEditorsOfARegistrationToken(t *testing.T) {
	for name, l := range bothWays {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startProgram(t)
			id, _ := p.createToken(p.bearer("admin"), 5)
			first, second := newBrowser(t, p.base, l), newBrowser(t, p.base, l)
			for _, b := range []*browser{first, second} {
				b.logIn("admin")
				b.open(regs + "/" + id + "/edit")
			}
			first.fill(`[name="count"]`, "9")
			first.fill(`[name="identifier"]`, "Hers")
			first.press("Save changes")
			first.see("main", "Hers", "0 of 9")
			second.fill(`[name="identifier"]`, "His")
			second.press("Save changes")
			second.see(".notice-warning", "Somebody else saved a change")
			second.see(`section[aria-labelledby="conflict-title"]`, "Changed while you were editing", "Count 5 9", "Label His Hers")
			if second.value(`[name="identifier"]`) != "His" || second.value(`[name="count"]`) != "5" {
				t.Error("what was typed is lost")
			}
			if !l.noScript {
				second.accessible("a form that somebody else saved")
			}
			second.press("Take what is saved now")
			second.is(`document.querySelector("[name=identifier]").value === "Hers" && document.querySelector("[name=count]").value === "9" && !document.querySelector("#conflict-title")`)

			first.open(regs + "/" + id + "/edit")
			first.fill(`[name="count"]`, "12")
			first.press("Save changes")
			first.see("main", "0 of 12")
			second.fill(`[name="identifier"]`, "His after all")
			second.press("Save changes")
			second.see(`section[aria-labelledby="conflict-title"]`, "Count 9 12", "Label His after all Hers")
			second.press("Save mine over it")
			second.see("main", "His after all", "0 of 9")
			p.check()
		})
	}
}

// The same for who may redeem, the list included.
func TestEdits_TwoEditorsOfWhoMayRedeem(t *testing.T) {
	for name, l := range bothWays {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startProgram(t)
			id, _ := p.createToken(p.bearer("admin"), 5)
			admission := regs + "/" + id + "/admission"
			first, second := newBrowser(t, p.base, l), newBrowser(t, p.base, l)
			second.logIn("admin")
			second.open(admission)
			second.fill(`[name="expected"]`, "ana\nbob")
			second.press("Save changes")
			second.press("Save changes") // once it was seen how it was read
			second.see("main", "Missing 2")
			first.logIn("admin")
			for _, b := range []*browser{first, second} {
				b.open(admission)
			}
			first.fill(`[name="expected"]`, "ana\nbob\ncarl")
			first.click(`[name="signInRequired"]`)
			first.press("Save changes")
			first.press("Save changes")
			first.see("main", "Missing 3")

			second.fill(`[name="networks"]`, "192.0.2.0/24")
			second.press("Save changes")
			second.see(".notice-warning", "Somebody else saved a change")
			second.see(`section[aria-labelledby="conflict-title"]`, "changed who may redeem it", "List 2 entries 3 entries, only here: carl",
				"Sign-in required off on", "Networks 192.0.2.0/24 –")
			if second.value(`[name="networks"]`) != "192.0.2.0/24" || strings.TrimSpace(second.value(`[name="expected"]`)) != "ana\nbob" {
				t.Error("what was typed is lost")
			}
			if !l.noScript {
				second.accessible("rules that somebody else saved")
			}
			second.press("Take what is saved now")
			second.is(`document.querySelector("[name=expected]").value.includes("carl") && document.querySelector("[name=networks]").value === "" && !document.querySelector("#conflict-title")`)
			second.fill(`[name="networks"]`, "192.0.2.0/24")

			first.open(admission)
			first.fill(`[name="emailDomains"]`, "contoso.example")
			first.press("Save changes")
			first.see("main", "contoso.example")
			second.press("Save changes")
			second.see(`section[aria-labelledby="conflict-title"]`, "E-mail domains – contoso.example", "Networks 192.0.2.0/24 –")
			second.press("Save mine over it")
			second.see("main", "192.0.2.0/24", "Missing 3")
			if strings.Contains(second.text(), "contoso.example") {
				t.Error("the rule that was saved over is still there")
			}
			p.check()
		})
	}
}

// A disable and an edit can be taken back, unless somebody else changed the same since.
func TestEdits_AreUndone(t *testing.T) {
	for name, l := range bothWays {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startProgram(t)
			bearer := p.bearer("admin")
			id, _ := p.createToken(bearer, 5)
			admin := newBrowser(t, p.base, l)
			admin.logIn("admin")
			disable := func() {
				admin.open(regs + "/" + id + "/disable")
				admin.click(`#confirm button[type="submit"]`)
				admin.see(".notice-success", "was disabled", "Undo")
			}
			disable()
			admin.press("Undo")
			admin.see(".notice-success", "Undone: the registration token is as it was before.")
			admin.see("main", "Active")
			edit := func(label string) {
				admin.open(regs + "/" + id + "/edit")
				admin.fill(`[name="identifier"]`, label)
				admin.press("Save changes")
				admin.see(".notice-success", "was changed", "Undo")
				admin.see("h1", label)
			}
			edit("Before")
			edit("After")
			if !l.noScript {
				admin.accessible("a change that can be undone")
			}
			admin.press("Undo")
			admin.see(".notice-success", "Undone")
			admin.see("h1", "Before")

			edit("After")
			p.changeToken(bearer, id, map[string]any{"identifier": "Theirs"})
			admin.press("Undo")
			admin.see(".notice-warning", "Nothing was undone. 1 stays as it is: it was changed since.")
			admin.see("h1", "Theirs")
			disable()
			p.changeToken(bearer, id, map[string]any{"isEnabled": true})
			p.changeToken(bearer, id, map[string]any{"isEnabled": false})
			admin.press("Undo")
			admin.see(".notice-warning", "it was changed since")
			admin.see("main", "Disabled")
			p.check()
		})
	}
}

// What is selected over two pages survives paging, sorting, Back and reload, and what is
// done then is done to all of it.
func TestBulk_OverTwoPages(t *testing.T) {
	for name, l := range bothWays {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startProgram(t)
			p.createTokens(listed)
			admin := newBrowser(t, p.base, l)
			folder := t.TempDir()
			admin.saveTo(folder)
			admin.logIn("admin")
			admin.selectAcross(l)
			if !l.noScript {
				admin.accessible("a selection over two pages")
			}
			admin.press("Extend…")
			admin.see("#confirm", "Extend 3 registration tokens", "expires in 2 months")
			admin.press("Extend 3 registration tokens")
			admin.see(".notice-success", "3 registration tokens extended by 30 days.")
			admin.press("Undo")
			admin.see(".notice-success", "Undone for 3 registration tokens.")

			admin.selectAcross(l)
			admin.press("Raise…")
			admin.see("#confirm", "Raise 3 registration tokens", "5 → 15")
			admin.fill(`#confirm [name="by"]`, "2")
			admin.press("Show what changes")
			admin.see("#confirm", "5 → 7")
			if !l.noScript {
				admin.accessible("the question about several")
			}
			admin.press("Raise 3 registration tokens")
			admin.see(".notice-success", "3 registration tokens raised by 2.")

			admin.selectAcross(l)
			admin.press("Disable…")
			admin.see("#confirm", "Disable 3 registration tokens?")
			admin.click(`#confirm button[type="submit"]`)
			admin.see(".notice-success", "3 registration tokens disabled.")
			admin.press("Undo")
			admin.see(".notice-success", "Undone for 3 registration tokens.")

			admin.selectAcross(l)
			admin.press("Replace…")
			admin.see("main", "3 registration tokens will be replaced", "21 counts in all")
			admin.press("Replace 3 tokens and save the file")
			savedFile(t, folder, "*.csv", "/redeem#mrt_", 3)
			admin.open(regs + "?status=disabled")
			admin.see(".pager", "1–3 of 3")
			p.check()
		})
	}
}

// createTokens makes many, the last one first in the list.
func (p *program) createTokens(n int) (ids []string) {
	p.tb.Helper()
	bearer := p.bearer("admin")
	for i := range n {
		id, _ := p.createToken(bearer, 5)
		p.changeToken(bearer, id, map[string]any{"identifier": fmt.Sprintf("Token %02d", i+1)})
		ids = append(ids, id)
	}
	return ids
}

// selectAcross selects three registration tokens on two pages.
func (b *browser) selectAcross(l look) {
	b.tb.Helper()
	b.open(regs)
	b.selectRow(2)
	b.selectRow(3)
	if !l.noScript {
		b.see("[data-select-count]", "2 of 50 selected")
	}
	b.press("Next page")
	b.see("[data-select-count]", "2 selected, 0 of them on this page")
	b.see(".pager", "51–")
	b.selectRow(1)
	if l.noScript {
		b.press("First page")
	} else {
		b.see("[data-select-count]", "3 selected, 1 of them on this page")
		b.run(chromedp.Reload())
		b.see("[data-select-count]", "3 selected, 1 of them on this page")
		b.historyBack()
	}
	b.see("[data-select-count]", "3 selected, 2 of them on this page")
	b.press("Label")
	b.see(`th[aria-sort="ascending"]`, "Label")
	b.see("[data-select-count]", "3 selected")
	b.run(chromedp.Reload())
	b.see(`th[aria-sort="ascending"]`, "Label")
	b.see("[data-select-count]", "3 selected")
	b.press("Active " + b.tabCount("Active"))
	b.see(`.tab[aria-current="page"]`, "Active")
	b.see("[data-select-count]", "3 selected")
}

// selectRow ticks the box of a row.
func (b *browser) selectRow(n int) {
	b.tb.Helper()
	b.click(fmt.Sprintf("tbody tr:nth-child(%d) [name=id]", n))
}

// tabCount is the number that a tab of the list shows.
func (b *browser) tabCount(tab string) string {
	b.tb.Helper()
	var count string
	b.run(chromedp.Evaluate(fmt.Sprintf(`[...document.querySelectorAll(".tab")].find((t) => t.textContent.includes(%q)).querySelector(".tab-count").textContent`, tab), &count))
	return count
}

// A search, a criterion and the columns leave alone what is selected; what nobody finds
// any more stays selected, and can be exported.
func TestBulk_KeepsWhatASearchDoesNotFind(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	p.createTokens(3)
	admin := newBrowser(t, p.base, desktop)
	folder := t.TempDir()
	admin.saveTo(folder)
	admin.logIn("admin")
	admin.open(regs)
	admin.selectRow(1)
	admin.selectRow(2)
	admin.fill("#q", "token 01")
	admin.see(".pager", "1–1 of 1")
	admin.see("[data-select-count]", "2 selected, 0 of them on this page")
	admin.press("Add a criterion")
	admin.fill("#criterion-value", "nothing is like this")
	admin.press("Add")
	admin.see("main", "No registration token matches")
	admin.see("[data-select-count]", "2 selected, 0 of them on this page")
	admin.press("Export")
	savedFile(t, folder, "*.csv", "Token 0", 2)
	admin.press("Clear search and filter")
	admin.see("[data-select-count]", "2 of 3 selected")
	admin.press("Columns")
	admin.press("Show these")
	admin.see("[data-select-count]", "2 of 3 selected")
	admin.press("Clear")
	admin.is(`!document.querySelector("tbody [name=id]:checked") && !location.search.includes("id=")`)
	p.check()
}

// As many as can be selected are asked about in the dialog, whose request says where it
// was asked, too; one more is said to be too many.
func TestBulk_OfAsManyAsCanBe(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	p.createTokens(3)
	admin := newBrowser(t, p.base, desktop)
	admin.logIn("admin")
	address := regs + "?q="
	for i := range 498 {
		address += fmt.Sprintf("&id=01jd0000000000000000%06d", i)
	}
	admin.open(address)
	admin.see("[data-select-count]", "498 selected, 0 of them on this page")
	admin.selectRow(1)
	admin.selectRow(2)
	admin.see("[data-select-count]", "500 selected, 2 of them on this page")
	admin.press("Raise…")
	admin.see("dialog[open]", "Raise 2 registration tokens")
	admin.press("Cancel")
	admin.selectRow(3)
	admin.see("[data-select-count]", "501 selected: at most 500 can be")
	admin.run(chromedp.Reload())
	admin.see("[data-select-count]", "500 selected, 2 of them on this page")
}

// Firefox and WebKit keep what is selected as Chromium does.
func TestEngines_KeepWhatIsSelected(t *testing.T) {
	p := startProgram(t)
	p.createTokens(listed)
	for _, kind := range engines {
		t.Run(string(kind), func(t *testing.T) {
			w := newWindow(t, kind, p.base, desktop)
			w.logIn("admin")
			w.open(regs)
			w.click("tbody tr:nth-child(2) [name=id]")
			w.see("[data-select-count]", "1 of 50 selected")
			w.press("Next page")
			w.see("[data-select-count]", "1 selected, 0 of them on this page")
			w.click("tbody tr:nth-child(1) [name=id]")
			w.see("[data-select-count]", "2 selected, 1 of them on this page")
			w.must(w.Reload(w.ctx))
			w.see("[data-select-count]", "2 selected, 1 of them on this page")
			w.must(w.Back(w.ctx))
			w.see("[data-select-count]", "2 selected, 1 of them on this page")
			w.is(`document.querySelector("tbody tr:nth-child(2) [name=id]").checked`)
			w.press("Label")
			w.is(`document.querySelector('th[aria-sort="ascending"]')`)
			w.see("[data-select-count]", "2 selected")
			w.press("Extend…")
			w.see("dialog[open]", "Extend 2 registration tokens")
			w.press("Extend 2 registration tokens")
			w.see(".notice-success", "2 registration tokens extended by 30 days.")
			w.press("Undo")
			w.see(".notice-success", "Undone for 2 registration tokens.")
			w.fits("a list after an undo")
		})
	}
	p.check()
}
