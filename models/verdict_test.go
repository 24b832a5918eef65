package models_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/models"
)

var monday = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// history is a registration token with what happened to it.
type history struct {
	token   models.RegistrationToken
	uses    []models.TokenUse
	refused []models.RefusedAttempt
	now     time.Time
}

func newHistory(count int) *history {
	return &history{
		token: models.RegistrationToken{Count: count, ExpiresAt: monday.Add(90 * 24 * time.Hour)},
		now:   monday.Add(10 * 24 * time.Hour),
	}
}

// redeemed adds a use; the device goes on working until something else is
// said.
func (h *history) redeemed(after time.Duration, user, host, ip string) *models.TokenUse {
	at := monday.Add(after)
	claimed := models.ClaimedIdentity{SystemUserName: user, FQDN: host}
	h.token.RedemptionCount++
	h.token.UsedCount++
	h.uses = append(h.uses, models.TokenUse{
		Redemption: models.Redemption{UseNumber: h.token.RedemptionCount, RedeemedAt: at, ClaimedIdentity: claimed, IP: ip},
		AuthToken:  models.AuthToken{ClaimedIdentity: claimed, IdleExpiresAt: at.Add(90 * 24 * time.Hour)},
	})
	return &h.uses[len(h.uses)-1]
}

func (h *history) turnedAway(after time.Duration, user, host string) {
	h.refused = append(h.refused, models.RefusedAttempt{
		Reason: models.CodeRegistrationTokenExhausted, AttemptedAt: monday.Add(after), SupportCode: "K7Q4-M2QX",
		ClaimedIdentity: models.ClaimedIdentity{SystemUserName: user, FQDN: host},
	})
}

// staff lets n people of an office redeem on a laptop each, one every step.
func (h *history) staff(n int, start, step time.Duration) *history {
	for i := range n {
		h.redeemed(start+time.Duration(i)*step, fmt.Sprintf("person%d", i), fmt.Sprintf("lt-%03d.emea.contoso.example", i), fmt.Sprintf("10.20.%d.7", i%200))
	}
	return h
}

func (h *history) judge() models.Verdict {
	return models.DefaultVerdictRules().Judge(&h.token, h.uses, h.refused, h.now)
}

// TestVerdict_NamesTheCause is ten histories with a known cause.
func TestVerdict_NamesTheCause(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) *time.Time { moment := monday.Add(d); return &moment }
	for name, c := range map[string]struct {
		build   func() *history
		cause   models.Cause
		surplus int
	}{
		"too small for its audience": {func() *history {
			h := newHistory(10).staff(10, 0, time.Hour)
			for i := range 6 {
				h.turnedAway(20*time.Hour+time.Duration(i)*time.Minute, fmt.Sprintf("late%d", i), fmt.Sprintf("late-%d.contoso.example", i))
			}
			return h
		}, models.CauseTooSmall, 10},
		"retry loop": {func() *history {
			h := newHistory(10).staff(3, 0, time.Hour)
			for i := range 7 {
				h.redeemed(5*time.Hour+time.Duration(i)*40*time.Second, "build", "ci-07.contoso.example", "10.20.3.9")
			}
			h.turnedAway(6*time.Hour, "ann", "ann-pc.contoso.example")
			return h
		}, models.CauseRetryLoop, 6},
		"retry loop of a device that gives its MAC address differently": {func() *history {
			h := newHistory(6).staff(2, 0, time.Hour)
			for i, mac := range []string{"00:53:00:AA:BB:CC", "00-53-00-aa-bb-cc", "0053.00aa.bbcc", "005300AABBCC"} {
				u := h.redeemed(5*time.Hour+time.Duration(i)*time.Minute, "kiosk", "", "10.20.3.9")
				u.Redemption.MACAddress = mac
			}
			return h
		}, models.CauseRetryLoop, 3},
		"one device set up again and again": {func() *history {
			h := newHistory(8).staff(4, 0, time.Hour)
			for i := range 4 {
				h.redeemed(time.Duration(i+1)*24*time.Hour, "person1", "lab-1.emea.contoso.example", "10.20.3.9")
			}
			return h
		}, models.CauseDuplicates, 3},
		"one person with many devices": {func() *history {
			h := newHistory(12).staff(8, 0, time.Hour)
			for i := range 4 {
				h.redeemed(time.Duration(i+1)*20*time.Hour, "collector", fmt.Sprintf("box-%d.emea.contoso.example", i), "10.20.3.9")
			}
			return h
		}, models.CauseDuplicates, 3},
		"strangers from another organisation": {func() *history {
			h := newHistory(12).staff(8, 0, time.Hour)
			for i := range 4 {
				h.redeemed(time.Duration(i+1)*11*time.Hour, fmt.Sprintf("x%d", i), fmt.Sprintf("pc%d.fabrikam.example", i), fmt.Sprintf("203.0.113.%d", i))
			}
			return h
		}, models.CauseStrangers, 4},
		"burst after a leak": {func() *history {
			h := newHistory(40).staff(10, 0, time.Hour)
			for i := range 25 {
				h.redeemed(30*time.Hour+time.Duration(i)*15*time.Second, fmt.Sprintf("u%d", i), fmt.Sprintf("DESKTOP-%04d", i), fmt.Sprintf("%d.%d.1.1", 60+i, i))
			}
			return h
		}, models.CauseBurst, 25},
		"expired with counts left": {func() *history {
			h := newHistory(20).staff(7, 0, time.Hour)
			h.token.ExpiresAt = monday.Add(48 * time.Hour)
			return h
		}, models.CauseExpired, 0},
		"disabled": {func() *history {
			h := newHistory(20).staff(7, 0, time.Hour)
			h.token.DisabledAt, h.token.DisabledBy = at(20*time.Hour), "Ada"
			return h
		}, models.CauseDisabled, 0},
		"replaced": {func() *history {
			h := newHistory(20).staff(7, 0, time.Hour)
			successor := "next"
			h.token.DisabledAt, h.token.ReplacedByID, h.token.ReplacedAt = at(20*time.Hour), &successor, at(20*time.Hour)
			return h
		}, models.CauseReplaced, 0},
	} {
		v := c.build().judge()
		if f := v.Findings[0]; f.Cause != c.cause || f.Surplus != c.surplus {
			t.Errorf("%s: %+v, want %s explaining %d", name, v.Findings, c.cause, c.surplus)
		}
	}
}

