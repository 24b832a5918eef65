package histories

import (
	"fmt"
	"time"

	"muster/models"
)

// seats are counts that are held by what is not in use any more.
func seats() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }

	h := tell("Reimaged, and the old seats never let go", 40,
		"Twenty laptops were set up, and three weeks later all of them were imaged anew and redeemed again. Months later the old seats are idle-expired, the count is used up, and somebody waits.").over(120 * day)
	for i, u := range h.Staff(20, hour) {
		u.Until(20 * day)
		h.Redeem(21*day+time.Duration(i)*hour, u.Claimed.SystemUserName, u.Claimed.FQDN, u.IP)
	}
	h.TurnAway(119*day, "late", "late.contoso.example")
	add(h.is(Truth{
		People: 20, Devices: 20, Waiting: 1, Unused: 20, Findings: []string{"unused_seats 20", "in_order 20"}, Remedy: "give_back 20",
		Never: append(noRaise, noDelete...),
	}))

	h = tell("Seats that expired because nobody came back", 20,
		"Four of ten people left in the first week; their laptops were put away and the refresh tokens lapsed.").over(120 * day)
	for i, u := range h.Staff(10, hour) {
		if i < 4 {
			u.Until(5 * day)
		}
	}
	add(h.is(Truth{People: 10, Devices: 10, Unused: 4, Findings: []string{"unused_seats 4", "in_order 6"}, Remedy: "give_back 4", Never: append(noRaise, noDelete...)}))

	h = tell("Seats that fell silent", 20,
		"Three of twelve laptops have not been seen for forty days. Their refresh tokens still work.").over(60 * day)
	for i, u := range h.Staff(12, hour) {
		if i < 3 {
			u.Until(20 * day)
		}
	}
	add(h.is(Truth{People: 12, Devices: 12, Unused: 3, Findings: []string{"unused_seats 3", "in_order 9"}, Remedy: "give_back 3", Never: append(noRaise, noDelete...)}))

	h = tell("Installed and never started", 13,
		"Ten laptops refresh. Three more were installed and put on a shelf: they never refreshed. The count is used up and two people wait.")
	h.Staff(10, hour)
	for i := range 3 {
		h.Redeem(20*hour+time.Duration(i)*hour, fmt.Sprintf("shelf%d", i), fmt.Sprintf("shelf-%d.contoso.example", i), "10.20.5.7").Never()
	}
	h.TurnAway(3*day, "dan", "dan-pc.contoso.example")
	h.TurnAway(4*day, "eve", "eve-pc.contoso.example")
	add(h.is(Truth{
		People: 13, Devices: 13, Waiting: 2, Unused: 3, Findings: []string{"unused_seats 3", "in_order 10"}, Remedy: "give_back 3", Never: append(noRaise, noDelete...),
	}))

	h = tell("An application that never refreshes", 20,
		"Twelve people use an application that works offline and never refreshes. That none of them did says nothing about one of them.")
	for _, u := range h.Staff(12, hour) {
		u.Never()
	}
	add(h.is(Truth{People: 12, Devices: 12, Findings: []string{"in_order 12"}, Remedy: "none", Never: noChange}))

	h = tell("Set up this morning", 20,
		"Eight laptops refresh since last week. Four more were set up two hours ago and had no reason to refresh yet.")
	h.Staff(8, hour)
	for i := range 4 {
		h.Redeem(h.Looked-2*hour+time.Duration(i)*minute, staff(20+i), laptop(20+i), "10.20.5.7").Never()
	}
	add(h.is(Truth{People: 12, Devices: 12, Findings: []string{"in_order 12"}, Remedy: "none", Never: noChange}))

	h = tell("Lost laptops whose counts were kept", 10,
		"Four of ten laptops were lost or sold. Their auth tokens were deleted, but nobody gave the counts back. Now somebody waits.")
	for i, u := range h.Staff(10, hour) {
		if i < 4 {
			h.Then(3*day+time.Duration(i)*hour, Deleted, u)
		}
	}
	h.TurnAway(5*day, "dan", "dan-pc.contoso.example")
	add(h.is(Truth{
		People: 10, Devices: 10, Waiting: 1, Findings: []string{"not_given_back 4", "in_order 6"}, Remedy: "give_back 4", Never: append(noRaise, noDelete...),
	}))

	h = tell("A laptop whose lost counts were given back", 10,
		"Ann's laptop redeemed three times; the administrator deleted all three and gave the counts back.")
	h.Staff(5, hour)
	for i := range 3 {
		h.Then(20*hour, GivenBack, h.Redeem(10*hour+time.Duration(i)*minute, "ann", "ann-pc.contoso.example", "10.20.1.1"))
	}
	add(h.is(Truth{People: 5, Devices: 5, Findings: []string{"in_order 5"}, Remedy: "none", Never: noChange}))

	h = tell("Two virtual machines that were copied", 20,
		"Two virtual machines were copied while they ran. The copies used the same refresh tokens, so both auth tokens ended.")
	for i, u := range h.Staff(8, hour) {
		if i < 2 {
			h.Then(5*day, Ended, u)
		}
	}
	add(h.is(Truth{People: 8, Devices: 8, Unused: 2, Findings: []string{"unused_seats 2", "in_order 6"}, Remedy: "give_back 2", Never: append(noRaise, noDelete...)}))

	h = tell("More people waiting than can be given back", 30,
		"Of thirty seats ten are idle-expired and five were deleted without giving the count back. Twenty people wait: fifteen of them fit once that is returned.").over(120 * day)
	for i, u := range h.Staff(30, hour) {
		switch {
		case i < 10:
			u.Until(5 * day)
		case i < 15:
			h.Then(50*day, Deleted, u)
		}
	}
	for i := range 20 {
		h.TurnAway(100*day+time.Duration(i)*hour, fmt.Sprintf("late%d", i), fmt.Sprintf("late-%d.contoso.example", i))
	}
	return append(all, h.is(Truth{
		People: 30, Devices: 30, Waiting: 20, Unused: 10,
		Findings: []string{"unused_seats 10", "not_given_back 5", "too_small 0", "in_order 15"}, Remedy: "give_back 10",
		Never: []models.RemedyKind{models.RemedyDelete, models.RemedyDeleteSurplus, models.RemedyReplace},
	}))
}
