package histories

import (
	"fmt"
	"time"

	"muster/models"
)

// mixed have several causes at once.
func mixed() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }

	h := tell("A loop and a partner", 30,
		"Beside eight colleagues, a build server took nine counts in a loop, and three people of Fabrikam redeemed.")
	h.Staff(8, hour)
	for i := range 9 {
		h.Redeem(20*hour+time.Duration(i)*minute, "build", "ci.contoso.example", "10.20.9.9")
	}
	for i := range 3 {
		h.Redeem(40*hour+time.Duration(i)*hour, fmt.Sprintf("x%d", i), fmt.Sprintf("pc%d.fabrikam.example", i), "203.0.113.7")
	}
	add(h.is(Truth{People: 12, Devices: 12, Findings: []string{"retry_loop 9", "strangers 3", "in_order 8"}, Remedy: "delete_surplus 8", Never: noRaise}))

	h = tell("A little of everything", 39,
		"Of 39 seats: a loop of six, eight runners that never came back, four idle-expired seats, three deletions not given back, one laptop set up twice, and sixteen that are as they should be. Fifteen people wait; thirteen of them fit once five of the loop, the unused seats, the deleted ones and one of the laptop are given back.").over(120 * day)
	for i, u := range h.Staff(24, hour) {
		switch {
		case i < 4:
			u.Until(5 * day)
		case i < 7:
			h.Then(50*day, Deleted, u)
		case i == 7:
			u.Until(100 * day)
		}
	}
	h.Redeem(101*day, staff(7), laptop(7), "10.20.5.7")
	for i := range 6 {
		h.Redeem(102*day+time.Duration(i)*minute, "build", "ci.contoso.example", "10.20.9.9")
	}
	for i := range 8 {
		h.Redeem(103*day+time.Duration(i)*hour, "gitlab-runner", fmt.Sprintf("runner-%08x", 0x8f3a21c4+i*7919), "10.20.40.2").Never()
	}
	for i := range 15 {
		h.TurnAway(110*day+time.Duration(i)*hour, fmt.Sprintf("late%d", i), fmt.Sprintf("late-%d.contoso.example", i))
	}
	add(h.is(Truth{
		People: 25, Devices: 33, Waiting: 15, Unused: 12,
		Findings: []string{"automation 8", "retry_loop 6", "unused_seats 4", "not_given_back 3", "several_per_device 2", "too_small 0", "in_order 16"},
		Remedy:   "own_token", Never: []models.RemedyKind{models.RemedyDelete, models.RemedyReplace},
	}))

	h = tell("Reimaging and a rollout", 200,
		"A service account rolled out to sixty workstations; half of them were imaged anew after a month, and the old seats are idle-expired.").over(150 * day)
	for i := range 60 {
		u := h.Redeem(time.Duration(i)*minute, `CONTOSO\svc-rollout`, fmt.Sprintf("ws-%03d.contoso.example", i), "10.20.5.7")
		if i%2 == 0 {
			u.Until(30 * day)
			h.Redeem(31*day+time.Duration(i)*minute, `CONTOSO\svc-rollout`, u.Claimed.FQDN, "10.20.5.7")
		}
	}
	add(h.is(Truth{People: 0, Devices: 60, Unused: 30, Findings: []string{"unused_seats 30", "in_order 60"}, Remedy: "give_back 30", Never: noRaise}))

	h = tell("Cloned names and a loop among them", 60,
		"Thirty laptops are called GOLDEN-W11, each with its own MAC address and user. One of them redeemed eight times in a loop.")
	for i := range 30 {
		h.Redeem(time.Duration(i)*hour, staff(i), "GOLDEN-W11", "10.20.5.7").MAC(mac(i))
	}
	for i := range 7 {
		h.Redeem(4*hour+time.Duration(i+1)*minute, staff(4), "GOLDEN-W11", "10.20.5.7").MAC(mac(4)).Never()
	}
	return append(all, h.is(Truth{
		People: 30, Devices: 30, Unused: 7, Findings: []string{"retry_loop 8", "in_order 29"}, Remedy: "delete_surplus 7", Never: noRaise,
	}))
}

// Large is a registration token with that many uses, at most 500,000. Of each
// thousand a machine took five in a loop, and a hundred machines that were imaged
// anew took two each, of which the older is idle-expired.
func Large(n int) *History {
	h := tell("As large as it gets", n, "Many thousand machines, some in loops, some imaged anew.").over(200 * day)
	for i := range n / 1000 {
		for j := range 1000 {
			k := i*1000 + j
			machine, refreshes := k, time.Duration(-1)
			switch {
			case j < 5:
				machine = i * 1000
			case j < 105:
				refreshes = 10 * day
			case j < 205:
				machine = k - 100
			}
			at := time.Duration(k) * 10 * time.Second
			if j >= 105 && j < 205 {
				at += 70 * day
			}
			h.Redeem(at, fmt.Sprintf("person%d", machine), fmt.Sprintf("ws-%06d.contoso.example", machine), "10.20.5.7").Refreshes = refreshes
		}
	}
	k := n / 1000
	return h.is(Truth{
		People: 896 * k, Devices: 896 * k, Unused: 100 * k,
		Findings: []string{fmt.Sprintf("unused_seats %d", 100*k), fmt.Sprintf("retry_loop %d", 5*k), fmt.Sprintf("in_order %d", 895*k)},
		Remedy:   fmt.Sprintf("give_back %d", 100*k), Never: noRaise,
	})
}
