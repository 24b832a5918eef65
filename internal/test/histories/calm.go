package histories

import (
	"fmt"
	"time"
)

// calm are those in which nobody took what is not theirs, though it may look so at
// a first glance.
func calm() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }

	h := tell("An office, one after the other", 50, "Twenty people of one office set up their laptops, one an hour.")
	h.Staff(20, hour)
	add(h.is(Truth{People: 20, Devices: 20, Findings: []string{"in_order 20"}, Remedy: "none", Never: noChange}))

	h = tell("Expected, wherever they come from", 30,
		"All 23 are on the expected list: eight in the office, twelve from home within four minutes, three on machines of a partner.")
	h.Staff(8, hour)
	for i := range 12 {
		h.Redeem(30*hour+time.Duration(i)*20*time.Second, staff(8+i), fmt.Sprintf("HOME-%02d", i), somewhere(i))
	}
	for i := range 3 {
		h.Redeem(40*hour+time.Duration(i)*hour, staff(20+i), fmt.Sprintf("pc%d.fabrikam.example", i), "203.0.113.7")
	}
	h.Expected = expected(23)
	add(h.is(Truth{People: 23, Devices: 23, Findings: []string{"in_order 23"}, Remedy: "none", Never: noChange}))

	h = tell("Two subsidiaries on one list", 60,
		"Thirty people of Contoso and twelve of its subsidiary Fabrikam; the expected list has both domains.")
	h.Staff(30, hour)
	for i := range 12 {
		h.Redeem(time.Duration(i)*hour+day, fmt.Sprintf("fab%d", i), fmt.Sprintf("pc%d.fabrikam.example", i), "203.0.113.7")
	}
	h.Expected = "host:*.contoso.example\nhost:*.fabrikam.example\n"
	add(h.is(Truth{People: 42, Devices: 42, Findings: []string{"in_order 42"}, Remedy: "none", Never: noChange}))

	h = tell("Home offices", 40,
		"Twenty-five people work from home, each in a network of its own, on machines with names of no company.")
	for i := range 25 {
		h.Redeem(time.Duration(i)*7*hour, fmt.Sprintf(`CONTOSO\person%d`, i), fmt.Sprintf("HOME-%02d", i), somewhere(i))
	}
	add(h.is(Truth{People: 25, Devices: 25, Findings: []string{"in_order 25"}, Remedy: "none", Never: noChange}))

	h = tell("A company that starts on one morning, from home", 100,
		"Sixty people of one company redeemed within eight minutes, each from a network of its own.")
	for i := range 60 {
		h.Redeem(time.Duration(i)*8*time.Second, staff(i), laptop(i), fmt.Sprintf("%d.%d.0.1", 20+i, i))
	}
	add(h.is(Truth{People: 60, Devices: 60, Findings: []string{"in_order 60"}, Remedy: "none", Never: noChange}))

	h = tell("A second computer at home", 60,
		"Thirty people have a laptop in the office. Three of them have a second computer at home, two of these with a name of no company.")
	h.Staff(30, hour)
	h.Redeem(40*hour, staff(3), "home-3.contoso.example", "81.2.69.1")
	h.Redeem(41*hour, staff(4), "DESKTOP-4711", "90.1.1.1")
	h.Redeem(42*hour, staff(5), "GAMING-PC", "91.1.1.1")
	add(h.is(Truth{People: 30, Devices: 33, Findings: []string{"in_order 33"}, Remedy: "none", Never: noChange}))

	h = tell("An office and its branch", 60,
		"Thirty people of an office, and eight of a branch in another network, on machines with names of no company.")
	for i := range 38 {
		ip := "10.20.5.7"
		if i >= 30 {
			ip = "10.99.5.7"
		}
		h.Redeem(time.Duration(i)*5*hour, staff(i), fmt.Sprintf("WS-%02d", i), ip)
	}
	add(h.is(Truth{People: 38, Devices: 38, Findings: []string{"in_order 38"}, Remedy: "none", Never: noChange}))

	h = tell("An office and people at home", 60,
		"Twenty people in the office and nine at home, each in a network of its own, on machines with names of no company. All of them log in as CONTOSO.")
	for i := range 29 {
		ip := "10.20.5.7"
		if i >= 20 {
			ip = somewhere(i)
		}
		h.Redeem(time.Duration(i)*5*hour, fmt.Sprintf(`CONTOSO\person%d`, i), fmt.Sprintf("WS-%02d", i), ip)
	}
	add(h.is(Truth{People: 29, Devices: 29, Findings: []string{"in_order 29"}, Remedy: "none", Never: noChange}))

	h = tell("One morning at home, on machines of their own", 60,
		"Forty people redeemed within ten minutes, each from a network of its own and on a machine with a name of no company. All of them log in with an address of Contoso's.")
	for i := range 40 {
		h.Redeem(time.Duration(i)*15*time.Second, fmt.Sprintf("person%d@contoso.example", i), fmt.Sprintf("HOME-%02d", i), somewhere(i))
	}
	add(h.is(Truth{People: 40, Devices: 40, Findings: []string{"in_order 40"}, Remedy: "none", Never: noChange}))

	h = tell("Phones beside laptops", 40,
		"Ten people have a laptop and a phone each; the app on the phone reports nothing but the user name.")
	h.Staff(10, hour)
	for i := range 10 {
		h.Redeem(day+time.Duration(i)*hour, staff(i), "", "10.20.6.6")
	}
	return append(all, h.is(Truth{People: 10, Devices: 20, Findings: []string{"in_order 20"}, Remedy: "none", Never: noChange}))
}
