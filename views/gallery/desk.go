package gallery

import (
	"strconv"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/desk"
	"muster/views/layout"
	"muster/views/telling"
)

// usedToken has a count of 100 and is changed by edits.
func usedToken(label string, used int, edits ...func(*models.RegistrationToken)) seen.RegistrationToken {
	uses := func(t *models.RegistrationToken) {
		if t.RedemptionCount = used; used == 0 {
			unused(t)
		}
	}
	return tokenOf(label, used, 100, append([]func(*models.RegistrationToken){uses}, edits...)...)
}

// claimed and verified are who the people of the fixtures are.
func claimed(i int) models.ClaimedIdentity {
	p := people[i]
	c := models.ClaimedIdentity{SystemUserName: p.person.Name, FQDN: p.host, MACAddress: p.mac}
	if p.person.Verified {
		c.SystemUserName = p.person.Reported
	}
	return c
}

func verified(i int) models.VerifiedIdentity {
	if !people[i].person.Verified {
		return models.VerifiedIdentity{}
	}
	return models.VerifiedIdentity{Issuer: "https://login.contoso.example/", Subject: "00u1a2b3c4", Email: people[i].person.Name}
}

// heldToken is the auth token of one of the people, in the state at the same
// place in authStates; edit changes it.
func heldToken(i int, edit func(*models.AuthToken)) seen.AuthToken {
	t := models.AuthToken{
		ID: authID[:25] + strconv.Itoa(i), RegistrationTokenID: TokenID, IP: people[i].ip, LastSeenIP: "203.0.113.25", Generation: 1,
		ClaimedIdentity: claimed(i), VerifiedIdentity: verified(i),
		CreatedAt: aWeekAgo, LastSeenAt: twoMinutesAgo, IdleExpiresAt: now.Add(30 * 24 * time.Hour),
	}
	switch authStates[i] {
	case models.AuthTokenIdleExpired:
		t.IdleExpiresAt = twoMinutesAgo
	case models.AuthTokenEnded:
		t.EndedAt, t.EndReason = &twoMinutesAgo, string(models.CodeRefreshTokenReused)
	case models.AuthTokenDeleted:
		t.DeletedAt, t.DeletedBy = &twoMinutesAgo, "Ada Admin"
	case models.AuthTokenLive:
	}
	if edit != nil {
		edit(&t)
	}
	return viewer.AuthToken(&t)
}

// turnedAway is the refused attempt of one of the people.
func turnedAway(i int) seen.RefusedAttempt {
	var a seen.RefusedAttempt
	a.ID, a.SupportCode, a.Reason, a.AttemptedAt = TokenID, "K7Q4-M2QX", models.CodeRegistrationTokenExhausted, twoMinutesAgo
	a.ClaimedIdentity, a.VerifiedIdentity, a.IP = claimed(i), verified(i), people[i].ip
	a.UserAgent, a.RequestID = "ContosoDesigner/12.4 (Windows 11)", TokenID
	return a
}

