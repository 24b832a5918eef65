package e2e

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// An administrator takes the computers of a directory's export and two people, sees
// how they were read and says otherwise, and learns that such a list is no lock. A
// device that claims a listed e-mail address is turned away; the person gets in.
func TestLists_AnExportIsReadShownAndSaved(t *testing.T) {
	for name, l := range map[string]look{
		"with JavaScript":    desktop,
		"without JavaScript": {width: 390, height: 844, noScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			export, err := filepath.Abs("../models/lists/testdata/expected/ad-computers.csv")
			if err != nil {
				t.Fatal(err)
			}
			p := startProgram(t)
			admin := newBrowser(t, p.base, l)
			admin.logIn("admin")
			admin.open("/admin/registration-tokens/new")
			admin.fill(`input[name="count"]`, "5")
			admin.press("Create token")
			admin.see("main", "mrt_")
			secret := secretPattern.FindString(admin.text())
			detail := admin.attribute(`main a[href^="/admin/registration-tokens/"]:not([href$="/new"])`, "href")
			admin.press("I have copied it")
			admin.see("main", "0 of 5")
			admin.open(detail + "/admission")

			admin.fill(`[name="expected"]`, "user@muster.example\nana@contoso.example\n@")
			admin.run(chromedp.SetUploadFiles(`[name="file"]`, []string{export}, chromedp.ByQuery))
			admin.click(`[name="onlyExpected"]`)
			admin.press("Save changes")
			admin.see("#reading", "3 host names", "2 e-mail addresses", "1 note", "18 cells are not used", "1 line is left out", "LT-0417",
				"UTF-16", "a filter, not a lock: 3 of its 5 entries")
			if !l.noScript {
				admin.accessible("a list as it was read")
			}
			if admin.scrollsSideways() {
				t.Error("the page scrolls sideways")
			}
			admin.run(chromedp.SetValue(`select[aria-label="What “Enabled” is"]`, "enabled=note", chromedp.ByQuery))
			admin.press("Read it again")
			admin.see("#reading", "4 notes", "15 cells are not used", "True")
			admin.press("Save changes without 1 line")
			admin.see("main", "Only people and computers on the list are let in.", "a filter, not a lock", "Missing 5")

			visitor := newBrowser(t, p.base, l)
			if l.noScript {
				visitor.allow("403")
			}
			redeem(visitor, l, secret, "ana@contoso.example", "laptop.elsewhere.example")
			visitor.see("main", "Support code")
			admin.open(detail + "?section=refused")
			admin.see("main", "Not on the list, and not signed in")
			person := newBrowser(t, p.base, l)
			person.logIn("user")
			redeem(person, l, secret, "whoever", "laptop.elsewhere.example")
			person.see("main", "Your auth token is ready")
			p.check()
		})
	}
}
