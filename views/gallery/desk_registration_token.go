package gallery

import (
	"strconv"
	"strings"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/desk"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

const tokenURL = "/admin/registration-tokens/" + TokenID

// helpdesk is a page as the helpdesk sees it.
func helpdesk(p layout.Page) layout.Page {
	p.Actor = &layout.Actor{Name: "Hedwig Helpdesk", RoleName: "Helpdesk", CanSeeRegistrationTokens: true, CanSeeAuthTokens: true, CanSeeAudit: true, CanSeeRequests: true}
	return p
}

// event is an audit event about the registration token.
func event(action models.AuditAction, who, detail string) seen.AuditEvent {
	var e seen.AuditEvent
	e.Action, e.ActorName, e.OccurredAt, e.Detail = action, who, twoMinutesAgo, detail
	e.ObjectKind, e.ObjectID = models.ObjectRegistrationToken, TokenID
	return e
}

var disabling = event(models.AuditRegistrationTokenDisabled, "Ada Admin", `{"reason":"the list was sent to the wrong address"}`)

// disabled disables a registration token.
func disabled(t *models.RegistrationToken) { t.DisabledAt, t.DisabledBy = &twoMinutesAgo, "Ada Admin" }

// pageOf is the page of a registration token with the tab of its uses, for
// somebody who may act.
func pageOf(t seen.RegistrationToken, events ...seen.AuditEvent) desk.RegistrationTokenPage {
	p := desk.RegistrationTokenPage{
		Page: detailPage(t.Identifier, layout.NavRegistrationTokens, "Registration tokens"), Token: &t, Now: now,
		Reasons: telling.StatusReasons(&t, now, events), URL: tokenURL + "?section=uses", Tabs: detailTabs("Who used it"),
		Actions: desk.Actions{Edit: true, Disable: true, Replace: true, Delete: true},
		Uses:    &desk.Uses{Section: sectionOf(&t)},
	}
	p.BurnDown = burnDownOf(t.Count, t.RemainingCount())
	if t.UsedCount > 0 {
		p.Uses, p.Most = usesOf(&t), mostOf("Device", deviceNames()...)
		p.Pace = "37 counts went in the past week. At this pace 3 are left when it expires."
	}
	return p
}

func detailTabs(current string) []ui.Tab {
	var tabs []ui.Tab
	for i, label := range []string{"Who used it", "Turned away", "Changes"} {
		tabs = append(tabs, ui.Tab{Label: label, Count: []int{100, 38, 3}[i], URL: tokenURL + "?section=" + strconv.Itoa(i), Current: label == current})
	}
	return tabs
}

func sectionOf(t *seen.RegistrationToken) desk.Section {
	return desk.Section{Token: t, Now: now, URL: tokenURL}
}

// groupings are what uses can be grouped by.
func groupings(current string) (tabs []ui.Tab) {
	for _, label := range []string{"Each use", "Person", "Device", "Network", "Domain"} {
		tabs = append(tabs, ui.Tab{Label: label, URL: "#", Current: label == current, NoCount: true})
	}
	return tabs
}

func usesOf(t *seen.RegistrationToken) *desk.Uses {
	s := &desk.Uses{Section: sectionOf(t), GroupBy: groupings("Each use")}
	s.Paging = ui.Paging{NextURL: "/n", Summary: "5 on this page"}
	for i := range people {
		u := seen.TokenUse{AuthToken: heldToken(i, nil), Reclaimed: i == 4}
		u.Redemption.UseNumber = 100 - i
		s.Rows = append(s.Rows, u)
	}
	return s
}

// groupedUses are the uses by device, of a stretch of time, for somebody who
// may delete.
func groupedUses(t *seen.RegistrationToken) *desk.Uses {
	s := &desk.Uses{
		Section: sectionOf(t), By: models.FacetDevice, Narrowed: true, ClearURL: tokenURL, SelectURL: "/select",
		Chips: []ui.Chip{{Label: "24 Nov 2026, 11:00:00 to 11:03:41 UTC", On: true, URL: "#"}},
	}
	s.GroupBy = groupings("Device")
	first := heldToken(0, func(t *models.AuthToken) { t.CreatedAt = aWeekAgo })
	for i, p := range people {
		g := desk.UseGroup{Value: p.host, URL: "#"}
		g.UseGroup = seen.UseGroup{Unknown: p.host == "", Uses: 14 - 3*i, Live: 2, Deleted: 12 - 3*i, People: 1, Devices: 1, First: first, Last: heldToken(i, nil)}
		if i == 0 {
			g.Surplus, g.SurplusURL, g.Reclaimed = 4, "/surplus", 9
		}
		s.Groups = append(s.Groups, g)
	}
	return s
}

// refusedOf is the page of an exhausted registration token with the tab of
// those turned away, if anybody was; some of them are still waiting.
func refusedOf(refused bool, waiting int) desk.RegistrationTokenPage {
	p := pageOf(usedToken("Rollout Berlin", 100))
	p.Uses, p.Tabs = nil, detailTabs("Turned away")
	p.Refused = &desk.Refused{Section: sectionOf(p.Token)}
	if refused {
		p.Refused.Causes = []desk.Cause{{Reason: "Count used up", Attempts: 38}, {Reason: "Not on the list", Attempts: 1}}
	}
	for i := range people {
		if refused {
			cause := &p.Refused.Causes[min(i, 1)]
			cause.Rows = append(cause.Rows, desk.TurnedAway{RefusedAttempt: turnedAway(i), Attempts: 38 >> i})
		}
		if i < waiting {
			var w seen.Waiting
			w.ClaimedIdentity, w.VerifiedIdentity, w.IP = claimed(i), verified(i), people[i].ip
			w.Attempts, w.Last, w.SupportCode = 1+400*i, twoMinutesAgo, "K7Q4-M2QX"
			p.Refused.Waiting = append(p.Refused.Waiting, w)
		}
	}
	p.Refused.WaitingText = telling.Waiting(&seen.Verdict{Waiting: p.Refused.Waiting})
	return p
}

func registrationTokenFixtures() []Page {
	expired := pageOf(usedToken("Pilot group", 13, func(t *models.RegistrationToken) { t.ExpiresAt = aWeekAgo.Add(time.Hour) }))
	expired.Actions.Disable, expired.BurnDown = false, burnDownMarked()
	deleted := pageOf(usedToken("Pilot group", 13, func(t *models.RegistrationToken) {
		disabled(t)
		t.DeletedAt, t.DeletedBy = &twoMinutesAgo, "Ada Admin"
	}), disabling)
	deleted.Actions = desk.Actions{}
	successor := "x"
	replaced := pageOf(usedToken(rtlLabel, 37, func(t *models.RegistrationToken) {
		disabled(t)
		t.ReplacedByID, t.ReplacedAt = &successor, &twoMinutesAgo
	}))
	replaced.Actions.Disable, replaced.Actions.Replace, replaced.ReplacedBy = false, false, &layout.Link{Label: rtlLabel + " ٢", URL: "/t"}
	long := pageOf(usedToken(longName, 100, func(t *models.RegistrationToken) {
		t.CreatedBy, t.RefID1, t.RefID2, t.Note = longName, longName, rtlName, strings.Repeat(longName+"\n", 2)
	}))
	long.Customer = longName
	long.Verdict = verdictOf(judged(func(f *seen.Finding) bool { f.Names = []string{longName}; return f.Kind == models.FindingRetryLoop }), long.Token, true)

	full := pageOf(usedToken("Rollout Berlin", 100, func(t *models.RegistrationToken) {
		disabled(t)
		t.RefID1, t.Note = "SO-2026-00417", "For the move to the new office.\nAsk Jane before raising."
	}), disabling)
	full.Actions.Disable, full.Actions.Enable = false, true
	full.Requests, full.Notes = written()
	full.Replaces = &layout.Link{Label: longName, URL: "/admin/registration-tokens/x"}
	changes := full
	changes.Uses, changes.Tabs = nil, detailTabs("Changes")
	unchanged := changes
	changes.Changes = []seen.AuditEvent{
		disabling,
		event(models.AuditRegistrationTokenUpdated, longName, `{"count":{"from":50,"to":100},"note":{"from":"","to":"`+longName+`"},"identifier":{"from":"`+rtlLabel+`","to":"Rollout Berlin"}}`),
		event(models.AuditRegistrationTokenCreated, "Ada Admin", `{"count":50}`),
	}
	forHelpdesk := pageOf(usedToken("Contoso rollout Q4", 100))
	forHelpdesk.Page, forHelpdesk.Actions, forHelpdesk.Asks = helpdesk(forHelpdesk.Page), desk.Actions{}, asks(nil)
	forHelpdesk.Notes.MayAdd = true
	expiredAsked := expired
	expiredAsked.Page, expiredAsked.Actions = helpdesk(expired.Page), desk.Actions{}
	expiredAsked.Asks = asks(&desk.Asked{By: "Hedwig Helpdesk", At: ui.MomentOf(twoMinutesAgo, now), URL: "/r"})

	burnt := func(b *desk.BurnDown) desk.RegistrationTokenPage {
		p := pageOf(usedToken("Field laptops", 37))
		p.BurnDown = b
		return p
	}
	grouped := pageOf(usedToken("Rollout Berlin", 40))
	grouped.Uses = groupedUses(grouped.Token)
	noneMatch := grouped
	noneMatch.Uses = groupedUses(grouped.Token)
	noneMatch.Uses.Groups = nil
	missing, strangers, listless := expectedFixtures()
	return []Page{
		{"token-detail-grouped", desk.RegistrationToken(grouped)},
		{"token-detail-none-match", desk.RegistrationToken(noneMatch)},
		{"token-detail-expected", desk.RegistrationToken(missing)},
		{"token-detail-unexpected", desk.RegistrationToken(strangers)},
		{"token-detail-no-list", desk.RegistrationToken(listless)},
		{"token-detail-unused", desk.RegistrationToken(pageOf(usedToken("Rollout Berlin", 0)))},
		{"token-detail-active", desk.RegistrationToken(burnt(burnDownOf(100, 92, 80, 79, 70, 66, 63)))},
		{"token-detail-exhausted", desk.RegistrationToken(pageOf(usedToken("Contoso rollout Q4", 100)))},
		{"token-detail-helpdesk", desk.RegistrationToken(forHelpdesk)},
		{"token-detail-expired-asked", desk.RegistrationToken(expiredAsked)},
		{"token-detail-expired", desk.RegistrationToken(expired)},
		{"token-detail-full", desk.RegistrationToken(full)},
		{"token-detail-replaced", desk.RegistrationToken(replaced)},
		{"token-detail-deleted", desk.RegistrationToken(deleted)},
		{"token-detail-long-names", desk.RegistrationToken(long)},
		{"token-detail-changes", desk.RegistrationToken(changes)},
		{"token-detail-no-changes", desk.RegistrationToken(unchanged)},
		{"burn-down-one", desk.RegistrationToken(burnt(burnDownOf(100, 99)))},
		{"burn-down-many", desk.RegistrationToken(burnt(burnDownOf(1_000_000, 999_000, 812_345, 811_000, 640_000, 12_000, 3)))},
		{"burn-down-marks", desk.RegistrationToken(burnt(burnDownMarked()))},
	}
}

// expectedFixtures are the tab of the expected: who is missing, who came
// unexpected, and no list at all.
func expectedFixtures() (missing, strangers, listless desk.RegistrationTokenPage) {
	page := func(show string, edits ...func(*models.RegistrationToken)) desk.RegistrationTokenPage {
		p := pageOf(usedToken("Rollout Berlin", 0, edits...))
		p.Uses, p.Expected, p.Tester = nil, &desk.Expected{Section: sectionOf(p.Token), Show: show, MayEdit: true, SelectURL: "/select"}, desk.Tester{RegistrationTokenID: TokenID}
		for _, tab := range []struct {
			label, show string
			count       int
		}{{"Missing", "missing", 28}, {"Arrived", "arrived", 12}, {"Unexpected", "unexpected", 5}} {
			p.Expected.Tabs = append(p.Expected.Tabs, ui.Tab{Label: tab.label, Count: tab.count, URL: "/s", Current: tab.show == show})
		}
		return p
	}
	listed := func(t *models.RegistrationToken) {
		t.ExpectedCount, t.OnlyExpected, t.Networks = 40, true, []string{"192.0.2.0/24", "2001:db8::/32"}
	}
	missing = page("missing", listed)
	missing.Expected.ByClaim, missing.Expected.Filter = 1, telling.FilterNotLock(3, 3)
	for _, e := range []models.Expectation{
		{ID: "1", Kind: models.ExpectEmail, Pattern: "jane.miller@contoso.example", Note: "Jane Miller", ByClaim: true},
		{ID: "2", Kind: models.ExpectHost, Pattern: "*.lab.contoso.example"},
		{ID: "3", Kind: models.ExpectPerson, Pattern: longName, Note: rtlName},
	} {
		missing.Expected.Rows = append(missing.Expected.Rows, viewer.Expectation(&e))
	}
	refusal := telling.AdmissionAnswer(models.StatusActive, models.AdmissionExpected, nil, true)
	missing.Tester.Form.SystemUserName, missing.Tester.Answer = "mallory", &refusal
	strangers = page("unexpected", listed)
	for i := range people {
		strangers.Expected.Strangers = append(strangers.Expected.Strangers, heldToken(i, func(t *models.AuthToken) {
			t.DeletedAt, t.EndedAt, t.IdleExpiresAt = nil, nil, now.Add(time.Hour)
		}))
	}
	ana := viewer.Expectation(&models.Expectation{Pattern: "ana"})
	admission := telling.AdmissionAnswer(models.StatusActive, "", &ana, false)
	strangers.Tester.Answer = &admission
	return missing, strangers, page("missing")
}
