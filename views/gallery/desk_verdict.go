package gallery

import (
	"cmp"
	"context"
	"io"
	"slices"
	"time"

	"github.com/a-h/templ"

	"muster/models"
	"muster/seen"
	"muster/views/desk"
	"muster/views/telling"
	"muster/views/ui"
)

// proposed is a remedy of n counts or auth tokens; one that deletes has a finding.
func proposed(kind models.RemedyKind, n int, finding models.FindingKind) models.Remedy {
	return models.Remedy{Kind: kind, Count: &n, Finding: finding}
}

// deviceNames are the names of the hosts of the people.
func deviceNames() (names []string) {
	for _, p := range people {
		names = append(names, p.host)
	}
	return names
}

// expiry is when the registration token with the findings expires.
var expiry = now.Add(3 * 24 * time.Hour)

// galleryFindings has one finding of each kind that a page words.
var galleryFindings = []models.Finding{
	{Kind: models.FindingBurst, Counts: 60, Devices: 60, Names: deviceNames(), From: aWeekAgo, To: aWeekAgo.Add(14 * time.Minute), Remedy: proposed(models.RemedyDelete, 60, models.FindingBurst)},
	{Kind: models.FindingIndistinguishable, Counts: 30, Devices: 1, Names: []string{"localhost"}, Remedy: models.Remedy{Kind: models.RemedyAsk}},
	{Kind: models.FindingAutomation, Counts: 24, Devices: 24, Names: []string{"gitlab-runner"}, Remedy: models.Remedy{Kind: models.RemedyOwnToken}},
	{Kind: models.FindingSeveralPerDevice, Counts: 17, People: 2, Devices: 5, Names: append([]string{rtlName}, deviceNames()...), Remedy: proposed(models.RemedyDeleteSurplus, 12, models.FindingSeveralPerDevice)},
	{Kind: models.FindingUnusedSeats, Counts: 12, Devices: 12, Unused: models.Unused{Lapsed: 9, Silent: 3}, Names: deviceNames(), Remedy: proposed(models.RemedyGiveBack, 12, models.FindingUnusedSeats)},
	{Kind: models.FindingRetryLoop, Counts: 8, Devices: 1, Names: deviceNames()[:1], From: twoMinutesAgo, To: now, Remedy: proposed(models.RemedyDeleteSurplus, 7, models.FindingRetryLoop)},
	{Kind: models.FindingSeveralPerPerson, Counts: 6, People: 1, Devices: 6, Names: []string{"jane.miller"}, Remedy: proposed(models.RemedyAsk, 6, "")},
	{Kind: models.FindingStrangers, Counts: 4, People: 3, Devices: 4, Names: []string{"x-17.fabrikam.example"}, Usual: "contoso.example", From: aWeekAgo, To: now, Remedy: proposed(models.RemedyDelete, 4, models.FindingStrangers)},
	{Kind: models.FindingNotGivenBack, Counts: 1, Devices: 1, Names: deviceNames()[3:4], Remedy: proposed(models.RemedyGiveBack, 1, models.FindingNotGivenBack)},
	{Kind: models.FindingTooSmall, Remedy: proposed(models.RemedyRaise, 2, "")},
	{Kind: models.FindingExpiring, To: expiry, Remedy: models.Remedy{Kind: models.RemedyExtend}},
	{Kind: models.FindingNearlyUsedUp, Recent: 7, To: now.Add(2 * 24 * time.Hour), Remedy: models.Remedy{Kind: models.RemedyAsk}},
	{Kind: models.FindingInOrder, Counts: 37, People: 37, Devices: 37, Remedy: models.Remedy{Kind: models.RemedyNone}},
}

// judged is a verdict with those findings that keep accepts (and may change), and
// five who are waiting.
func judged(keep func(*seen.Finding) bool) *seen.Verdict {
	v := &seen.Verdict{Waiting: make([]seen.Waiting, 5)}
	v.Waiting[4].Nobody = true
	for _, f := range galleryFindings {
		var s seen.Finding
		s.Kind, s.Counts, s.People, s.Devices, s.Names = f.Kind, f.Counts, f.People, f.Devices, f.Names
		s.Usual, s.From, s.To, s.Recent, s.Remedy = f.Usual, f.From, f.To, f.Recent, f.Remedy
		s.Unused = f.Unused
		if keep == nil || keep(&s) {
			v.Findings, v.Uses = append(v.Findings, s), v.Uses+s.Counts
		}
	}
	return v
}

