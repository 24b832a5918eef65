package gallery

import (
	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

// The findings, as the desk words them; what the state says already has no
// sentence of its own.
var findings = []views.VerdictRow{
	{Cause: models.CauseRetryLoop, Share: "7 of 10 uses", Title: "A retry loop", Sentence: "lt-0417.berlin.contoso.example took 8 counts within 2 minutes, one after the other. Its client redeems again each time it starts.", Action: "Delete the surplus and give the counts back", ActionURL: "/a"},
	{Cause: models.CauseDuplicates, Share: "12 of 100 uses", Title: "Duplicates", Sentence: "3 devices and 2 people hold 17 live auth tokens, 12 more than one each; most of them " + rtlName + ".", Action: "Delete the surplus and give the counts back", ActionURL: "/a"},
	{Cause: models.CauseStrangers, Share: "4 of 100 uses", Title: "Strangers", Sentence: "3 people on 4 devices came from elsewhere; the others are of contoso.example. The first was x-17.fabrikam.example, on 20 Nov 2026 at 09:12 UTC.", Action: "Look at its auth tokens", ActionURL: "/a", Ask: "If they are not meant to have it: replace the registration token, then delete their auth tokens."},
	{Cause: models.CauseBurst, Share: "60 of 100 uses", Title: "A burst, as after a leak", Sentence: "60 new devices from many networks redeemed it within 14 minutes, from 20 Nov 2026 at 03:02 UTC on.", Action: "Look at its auth tokens", ActionURL: "/a", Ask: "If they are not meant to have it: replace the registration token, then delete their auth tokens."},
	{Cause: models.CauseTooSmall, Title: "Too small for its audience", Sentence: "100 people on 100 devices used it as meant, and 5 others still wait.", Action: "See who waits", ActionURL: "/a"},
	{Cause: models.CauseRunningOut, Title: "Nearly used up", Sentence: "4 of 100 counts left; at the pace of the last week the last one goes on 26 Nov 2026, before it expires on 23 Dec 2026.", Action: "Raise the count", ActionURL: "/e"},
	{Cause: models.CauseExpiring, Title: "Expires soon", Sentence: "It expires on 26 Nov 2026 with 63 of 100 unused.", Action: "Move the expiry", ActionURL: "/e"},
	{Cause: models.CauseUsedUp, Title: "Used up as meant", Sentence: "100 people on 100 devices took 100 counts; nobody took more than is usual, and nobody waits."},
	{Cause: models.CauseInOrder, Title: "In order", Sentence: "37 people on 37 devices took 37 counts; nobody took more than is usual."},
}

func waitingRows() []views.WaitingRow {
	var rows []views.WaitingRow
	for i, p := range people {
		rows = append(rows, views.WaitingRow{Person: p.person, Host: p.host, IP: p.ip, Attempts: 1 + 400*i, Last: minutesAgo, SupportCode: "K7Q4-M2QX"})
	}
	return rows
}

// verdictFixtures are the verdict with each finding alone and with all of
// them, and the queue of those who wait.
func verdictFixtures() []Page {
	judged := func(rows ...views.VerdictRow) views.RegistrationTokenDetailPage {
		p := detailOf("Contoso rollout Q4", models.StatusActive, 37)
		p.Uses = &views.RegistrationTokenUsesSection{RegistrationTokenID: TokenID, URL: tokenURL, Rows: p.Uses.Rows[:1]}
		p.Verdict = rows
		return p
	}
	all := judged(findings...)
	all.VerdictNote = "Judged by its newest 500 uses of 12,000."
	asks := judged(findings[0], findings[4])
	asks.Page = helpdesk(asks.Page)
	asks.EditURL, asks.DisableURL, asks.ReplaceURL, asks.DeleteURL = "", "", "", ""
	asks.Verdict[0].Action, asks.Verdict[0].Ask = "Look at its auth tokens", "Ask an administrator to delete the surplus and give the counts back."
	asks.Verdict[1].Ask = "Ask an administrator to raise the count by 5."

	pages := []Page{
		{"verdict-all", views.RegistrationTokenDetail(all)},
		{"verdict-helpdesk", views.RegistrationTokenDetail(asks)},
		{"waiting-nobody-refused", views.RegistrationTokenDetail(refusedOf(nil, nil, "/raise"))},
		{"waiting-none", views.RegistrationTokenDetail(refusedOf(refusedRows(), nil, "/raise"))},
		{"waiting-one", views.RegistrationTokenDetail(refusedOf(refusedRows(), waitingRows()[:1], "/raise"))},
		{"waiting-many", views.RegistrationTokenDetail(refusedOf(refusedRows(), waitingRows(), "/raise"))},
		{"waiting-many-helpdesk", views.RegistrationTokenDetail(refusedOf(refusedRows(), waitingRows(), ""))},
	}
	for _, f := range findings {
		pages = append(pages, Page{"verdict-" + string(f.Cause), views.RegistrationTokenDetail(judged(f))})
	}
	return pages
}

func investigateFixtures() []Page {
	page := views.InvestigatePage{Page: AdminPage("Investigate", layout.NavInvestigate), Action: "/admin/investigate"}
	says := func(text string) views.InvestigatePage {
		p := page
		p.Error = text
		return p
	}
	shows := func(query string, r views.InvestigateResults) views.InvestigatePage {
		p := page
		p.Query, p.Results = query, &r
		return p
	}
	found := func(label string, status models.Status, used int) views.FoundRegistrationToken {
		return views.FoundRegistrationToken{Link: layout.Link{Label: label, URL: tokenURL}, Hint: hint, Status: status, Usage: ui.Usage{Used: used, Count: 100, Status: status}, Expiry: inMonth}
	}
	const kind = "a person, a computer, a label or a reference"
	tokens := []views.FoundRegistrationToken{
		found("Rollout Berlin", models.StatusActive, 37), found(rtlLabel, models.StatusExhausted, 100),
		found(longName, models.StatusDisabled, 1), found("Rollout Hamburg", models.StatusExpired, 99), found("Rollout Köln", models.StatusDeleted, 0),
	}
	attempt := func(a views.AttemptDetail) views.InvestigatePage {
		p := page
		p.Attempt = &a
		return p
	}
	known := views.AttemptDetail{
		SupportCode: "K7Q4-M2QX", When: minutesAgo, Reason: "Count used up", Advice: "All counts were taken. See who used it; then raise the count, or give counts back from auth tokens nobody uses.",
		Person: people[1].person, Host: people[0].host, MAC: people[0].mac, IP: people[0].ip, Agent: "ContosoDesigner/12.4 (Windows 11)", RequestID: TokenID,
		RegistrationToken: &layout.Link{Label: "Rollout Berlin", URL: tokenURL}, Usage: ui.Usage{Used: 100, Count: 100, Status: models.StatusExhausted}, Now: []string{"All 100 counts are used."},
	}
	longNames := known
	longNames.Person, longNames.Host, longNames.Agent, longNames.Label, longNames.RefID1, longNames.RefID2 = people[3].person, people[3].host, longName, longName, rtlName, longName
	longNames.RegistrationToken, longNames.Now = &layout.Link{Label: longName, URL: tokenURL}, []string{"Ada Admin disabled it on 20 Nov 2026.", "All 100 counts are used."}
	rightToLeft := known
	rightToLeft.Person, rightToLeft.Host, rightToLeft.IP = people[2].person, people[2].host, people[2].ip
	rightToLeft.RegistrationToken, rightToLeft.Now = &layout.Link{Label: rtlLabel, URL: tokenURL}, []string{"It can be redeemed again: let the user try once more."}
	unknown := views.AttemptDetail{
		SupportCode: "9C3T-0VWA", When: minutesAgo, Reason: "Not a valid registration token", Advice: "What was sent is no registration token of this installation. Let the user copy it again, whole.",
		IP: people[3].ip, RequestID: TokenID,
	}
	return []Page{
		{"investigate", views.Investigate(page)},
		{"investigate-nothing-found", views.Investigate(says("Nothing is called so, nor begins with it. It was taken for " + kind + "; try another detail, or the support code."))},
		{"investigate-mistyped", views.Investigate(says("This secret is mistyped or incomplete. Let the user copy it again, whole."))},
		{"investigate-results", views.Investigate(shows("rollout", views.InvestigateResults{Kind: kind, Most: 15, RegistrationTokens: tokens, AuthTokens: authRows(), Refused: refusedRows()}))},
		{"investigate-results-one-kind", views.Investigate(shows(rtlName, views.InvestigateResults{Kind: kind, Most: 15, Refused: refusedRows()[1:3]}))},
		{"attempt", views.Investigate(attempt(known))},
		{"attempt-unknown-secret", views.Investigate(attempt(unknown))},
		{"attempt-long-names", views.Investigate(attempt(longNames))},
		{"attempt-right-to-left", views.Investigate(attempt(rightToLeft))},
	}
}
