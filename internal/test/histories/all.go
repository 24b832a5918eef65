package histories

import (
	"fmt"
	"strings"
	"time"

	"muster/models"
)

// All are the histories with a known cause, then the calm ones.
func All() []*History { return append(wrong(), calm()...) }

// wrong are those in which something ate the counts, or keeps them from being
// used.
func wrong() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }

	h := New("Too small for its audience", 10).Staff(10, time.Hour)
	for i := range 6 {
		h.TurnAway(20*time.Hour+time.Duration(i)*time.Minute, fmt.Sprintf("late%d", i), fmt.Sprintf("late-%d.contoso.example", i))
	}
	add(h.because(models.FindingTooSmall, 10))

	h = New("A build server that starts again and again", 10).Staff(3, time.Hour)
	for i := range 7 {
		h.Redeem(5*time.Hour+time.Duration(i)*40*time.Second, "build", "ci-07.contoso.example", "10.20.3.9")
	}
	h.TurnAway(6*time.Hour, "ann", "ann-pc.contoso.example")
	add(h.because(models.FindingRetryLoop, 6))

	h = New("A kiosk that writes its MAC address differently", 6).Staff(2, time.Hour)
	for i, mac := range []string{"00:53:00:AA:BB:CC", "00-53-00-aa-bb-cc", "0053.00aa.bbcc", "005300AABBCC"} {
		h.Redeem(5*time.Hour+time.Duration(i)*time.Minute, "kiosk", "", "10.20.3.9").Claimed.MACAddress = mac
	}
	add(h.because(models.FindingRetryLoop, 3))

	h = New("A lab machine that is set up every day", 8).Staff(4, time.Hour)
	for i := range 4 {
		h.Redeem(time.Duration(i+1)*24*time.Hour, "person1", "lab-1.emea.contoso.example", "10.20.3.9")
	}
	add(h.because(models.FindingSeveralPerDevice, 3))

	h = New("A collector of devices", 12).Staff(8, time.Hour)
	for i := range 4 {
		h.Redeem(time.Duration(i+1)*20*time.Hour, "collector", fmt.Sprintf("box-%d.emea.contoso.example", i), "10.20.3.9")
	}
	add(h.because(models.FindingSeveralPerDevice, 3))

	h = New("A partner who was not meant", 12).Staff(8, time.Hour)
	for i := range 4 {
		h.Redeem(time.Duration(i+1)*11*time.Hour, fmt.Sprintf("x%d", i), fmt.Sprintf("pc%d.fabrikam.example", i), fmt.Sprintf("203.0.113.%d", i+1))
	}
	add(h.because(models.FindingStrangers, 4))

	h = New("A list that went beyond its readers", 20).Staff(9, time.Hour)
	for i := range 3 {
		h.Redeem(time.Duration(i+1)*9*time.Hour, fmt.Sprintf("friend%d", i), fmt.Sprintf("lt-9%d.emea.contoso.example", i), "10.20.7.7")
	}
	h.Expected = expected(9)
	add(h.because(models.FindingStrangers, 3))

	h = New("Posted in a forum", 40).Staff(10, time.Hour)
	for i := range 25 {
		h.Redeem(30*time.Hour+time.Duration(i)*15*time.Second, fmt.Sprintf("u%d", i), fmt.Sprintf("DESKTOP-%04d", i), fmt.Sprintf("%d.%d.1.1", 60+i, i))
	}
	add(h.because(models.FindingBurst, 25))

	h = New("A course that ended", 20).Staff(7, time.Hour)
	h.Expires = 48 * time.Hour
	add(h.because(models.FindingExpired, 0))

	add(New("On hold until the contract is signed", 20).Staff(7, time.Hour).then(20*time.Hour, Disabled).because(models.FindingDisabled, 0))
	add(New("Replaced after a mail to the wrong list", 20).Staff(7, time.Hour).then(20*time.Hour, Replaced).because(models.FindingReplaced, 0))
	return all
}

// calm are those in which nobody took what is not theirs, though it may look
// so at a first glance.
func calm() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }

	add(New("An office, one after the other", 50).Staff(20, time.Hour).calmly(models.FindingInOrder))
	add(New("All used as meant", 20).Staff(20, time.Hour).calmly(models.FindingInOrder))

	h := New("Expected, wherever they come from", 30).Staff(8, time.Hour)
	for i := range 12 {
		h.Redeem(30*time.Hour+time.Duration(i)*20*time.Second, fmt.Sprintf("person%d", 8+i), fmt.Sprintf("HOME-%02d", i), fmt.Sprintf("%d.%d.1.1", 60+i, i))
	}
	for i := range 3 {
		h.Redeem(40*time.Hour+time.Duration(i)*time.Hour, fmt.Sprintf("person%d", 20+i), fmt.Sprintf("pc%d.fabrikam.example", i), "203.0.113.7")
	}
	h.Expected = expected(23)
	add(h.calmly(models.FindingInOrder))

	h = New("A company that starts on one morning, from home", 100)
	for i := range 60 {
		h.Redeem(time.Duration(i)*8*time.Second, fmt.Sprintf("p%d", i), fmt.Sprintf("lt-%d.contoso.example", i), fmt.Sprintf("%d.%d.0.1", 20+i, i))
	}
	add(h.calmly(models.FindingInOrder))

	h = New("A rollout by one account over many machines", 1000)
	for i := range 300 {
		h.Redeem(time.Duration(i)*2*time.Second, `CONTOSO\deploy`, fmt.Sprintf("ws-%d", i), "192.0.2.10")
	}
	add(h.calmly(models.FindingInOrder))

	h = New("Two computers, some at home, one set up twice", 60).Staff(30, time.Hour)
	h.Redeem(40*time.Hour, "person3", "home-3.contoso.example", "81.2.69.1")
	h.Redeem(41*time.Hour, "person4", "home-4.contoso.example", "90.1.1.1")
	h.Redeem(42*time.Hour, "person5", "lt-005.emea.contoso.example", "10.20.5.7")
	add(h.calmly(models.FindingInOrder))

	h = New("Several devices each, some signed in", 400)
	for i := range 300 {
		u := h.Redeem(time.Duration(i)*time.Hour/2, fmt.Sprintf("p%d", i%60), fmt.Sprintf("vm-%d.contoso.example", i), "10.20.1.1")
		if i%50 == 0 {
			u.Verified = models.VerifiedIdentity{Issuer: "idp", Subject: fmt.Sprintf("s%d", i), Email: "x@login.example"}
		}
	}
	add(h.calmly(models.FindingInOrder))

	h = New("Cloned machines with one MAC address", 40)
	for i := range 20 {
		h.Redeem(time.Duration(i)*time.Minute, fmt.Sprintf("p%d", i), fmt.Sprintf("vm-%d", i), "10.20.1.1").Claimed.MACAddress = "00:53:00:00:00:01"
	}
	add(h.calmly(models.FindingInOrder))

	h = New("A laptop whose lost counts were given back", 10).Staff(5, time.Hour)
	for i := range 3 {
		h.Redeem(10*time.Hour+time.Duration(i)*time.Minute, "ann", "ann-pc.contoso.example", "10.20.1.1")
	}
	for i := range 3 {
		h.Events = append(h.Events, Event{After: 20*time.Hour + time.Duration(i)*time.Second, Kind: Reclaimed, Use: 6 + i})
	}
	add(h.calmly(models.FindingInOrder))
	return all
}

// expected is a list of the first n people of the staff.
func expected(n int) string {
	var list strings.Builder
	for i := range n {
		fmt.Fprintf(&list, "person%d\n", i)
	}
	return list.String()
}
