package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"muster/internal/test/histories"
	"muster/models"
)

// TestTickets_FromTheCallToTheApproval plays ten calls: the helpdesk types what is
// read out, sees the cause within three clicks, asks for the remedy, and an
// administrator approves it; what the user is told follows.
func TestTickets_FromTheCallToTheApproval(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	tickets := histories.Tickets()
	happened := slices.DeleteFunc(histories.All(), func(h *histories.History) bool {
		return !slices.ContainsFunc(tickets, func(ticket histories.Ticket) bool { return ticket.History == h.Name })
	})
	played := map[string]*playedHistory{}
	for _, h := range playHistories(t, p, happened) {
		played[h.Name] = h
	}
	p.start()
	t.Cleanup(p.stop)
	helpdesk, admin := newBrowser(t, p.base, desktop), newBrowser(t, p.base, desktop)
	for _, b := range []*browser{helpdesk, admin} {
		b.allow("htmx:sendAbort", "htmx:afterRequest")
	}
	helpdesk.logIn("helpdesk")
	admin.logIn("admin")
	for n, ticket := range tickets {
		h := played[ticket.History]
		if h == nil {
			t.Fatalf("there is no history called %q", ticket.History)
		}
		if ticket.Turned {
			h.supportCode = p.turnedAway(h)
		}
		answer := func(part string) {
			if part == "" {
				return
			}
			helpdesk.open("/admin/investigate?code=" + h.supportCode)
			helpdesk.is(fmt.Sprintf(`document.querySelector("#answer").textContent.includes(%q)`, part))
		}

		clicks := helpdesk.searchFor(ticket.Typed(h.supportCode))
		helpdesk.run(chromedp.WaitReady("main h1", chromedp.ByQuery))
		self := "/admin/registration-tokens/" + h.id
		if where := strings.TrimPrefix(helpdesk.where(), p.base); where != self {
			helpdesk.click(`main a[href="` + self + `"]`)
			helpdesk.is(fmt.Sprintf("location.pathname === %q", self))
			clicks++
		}
		cause := findingWords[models.FindingKind(ticket.Cause)]
		helpdesk.see(cause.selector, cause.words)
		if clicks > mostClicks {
			t.Errorf("%s: %d clicks to the cause", h.Name, clicks)
		}
		answer(ticket.Before)

		helpdesk.open(self)
		remedy, number, _ := strings.Cut(ticket.Remedy, " ")
		helpdesk.click(`:is(.verdict, .reason) a[href*="/admin/requests/new"][href*="remedy=` + remedy + `"]`)
		helpdesk.is(`location.pathname === "/admin/requests/new"`)
		reference := fmt.Sprintf("HD-%d", 4700+n)
		helpdesk.fill(`main [name="reason"]`, "Ticket of a caller.")
		helpdesk.fill(`main [name="ticket"]`, reference)
		if number != "" {
			helpdesk.is(fmt.Sprintf(`[document.querySelector("main").innerText, ...[...document.querySelectorAll("main [name=count]")].map(e => e.value)].join(" ").match(/\b%s\b/) !== null`, number))
		}
		helpdesk.click(`main form[action="/admin/requests"] button[type="submit"]`)
		helpdesk.is(`/^\/admin\/requests\/[0-9a-z]{26}$/.test(location.pathname)`)
		address := strings.TrimPrefix(helpdesk.where(), p.base)
		answer(ticket.Asked)

		admin.open("/admin/requests")
		admin.click(`main a[href="` + address + `"]`)
		admin.see("main", reference)
		admin.click(`main form[action$="/approve"] button[type="submit"]`)
		admin.run(chromedp.WaitNotPresent(`main form[action$="/approve"]`, chromedp.ByQuery))
		if remedy == string(models.RemedyReplace) { // its secret is shown once, and leaving it would ask
			admin.see("main", "mrt_")
			admin.press("I have copied it")
		}
		helpdesk.open(address)
		helpdesk.see(".badge", "Approved")
		answer(ticket.After)
	}
	p.check()
}

var supportCodePattern = regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}\b`)

// turnedAway tries to redeem as a caller does before calling, and returns the support
// code of the refusal.
func (p *program) turnedAway(h *playedHistory) string {
	p.tb.Helper()
	status, body, err := p.try(p.tb.Context(), http.MethodPost, "/token/api/v5/authTokens", string(h.secret), map[string]any{
		"authToken": map[string]string{"systemUserName": "caller", "fqdn": "caller-pc.contoso.example"},
	})
	if err == nil && (status < 400 || status >= 500) {
		err = errors.New("it was not turned away")
	}
	code := supportCodePattern.FindString(string(body))
	if err != nil || code == "" {
		p.tb.Fatalf("%s: %d %s, %v", h.Name, status, body, err)
	}
	return code
}