// verdictOf words a verdict for somebody who may act or may only ask.
func verdictOf(v *seen.Verdict, t *seen.RegistrationToken, mayAct bool) desk.Verdict {
	told := desk.Verdict{Waiting: len(v.Waiting)}
	for i := range v.Findings {
		f := &v.Findings[i]
		shown := desk.Finding{Finding: telling.FindingOf(f, v, t, mayAct, now), Calm: f.Kind == models.FindingInOrder, SeeURL: "/a", URL: "/b"}
		if shown.Remedy.Kind == models.RemedyGiveBack {
			shown.Ask.Asked = &desk.Asked{By: "Hedwig Helpdesk", At: ui.MomentOf(twoMinutesAgo, now), URL: "/r"}
		} else if !mayAct && telling.CanAsk(shown.Remedy.Kind) {
			shown.Ask.URL, shown.Ask.Label = "/ask", telling.AskLabel(shown.Remedy.Kind, f.Remedy.Count)
		}
		if f.Kind == models.FindingTooSmall && mayAct {
			shown.RaiseBy = telling.RaiseBy(v)
		}
		told.Findings = append(told.Findings, shown)
	}
	if len(told.Findings) > 1 {
		told.Sentence = telling.VerdictSentence(v, t, now)
		told.Findings = slices.DeleteFunc(told.Findings, func(f desk.Finding) bool { return f.Calm && f.Share == "" })
	}
	return told
}

// late is a page that is as of an earlier time, zero for one that nobody knows.
func late(page templ.Component, at time.Time) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		ctx = models.WithAsOf(ctx)
		models.NoteAsOf(ctx, at)
		return page.Render(ctx, w)
	})
}

// verdictFixtures are the verdict with each finding alone and with all of them,
// and the waiting queue.
func verdictFixtures() []Page {
	page := func(v *seen.Verdict, mayAct bool) desk.RegistrationTokenPage {
		used := cmp.Or(v.Uses, 37)
		p := pageOf(usedToken("Contoso rollout Q4", used, func(t *models.RegistrationToken) { t.Count, t.ExpiresAt = used+3, expiry }))
		p.Uses.Rows, p.Verdict = p.Uses.Rows[:1], verdictOf(v, p.Token, mayAct)
		return p
	}
	all := judged(nil)
	helps := page(all, false)
	helps.Page, helps.Actions, helps.Asks = helpdesk(helps.Page), desk.Actions{}, asks(nil)
	soon := page(judged(func(f *seen.Finding) bool {
		return f.Kind == models.FindingExpiring || f.Kind == models.FindingInOrder
	}), true)
	gone := usedToken("Pilot group", 12, func(t *models.RegistrationToken) { t.DeletedAt = &twoMinutesAgo })
	deleted := pageOf(gone)
	deleted.Actions, deleted.Verdict = desk.Actions{}, verdictOf(judged(func(f *seen.Finding) bool { return f.Kind == models.FindingUnusedSeats }), &gone, true)
	building := page(all, true)
	building.Verdict, building.Uses.Building = desk.Verdict{Building: true}, true
	pages := []Page{
		{"verdict-sentence-in-order", desk.RegistrationToken(soon)},
		{"verdict-of-a-deleted-one", desk.RegistrationToken(deleted)},
		{"verdict-building", desk.RegistrationToken(building)},
		{"verdict-as-of", late(desk.RegistrationToken(page(all, true)), twoMinutesAgo)},
		{"verdict-as-of-unknown", late(desk.RegistrationToken(page(all, true)), time.Time{})},
		{"verdict-all", desk.RegistrationToken(page(all, true))},
		{"verdict-helpdesk", desk.RegistrationToken(helps)},
		{"waiting-nobody-refused", desk.RegistrationToken(refusedOf(false, 0))},
		{"waiting-none", desk.RegistrationToken(refusedOf(true, 0))},
		{"waiting-one", desk.RegistrationToken(refusedOf(true, 1))},
		{"waiting-many", desk.RegistrationToken(refusedOf(true, len(people)))},
	}
	for _, f := range galleryFindings {
		one := judged(func(s *seen.Finding) bool { return s.Kind == f.Kind })
		pages = append(pages, Page{"verdict-" + string(f.Kind), desk.RegistrationToken(page(one, true))})
	}
	return pages
}
