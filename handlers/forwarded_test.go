package handlers_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/handlers"
	"muster/models"
)

// Addresses behind a proxy: the header that the proxy writes, and one that
// nobody can read.
const (
	anyProxy, trustedNetwork = "10.0.0.1", "10.0.0.0/8"
	forwardedFor             = "X-Forwarded-For"
	unreadable               = "unknown"
)

func (w *world) lastUse(tokenID string) models.TokenUse {
	w.t.Helper()
	uses, err := w.store.TokenUses(w.t.Context(), tokenID, models.PageRequest{})
	must(w.t, err)
	return uses.Items[0]
}

// A rule that covers the proxy's own network admits only those that the proxy
// says are in it.
func TestForwarded_NetworkRuleIsNeverMetByTheProxy(t *testing.T) {
	t.Parallel()
	w := behind(t, trustedNetwork)
	token, secret := w.registrationToken("Lab", 9)
	w.admits(token.ID, models.Admission{Networks: []string{trustedNetwork}})
	for value, want := range map[string]int{
		"203.0.113.7:51234": http.StatusForbidden, "[2001:db8::7]:443": http.StatusForbidden, `"203.0.113.7"`: http.StatusForbidden,
		"203.0.113.7,": http.StatusForbidden, unreadable: http.StatusForbidden, "_hidden": http.StatusForbidden, "": http.StatusForbidden,
		"10.1.2.3, 203.0.113.7:": http.StatusForbidden, "10.1.2.3:51234": http.StatusCreated, "203.0.113.7, 10.1.2.3": http.StatusForbidden,
	} {
		if got := w.redeemFrom(anyProxy, secret.Reveal(), forwardedFor, value); got != want {
			t.Errorf("%q: status %d, want %d", value, got, want)
		}
	}
	attempts, err := w.store.RefusedAttempts(t.Context(), models.RefusedAttemptFilter{RegistrationTokenID: token.ID}, models.PageRequest{})
	must(t, err)
	helpdesk := w.login("helpdesk")
	for _, attempt := range attempts.Items {
		rule, advice := models.AdmissionNetwork, "this address is in none of them"
		if attempt.IP == "" {
			rule, advice = models.AdmissionAddressUnknown, "nobody knows which one this attempt came from"
		}
		if attempt.AdmissionRule != rule || strings.HasPrefix(attempt.IP, "10.") {
			t.Errorf("refused by %q from %q, want %q", attempt.AdmissionRule, attempt.IP, rule)
		}
		helpdesk.get("/admin/investigate?code="+attempt.SupportCode).wants(http.StatusOK).has("main", advice)
	}
}

func TestForwarded_StrangersAreToldApart(t *testing.T) {
	t.Parallel()
	w := behind(t, trustedNetwork)
	token, secret := w.registrationToken("Lab", 9)
	for value, want := range map[string]string{"203.0.113.7:51234": "203.0.113.7", "[2001:db8::7]:443": "2001:db8::7", unreadable: ""} {
		if got := w.redeemFrom(anyProxy, secret.Reveal(), forwardedFor, value); got != http.StatusCreated {
			t.Fatalf("status %d", got)
		}
		if use := w.lastUse(token.ID); use.Redemption.IP != want || use.AuthToken.IP != want || use.AuthToken.LastSeenIP != want {
			t.Errorf("%q is stored as %q, %q and %q", value, use.Redemption.IP, use.AuthToken.IP, use.AuthToken.LastSeenIP)
		}
	}
}

func TestForwarded_UnknownAddressIsSaid(t *testing.T) {
	t.Parallel()
	w := behind(t, trustedNetwork)
	token, secret := w.registrationToken("Lab", 1)
	w.redeemFrom(anyProxy, secret.Reveal(), forwardedFor, unreadable)
	w.redeemFrom(anyProxy, secret.Reveal(), forwardedFor, unreadable)
	id := w.lastUse(token.ID).AuthToken.ID
	self := registrationTokens + "/" + token.ID
	for _, role := range []string{"admin", "helpdesk"} {
		b := w.login(role)
		for path, cell := range map[string]string{
			self + "?section=uses":                            `td[data-label="Address"]`,
			self + "?section=refused":                         `td[data-label="Address"]`,
			self + "?section=uses&by=network":                 "tbody",
			"/admin/auth-tokens":                              `td[data-label="Address"]`,
			"/admin/auth-tokens/" + id:                        ".timeline",
			"/admin/audit?action=registration_token.redeemed": `td[data-label="Address"]`,
		} {
			b.get(path).wants(http.StatusOK).has(cell, "unknown")
		}
		// What Muster does by itself comes from nowhere.
		b.get("/admin/audit?action=signing_key.created").wants(http.StatusOK).has(`td[data-label="Address"]`, "–")
	}
	shown := w.as("admin").call(http.MethodGet, apiAuth+"/"+id, nil).wants(http.StatusOK)
	if ip, ok := shown.at("authToken.ip").(string); ok {
		t.Errorf("REST tells %q", ip)
	}
}

