package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// copied tells the page that its secret was copied, so that leaving asks nothing.
func (b *browser) copied() {
	b.tb.Helper()
	b.run(chromedp.Evaluate(`document.dispatchEvent(new Event("copy")); 0`, nil))
}

// usedCount asks REST.
func usedCount(p *program, bearer, id string) int {
	p.tb.Helper()
	var got struct {
		RegistrationToken struct{ UsedCount int }
	}
	p.call(http.MethodGet, "/token/api/v5/registrationTokens/"+id, bearer, nil, http.StatusOK, &got)
	return got.RegistrationToken.UsedCount
}

// TestRedeem_TheAuthTokenComesAgain reloads the answer, leaves it and goes back.
func TestRedeem_TheAuthTokenComesAgain(t *testing.T) {
	p := startProgram(t)
	bearer := p.bearer("admin")
	for name, l := range map[string]look{"with JavaScript": desktop, "without JavaScript": {width: 1440, height: 1000, noScript: true}} {
		t.Run(name, func(t *testing.T) {
			id, secret := p.createToken(bearer, 5)
			b := newBrowser(t, p.base, l)
			redeem(b, l, secret, "ana", "ana-laptop.contoso.example")
			b.see("main", "Your auth token is ready", "mrf_")
			refresh := refreshPattern.FindString(b.text())
			leave := func() {
				if !l.noScript {
					b.is(asksBeforeLeaving) // it was neither copied nor saved
					b.is("!" + asksBeforeLeaving)
				}
			}
			sameAgain := func(what string) {
				t.Helper()
				b.see("main", "Your auth token again")
				if again := refreshPattern.FindString(b.text()); again != refresh {
					t.Errorf("%s shows another auth token", what)
				}
				leave()
			}
			leave()
			b.run(chromedp.Reload())
			sameAgain("a reload")
			b.run(chromedp.NavigateBack())
			if !l.noScript { // a form sent by the script is no step of the history
				b.open("/redeem")
			}
			sameAgain("Back")
			b.open("/auth/signed-out")
			b.see("main", "logged out")
			b.run(chromedp.NavigateBack())
			sameAgain("Back from another page")
			if used := usedCount(p, bearer, id); used != 1 {
				t.Errorf("used %d", used)
			}
			b.press("Forget it here")
			b.see("main", "Get your auth token")
			if strings.Contains(b.text(), "mrf_") {
				t.Error("what was to be forgotten is shown")
			}
		})
	}
}

// TestRedeem_ALinkSurvivesMailSoftware opens what mail programs and chats make of a
// redeem link, and reads what they make of its text.
func TestRedeem_ALinkSurvivesMailSoftware(t *testing.T) {
	p := startProgram(t)
	id, secret := p.createToken(p.bearer("admin"), 5)
	b := newBrowser(t, p.base, desktop)
	for link, seen := range map[string]bool{
		"/redeem#" + strings.ToUpper(secret): false, "/redeem/#" + secret: false, "/redeem#%6Drt%5F" + secret[4:]: false, "/redeem?lang=en#" + secret + ".": false,
		"/redeem%23" + secret: true, "/redeem%2523" + secret: true, "/redeem/%23" + strings.ToUpper(secret): true,
	} {
		b.open("about:blank")
		b.open(link)
		b.see("main", "Get your auth token")
		var where string
		b.run(location(&where))
		if got := b.value(`[name="registrationToken"]`); got != secret || strings.Contains(strings.ToLower(where), secret[:20]) {
			t.Errorf("%s fills in %q and leaves %s", link, got, where)
		}
		if strings.Contains(b.text(), "Have this registration token replaced") != seen {
			t.Errorf("%s: what is said is\n%s", link, b.text())
		}
	}

	file, err := os.ReadFile("../tokens/secrets/testdata/pasted.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ From, Text string }
	if err := json.Unmarshal(file, &cases); err != nil {
		t.Fatal(err)
	}
	written := strings.NewReplacer("{secret}", secret, "{SECRET}", strings.ToUpper(secret), "{rest}", secret[4:], "{first}", secret[:33], "{second}", secret[33:])
	for _, c := range cases {
		text, err := json.Marshal(written.Replace(c.Text))
		if err != nil {
			t.Fatal(err)
		}
		var found string
		b.run(chromedp.Evaluate("window.musterFindSecret("+string(text)+`, "mrt_")`, &found))
		if found != secret {
			t.Errorf("%s: the script finds %q", c.From, found)
		}
	}

	plain := newBrowser(t, p.base, look{width: 390, height: 844, noScript: true})
	plain.open("/redeem%23" + secret)
	plain.see("main", "Have this registration token replaced", "Get your auth token")
	if strings.Contains(plain.text(), secret[4:]) {
		t.Error("the page shows the secret that came in its address")
	}
	plain.fill(`[name="registrationToken"]`, "Please open <"+p.base+"/redeem%23"+secret+">.")
	plain.fill(`[name="systemUserName"]`, "ana")
	plain.click(`main form[data-redeem] button[type="submit"]`)
	plain.see("main", "Your auth token is ready")
	if used := usedCount(p, p.bearer("admin"), id); used != 1 {
		t.Errorf("used %d", used)
	}
}
