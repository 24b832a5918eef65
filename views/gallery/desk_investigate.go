package gallery

import (
	"net/url"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/desk"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
	"muster/views/ui"
)

func investigateFixtures() []Page {
	page := desk.InvestigatePage{Page: AdminPage("Investigate", layout.NavInvestigate), Now: now}
	says := func(typed, text string) desk.InvestigatePage {
		p := page
		p.Error, p.Query, p.Typed = text, typed, typed
		if typed != "" {
			p.ReadAs = "a person, a computer, a label or a reference"
		}
		return p
	}
	var noted []desk.Note
	shows := func(typed string, found seen.Found) desk.InvestigatePage {
		p := page
		p.Query, p.Typed, p.ReadAs = typed, typed, "a person, a computer, a label or a reference"
		p.Results = &desk.Results{Found: found, Noted: noted, Address: url.Values{paths.ParamQuery: {typed}}, Most: 500, Labels: map[string]string{TokenID: "Rollout Berlin"}}
		return p
	}
	counted := func(f seen.Found, times int, more bool) seen.Found {
		total := func(rows int) models.Total { return models.Total{Number: rows * times, More: more && rows > 0} }
		f.Totals = seen.Totals{
			RegistrationTokens: total(len(f.RegistrationTokens)), AuthTokens: total(len(f.AuthTokens)), Refused: total(len(f.Refused)), Notes: total(len(f.Notes)),
		}
		return f
	}
	several := seen.Found{RegistrationTokens: []seen.RegistrationToken{
		usedToken("Rollout Berlin", 37), usedToken(rtlLabel, 100), usedToken(longName, 1, disabled),
		usedToken("Rollout Hamburg", 99, func(t *models.RegistrationToken) { t.ExpiresAt = aWeekAgo.Add(time.Hour) }),
		usedToken("Rollout Köln", 0, func(t *models.RegistrationToken) { t.DeletedAt = &twoMinutesAgo }),
	}}
	for i := range people {
		several.AuthTokens, several.Refused = append(several.AuthTokens, heldToken(i, nil)), append(several.Refused, turnedAway(i))
	}

	note := func(kind, text, ticket, by string) {
		var n seen.Note
		n.ObjectKind, n.ObjectID, n.Text, n.Ticket, n.CreatedBy, n.CreatedAt = kind, TokenID, text, ticket, by, twoMinutesAgo
		shown := desk.Note{Note: n}
		if ticket != "" {
			shown.Ticket = layout.Link{Label: ticket, URL: "https://tickets.contoso.example/" + url.PathEscape(ticket)}
		}
		several.Notes, noted = append(several.Notes, n), append(noted, shown)
	}
	note(models.ObjectRegistrationToken, "Asked the rollout team who set up the loop.", "INC-4711", "Marek Novák")
	note(models.ObjectAuthToken, longName, "", rtlName)
	note(models.ObjectRefusedAttempt, "", longName, longName)
	unknownCode := says("K7Q4-M2QX", telling.UnknownSupportCode([]string{"K7Q4-M2QX"}, ""))
	unknownCode.ReadAs = "a support code"
	mistyped, likely := says("", telling.InvestigateAnswer(telling.AnswerMistyped)), usedToken("Rollout Berlin", 37)
	mistyped.Likely = &desk.Likely{RegistrationToken: &likely}
	tooNarrow := says("10.77.3.0/24", telling.NetworkTooNarrow)
	tooNarrow.ReadAs = "a network"
	allOf := shows("rollout", counted(several, 300, false))
	allOf.Results.All = desk.ResultAuthTokens
	shared := shows("", counted(seen.Found{AuthTokens: several.AuthTokens}, 1, false))
	shared.Typed, shared.ReadAs, shared.Others = "a…@contoso.example", "an e-mail address", 2

	opened := func(a seen.RefusedAttempt, t *seen.RegistrationToken, v *seen.Verdict) desk.InvestigatePage {
		p := page
		p.Attempt = &telling.Attempt{RefusedAttempt: &a, Token: t, Verdict: v}
		return p
	}
	tooMany := judged(nil)
	exhausted, active := usedToken("Rollout Berlin", tooMany.Uses, func(t *models.RegistrationToken) { t.Count = tooMany.Uses }), usedToken(rtlLabel, 37)
	twice := usedToken(longName, 37, disabled, func(t *models.RegistrationToken) { t.Count = 37 })
	long := turnedAway(3)
	long.UserAgent, long.Identifier, long.RefID1, long.RefID2 = longName, longName, rtlName, longName
	orderly := judged(func(f *seen.Finding) bool { return f.Kind == models.FindingInOrder })
	holds := opened(turnedAway(1), &exhausted, tooMany)
	held := heldToken(1, nil)
	holds.Attempt.Held, holds.Attempt.SameDevice = &held, true
	elsewhere := opened(turnedAway(1), &exhausted, tooMany)
	elsewhere.Attempt.Held = &held
	wanted := opened(turnedAway(1), &exhausted, tooMany)
	request := asked(raiseBy(38))
	wanted.Attempt.Asked = &request
	wanted.Requests, wanted.Notes = written()
	asking := opened(turnedAway(1), &exhausted, tooMany)
	asking.Page, asking.Ask, asking.Notes.MayAdd = helpdesk(asking.Page), desk.Ask{Kind: models.RemedyRaise, Label: telling.AskLabel(models.RemedyRaise, nil), URL: "/ask"}, true
	wanted.Ask.Asked = &desk.Asked{By: "Hedwig Helpdesk", At: ui.MomentOf(twoMinutesAgo, now), URL: "/r"}
	var unknown seen.RefusedAttempt
	unknown.SupportCode, unknown.Reason, unknown.AttemptedAt = "9C3T-0VWA", models.CodeRegistrationTokenInvalid, twoMinutesAgo
	unknown.IP, unknown.RequestID = people[3].ip, TokenID
	calm, busy := page, page
	calm.Desk, busy.Page, busy.Desk = &desk.Desk{}, helpdesk(page.Page), waitsForDesk()
	return []Page{
		{"investigate", desk.Investigate(calm)},
		{"investigate-desk", desk.Investigate(busy)},
		{"investigate-nothing-found", desk.Investigate(says(longName, telling.NothingFound("a person, a computer, a label or a reference")))},
		{"investigate-unknown-code", desk.Investigate(unknownCode)},
		{"investigate-mistyped", desk.Investigate(mistyped)},
		{"investigate-network-too-narrow", desk.Investigate(tooNarrow)},
		{"investigate-too-many", desk.Investigate(says("an", telling.TooManyBegin))},
		{"investigate-results", desk.Investigate(shows("rollout", counted(several, 1, false)))},
		{"investigate-results-many", desk.Investigate(shows("rollout", counted(several, 2_500, true)))},
		{"investigate-results-all-of-a-kind", desk.Investigate(allOf)},
		{"investigate-results-one-kind", desk.Investigate(shows(rtlName, counted(seen.Found{Refused: several.Refused[1:3]}, 30, false)))},
		{"investigate-results-masked", desk.Investigate(shared)},
		{"attempt", desk.Investigate(opened(turnedAway(1), &exhausted, tooMany))},
		{"attempt-helpdesk", desk.Investigate(asking)},
		{"attempt-holds-one", desk.Investigate(holds)},
		{"attempt-holds-one-elsewhere", desk.Investigate(elsewhere)},
		{"attempt-asked", desk.Investigate(wanted)},
		{"attempt-unknown-secret", desk.Investigate(opened(unknown, nil, nil))},
		{"attempt-long-names", desk.Investigate(opened(long, &twice, orderly))},
		{"attempt-right-to-left", desk.Investigate(opened(turnedAway(2), &active, orderly))},
	}
}