// One header is believed; the client writes the others.
func TestForwarded_OnlyTheHeaderThatWasSetCounts(t *testing.T) {
	t.Parallel()
	const client = "203.0.113.9"
	for _, c := range []struct {
		header, value string
		want          string
	}{
		{"", client + ":51234", client},
		{"x-forwarded-for", client, client},
		{"Forwarded", `for=192.0.2.1, For="203.0.113.9:51234";proto=https`, client},
		{"Forwarded", `for=203.0.113.9, for=unknown`, ""},
		{"Forwarded", client, ""},
		{"X-Real-IP", client, client},
		{"X-Real-IP", "192.0.2.1, " + client, ""},
		{"CF-Connecting-IP", "2001:db8::9", "2001:db8::9"},
		{"X-Real-IP", "", anyProxy}, // not sent
	} {
		t.Run(c.header+" "+c.value, func(t *testing.T) {
			t.Parallel()
			w := newProductionWorld(t, func(cfg *handlers.Config) {
				cfg.TrustedProxies = []netip.Prefix{netip.MustParsePrefix(trustedNetwork)}
				cfg.ForwardedHeader = c.header
			})
			token, secret := w.registrationToken("Lab", 1)
			believed := http.CanonicalHeaderKey(cmp.Or(c.header, forwardedFor))
			var headers []string
			for pair := range slices.Chunk(spoofed("192.0.2.66"), 2) {
				if pair[0] != believed {
					headers = append(headers, pair...)
				}
			}
			if c.value != "" {
				headers = append(headers, believed, c.value)
			}
			if got := w.redeemFrom(anyProxy, secret.Reveal(), headers...); got != http.StatusCreated {
				t.Fatalf("status %d", got)
			}
			if got := w.lastUse(token.ID).Redemption.IP; got != c.want {
				t.Errorf("stored %q, want %q", got, c.want)
			}
		})
	}
}

// Whoever cannot be told apart is limited together, beside everybody else.
func TestForwarded_GuessesOfTheUnknownLimitNobodyElse(t *testing.T) {
	t.Parallel()
	w := behind(t, trustedNetwork)
	guess := func(peer string, want int, headers ...string) {
		t.Helper()
		if got := w.redeemFrom(peer, guessedSecret().Reveal(), headers...); got != want {
			t.Fatalf("status %d, want %d", got, want)
		}
	}
	for n := range 10 {
		guess(anyProxy, http.StatusUnauthorized, forwardedFor, fmt.Sprintf("192.0.2.1, _hidden%d", n))
	}
	guess(anyProxy, http.StatusTooManyRequests, forwardedFor, unreadable)
	guess("10.0.0.2", http.StatusTooManyRequests, forwardedFor, unreadable)
	guess(anyProxy, http.StatusUnauthorized, forwardedFor, "203.0.113.7:51234")
	guess(anyProxy, http.StatusUnauthorized, forwardedFor, "192.0.2.1")
	guess(anyProxy, http.StatusUnauthorized)
	guess("203.0.113.8", http.StatusUnauthorized, forwardedFor, unreadable)
	_, right := w.registrationToken("Lab", 1)
	if got := w.redeemFrom(anyProxy, right.Reveal(), forwardedFor, unreadable); got != http.StatusCreated {
		t.Errorf("a right secret is limited: status %d", got)
	}
	w.clock.Advance(time.Minute)
	guess(anyProxy, http.StatusUnauthorized, forwardedFor, unreadable)
}

func TestForwarded_UnreadableIsLoggedOnceAMinute(t *testing.T) {
	t.Parallel()
	w := behind(t, trustedNetwork)
	_, secret := w.registrationToken("Lab", 9)
	for range 3 {
		w.redeemFrom(anyProxy, secret.Reveal(), forwardedFor, "192.0.2.1, "+secret.Reveal())
	}
	const line = `"msg":"forwarding header cannot be read"`
	if n := strings.Count(w.logs.String(), line); n != 1 {
		t.Errorf("logged %d times in a minute: %s", n, w.logs.String())
	}
	w.clock.Advance(time.Minute)
	w.redeemFrom(anyProxy, secret.Reveal(), forwardedFor, "192.0.2.1, "+secret.Reveal())
	if n := strings.Count(w.logs.String(), line); n != 2 {
		t.Errorf("logged %d times in two minutes", n)
	}
	if strings.Contains(w.logs.String(), secret.Reveal()[4:20]) {
		t.Error("the log holds a secret")
	}
}