func overviewFixtures() []Page {
	fresh := desk.OverviewPage{Page: AdminPage("Overview", layout.NavOverview), Now: now, Fresh: true, MayCreate: true}
	calm := fresh
	calm.Fresh = false
	calm.Figures = []desk.Figure{
		{Label: "Active registration tokens", Value: 4, Of: "of 12", URL: "/admin/registration-tokens?status=active", Spark: []int{0, 0, 1, 0, 0, 0, 2}, SparkText: "new each day", SparkLabel: "From 0 to 2 a day"},
		{Label: "Redeemed today", Value: 0, Spark: []int{0, 0, 0, 0, 0, 0, 0}, SparkText: "each day", SparkLabel: "Nothing in the last 7 days"},
		{Label: "Turned away today", Value: 0, Spark: []int{0, 0, 0, 0, 0, 0, 0}, SparkText: "each day", SparkLabel: "Nothing in the last 7 days"},
		{Label: "Need attention", Value: 0, Spark: []int{0, 0, 0, 0, 0, 0, 0}, SparkText: "expire, a week ahead", SparkLabel: "Nothing in the next 7 days"},
	}
	busy := calm
	busy.Figures = []desk.Figure{
		{Label: "Active registration tokens", Value: 1_204, Of: "of 12,000", URL: "/admin/registration-tokens?status=active", Spark: []int{1, 0, 40, 2, 0, 8, 13}, SparkText: "new each day", SparkLabel: "From 0 to 40 a day"},
		{Label: "Redeemed today", Value: 1_000_000, Spark: []int{3, 5, 2, 8, 13, 4, 21}, SparkText: "each day", SparkLabel: "From 3 to 21 a day in the last 7 days"},
		{Label: "Turned away today", Value: 38, Spark: []int{0, 0, 1, 0, 2, 0, 38}, SparkText: "each day", SparkLabel: "From 0 to 38 a day in the last 7 days"},
		{Label: "Need attention", Value: 25, Spark: []int{0, 4, 0, 1, 0, 0, 2}, SparkText: "expire, a week ahead", SparkLabel: "From 0 to 4 a day"},
	}
	for _, a := range []seen.Attention{
		{RegistrationToken: usedToken("Contoso rollout Q4", 100), Refused: 38, RefusedSince: twoMinutesAgo},
		{RegistrationToken: usedToken(rtlLabel, 96)},
		{RegistrationToken: usedToken(longName, 13, func(t *models.RegistrationToken) { t.ExpiresAt = aWeekAgo }), Refused: 1, RefusedSince: twoMinutesAgo},
	} {
		busy.Attention = append(busy.Attention, desk.Attention{Attention: a, Text: telling.AttentionOf(&a, now, true), URL: "/e"})
	}
	busy.More = 22
	for _, r := range galleryRequests()[:3] {
		busy.Requests = append(busy.Requests, desk.OpenRequest{Request: r, RegistrationToken: layout.Link{Label: "Contoso rollout Q4", URL: "/t"}})
	}
	busy.MoreRequests, busy.MayDecide = 2, true
	for i := range people {
		row := desk.Activity{RegistrationToken: &layout.Link{Label: "Rollout Berlin", URL: "/admin/registration-tokens/" + TokenID}}
		if i%2 == 0 {
			t := heldToken(i, nil)
			row.Redeemed = &t
		} else {
			a := turnedAway(i)
			row.Refused = &a
		}
		busy.Activity = append(busy.Activity, row)
	}
	busy.Activity[1].RegistrationToken = nil
	return []Page{
		{"overview-fresh", desk.Overview(fresh)},
		{"overview-calm", desk.Overview(calm)},
		{"overview-busy", desk.Overview(busy)},
	}
}

// authTokenFixtures are the page of one auth token: live, and deleted with
// its addresses masked and shown.
func authTokenFixtures() []Page {
	live := heldToken(1, func(t *models.AuthToken) {
		t.FQDN, t.MACAddress, t.RefID1, t.UserAgent = people[0].host, people[0].mac, "SO-1", "ContosoDesigner/12.4 (Windows 11)"
		t.Generation = 41
	})
	page := func(t *seen.AuthToken) desk.AuthTokenPage {
		return desk.AuthTokenPage{
			Page: detailPage("jane.miller", layout.NavAuthTokens, "Auth tokens"), Token: t, Now: now,
			RegistrationToken: layout.Link{Label: "Rollout Berlin", URL: "/t"}, UseNumber: 37, MayDelete: t.DeletedAt == nil,
		}
	}
	gone := heldToken(3, func(t *models.AuthToken) {
		t.DeletedAt, t.DeletedBy, t.DeleteReason, t.CountReclaimed = &twoMinutesAgo, "Ada Admin", "Laptop lost on the train", true
	})
	deleted := page(&gone)
	deleted.Requests, deleted.Notes = written()
	asks := page(&live)
	asks.Page, asks.MayDelete, asks.MayAsk, asks.Notes.MayAdd = helpdesk(asks.Page), false, true, true
	masked := layout.MaskBar{Action: "/m", ObjectKind: models.ObjectAuthToken, ObjectID: authID, ReturnTo: "/r", Lasting: "15 minutes"}
	deleted.MaskBar = &masked
	unmasked, shown := deleted, masked
	shown.ShownUntil = "23:37 UTC"
	unmasked.MaskBar = &shown
	return []Page{
		{"auth-token-live", desk.AuthToken(page(&live))},
		{"auth-token-helpdesk", desk.AuthToken(asks)},
		{"auth-token-deleted", desk.AuthToken(deleted)},
		{"auth-token-unmasked", desk.AuthToken(unmasked)},
	}
}