// waitsForDesk is a desk with all there can be on it.
func waitsForDesk() *desk.Desk {
	found, held, refused := usedToken(longName, 37), heldToken(2, nil), turnedAway(1)
	d := &desk.Desk{MoreRequests: 3, Recent: []desk.Recent{
		{Kind: models.ObjectRegistrationToken, URL: "/t", RegistrationToken: &found},
		{Kind: models.ObjectAuthToken, URL: "/a", AuthToken: &held},
		{Kind: models.ObjectRefusedAttempt, URL: "/r", Attempt: &refused},
	}}
	for i, label := range []string{"Contoso rollout Q4", rtlLabel, longName, ""} {
		group := desk.StillWaits{URL: "/t", TurnedAway: seen.TurnedAway{Last: turnedAway(i)}}
		for n := range i + 2 {
			last := turnedAway(n % 4)
			group.Waiting = append(group.Waiting, last.Person())
		}
		group.Devices = i
		if label != "" {
			group.RegistrationToken = &layout.Link{Label: label, URL: "/t"}
		}
		d.TurnedAway = append(d.TurnedAway, group)
	}
	for _, r := range galleryRequests()[:2] {
		d.Requests = append(d.Requests, desk.OpenRequest{Request: r, RegistrationToken: layout.Link{Label: longName, URL: "/t"}})
	}
	return d
}
