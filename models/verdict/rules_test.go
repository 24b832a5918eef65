package verdict_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"muster/internal/test/histories"
	"muster/models"
)

// past begins a history of ten days.
func past(count int) *histories.History {
	return &histories.History{Name: "past", Count: count, Looked: 10 * 24 * time.Hour, Expires: 90 * 24 * time.Hour}
}

func finding(t *testing.T, h *histories.History, kind models.FindingKind) models.Finding {
	t.Helper()
	_, _, v := judged(h)
	i := slices.IndexFunc(v.Findings, func(f models.Finding) bool { return f.Kind == kind })
	if i < 0 {
		t.Fatalf("no %s in %+v", kind, v.Findings)
	}
	return v.Findings[i]
}

func TestJudge_NamesWhomItIsAbout(t *testing.T) {
	t.Parallel()
	h := past(100)
	h.Staff(10, time.Hour)
	for i := range 6 {
		h.Redeem(40*time.Hour+time.Duration(i)*time.Minute, "build", "ci-1.contoso.example", "10.20.9.9")
	}
	for i := range 4 {
		h.Redeem(50*time.Hour+time.Duration(i)*time.Minute, "build", "ci-2.contoso.example", "10.20.9.9")
	}
	for i := range 6 {
		h.Redeem(60*time.Hour+time.Duration(i)*24*time.Hour/10, []string{"cora", "CORA", `CONTOSO\cora`}[i%3], fmt.Sprintf("box-%d.contoso.example", i), "10.20.3.9")
	}
	loop := finding(t, h, models.FindingRetryLoop)
	if want := []string{"ci-1.contoso.example", "ci-2.contoso.example"}; !slices.Equal(loop.Names, want) || loop.Devices != 2 || loop.People != 1 {
		t.Errorf("the loop is about %v, %d devices, %d people", loop.Names, loop.Devices, loop.People)
	}
	if !loop.From.Equal(monday.Add(40*time.Hour)) || !loop.To.Equal(monday.Add(50*time.Hour+3*time.Minute)) {
		t.Errorf("the loop lasted from %s to %s", loop.From, loop.To)
	}
	if f := finding(t, h, models.FindingSeveralPerPerson); !slices.Equal(f.Names, []string{`CONTOSO\cora`}) || f.Counts != 6 {
		t.Errorf("several per person is about %v, %d counts", f.Names, f.Counts)
	}
	for i := range 6 {
		h.Redeem(80*time.Hour+time.Duration(i)*time.Hour, "gitlab-runner", fmt.Sprintf("runner-8f3a21c%d", i), "10.20.3.9").Never()
	}
	if f := finding(t, h, models.FindingAutomation); !slices.Equal(f.Names, []string{"gitlab-runner"}) || f.Counts != 6 {
		t.Errorf("automation is about %v, %d counts", f.Names, f.Counts)
	}
	if f := finding(t, h, models.FindingInOrder); f.Names == nil || len(f.Names) > 0 {
		t.Errorf("in order is about %v", f.Names)
	}
}

func TestJudge_NamesFiveAtMost(t *testing.T) {
	t.Parallel()
	h := past(100)
	h.Staff(10, time.Hour)
	for i := range 7 {
		for range 2 + i {
			h.Redeem(day(2)+time.Duration(i)*time.Hour, "x", fmt.Sprintf("pc%d.fabrikam.example", i), "203.0.113.7").Never()
		}
	}
	h.Expected = "person0\nperson1\nperson2\nperson3\nperson4\nperson5\nperson6\nperson7\nperson8\nperson9\n"
	f := finding(t, h, models.FindingRetryLoop)
	want := []string{"pc6.fabrikam.example", "pc5.fabrikam.example", "pc4.fabrikam.example", "pc3.fabrikam.example", "pc2.fabrikam.example"}
	if !slices.Equal(f.Names, want) {
		t.Errorf("it is about %v", f.Names)
	}
}

