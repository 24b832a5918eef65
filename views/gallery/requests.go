package gallery

import (
	"strconv"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/admin"
	"muster/views/desk"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

const ticketURL = "https://desk.contoso.example/browse/HD-4711"

// asked is an open request for a remedy.
func asked(remedy models.RequestedRemedy) seen.Request {
	var r seen.Request
	r.ID, r.RegistrationTokenID, r.Remedy, r.State = TokenID, TokenID, remedy, models.RequestOpen
	r.Reason, r.Ticket = "38 people in Berlin cannot start the application; the order was for 150 seats.", "HD-4711"
	r.CreatedBy, r.CreatedAt, r.CountBefore = "Hedwig Helpdesk", twoMinutesAgo, 100
	return r
}

func raiseBy(n int) models.RequestedRemedy {
	return models.RequestedRemedy{Kind: models.RemedyRaise, Count: &n}
}

func surplus(n int) models.RequestedRemedy {
	return models.RequestedRemedy{Kind: models.RemedyDeleteSurplus, Count: &n, Finding: models.FindingRetryLoop, ReturnCount: true}
}

// decided is a request that somebody decided.
func decided(r seen.Request, state models.RequestState, why string) seen.Request {
	r.State, r.DecidedBy, r.DecidedAt, r.Decision = state, "Ada Admin", &twoMinutesAgo, why
	return r
}

// galleryRequests has a request of each kind and in each state.
func galleryRequests() []seen.Request {
	long := asked(surplus(1_204))
	long.Reason, long.CreatedBy, long.Ticket, long.CreatedAt = longName, longName, longName, aWeekAgo
	rtl := asked(models.RequestedRemedy{Kind: models.RemedyEnable})
	rtl.Reason, rtl.CreatedBy, rtl.Ticket = rtlName, rtlName, ""
	lapsed := asked(models.RequestedRemedy{Kind: models.RemedyReplace, Count: new(1)})
	lapsed.State = models.RequestLapsed
	one, expires := 1, now.Add(30*24*time.Hour)
	all := []seen.Request{
		asked(raiseBy(38)), long, rtl,
		asked(models.RequestedRemedy{Kind: models.RemedyDelete, Count: &one, AuthTokens: []string{authID}}),
		asked(models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: &expires}),
		decided(asked(models.RequestedRemedy{Kind: models.RemedyGiveBack, Count: &one, Finding: models.FindingUnusedSeats, ReturnCount: true}), models.RequestApproved, ""),
		decided(asked(raiseBy(1_000)), models.RequestDeclined, "The order has no more seats; sales is asking for them."),
		decided(asked(raiseBy(2)), models.RequestWithdrawn, ""),
		lapsed,
	}
	for i := range all {
		all[i].ID = TokenID[:len(TokenID)-1] + strconv.Itoa(i)
	}
	return all
}

func requestRow(r seen.Request, label string) admin.RequestRow {
	row := admin.RequestRow{Request: r, Ticket: layout.Link{Label: r.Ticket}, RegistrationToken: layout.Link{Label: label, URL: "/t"}}
	if r.Ticket == "HD-4711" {
		row.Ticket.URL = ticketURL
	}
	return row
}

func requestTabs() []ui.Tab {
	return []ui.Tab{{Label: "Open", Count: 5, URL: "/a", Current: true}, {Label: "Decided", NoCount: true, URL: "/b"}, {Label: "Mine", NoCount: true, URL: "/c"}}
}

// requestFixtures are the queue of requests, the forms that make one, and a request in
// each state.
func requestFixtures() []Page {
	list := admin.RequestListPage{Page: AdminPage("Requests", layout.NavRequests), Tabs: requestTabs(), Open: true, MayDecide: true, Now: now}
	none := list
	none.Page.OpenRequests = 0
	nothing := none
	nothing.Open, nothing.MayDecide, nothing.Page = false, false, helpdesk(none.Page)
	labels := []string{"Contoso rollout Q4", longName, rtlLabel, "Rollout Berlin"}
	for i, r := range galleryRequests() {
		list.Rows = append(list.Rows, requestRow(r, labels[i%len(labels)]))
	}
	pages := []Page{
		{"requests", admin.RequestList(list)},
		{"requests-none", admin.RequestList(none)},
		{"requests-none-of-mine", admin.RequestList(nothing)},
		{"note-refused", desk.NoteView(desk.NotePage{
			Page: AdminPage("Add a note", layout.NavNone), ObjectURL: "/o",
			Notes: desk.Notes{MayAdd: true, Errors: ui.FieldErrors{"text": "Write something, or give the reference of a ticket."}},
		})},
	}
	pages = append(pages, askFixtures()...)
	return append(pages, decideFixtures()...)
}

// askFixtures are the form that asks, for each kind of remedy.
func askFixtures() []Page {
	t := usedToken("Contoso rollout Q4", 100)
	ask := func(name string, remedy models.RequestedRemedy, edit func(*admin.NewRequestPage)) Page {
		p := admin.NewRequestPage{
			Page: helpdesk(detailPage("Ask", layout.NavRegistrationTokens, "Registration tokens")), Token: &t, Now: now, Remedy: remedy, CancelURL: "/t",
			Form: admin.RequestForm{Count: "38"}, ExpiryBounds: inUTC,
		}
		edit(&p)
		return Page{"request-new-" + name, admin.NewRequest(p)}
	}
	as := func(*admin.NewRequestPage) {}
	one := 1
	return []Page{
		ask("raise", raiseBy(38), as),
		ask("raise-wrong", raiseBy(38), func(p *admin.NewRequestPage) {
			p.Form.Count, p.Errors = "0", ui.FieldErrors{"count": "The count must be a whole number between 1 and 1,000,000.", "reason": "Say why you ask: whoever decides reads it."}
		}),
		ask("finding", surplus(7), func(p *admin.NewRequestPage) {
			p.Found, p.Affected = "A retry loop: build-07 took 8 counts within two minutes.", affected(7, 1)
		}),
		ask("selected", models.RequestedRemedy{Kind: models.RemedyDelete, Count: &one, AuthTokens: []string{authID}}, func(p *admin.NewRequestPage) {
			p.Form.IDs, p.Affected = []string{authID}, affected(1, 0)
		}),
		ask("replace", models.RequestedRemedy{Kind: models.RemedyReplace}, as),
		ask("extend", models.RequestedRemedy{Kind: models.RemedyExtend}, func(p *admin.NewRequestPage) { p.Form.ExpirationDate = "2026-12-23T23:59" }),
		ask("enable", models.RequestedRemedy{Kind: models.RemedyEnable}, as),
	}
}

