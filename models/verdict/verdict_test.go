package verdict_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"muster/internal/test/histories"
	"muster/models"
	"muster/models/verdict"
)

var monday = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

func judge(h *histories.History) models.Verdict {
	token, evidence := h.Told(monday)
	return verdict.Judge(models.DefaultVerdictRules(), &token, evidence, monday.Add(histories.Length))
}

func TestVerdict_NamesTheCause(t *testing.T) {
	t.Parallel()
	wrong := 0
	for _, h := range histories.All() {
		v := judge(h)
		if f := v.Findings[0]; f.Kind != h.Finding || f.Kind != models.FindingInOrder && f.Counts != h.Counts {
			t.Errorf("%s: %+v, want %s explaining %d", h.Name, v.Findings, h.Finding, h.Counts)
		}
		if h.Calm && len(v.Findings) != 1 {
			t.Errorf("%s: %+v, want %s alone", h.Name, v.Findings, h.Finding)
		}
		if !h.Calm {
			wrong++
		}
	}
	if calm := len(histories.All()) - wrong; wrong < 10 || calm < 5 {
		t.Errorf("%d histories with a cause and %d calm ones", wrong, calm)
	}
}

// TestVerdict_OrdersByWhatExplainsMost has several causes at once.
func TestVerdict_OrdersByWhatExplainsMost(t *testing.T) {
	t.Parallel()
	h := histories.New("several causes", 20).Staff(8, time.Hour)
	for i := range 9 {
		h.Redeem(20*time.Hour+time.Duration(i)*time.Minute, "build", "ci.contoso.example", "10.20.9.9")
	}
	for i := range 3 {
		h.Redeem(40*time.Hour+time.Duration(i)*time.Hour, "x", fmt.Sprintf("pc%d.fabrikam.example", i), "203.0.113.7")
	}
	v := judge(h)
	if len(v.Findings) != 3 || v.Findings[0].Kind != models.FindingRetryLoop || v.Findings[0].Counts != 9 || v.Findings[1].Kind != models.FindingStrangers || v.Findings[1].Counts != 3 {
		t.Errorf("%+v", v.Findings)
	}
	if f := v.Findings[0]; f.Names[0] != "ci.contoso.example" || !f.From.Equal(monday.Add(20*time.Hour)) || f.To.Sub(f.From) != 8*time.Minute {
		t.Errorf("the evidence is %+v", f)
	}
	// Expired on top: that comes first, and the rest is still told.
	h.Expires = time.Hour
	if v := judge(h); v.Findings[0].Kind != models.FindingExpired || len(v.Findings) != 4 {
		t.Errorf("%+v", v.Findings)
	}
}

// TestVerdict_SaysWhatComesSoon tells of the end before it is there, with a
// forecast where the past says enough.
func TestVerdict_SaysWhatComesSoon(t *testing.T) {
	t.Parallel()
	end := monday.Add(histories.Length)
	causes := func(v models.Verdict) (all []models.FindingKind) {
		for _, f := range v.Findings {
			all = append(all, f.Kind)
		}
		return all
	}
	// One use every 12 hours up to now, 4 of 24 left: two days.
	h := histories.New("soon used up", 24)
	for i := range 20 {
		h.Redeem(histories.Length-time.Duration(20-i)*12*time.Hour, fmt.Sprintf("p%d", i), fmt.Sprintf("pc-%d.contoso.example", i), "10.20.1.1")
	}
	v := judge(h)
	if f := v.Findings[0]; len(v.Findings) != 1 || f.Kind != models.FindingNearlyUsedUp || f.To.IsZero() || f.To.Sub(end).Round(time.Hour) != 48*time.Hour {
		t.Errorf("%+v", v.Findings)
	}
	h.Count = 26 // 6 left: below 80 % used
	if got := causes(judge(h)); !slices.Equal(got, []models.FindingKind{models.FindingInOrder}) {
		t.Errorf("at 77 %%: %v", got)
	}
	h.Expires = histories.Length + 7*24*time.Hour
	if got := causes(judge(h)); !slices.Equal(got, []models.FindingKind{models.FindingExpiring}) {
		t.Errorf("a week before the expiry: %v", got)
	}
	h.Expires += time.Second
	if got := causes(judge(h)); !slices.Equal(got, []models.FindingKind{models.FindingInOrder}) {
		t.Errorf("before that: %v", got)
	}
	// All of it on one morning long ago: no pace to speak of.
	h = histories.New("a morning", 10).Staff(9, time.Minute)
	if f := judge(h).Findings[0]; f.Kind != models.FindingNearlyUsedUp || !f.To.IsZero() {
		t.Errorf("%+v", f)
	}
	// Whoever took too much comes first.
	for i := range 6 {
		h.Redeem(50*time.Hour+time.Duration(i)*time.Minute, "build", "ci.contoso.example", "10.20.9.9")
	}
	h.Count = 18
	if got := causes(judge(h)); !slices.Equal(got, []models.FindingKind{models.FindingRetryLoop, models.FindingNearlyUsedUp}) {
		t.Errorf("with a retry loop: %v", got)
	}
}

// TestVerdict_UnknownAddressIsNoEvidence: whose address is not known comes
// neither from elsewhere nor from one more network.
func TestVerdict_UnknownAddressIsNoEvidence(t *testing.T) {
	t.Parallel()
	office := histories.New("a proxy that does not always tell", 20)
	for i := range 10 {
		office.Redeem(time.Duration(i)*time.Hour, fmt.Sprintf("p%d", i), fmt.Sprintf("vm-%d", i), []string{"10.20.1.1", "10.20.1.2", ""}[i%3])
	}
	if v := judge(office); v.Findings[0].Kind != models.FindingInOrder {
		t.Errorf("%+v", v.Findings)
	}
	morning := histories.New("four offices and an unknown one", 20)
	for i := range 10 {
		ip := []string{"10.1.0.1", "10.2.0.1", "10.3.0.1", "10.4.0.1", ""}[i%5]
		morning.Redeem(time.Duration(i)*time.Second, fmt.Sprintf("p%d", i), fmt.Sprintf("vm-%d", i), ip)
	}
	if v := judge(morning); v.Findings[0].Kind != models.FindingInOrder {
		t.Errorf("%+v", v.Findings)
	}
}

// TestVerdict_WaitingAreThoseWhoGotNothing since the count ran out.
func TestVerdict_WaitingAreThoseWhoGotNothing(t *testing.T) {
	t.Parallel()
	h := histories.New("a queue", 2).Staff(2, time.Hour)
	h.TurnAway(5*time.Hour, "late", "late.contoso.example")
	h.TurnAway(4*time.Hour, "Late", "LATE.contoso.example.")
	h.TurnAway(6*time.Hour, "phone", "")
	h.TurnAway(7*time.Hour, "person0", "lt-000.emea.contoso.example") // holds one already
	v := judge(h)
	if len(v.Waiting) != 2 || v.Waiting[0].Attempts != 2 || v.Waiting[0].FQDN != "late.contoso.example" || v.Waiting[1].SystemUserName != "phone" {
		t.Fatalf("%+v", v.Waiting)
	}
	h.Redeem(9*time.Hour, "late", "late.contoso.example", "10.20.1.1")
	if v := judge(h); len(v.Waiting) != 1 {
		t.Errorf("who got in still waits: %+v", v.Waiting)
	}
}
