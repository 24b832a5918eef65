package gallery

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/desk"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

func investigateFixtures() []Page {
	page := desk.InvestigatePage{Page: AdminPage("Investigate", layout.NavInvestigate), Now: now}
	says := func(text string) desk.InvestigatePage {
		p := page
		p.Error = text
		return p
	}
	const kind = "a person, a computer, a label or a reference"
	shows := func(query string, found seen.Found) desk.InvestigatePage {
		p := page
		p.Query, p.Results = query, &desk.Results{Found: found, Kind: kind, Most: 15, Labels: map[string]string{TokenID: "Rollout Berlin"}}
		return p
	}
	several := seen.Found{RegistrationTokens: []seen.RegistrationToken{
		usedToken("Rollout Berlin", 37), usedToken(rtlLabel, 100), usedToken(longName, 1, disabled),
		usedToken("Rollout Hamburg", 99, func(t *models.RegistrationToken) { t.ExpiresAt = aWeekAgo.Add(time.Hour) }),
		usedToken("Rollout Köln", 0, func(t *models.RegistrationToken) { t.DeletedAt = &twoMinutesAgo }),
	}}
	for i := range people {
		several.AuthTokens, several.Refused = append(several.AuthTokens, heldToken(i, nil)), append(several.Refused, turnedAway(i))
	}

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
	asking.Page, asking.Ask, asking.Notes.MayAdd = helpdesk(asking.Page), desk.Ask{Kind: models.RemedyRaise, URL: "/ask"}, true
	wanted.Ask.Asked = &desk.Asked{By: "Hedwig Helpdesk", At: ui.MomentOf(twoMinutesAgo, now), URL: "/r"}
	var unknown seen.RefusedAttempt
	unknown.SupportCode, unknown.Reason, unknown.AttemptedAt = "9C3T-0VWA", models.CodeRegistrationTokenInvalid, twoMinutesAgo
	unknown.IP, unknown.RequestID = people[3].ip, TokenID
	return []Page{
		{"investigate", desk.Investigate(page)},
		{"investigate-nothing-found", desk.Investigate(says(telling.NothingFound(kind)))},
		{"investigate-mistyped", desk.Investigate(says("This secret is mistyped or incomplete. Ask the user to copy all of it again."))},
		{"investigate-results", desk.Investigate(shows("rollout", several))},
		{"investigate-results-one-kind", desk.Investigate(shows(rtlName, seen.Found{Refused: several.Refused[1:3]}))},
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