func day(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// TestJudge_PaceNeedsTime: what happened at once says nothing about when the last
// count goes, and that nobody came is not the same.
func TestJudge_PaceNeedsTime(t *testing.T) {
	t.Parallel()
	steady := past(24)
	for i := range 20 {
		steady.Redeem(steady.Looked-time.Duration(20-i)*12*time.Hour, fmt.Sprintf("p%d", i), fmt.Sprintf("pc-%d.contoso.example", i), "10.20.1.1")
	}
	end := monday.Add(steady.Looked)
	if f := finding(t, steady, models.FindingNearlyUsedUp); f.Recent != 14 || f.To.Sub(end).Round(time.Hour) != 48*time.Hour || *f.Remedy.Count != 4 {
		t.Errorf("one use each 12 hours, 4 left: %+v", f)
	}
	minute := past(20)
	for i := range 19 {
		minute.Redeem(day(9)+time.Duration(i)*3*time.Second, fmt.Sprintf("p%d", i), fmt.Sprintf("pc-%d.contoso.example", i), "10.20.1.1")
	}
	if f := finding(t, minute, models.FindingNearlyUsedUp); f.Recent != 19 || !f.To.IsZero() {
		t.Errorf("19 in one minute: %+v", f)
	}
	long := past(10)
	long.Staff(9, time.Minute)
	if f := finding(t, long, models.FindingNearlyUsedUp); f.Recent != 0 || !f.To.IsZero() {
		t.Errorf("nobody of late: %+v", f)
	}
}

// TestJudge_WhatComesSoon is told by the thresholds of what needs attention.
func TestJudge_WhatComesSoon(t *testing.T) {
	t.Parallel()
	kinds := func(h *histories.History) (all []models.FindingKind) {
		_, _, v := judged(h)
		for _, f := range v.Findings {
			all = append(all, f.Kind)
		}
		return all
	}
	h := past(26)
	h.Staff(20, time.Hour)
	if got := kinds(h); !slices.Equal(got, []models.FindingKind{models.FindingInOrder}) {
		t.Errorf("at 77 %%: %v", got)
	}
	h.Count = 25
	if got := kinds(h); !slices.Equal(got, []models.FindingKind{models.FindingNearlyUsedUp, models.FindingInOrder}) {
		t.Errorf("at 80 %%: %v", got)
	}
	h.Expires = h.Looked + day(7)
	if got := kinds(h); !slices.Equal(got, []models.FindingKind{models.FindingExpiring, models.FindingNearlyUsedUp, models.FindingInOrder}) {
		t.Errorf("a week before the expiry: %v", got)
	}
	h.Count, h.Expires = 26, h.Expires+time.Second
	if got := kinds(h); !slices.Equal(got, []models.FindingKind{models.FindingInOrder}) {
		t.Errorf("before that: %v", got)
	}
}

// TestJudge_UnknownAddressIsNoEvidence: whose address is not known comes neither
// from elsewhere nor from one more network.
func TestJudge_UnknownAddressIsNoEvidence(t *testing.T) {
	t.Parallel()
	office := past(20)
	for i := range 10 {
		office.Redeem(time.Duration(i)*time.Hour, fmt.Sprintf("p%d", i), fmt.Sprintf("vm-%d", i), []string{"10.20.1.1", "10.20.1.2", ""}[i%3])
	}
	morning := past(20)
	for i := range 10 {
		ip := []string{"10.1.0.1", "10.2.0.1", "10.3.0.1", "10.4.0.1", ""}[i%5]
		morning.Redeem(time.Duration(i)*time.Second, fmt.Sprintf("p%d", i), fmt.Sprintf("vm-%d", i), ip)
	}
	for _, h := range []*histories.History{office, morning} {
		if _, _, v := judged(h); v.Findings[0].Kind != models.FindingInOrder {
			t.Errorf("%+v", v.Findings)
		}
	}
}

func TestJudge_WaitingAreThoseWhoGotNothing(t *testing.T) {
	t.Parallel()
	h := past(2)
	h.Staff(2, time.Hour)
	h.TurnAway(5*time.Hour, "late", "late.contoso.example")
	h.TurnAway(4*time.Hour, "Late", "LATE.contoso.example.")
	h.TurnAway(6*time.Hour, "phone", "")
	h.TurnAway(7*time.Hour, "person0", "another.contoso.example") // holds one already
	h.TurnAway(8*time.Hour, "root", "db-1.contoso.example")
	h.TurnAway(9*time.Hour, "SYSTEM", "db-1.contoso.example")
	_, _, v := judged(h)
	if len(v.Waiting) != 3 {
		t.Fatalf("%+v", v.Waiting)
	}
	if w := v.Waiting[0]; w.Attempts != 2 || w.FQDN != "late.contoso.example" || !w.Last.Equal(monday.Add(5*time.Hour)) || w.SupportCode == "" {
		t.Errorf("first waits %+v", w)
	}
	if w := v.Waiting[2]; w.Attempts != 2 || w.SystemUserName != "SYSTEM" {
		t.Errorf("last waits %+v", w)
	}
	if f := v.Findings[0]; f.Kind != models.FindingTooSmall || *f.Remedy.Count != 3 {
		t.Errorf("%+v", f)
	}
	// Whose seat ended waits again.
	h.Then(day(2), histories.Ended, h.Uses[0])
	if _, _, v := judged(h); len(v.Waiting) != 4 {
		t.Errorf("with an ended seat: %+v", v.Waiting)
	}
}

// TestJudge_KeepsTheSeatThatWorks: of a device's seats the one that was seen last is
// kept, however many newer ones do not work.
func TestJudge_KeepsTheSeatThatWorks(t *testing.T) {
	t.Parallel()
	h := past(20)
	h.Staff(4, time.Hour)
	works := h.Redeem(day(2), "ann", "ann-pc.contoso.example", "10.20.5.7")
	h.Redeem(day(3), "ann", "ann-pc.contoso.example", "10.20.5.7").Never()
	ended := h.Redeem(day(4), "ann", "ann-pc.contoso.example", "10.20.5.7")
	h.Then(day(6), histories.Ended, ended)
	f := finding(t, h, models.FindingSeveralPerDevice)
	if kept := fmt.Sprintf("told-auth-%06d", works.Number); *f.Remedy.Count != 1 || f.Counts != 2 || slices.Contains(f.Remedy.AuthTokens, kept) {
		t.Errorf("%s works: %+v", kept, f)
	}
	if f := finding(t, h, models.FindingUnusedSeats); *f.Remedy.Count != 1 || f.Counts != 1 {
		t.Errorf("%+v", f)
	}
}
