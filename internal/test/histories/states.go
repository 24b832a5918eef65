package histories

import (
	"fmt"
	"time"

	"muster/models"
)

// states keep a registration token from being redeemed, or soon will.
func states() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }
	loop := func(h *History, after time.Duration) {
		for i := range 5 {
			h.Redeem(after+time.Duration(i)*minute, "build", "ci.contoso.example", "10.20.9.9")
		}
	}

	h := tell("A course that ended", 20, "Seven of twenty participants redeemed before it expired after two days.")
	h.Staff(7, hour)
	h.Expires = 2 * day
	add(h.is(Truth{People: 7, Devices: 7, Findings: []string{"expired 0", "in_order 7"}, Remedy: "replace 13", Never: append(noRaise, models.RemedyExtend)}))

	h = tell("Expired, with a loop beneath", 20, "It expired after two days, with eight counts left. Of those used, a build server took five in a loop.")
	h.Staff(7, hour)
	loop(h, 20*hour)
	h.Expires = 2 * day
	add(h.is(Truth{People: 8, Devices: 8, Findings: []string{"expired 0", "retry_loop 5", "in_order 7"}, Remedy: "replace 8", Never: append(noRaise, models.RemedyExtend)}))

	h = tell("On hold until the contract is signed", 20, "Seven people redeemed, then the administrator disabled it.")
	h.Staff(7, hour)
	h.Then(20*hour, Disabled, nil)
	add(h.is(Truth{People: 7, Devices: 7, Findings: []string{"disabled 0", "in_order 7"}, Remedy: "enable", Never: noChange}))

	h = tell("Disabled because of strangers", 20, "Five people of Fabrikam were among those who redeemed, so the administrator disabled it.")
	h.Staff(9, hour)
	for i := range 5 {
		h.Redeem(time.Duration(i+1)*3*hour, fmt.Sprintf("x%d", i), fmt.Sprintf("pc%d.fabrikam.example", i), "203.0.113.7")
	}
	h.Then(20*hour, Disabled, nil)
	add(h.is(Truth{People: 14, Devices: 14, Findings: []string{"disabled 0", "strangers 5", "in_order 9"}, Remedy: "enable", Never: noRaise}))

	h = tell("Replaced after a mail to the wrong list", 20, "Seven people redeemed, then it was replaced by a new one.")
	h.Staff(7, hour)
	h.Then(20*hour, Replaced, nil)
	add(h.is(Truth{People: 7, Devices: 7, Findings: []string{"replaced 0", "in_order 7"}, Remedy: "none", Never: append(noChange, models.RemedyEnable)}))

	h = tell("Replaced, and deleted seats not given back", 20, "Three of seven auth tokens were deleted without giving the counts back, before it was replaced.")
	for i, u := range h.Staff(7, hour) {
		if i < 3 {
			h.Then(15*hour, Deleted, u)
		}
	}
	h.Then(20*hour, Replaced, nil)
	add(h.is(Truth{People: 7, Devices: 7, Findings: []string{"replaced 0", "not_given_back 3", "in_order 4"}, Remedy: "none", Never: append(noChange, models.RemedyEnable)}))

	h = tell("Deleted when the project ended", 20, "Seven people redeemed, then the registration token was deleted; their auth tokens stayed.")
	h.Staff(7, hour)
	h.Then(20*hour, Withdrawn, nil)
	add(h.is(Truth{People: 7, Devices: 7, Findings: []string{"deleted 0", "in_order 7"}, Remedy: "none", Never: append(noChange, models.RemedyEnable)}))

	h = tell("Deleted, with seats that lapsed", 20,
		"Two of seven laptops were put away after five days, then the registration token was deleted. Nobody can redeem what would be given back.").over(200 * day)
	for i, u := range h.Staff(7, hour) {
		if i < 2 {
			u.Until(5 * day)
		}
	}
	h.Then(150*day, Withdrawn, nil)
	add(h.is(Truth{People: 7, Devices: 7, Unused: 2, Findings: []string{"deleted 0", "unused_seats 2", "in_order 5"}, Remedy: "none", Never: append(noChange, models.RemedyEnable)}))

	h = tell("Expires within the week", 20, "Seven of twenty redeemed; it expires in five days.")
	h.Staff(7, hour)
	h.Expires = h.Looked + 5*day
	add(h.is(Truth{People: 7, Devices: 7, Findings: []string{"expiring 0", "in_order 7"}, Remedy: "extend", Never: noChange}))

	h = tell("Nineteen in one minute", 20, "On one morning nineteen laptops were set up within a minute; one count is left.").over(2 * day)
	h.Staff(19, 3*time.Second)
	add(h.is(Truth{People: 19, Devices: 19, Findings: []string{"nearly_used_up 0", "in_order 19"}, Remedy: "ask 1", Never: noChange}))

	h = tell("Nearly used up, at a steady pace", 24, "One laptop every twelve hours; four counts are left.")
	for i := range 20 {
		h.Redeem(time.Duration(i)*12*hour, staff(i), laptop(i), "10.20.5.7")
	}
	add(h.is(Truth{People: 20, Devices: 20, Findings: []string{"nearly_used_up 0", "in_order 20"}, Remedy: "ask 4", Never: noChange}))

	h = tell("Used up, and nobody waits", 20, "Twenty people redeemed twenty counts.")
	h.Staff(20, hour)
	add(h.is(Truth{People: 20, Devices: 20, Findings: []string{"in_order 20"}, Remedy: "none", Never: noChange}))

	h = tell("Too small for its audience", 10, "Ten people redeemed ten counts, as intended, and six more came too late; two of them tried twice.")
	h.Staff(10, hour)
	for i := range 8 {
		h.TurnAway(20*hour+time.Duration(i)*minute, fmt.Sprintf("late%d", i%6), fmt.Sprintf("late-%d.contoso.example", i%6))
	}
	add(h.is(Truth{People: 10, Devices: 10, Waiting: 6, Findings: []string{"too_small 0", "in_order 10"}, Remedy: "raise 6", Never: append(noDelete, models.RemedyGiveBack)}))

	h = tell("Turned away with a seat in the pocket", 5,
		"Five people redeemed five counts. Two of them tried again later, one on another machine, and were turned away; they hold a seat already. A server that nobody is logged in to holds none.")
	h.Staff(5, hour)
	h.TurnAway(20*hour, staff(1), laptop(1))
	h.TurnAway(21*hour, staff(2), laptop(77))
	h.TurnAway(22*hour, "root", "db-1.contoso.example")
	return append(all, h.is(Truth{People: 5, Devices: 5, Waiting: 1, Findings: []string{"too_small 0", "in_order 5"}, Remedy: "raise 1", Never: noDelete}))
}
