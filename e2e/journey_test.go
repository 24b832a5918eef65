package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestJourney_InTheBrowser is the whole product in one test: log in, create, redeem
// three times as different people, be told exactly why the fourth is refused, see who
// took each count, delete one auth token, and that one no longer works.
//
// The looks run one after the other: four browsers and four servers at once
// are more than two cores answer in time.
func TestJourney_InTheBrowser(t *testing.T) {
	for name, l := range map[string]look{
		"with JavaScript":                desktop,
		"with JavaScript, on a phone":    {width: 390, height: 844},
		"without JavaScript":             {width: 1440, height: 1000, noScript: true},
		"without JavaScript, on a phone": {width: 390, height: 844, noScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			journey(t, l)
		})
	}
}

func journey(t *testing.T, l look) {
	p := startProgram(t)
	admin := newBrowser(t, p.base, l)
	admin.logIn("admin")

	// Create.
	admin.open("/admin/registration-tokens")
	admin.see("main", "registration token")
	admin.open("/admin/registration-tokens/new")
	admin.fill(`input[name="count"]`, "3")
	admin.fill(`input[name="identifier"]`, "Contoso rollout")
	admin.press("Create token")
	admin.see("main", "mrt_", "/redeem#mrt_")
	secret := secretPattern.FindString(admin.text())
	if secret == "" {
		t.Fatalf("the page shows no registration token:\n%s", admin.text())
	}
	detail := admin.attribute(`main a[href^="/admin/registration-tokens/"]:not([href$="/new"])`, "href")
	// Leaving before the secret was copied would ask first.
	admin.press("I have copied it")
	admin.see("main", "Contoso rollout", "0 of 3")

	// Redeem three times, as different people in other windows.
	visitor := newBrowser(t, p.base, l)
	var refresh string
	for n, person := range []string{"ana", "björn", "chen"} {
		redeem(visitor, l, secret, person, person+"-laptop.contoso.example")
		visitor.see("main", "Your auth token is ready", "mrf_")
		visitor.copied()
		if n == 1 {
			refresh = refreshPattern.FindString(visitor.text())
		}
		if l.noScript {
			admin.open(detail)
		}
		// With JavaScript the count moves by itself.
		admin.see("main", fmt.Sprintf("%d of 3", n+1))
	}

	// The fourth is told why, and what to do.
	if l.noScript {
		visitor.allow("409")
	}
	redeem(visitor, l, secret, "dana", "dana-laptop.contoso.example")
	visitor.see("main", "used up")
	code := regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}\b`).FindString(visitor.text())
	if code == "" {
		t.Fatalf("the refusal shows no support code:\n%s", visitor.text())
	}

	// Who took each count, and who was refused.
	if l.noScript {
		admin.open(detail)
	}
	admin.see("main", "ana", "ana-laptop.contoso.example", "björn", "chen")
	admin.click(`main .tabs a[href$="section=refused"]`)
	admin.see("main", "dana", code)

	// Delete one auth token; it stops working at once.
	if status := refreshStatus(t, p, refresh); status != http.StatusOK {
		t.Fatalf("the refresh token answers %d before the delete", status)
	}
	admin.open("/admin/auth-tokens?q=" + url.QueryEscape("björn-laptop"))
	admin.see("main", "björn-laptop.contoso.example")
	admin.open(admin.attribute(`main a[href^="/admin/auth-tokens/0"]`, "href"))
	admin.see("main", "björn")
	admin.press("Delete…")
	admin.see("body", "Delete the auth token of björn?")
	admin.fill(`[name="reason"]`, "Laptop lost")
	admin.press("Delete auth token")
	admin.see("main", "Deleted", "Laptop lost")
	if status := refreshStatus(t, p, refresh); status != http.StatusBadRequest {
		t.Errorf("a deleted auth token's refresh answers %d", status)
	}
	p.check()
}

var (
	secretPattern  = regexp.MustCompile(`mrt_[0-9a-z]{65}`)
	refreshPattern = regexp.MustCompile(`mrf_[0-9a-z]{81}`)
)

// redeem uses the self-service page as a person would: by the redeem link if there is
// JavaScript, by hand otherwise.
func redeem(visitor *browser, l look, secret, person, host string) {
	visitor.tb.Helper()
	visitor.open("about:blank")
	if l.noScript {
		visitor.open("/redeem")
		visitor.fill(`[name="registrationToken"]`, secret)
	} else {
		visitor.open("/redeem#" + secret)
		visitor.see("main")
		if got := visitor.value(`[name="registrationToken"]`); got != secret {
			visitor.tb.Fatalf("the redeem link filled in %q", got)
		}
		var where string
		visitor.run(location(&where))
		if strings.Contains(where, "mrt_") {
			visitor.tb.Fatalf("the secret is still in the address: %s", where)
		}
	}
	visitor.fill(`[name="systemUserName"]`, person)
	visitor.fill(`[name="fqdn"]`, host)
	visitor.click(`main form[data-redeem] button[type="submit"]`)
}

func refreshStatus(t *testing.T, p *program, refreshToken string) int {
	t.Helper()
	response, err := http.PostForm(p.base+"/oauth2/token", url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {refreshToken},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode
}
