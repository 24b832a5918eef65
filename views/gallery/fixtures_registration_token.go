package gallery

import (
	"strconv"
	"strings"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

const tokenURL = "/admin/registration-tokens/" + TokenID

// helpdesk is a page as those see it who change nothing.
func helpdesk(p layout.Page) layout.Page {
	p.Actor = &layout.Actor{Name: "Hedwig Helpdesk", RoleName: "Helpdesk", CanSeeRegistrationTokens: true, CanSeeAuthTokens: true, CanSeeAudit: true}
	return p
}

func detailTabs(current string) []ui.Tab {
	var tabs []ui.Tab
	for i, label := range []string{"Who used it", "Turned away", "Changes"} {
		tabs = append(tabs, ui.Tab{Label: label, Count: []int{100, 38, 3}[i], URL: tokenURL + "?section=" + strconv.Itoa(i), Current: label == current})
	}
	return tabs
}

// detailOf is a registration token in a state, which nobody has used.
func detailOf(name string, status models.Status, used int, reasons ...views.RegistrationTokenReason) views.RegistrationTokenDetailPage {
	p := views.RegistrationTokenDetailPage{
		Page: detailPage(name, layout.NavRegistrationTokens, "Registration tokens"), ID: TokenID, Identifier: name, Hint: hint, URL: tokenURL + "?section=0",
		Usage: ui.Usage{RegistrationTokenID: TokenID, Used: used, Count: 100, Status: status}, Status: status, Reasons: reasons, Expiry: inMonth,
		CreatedBy: "Ada Admin", Created: lastWeek, Updated: lastWeek, Tabs: detailTabs("Who used it"),
		EditURL: "/e", DisableURL: "/d", ReplaceURL: "/r", DeleteURL: "/x",
		Uses: &views.RegistrationTokenUsesSection{RegistrationTokenID: TokenID, URL: tokenURL},
	}
	if used > 0 {
		p.LastRedeemed = minutesAgo
		p.Uses = usesSection()
	}
	return p
}

func usesSection() *views.RegistrationTokenUsesSection {
	s := &views.RegistrationTokenUsesSection{RegistrationTokenID: TokenID, URL: tokenURL, Total: 100, Paging: ui.Paging{NextURL: "/n", Summary: "5 on this page"}}
	for i, p := range people {
		s.Rows = append(s.Rows, views.UseRow{AuthTokenID: authID[:25] + strconv.Itoa(i), URL: "/admin/auth-tokens/" + authID, UseNumber: 100 - i, Person: p.person, Host: p.host, MAC: p.mac, IP: p.ip, When: minutesAgo, LastSeen: minutesAgo, State: authStates[i], Reclaimed: i == 4})
	}
	return s
}

// groupedUses are the uses by device, of a stretch of time, for somebody who
// may delete.
func groupedUses() *views.RegistrationTokenUsesSection {
	s := &views.RegistrationTokenUsesSection{
		RegistrationTokenID: TokenID, URL: tokenURL, Total: 100, By: models.FacetDevice, Narrowed: true, ClearURL: tokenURL, SelectURL: "/select",
		Chips: []ui.Chip{{Label: "24 Nov 2026, 11:00:00 to 11:03:41 UTC", On: true, URL: "#"}},
	}
	for _, label := range []string{"Each use", "Person", "Device", "Network", "Domain"} {
		s.GroupBy = append(s.GroupBy, ui.Tab{Label: label, URL: "#", Current: label == "Device", NoCount: true})
	}
	for i, p := range people {
		row := views.UseGroupRow{Value: p.host, Person: p.person, Uses: 14 - 3*i, Live: 2, People: 1, Devices: 1, First: lastWeek, Last: minutesAgo, URL: "#"}
		row.Unknown = p.host == ""
		row.Deleted = row.Uses - row.Live
		if i == 0 {
			row.Surplus, row.SurplusURL, row.Reclaimed = 4, "/surplus", 9
		}
		s.Groups = append(s.Groups, row)
	}
	return s
}

func refusedRows() []views.RefusedRow {
	var rows []views.RefusedRow
	for _, p := range people {
		rows = append(rows, views.RefusedRow{When: minutesAgo, Person: p.person, Host: p.host, IP: p.ip, Reason: "Count used up", SupportCode: "K7Q4-M2QX", URL: "/admin/investigate?code=K7Q4-M2QX"})
	}
	return rows
}

// refusedOf is the page with the tab of those who were turned away.
func refusedOf(rows []views.RefusedRow, waiting []views.WaitingRow, raiseURL string) views.RegistrationTokenDetailPage {
	p := detailOf("Rollout Berlin", models.StatusExhausted, 100, exhausted)
	p.Uses, p.Tabs = nil, detailTabs("Turned away")
	p.Refused = &views.RegistrationTokenRefusedSection{RegistrationTokenID: TokenID, URL: tokenURL, Total: len(rows), Rows: rows, Waiting: waiting, RaiseURL: raiseURL}
	return p
}

var (
	exhausted = views.RegistrationTokenReason{Status: models.StatusExhausted, Text: "All 100 counts are used."}
	disabled  = views.RegistrationTokenReason{Status: models.StatusDisabled, Text: "Ada Admin disabled it on 20 Nov 2026. The reason given: the list was sent to the wrong address."}
)

func registrationTokenFixtures() []Page {
	expired := detailOf("Pilot group", models.StatusExpired, 13, views.RegistrationTokenReason{Status: models.StatusExpired, Text: "It expired on 16 Nov 2026, with 87 of 100 counts left."})
	expired.Expiry, expired.Expired, expired.DisableURL, expired.BurnDown = lastWeek, true, "", burnDownMarked()
	deleted := detailOf("Pilot group", models.StatusDeleted, 13, views.RegistrationTokenReason{Status: models.StatusDeleted, Text: "Ada Admin deleted it on 20 Nov 2026."}, disabled)
	deleted.EditURL, deleted.DisableURL, deleted.ReplaceURL, deleted.DeleteURL = "", "", "", ""
	replaced := detailOf(rtlLabel, models.StatusDisabled, 37, views.RegistrationTokenReason{Status: models.StatusDisabled, Text: "It was replaced on 20 Nov 2026."})
	replaced.DisableURL, replaced.ReplaceURL, replaced.ReplacedBy = "", "", &layout.Link{Label: rtlLabel + " ٢", URL: "/t"}
	long := detailOf(longName, models.StatusExhausted, 100, exhausted)
	long.CreatedBy, long.Customer, long.RefID1, long.RefID2, long.Note = longName, longName, longName, rtlName, strings.Repeat(longName+"\n", 2)
	long.Verdict = []views.VerdictRow{{Cause: models.CauseRetryLoop, Title: "A retry loop", Share: "7 of 10 uses", Sentence: longName + " took 7 counts within 2 minutes, one after the other.", Action: "Delete the surplus and give the counts back", ActionURL: "/a"}}

	full := detailOf("Rollout Berlin", models.StatusDisabled, 100, disabled, exhausted)
	full.DisableURL, full.EnableURL = "", "/enable"
	full.RefID1, full.Note = "SO-2026-00417", "For the move to the new office.\nAsk Jane before raising."
	full.Replaces = &layout.Link{Label: longName, URL: "/admin/registration-tokens/x"}
	changes := full
	changes.Uses, changes.Tabs = nil, detailTabs("Changes")
	unchanged := changes
	changes.Changes = []views.ChangeRow{
		{When: minutesAgo, Who: "Ada Admin", What: "Disabled it"},
		{When: lastWeek, Who: longName, What: "Changed it", Differences: []views.Difference{{Field: "Count", From: "50", To: "100"}, {Field: "Note", From: "", To: longName}, {Field: "Label", From: rtlLabel, To: "Rollout Berlin"}}},
		{When: lastWeek, Who: "Ada Admin", What: "Created it"},
	}
	forHelpdesk := detailOf("Contoso rollout Q4", models.StatusExhausted, 100, exhausted)
	forHelpdesk.Page = helpdesk(forHelpdesk.Page)
	forHelpdesk.EditURL, forHelpdesk.DisableURL, forHelpdesk.ReplaceURL, forHelpdesk.DeleteURL = "", "", "", ""

	burnt := func(b *views.BurnDown) views.RegistrationTokenDetailPage {
		p := detailOf("Field laptops", models.StatusActive, 37)
		p.BurnDown = b
		return p
	}
	grouped := detailOf("Rollout Berlin", models.StatusActive, 40)
	grouped.Uses = groupedUses()
	noneMatch := grouped
	noneMatch.Uses = groupedUses()
	noneMatch.Uses.Groups = nil
	expected, strangers, listless := expectedFixtures(detailOf("Rollout Berlin", models.StatusActive, 0))
	return []Page{
		{"token-detail-grouped", views.RegistrationTokenDetail(grouped)},
		{"token-detail-none-match", views.RegistrationTokenDetail(noneMatch)},
		{"token-detail-expected", views.RegistrationTokenDetail(expected)},
		{"token-detail-unexpected", views.RegistrationTokenDetail(strangers)},
		{"token-detail-no-list", views.RegistrationTokenDetail(listless)},
		{"token-detail-unused", views.RegistrationTokenDetail(detailOf("Rollout Berlin", models.StatusActive, 0))},
		{"token-detail-active", views.RegistrationTokenDetail(burnt(burnDownOf(100, 92, 80, 79, 70, 66, 63)))},
		{"token-detail-exhausted", views.RegistrationTokenDetail(detailOf("Contoso rollout Q4", models.StatusExhausted, 100, exhausted))},
		{"token-detail-helpdesk", views.RegistrationTokenDetail(forHelpdesk)},
		{"token-detail-expired", views.RegistrationTokenDetail(expired)},
		{"token-detail-full", views.RegistrationTokenDetail(full)},
		{"token-detail-replaced", views.RegistrationTokenDetail(replaced)},
		{"token-detail-deleted", views.RegistrationTokenDetail(deleted)},
		{"token-detail-long-names", views.RegistrationTokenDetail(long)},
		{"token-detail-changes", views.RegistrationTokenDetail(changes)},
		{"token-detail-no-changes", views.RegistrationTokenDetail(unchanged)},
		{"burn-down-one", views.RegistrationTokenDetail(burnt(burnDownOf(100, 99)))},
		{"burn-down-many", views.RegistrationTokenDetail(burnt(burnDownOf(1_000_000, 999_000, 812_345, 811_000, 640_000, 12_000, 3)))},
		{"burn-down-marks", views.RegistrationTokenDetail(burnt(burnDownMarked()))},
	}
}

// burnDownOf draws what was left after each of a few moments.
func burnDownOf(count int, left ...int) *views.BurnDown {
	const width, height = 720, 180
	at := func(n int) string { return strconv.Itoa(height - height*n/count) }
	b := &views.BurnDown{
		Width: width, Height: height, Most: ui.Number(count), From: lastWeek, To: minutesAgo, Line: "M0 0", Limit: "M0 0H720",
		Summary: "Counts left over time. " + ui.Number(left[len(left)-1]) + " of " + ui.Number(count) + " are left.",
		Rows:    []views.BurnRow{{When: lastWeek, What: "Created", Left: count, Count: count}},
	}
	for i, n := range left {
		b.Line += "H" + strconv.Itoa(width*(i+1)/(len(left)+1)) + "V" + at(n)
		b.Rows = append(b.Rows, views.BurnRow{When: minutesAgo, What: "Redeemed", Used: count - n, Left: n, Count: count})
	}
	b.Line += "H690"
	b.Area = b.Line + "V180 H0 Z"
	return b
}

// burnDownMarked has every kind of mark.
func burnDownMarked() *views.BurnDown {
	b := burnDownOf(100, 40, 20, 5, 50, 62, 63)
	b.Limit = "M0 90H411V0H720"
	b.Line = strings.Replace(b.Line, "M0 0", "M0 90", 1)
	b.Area = b.Line + "V180 H0 Z"
	b.Marks = []views.BurnMark{
		{X: "411", Title: "Count changed from 50 to 100, 20 Nov 2026"},
		{X: "514", Title: "Count given back, 21 Nov 2026", GivenBack: true},
		{X: "617", Title: "Count given back, 22 Nov 2026", GivenBack: true},
	}
	b.Expiry = &views.BurnMark{X: "690", Title: "Expiry, 16 Nov 2026"}
	b.Rows[0].Left, b.Rows[0].Count = 50, 50
	b.Rows = append(b.Rows, views.BurnRow{When: minutesAgo, What: "Count changed from 50 to 100", Used: 37, Left: 63, Count: 100})
	return b
}
