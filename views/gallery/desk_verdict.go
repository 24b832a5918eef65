package gallery

import (
	"strconv"
	"strings"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/desk"
	"muster/views/telling"
	"muster/views/ui"
)

// counted is a remedy of n auth tokens or counts.
func counted(n int) models.Remedy { return models.Remedy{Count: &n} }

// galleryFindings has one finding of each kind that is worded.
var galleryFindings = []models.Finding{
	{Kind: models.FindingRetryLoop, Counts: 8, Devices: 1, Names: []string{people[0].host}, From: twoMinutesAgo, To: now, Remedy: counted(7)},
	{Kind: models.FindingAutomation, Counts: 24, Devices: 24, Names: []string{"gitlab-runner"}, Remedy: counted(24)},
	{Kind: models.FindingSeveralPerDevice, Counts: 17, People: 2, Devices: 5, Names: []string{rtlName}, Remedy: counted(12)},
	{Kind: models.FindingSeveralPerPerson, Counts: 6, People: 1, Devices: 6, Names: []string{people[1].host}, Remedy: counted(6)},
	{Kind: models.FindingStrangers, Counts: 4, People: 3, Devices: 4, Names: []string{"x-17.fabrikam.example"}, Usual: "contoso.example", From: aWeekAgo, To: now, Remedy: counted(4)},
	{Kind: models.FindingBurst, Counts: 60, Devices: 60, From: aWeekAgo, To: aWeekAgo.Add(14 * time.Minute), Remedy: counted(60)},
	{Kind: models.FindingUnusedSeats, Counts: 12, Devices: 12, Names: []string{people[2].host}, Remedy: counted(12)},
	{Kind: models.FindingNotGivenBack, Counts: 3, Devices: 3, Names: []string{people[3].host}, Remedy: counted(3)},
	{Kind: models.FindingIndistinguishable, Counts: 30, Devices: 1, Names: []string{"localhost"}, Remedy: counted(30)},
	{Kind: models.FindingTooSmall, Remedy: counted(5)},
	{Kind: models.FindingExpiring, To: now.Add(3 * 24 * time.Hour)},
	{Kind: models.FindingNearlyUsedUp, Recent: 7, To: now.Add(3 * 24 * time.Hour)},
	{Kind: models.FindingInOrder, Counts: 37, People: 37, Devices: 37},
}

// findings are those of a verdict that keep accepts (and may change), worded
// for somebody who may act or may only ask.
func findings(mayAct bool, keep func(*seen.Finding) bool) []desk.Finding {
	t, verdict := usedToken("Contoso rollout Q4", 37), seen.Verdict{Uses: 100, Waiting: make([]seen.Waiting, 5)}
	var told []desk.Finding
	for _, f := range galleryFindings {
		var s seen.Finding
		s.Kind, s.Counts, s.People, s.Devices, s.Names = f.Kind, f.Counts, f.People, f.Devices, f.Names
		s.Usual, s.From, s.To, s.Recent, s.Remedy = f.Usual, f.From, f.To, f.Recent, f.Remedy
		if keep != nil && !keep(&s) {
			continue
		}
		if words, ok := telling.FindingOf(&s, &verdict, &t, mayAct); ok {
			told = append(told, desk.Finding{Finding: words, Calm: words.Remedy.Kind == telling.RemedyNone && words.Remedy.Ask == "", URL: "/a"})
		}
	}
	return told
}

// verdictFixtures are the verdict with each finding alone and with all of them,
// and the waiting queue.
func verdictFixtures() []Page {
	judged := func(told []desk.Finding, edits ...func(*models.RegistrationToken)) desk.RegistrationTokenPage {
		p := pageOf(usedToken("Contoso rollout Q4", 37, edits...))
		p.Uses.Rows, p.Findings = p.Uses.Rows[:1], told
		return p
	}
	asks := judged(findings(false, nil))
	asks.Page, asks.Actions = helpdesk(asks.Page), desk.Actions{}
	pages := []Page{
		{"verdict-all", desk.RegistrationToken(judged(findings(true, nil), func(t *models.RegistrationToken) { t.RedemptionCount = 12_000 }))},
		{"verdict-helpdesk", desk.RegistrationToken(asks)},
		{"waiting-nobody-refused", desk.RegistrationToken(refusedOf(false, 0, true))},
		{"waiting-none", desk.RegistrationToken(refusedOf(true, 0, true))},
		{"waiting-one", desk.RegistrationToken(refusedOf(true, 1, true))},
		{"waiting-many", desk.RegistrationToken(refusedOf(true, len(people), true))},
		{"waiting-many-helpdesk", desk.RegistrationToken(refusedOf(true, len(people), false))},
	}
	for _, f := range galleryFindings {
		one := findings(true, func(s *seen.Finding) bool { return s.Kind == f.Kind })
		pages = append(pages, Page{"verdict-" + string(f.Kind), desk.RegistrationToken(judged(one))})
	}
	return pages
}

// burnDownOf draws what was left after each of a few moments.
func burnDownOf(count int, left ...int) *desk.BurnDown {
	at := func(n int) string { return strconv.Itoa(desk.BurnHeight - desk.BurnHeight*n/count) }
	b := &desk.BurnDown{
		Most: ui.Number(count), From: ui.MomentOf(aWeekAgo, now), To: ui.MomentOf(twoMinutesAgo, now), Line: "M0 0", Limit: "M0 0H720",
		Summary: telling.CountsLeft(aWeekAgo, now, left[len(left)-1], count),
		Rows:    []desk.BurnRow{{When: ui.MomentOf(aWeekAgo, now), What: telling.CountCreated, Left: count, Count: count}},
	}
	for i, n := range left {
		b.Line += "H" + strconv.Itoa(desk.BurnWidth*(i+1)/(len(left)+1)) + "V" + at(n)
		b.Rows = append(b.Rows, desk.BurnRow{When: ui.MomentOf(twoMinutesAgo, now), What: telling.CountTaken, Used: count - n, Left: n, Count: count})
	}
	b.Line += "H690"
	b.Area = b.Line + "V180 H0 Z"
	return b
}

// burnDownMarked has every kind of mark.
func burnDownMarked() *desk.BurnDown {
	b := burnDownOf(100, 40, 20, 5, 50, 62, 63)
	b.Limit = "M0 90H411V0H720"
	b.Line = strings.Replace(b.Line, "M0 0", "M0 90", 1)
	b.Area = b.Line + "V180 H0 Z"
	b.Marks = []desk.BurnMark{
		{X: "411", Title: telling.At(telling.CountEdited(50, 100), aWeekAgo)},
		{X: "514", Title: telling.At(telling.CountGivenBack, twoMinutesAgo), GivenBack: true},
		{X: "617", Title: telling.At(telling.CountGivenBack, now), GivenBack: true},
	}
	b.Expiry = &desk.BurnMark{X: "690", Title: telling.At(telling.CountExpires, now)}
	b.Rows[0].Left, b.Rows[0].Count = 50, 50
	b.Rows = append(b.Rows, desk.BurnRow{When: ui.MomentOf(twoMinutesAgo, now), What: telling.CountEdited(50, 100), Used: 37, Left: 63, Count: 100})
	return b
}
