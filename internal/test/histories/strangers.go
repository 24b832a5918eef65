package histories

import (
	"fmt"
	"time"

	"muster/models"
)

// strangers are people who were not meant to have the registration token.
func strangers() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }
	partner := func(h *History, n int, step time.Duration) {
		for i := range n {
			h.Redeem(time.Duration(i+1)*step, fmt.Sprintf("x%d", i), fmt.Sprintf("pc%d.fabrikam.example", i), fmt.Sprintf("203.0.113.%d", i+1))
		}
	}

	h := tell("A partner who was not meant", 20,
		"Eight people of Contoso redeemed, and four of Fabrikam, to whom somebody forwarded the mail.")
	h.Staff(8, hour)
	partner(h, 4, 11*hour)
	add(h.is(Truth{
		People: 12, Devices: 12, Findings: []string{"strangers 4", "in_order 8"}, Remedy: "delete 4",
		Never: []models.RemedyKind{models.RemedyRaise, models.RemedyDeleteSurplus, models.RemedyGiveBack},
	}))

	h = tell("Strangers took what colleagues wait for", 12,
		"Four people of Fabrikam took the last counts of Contoso's registration token; three colleagues came too late. What the strangers took is enough for them.")
	h.Staff(8, hour)
	partner(h, 4, 11*hour)
	for i := range 3 {
		h.TurnAway(5*day+time.Duration(i)*hour, staff(50+i), laptop(50+i))
	}
	add(h.is(Truth{People: 12, Devices: 12, Waiting: 3, Findings: []string{"strangers 4", "in_order 8"}, Remedy: "delete 4", Never: noRaise}))

	h = tell("Fewer strangers than people waiting", 10,
		"Three people of Fabrikam redeemed, and five colleagues wait. Even without the strangers two more counts are needed.")
	h.Staff(7, hour)
	partner(h, 3, 11*hour)
	for i := range 5 {
		h.TurnAway(5*day+time.Duration(i)*hour, staff(50+i), laptop(50+i))
	}
	add(h.is(Truth{People: 10, Devices: 10, Waiting: 5, Findings: []string{"strangers 3", "too_small 0", "in_order 7"}, Remedy: "delete 3"}))

	h = tell("A list that went beyond its readers", 20,
		"Nine people are expected. Three friends of theirs redeemed too, on machines of the same company.")
	h.Staff(9, hour)
	for i := range 3 {
		h.Redeem(time.Duration(i+1)*9*hour, fmt.Sprintf("friend%d", i), laptop(900+i), "10.20.7.7")
	}
	h.Expected = expected(9)
	add(h.is(Truth{People: 12, Devices: 12, Findings: []string{"strangers 3", "in_order 9"}, Remedy: "delete 3", Never: noRaise}))

	h = tell("Posted in a forum", 50,
		"Ten colleagues redeemed. A day later somebody posted the registration token in a forum, and 25 machines from as many networks redeemed within seven minutes.")
	h.Staff(10, hour)
	for i := range 25 {
		h.Redeem(30*hour+time.Duration(i)*15*time.Second, fmt.Sprintf("u%d", i), fmt.Sprintf("DESKTOP-%04d", i), somewhere(i))
	}
	add(h.is(Truth{
		People: 35, Devices: 35, Findings: []string{"burst 25", "in_order 10"}, Remedy: "delete 25",
		Never: []models.RemedyKind{models.RemedyRaise, models.RemedyOwnToken, models.RemedyDeleteSurplus},
	}))

	h = tell("Posted in a forum while colleagues redeemed", 50,
		"The same, but two colleagues of Contoso redeemed in the middle of it. They are no strangers.")
	h.Staff(10, hour)
	for i := range 25 {
		h.Redeem(30*hour+time.Duration(i)*15*time.Second, fmt.Sprintf("u%d", i), fmt.Sprintf("DESKTOP-%04d", i), somewhere(i))
	}
	h.Redeem(30*hour+2*minute, staff(30), laptop(30), "10.20.5.7")
	h.Redeem(30*hour+3*minute, staff(31), laptop(31), "10.20.5.7")
	add(h.is(Truth{People: 37, Devices: 37, Findings: []string{"burst 25", "in_order 12"}, Remedy: "delete 25", Never: noRaise}))

	h = tell("A leak that trickles", 50,
		"Twenty colleagues redeemed in the office. Over nine days eight machines from eight other networks followed, one a day, with names of no company.")
	h.Staff(20, hour)
	for i := range 8 {
		h.Redeem(time.Duration(i+1)*day, fmt.Sprintf("u%d", i), fmt.Sprintf("DESKTOP-%04d", i), somewhere(i))
	}
	add(h.is(Truth{People: 28, Devices: 28, Findings: []string{"strangers 8", "in_order 20"}, Remedy: "delete 8", Never: noRaise}))

	h = tell("A burst that never came back, and a full registration token", 30,
		"Ten colleagues refresh. Twenty machines from all over the world used up the rest within five minutes and never refreshed; a colleague waits.")
	h.Staff(10, hour)
	for i := range 20 {
		h.Redeem(30*hour+time.Duration(i)*15*time.Second, fmt.Sprintf("u%d", i), fmt.Sprintf("DESKTOP-%04d", i), somewhere(i)).Never()
	}
	h.TurnAway(2*day, staff(40), laptop(40))
	return append(all, h.is(Truth{
		People: 30, Devices: 30, Waiting: 1, Findings: []string{"burst 20", "in_order 10"}, Remedy: "delete 20", Never: noRaise,
	}))
}
