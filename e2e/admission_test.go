package e2e

import "testing"

// An administrator says who is expected; a stranger is refused and told what to do,
// the tester says why, and somebody expected gets in and is marked as arrived.
func TestAdmission_OnlyTheExpectedGetIn(t *testing.T) {
	p := startProgram(t)
	admin := newBrowser(t, p.base, desktop)
	admin.logIn("admin")
	admin.open("/admin/registration-tokens/new")
	admin.fill(`input[name="count"]`, "5")
	admin.fill(`input[name="identifier"]`, "Pilot group")
	admin.press("Create token")
	admin.see("main", "mrt_")
	secret := secretPattern.FindString(admin.text())
	detail := admin.attribute(`main a[href^="/admin/registration-tokens/"]:not([href$="/new"])`, "href")
	admin.press("I have copied it")
	admin.see("main", "Pilot group", "0 of 5")

	admin.click(`main .tabs a[href$="section=expected"]`)
	admin.see("main", "There is no expected list", "Whoever has the secret is let in")
	admin.accessible("expected, without a list")
	admin.press("Change who may redeem")
	admin.see("main", "Nobody is on the list yet")
	admin.fill(`[name="expected"]`, "ana\nchen\nlab.*.example")
	admin.click(`[name="onlyExpected"]`)
	admin.accessible("who may redeem")
	admin.press("Save changes")
	admin.see("#reading", "2 user names", "1 host name", "a filter, not a lock")
	admin.accessible("the list as it was read")
	admin.press("Save changes")
	admin.see("main", "Only people and computers on the list are let in.", "Missing 3", "Arrived 0")

	visitor := newBrowser(t, p.base, desktop)
	redeem(visitor, desktop, secret, "mallory", "laptop.elsewhere.example")
	visitor.see("main", "You are not on the list", "Support code")
	admin.see("main", "0 of 5")

	admin.fill(`#admission-try [name="systemUserName"]`, "mallory")
	admin.press("Try it")
	admin.see("#admission-try", "No, they would be turned away", "Not on the expected list")
	admin.fill(`#admission-try [name="systemUserName"]`, "ana")
	admin.press("Try it")
	admin.see("#admission-try", "Yes, they would be let in")
	admin.accessible("the tester's answer")
	admin.see("main", "0 of 5", "Missing 3")

	redeem(visitor, desktop, secret, "Ana", "laptop.contoso.example")
	visitor.see("main", "Your auth token is ready")
	// Both move by themselves.
	admin.see("main", "1 of 5", "Missing 2", "Arrived 1")
	admin.click(`main .tabs a[href$="show=arrived"]`)
	admin.see(".tab-panel", "ana", "Person")
	admin.accessible("arrived")
	admin.open(detail + "?section=refused")
	admin.see("main", "mallory", "Not on the expected list")
	p.check()
}