// TestVerdict_StaysCalm is histories in which nobody took what is not theirs.
func TestVerdict_StaysCalm(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		build func() *history
		cause models.Cause
	}{
		"an office, one after the other": {func() *history { return newHistory(50).staff(20, 0, time.Hour) }, models.CauseInOrder},
		"all used as meant":              {func() *history { return newHistory(20).staff(20, 0, time.Hour) }, models.CauseUsedUp},
		"a company that starts on one morning, from home": {func() *history {
			h := newHistory(100)
			for i := range 60 {
				h.redeemed(time.Duration(i)*8*time.Second, fmt.Sprintf("p%d", i), fmt.Sprintf("lt-%d.contoso.example", i), fmt.Sprintf("%d.%d.0.1", 20+i, i))
			}
			return h
		}, models.CauseInOrder},
		"a rollout by one account over a thousand machines": {func() *history {
			h := newHistory(1000)
			for i := range 300 {
				h.redeemed(time.Duration(i)*2*time.Second, `CONTOSO\deploy`, fmt.Sprintf("ws-%d", i), "192.0.2.10")
			}
			return h
		}, models.CauseInOrder},
		"a few with two computers, some at home, one set up twice": {func() *history {
			h := newHistory(60).staff(30, 0, time.Hour)
			h.redeemed(40*time.Hour, "person3", "home-3.contoso.example", "81.2.69.1")
			h.redeemed(41*time.Hour, "person4", "home-4.contoso.example", "90.1.1.1")
			h.redeemed(42*time.Hour, "person5", "lt-005.emea.contoso.example", "10.20.5.7")
			return h
		}, models.CauseInOrder},
		"people with several devices each, some signed in": {func() *history {
			h := newHistory(400)
			for i := range 300 {
				u := h.redeemed(time.Duration(i)*time.Hour/2, fmt.Sprintf("p%d", i%60), fmt.Sprintf("vm-%d.contoso.example", i), "10.20.1.1")
				if i%50 == 0 {
					u.Redemption.VerifiedIdentity = models.VerifiedIdentity{Issuer: "idp", Subject: "s" + fmt.Sprint(i), Email: "x@login.example"}
				}
			}
			return h
		}, models.CauseInOrder},
		"cloned machines with one MAC address": {func() *history {
			h := newHistory(40)
			for i := range 20 {
				u := h.redeemed(time.Duration(i)*time.Minute, fmt.Sprintf("p%d", i), fmt.Sprintf("vm-%d", i), "10.20.1.1")
				u.Redemption.MACAddress = "00:53:00:00:00:01"
			}
			return h
		}, models.CauseInOrder},
		"a laptop whose lost count was given back": {func() *history {
			h := newHistory(10).staff(5, 0, time.Hour)
			for i := range 3 {
				u := h.redeemed(10*time.Hour+time.Duration(i)*time.Minute, "ann", "ann-pc.contoso.example", "10.20.1.1")
				u.Reclaimed = true
			}
			return h
		}, models.CauseInOrder},
	} {
		if v := c.build().judge(); len(v.Findings) != 1 || v.Findings[0].Cause != c.cause {
			t.Errorf("%s: %+v, want %s alone", name, v.Findings, c.cause)
		}
	}
}

