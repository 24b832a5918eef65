package histories

import (
	"fmt"
	"time"

	"muster/models"
)

// loops are machines that take one count after the other.
func loops() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }

	h := tell("A build server that starts again and again", 10,
		"Three colleagues set up their laptops. Then a build server redeemed seven times within four minutes; only the last time did it keep what it got. Ann came too late.")
	h.Staff(3, hour)
	for i := range 6 {
		h.Redeem(5*hour+time.Duration(i)*40*time.Second, "build", "ci-07.contoso.example", "10.20.3.9").Never()
	}
	h.Redeem(5*hour+4*minute, "build", "ci-07.contoso.example", "10.20.3.9")
	h.TurnAway(6*hour, "ann", "ann-pc.contoso.example")
	add(h.is(Truth{
		People: 4, Devices: 4, Waiting: 1, Unused: 6, Findings: []string{"retry_loop 7", "in_order 3"}, Remedy: "delete_surplus 6",
		Never: []models.RemedyKind{models.RemedyRaise, models.RemedyDelete, models.RemedyGiveBack},
	}))

	h = tell("A kiosk that writes its MAC address differently", 6,
		"A kiosk without a host name redeemed four times in four minutes, each time with another notation of the same MAC address.")
	h.Staff(2, hour)
	for i, address := range []string{"00:53:00:AA:BB:CC", "00-53-00-aa-bb-cc", "0053.00aa.bbcc", "005300AABBCC"} {
		h.Redeem(5*hour+time.Duration(i)*minute, "kiosk", "", "10.20.3.9").MAC(address)
	}
	add(h.is(Truth{People: 3, Devices: 3, Findings: []string{"retry_loop 4", "in_order 2"}, Remedy: "delete_surplus 3", Never: noRaise}))

	h = tell("Six hundred of one machine, then five hundred honest ones", 1120,
		"For five hours one test machine redeemed every 30 seconds and kept nothing. Then 520 colleagues set up theirs. Three more came too late.")
	for i := range 600 {
		h.Redeem(time.Duration(i)*30*time.Second, "tester", "test-1.contoso.example", "10.20.9.9").Never()
	}
	for i := range 520 {
		h.Redeem(6*hour+time.Duration(i)*10*minute, staff(i), laptop(i), "10.20.5.7")
	}
	for i := range 3 {
		h.TurnAway(8*day, fmt.Sprintf("late%d", i), fmt.Sprintf("late-%d.contoso.example", i))
	}
	add(h.is(Truth{
		People: 521, Devices: 521, Waiting: 3, Unused: 600, Findings: []string{"retry_loop 600", "in_order 520"}, Remedy: "delete_surplus 599", Never: noRaise,
	}))

	h = tell("A phone that reports nothing but its user", 8,
		"An app on Tom's phone reports no host name and no MAC address. It redeemed five times within three minutes, from one network.")
	h.Staff(3, hour)
	for i := range 5 {
		h.Redeem(20*hour+time.Duration(i)*45*time.Second, "tom", "", "10.20.5.9")
	}
	add(h.is(Truth{People: 4, Devices: 4, Findings: []string{"retry_loop 5", "in_order 3"}, Remedy: "delete_surplus 4", Never: noRaise}))

	h = tell("A lab machine that is set up every day", 8,
		"Four colleagues set up their laptops; one of them installs the lab machine anew each day, and each time it redeems.")
	h.Staff(4, hour)
	for i := range 3 {
		h.Redeem(time.Duration(i+1)*day, staff(1), "lab-1.emea.contoso.example", "10.20.3.9").Until(20 * hour)
	}
	h.Redeem(4*day, staff(1), "lab-1.emea.contoso.example", "10.20.3.9")
	add(h.is(Truth{People: 4, Devices: 5, Findings: []string{"several_per_device 4", "in_order 4"}, Remedy: "delete_surplus 3", Never: noRaise}))

	h = tell("Two loops, one of them stopped by its owner", 20,
		"Two machines redeemed in a loop, six and four times. The owner of the second deleted three of its auth tokens, but did not give the counts back.")
	h.Staff(5, hour)
	for i := range 6 {
		h.Redeem(10*hour+time.Duration(i)*minute, "eve", "eve-pc.contoso.example", "10.20.5.8")
	}
	for i := range 4 {
		u := h.Redeem(12*hour+time.Duration(i)*minute, "fay", "fay-pc.contoso.example", "10.20.5.9")
		if i < 3 {
			h.Then(2*day, Deleted, u)
		}
	}
	return append(all, h.is(Truth{
		People: 7, Devices: 7, Findings: []string{"retry_loop 10", "in_order 5"}, Remedy: "delete_surplus 8", Never: noRaise,
	}))
}