// affected are the auth tokens of a deletion, and how many stay.
func affected(acts, stay int) admin.Affected {
	a := admin.Affected{ActedNumber: acts, KeptNumber: stay}
	for i := range min(acts, len(people)) {
		a.Acted = append(a.Acted, heldToken(i, nil))
	}
	for i := range stay {
		a.Kept = append(a.Kept, heldToken(i, nil))
	}
	return a
}

// decideFixtures are the page of a request: open, changed, decided.
func decideFixtures() []Page {
	t := usedToken("Contoso rollout Q4", 100)
	show := func(name string, r seen.Request, edit func(*admin.RequestPage)) Page {
		p := admin.RequestPage{
			Page: detailPage(telling.Requested(&r, now), layout.NavRequests, "Requests"), RequestRow: requestRow(r, t.Identifier), Token: &t, Now: now,
			Standing: telling.RequestStanding(&r, true, now), Count: r.Remedy.Count, Left: true,
			Verdict: "All 25 counts are used, by 25 people on 25 devices; 9 people are still waiting.", Waiting: 9,
			MayDecide: r.State == models.RequestOpen,
		}
		if r.Remedy.Count != nil {
			p.Answer.Count = ui.Number(*r.Remedy.Count)
			p.Effect = telling.Effect(&r.Remedy, &t, *r.Remedy.Count, now)
		}
		edit(&p)
		return Page{"request-" + name, admin.Request(p)}
	}
	as := func(*admin.RequestPage) {}
	deletion := models.AuthTokenDeletionResult{Deleted: 7, Reclaimed: 7, People: 2, Devices: 5}
	deletes := func(p *admin.RequestPage) {
		p.Effect, p.Deletion, p.Affected = telling.DeletionEffect(&deletion), &deletion, affected(7, 1)
	}
	pages := []Page{
		show("raise", asked(raiseBy(38)), as),
		show("raise-changed", asked(raiseBy(38)), func(p *admin.RequestPage) {
			p.Changed, p.Count, p.Answer.Count, p.Effect = true, new(41), "41", telling.Effect(&p.Remedy, &t, 41, now)
		}),
		show("deletion", asked(surplus(7)), deletes),
		show("deletion-changed", asked(surplus(12)), func(p *admin.RequestPage) {
			deletes(p)
			p.Changed, p.Count = true, new(7)
		}),
		show("replace", asked(models.RequestedRemedy{Kind: models.RemedyReplace, Count: new(13)}), func(p *admin.RequestPage) { p.Answer.Nonce = "n" }),
		show("nothing-left", asked(surplus(7)), func(p *admin.RequestPage) { p.Left = false }),
		show("building", asked(surplus(7)), func(p *admin.RequestPage) { p.Building = true }),
		show("decline-without-reason", asked(raiseBy(38)), func(p *admin.RequestPage) {
			p.Errors = ui.FieldErrors{"reason": "Say why: whoever asked will read it."}
		}),
		show("helpdesk", asked(raiseBy(38)), func(p *admin.RequestPage) {
			p.Page, p.MayDecide, p.MayWithdraw = helpdesk(p.Page), false, true
			p.Standing = telling.RequestStanding(&p.RequestRow.Request, false, now)
		}),
	}
	for _, r := range galleryRequests()[5:] {
		pages = append(pages, show(string(r.State), r, as))
	}
	return pages
}

// asks are what the helpdesk can ask for; asked is the open request for a successor.
func asks(asked *desk.Asked) (all desk.Asks) {
	for _, kind := range []models.RemedyKind{models.RemedyRaise, models.RemedyExtend, models.RemedyEnable, models.RemedyReplace} {
		all = append(all, desk.Ask{Kind: kind, Label: telling.AskLabel(kind, nil), URL: "/ask"})
	}
	all[3].Asked = asked
	if asked != nil {
		all[3].URL = ""
	}
	return all
}

// written are the requests about an object, and the notes about it.
func written() (desk.Requests, desk.Notes) {
	requests, notes := desk.Requests{Now: now, AllURL: "/all"}, desk.Notes{Now: now, MayAdd: true}
	for _, r := range galleryRequests() {
		row := requestRow(r, "")
		requests.Rows = append(requests.Rows, desk.Request{Request: r, Ticket: row.Ticket})
	}
	for _, text := range []string{"Called twice about it; the order is with sales.\nPlease ask them before raising it again.", longName, rtlName} {
		var n seen.Note
		n.Text, n.CreatedBy, n.CreatedAt = text, "Hedwig Helpdesk", twoMinutesAgo
		notes.Rows = append(notes.Rows, desk.Note{Note: n, Ticket: layout.Link{Label: "HD-4711", URL: ticketURL}})
	}
	return requests, notes
}