// TestVerdict_OrdersByWhatExplainsMost has several causes at once.
func TestVerdict_OrdersByWhatExplainsMost(t *testing.T) {
	t.Parallel()
	h := newHistory(20).staff(8, 0, time.Hour)
	for i := range 9 {
		h.redeemed(20*time.Hour+time.Duration(i)*time.Minute, "build", "ci.contoso.example", "10.20.9.9")
	}
	for i := range 3 {
		h.redeemed(40*time.Hour+time.Duration(i)*time.Hour, "x", fmt.Sprintf("pc%d.fabrikam.example", i), "203.0.113.7")
	}
	v := h.judge()
	if len(v.Findings) != 2 || v.Findings[0].Cause != models.CauseRetryLoop || v.Findings[0].Surplus != 8 || v.Findings[1].Cause != models.CauseStrangers || v.Findings[1].Surplus != 3 {
		t.Errorf("%+v", v.Findings)
	}
	if f := v.Findings[0]; f.Name != "ci.contoso.example" || !f.From.Equal(monday.Add(20*time.Hour)) || f.To.Sub(f.From) != 8*time.Minute {
		t.Errorf("the evidence is %+v", f)
	}
	// Expired on top: that comes first, and the rest is still told.
	h.token.ExpiresAt = monday.Add(time.Hour)
	if v := h.judge(); v.Findings[0].Cause != models.CauseExpired || len(v.Findings) != 3 {
		t.Errorf("%+v", v.Findings)
	}
}

// TestVerdict_WaitingAreThoseWhoGotNothing since the count ran out.
func TestVerdict_WaitingAreThoseWhoGotNothing(t *testing.T) {
	t.Parallel()
	h := newHistory(2).staff(2, 0, time.Hour)
	h.turnedAway(5*time.Hour, "late", "late.contoso.example")
	h.turnedAway(4*time.Hour, "Late", "LATE.contoso.example.")
	h.turnedAway(6*time.Hour, "phone", "")
	h.turnedAway(7*time.Hour, "person0", "lt-000.emea.contoso.example") // holds one already
	h.refused = append(h.refused, models.RefusedAttempt{Reason: models.CodeInvalidRequest, AttemptedAt: monday.Add(8 * time.Hour), ClaimedIdentity: models.ClaimedIdentity{FQDN: "other"}})
	v := h.judge()
	if len(v.Waiting) != 2 || v.Waiting[0].Attempts != 2 || v.Waiting[0].FQDN != "late.contoso.example" || v.Waiting[1].SystemUserName != "phone" {
		t.Fatalf("%+v", v.Waiting)
	}
	h.redeemed(9*time.Hour, "late", "late.contoso.example", "10.20.1.1")
	if v := h.judge(); len(v.Waiting) != 1 {
		t.Errorf("who got in still waits: %+v", v.Waiting)
	}
}

func TestIdentityKeys(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"lt-1.emea.contoso.example": "contoso.example", "a.b.contoso.co.uk": "contoso.co.uk", "lt-1": "", "LT.Contoso.Example": "contoso.example",
	} {
		if got := strings.Join(models.Domains(models.VerifiedIdentity{}, models.ClaimedIdentity{FQDN: host}), ","); got != want {
			t.Errorf("domain of %s: %q, want %q", host, got, want)
		}
	}
	for ip, want := range map[string]string{"10.20.3.4": "10.20.0.0/16", "2001:db8:1:2::3": "2001:db8:1::/48", "::ffff:10.20.3.4": "10.20.0.0/16", "x": ""} {
		if got := models.NetworkOf(ip); got != want {
			t.Errorf("network of %s: %q, want %q", ip, got, want)
		}
	}
	person := models.PersonKey(models.VerifiedIdentity{Issuer: "i", Subject: "s"}, models.ClaimedIdentity{SystemUserName: "x"})
	if person != "i s" || models.PersonKey(models.VerifiedIdentity{}, models.ClaimedIdentity{SystemUserName: " Ann "}) != "ann" {
		t.Errorf("person %q", person)
	}
}
