package e2e

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestExpiry_IsTypedInTheOwnZone: somebody in Tokyo types Tokyo's time, and the form
// shows it again; without the script the field says and means UTC, until they choose.
func TestExpiry_IsTypedInTheOwnZone(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	day := time.Now().UTC().AddDate(0, 1, 0).Format(time.DateOnly)
	for name, c := range map[string]struct {
		look  look
		label string
		want  string
	}{
		"with JavaScript":    {look{width: 1440, height: 1000, zone: "Asia/Tokyo"}, "Date and time (Asia/Tokyo)", day + "T00:30:00Z"},
		"without JavaScript": {look{width: 1440, height: 1000, noScript: true, zone: "Asia/Tokyo"}, "Date and time (UTC)", day + "T09:30:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBrowser(t, p.base, c.look)
			b.logIn("admin")
			b.open("/admin/registration-tokens/new")
			b.fill(`input[name="count"]`, "3")
			b.run(chromedp.Evaluate(`{
				const change = (field, value) => {
					field.value = value;
					field.dispatchEvent(new Event("input", {bubbles: true}));
					field.dispatchEvent(new Event("change", {bubbles: true}));
				};
				change(document.querySelector("#expiryPreset"), "custom");
				change(document.querySelector("#expirationDate"), "`+day+`T09:30");
			}; 0`, nil))
			b.see("main", c.label)
			b.press("Create token")
			b.see("main", "mrt_")
			if got := b.attribute("main .page-lead time", "datetime"); got != c.want {
				t.Errorf("it expires at %s, not %s", got, c.want)
			}
			detail := b.attribute(`main a[href^="/admin/registration-tokens/"]:not([href$="/new"])`, "href")
			b.press("I have copied it")
			b.see("main", "0 of 3")
			b.open(detail + "/edit")
			b.press("Save changes")
			b.see("main", "0 of 3")
			if got := b.attribute("main [aria-labelledby=counts-title] .sub time", "datetime"); got != c.want {
				t.Errorf("after a change of nothing it expires at %s, not %s", got, c.want)
			}
		})
	}
}
