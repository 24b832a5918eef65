package histories

import (
	"fmt"
	"time"

	"muster/models"
)

// people are about who is who, and who holds how many.
func people() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }

	spellings := []string{"ann", "ANN", `CONTOSO\ann`, "ann@contoso.example", "Ann@CONTOSO.EXAMPLE", " ann"}

	h := tell("Six spellings of one person", 20,
		"Ann's laptop was set up six times in ten days, and each time her name was written differently. She is one person with one laptop.")
	h.Staff(4, hour)
	for i, name := range spellings {
		h.Redeem(time.Duration(i)*day+7*hour, name, "ann-pc.contoso.example", "10.20.5.7")
	}
	add(h.is(Truth{People: 5, Devices: 5, Findings: []string{"several_per_device 6", "in_order 4"}, Remedy: "delete_surplus 5", Never: noRaise}))

	h = tell("Turned away in six spellings", 5,
		"All five counts are used. Ann tried six times, and each time her name was written differently; she is one who waits.")
	h.Staff(5, hour)
	for i, name := range spellings {
		h.TurnAway(2*day+time.Duration(i)*hour, name, "ann-pc.contoso.example")
	}
	add(h.is(Truth{People: 5, Devices: 5, Waiting: 1, Findings: []string{"too_small 0", "in_order 5"}, Remedy: "raise 1", Never: noDelete}))

	h = tell("Turned away with a seat, under another spelling", 6,
		`CONTOSO\ann has a seat that she uses. As ann@contoso.example she was turned away, on the same computer; so was her husband's SYSTEM-installed one, which has a seat, too. Nobody waits.`)
	h.Staff(4, hour)
	h.Redeem(5*hour, `CONTOSO\ann`, "ann-pc.contoso.example", "10.20.5.7")
	h.Redeem(6*hour, "SYSTEM", "PC-17", "10.20.5.7").MAC(mac(17))
	h.TurnAway(2*day, "ann@contoso.example", "ANN-PC")
	h.TurnAway(3*day, "bob", "PC-17").MAC(mac(17))
	add(h.is(Truth{People: 5, Devices: 6, Findings: []string{"in_order 6"}, Remedy: "none", Never: noChange}))

	h = tell("Six spellings on six machines", 30,
		"Ann has six machines, one redemption each, and her name is spelled differently on each. Ten colleagues have one.")
	h.Staff(10, hour)
	for i, name := range spellings {
		h.Redeem(time.Duration(i)*day+11*hour, name, fmt.Sprintf("ann-%d.contoso.example", i), "10.20.5.7")
	}
	add(h.is(Truth{People: 11, Devices: 16, Findings: []string{"several_per_person 6", "in_order 10"}, Remedy: "ask 6", Never: noDelete}))

	h = tell("Three people with six devices each", 40,
		"Ten colleagues have a laptop each. Three others set up six machines each, and all of these are in use.")
	h.Staff(10, hour)
	for i := range 18 {
		h.Redeem(day+time.Duration(i)*3*hour, fmt.Sprintf("collector%d", i%3), fmt.Sprintf("box-%02d.emea.contoso.example", i), "10.20.3.9")
	}
	add(h.is(Truth{
		People: 13, Devices: 28, Findings: []string{"several_per_person 18", "in_order 10"}, Remedy: "ask 18", Never: append(noRaise, noDelete...),
	}))

	h = tell("Five people with six devices each, four with one", 60,
		"Four colleagues have a laptop each. Five others, the larger part, set up six machines each, and all of these are in use.")
	h.Staff(4, hour)
	for i := range 30 {
		h.Redeem(day+time.Duration(i)*3*hour, fmt.Sprintf("collector%d", i%5), fmt.Sprintf("box-%02d.emea.contoso.example", i), "10.20.3.9")
	}
	add(h.is(Truth{
		People: 9, Devices: 34, Findings: []string{"several_per_person 30", "in_order 4"}, Remedy: "ask 30", Never: append(noRaise, noDelete...),
	}))

	h = tell("As many devices as the work needs", 400,
		"Of 54 people a third has one device, and the others have two, three, up to six. Nobody stands out.")
	for person := range 54 {
		for device := range []int{1, 1, 1, 2, 3, 3, 4, 5, 6}[person%9] {
			h.Redeem(time.Duration(person)*hour+time.Duration(device)*7*minute, staff(person), fmt.Sprintf("dev-%02d-%d.emea.contoso.example", person, device), "10.20.5.7")
		}
	}
	add(h.is(Truth{People: 54, Devices: 156, Findings: []string{"in_order 156"}, Remedy: "none", Never: noChange}))

	h = tell("One person with five machines and a full registration token", 12,
		"Eight colleagues have one machine each, and Cora four. The count is used up and two more people wait. Nobody has a seat too many on one machine, so there is nothing to delete.")
	h.Staff(8, hour)
	for i := range 4 {
		h.Redeem(time.Duration(i+1)*20*hour, "cora", fmt.Sprintf("box-%d.emea.contoso.example", i), "10.20.3.9")
	}
	h.TurnAway(5*day, "dan", "dan-pc.contoso.example")
	h.TurnAway(6*day, "eve", "eve-pc.contoso.example")
	add(h.is(Truth{
		People: 9, Devices: 12, Waiting: 2, Findings: []string{"several_per_person 4", "too_small 0", "in_order 8"}, Remedy: "ask 4", Never: noDelete,
	}))

	h = tell("Five devices each, some signed in", 400,
		"Sixty people have five virtual machines each. Six of the uses were made by other people, who were signed in.")
	for i := range 300 {
		u := h.Redeem(time.Duration(i)*hour/2, fmt.Sprintf("p%d", i%60), fmt.Sprintf("vm-%d.contoso.example", i), "10.20.1.1")
		if i%50 == 0 {
			u.SignedIn(fmt.Sprintf("guest%d", i), fmt.Sprintf("guest%d@login.example", i))
		}
	}
	add(h.is(Truth{People: 66, Devices: 300, Findings: []string{"in_order 300"}, Remedy: "none", Never: noChange}))

	h = tell("Signed in at the office, reported at home", 10,
		"Five people redeemed on two laptops each: signed in on one, on the other with the same address as the reported user name. They are five people, not ten.")
	for i := range 5 {
		address := fmt.Sprintf("person%d@contoso.example", i)
		h.Redeem(time.Duration(i)*hour, staff(i), laptop(i), "10.20.5.7").SignedIn(fmt.Sprintf("s%d", i), address)
		h.Redeem(time.Duration(i)*hour+20*minute, address, laptop(100+i), "10.20.5.7")
	}
	return append(all, h.is(Truth{People: 5, Devices: 10, Findings: []string{"in_order 10"}, Remedy: "none", Never: noChange}))
}

// automation is machines without people.
func automation() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }
	runner := func(i int) string { return fmt.Sprintf("runner-%08x", 0x8f3a21c4+i*0x1e3779b) }

	h := tell("Build runners that live for an hour", 60,
		"Twelve people set up their laptops. Each build starts a new runner with a made-up host name, which redeems as gitlab-runner and is thrown away within the hour: 24 of them.")
	h.Staff(12, hour)
	for i := range 24 {
		h.Redeem(day+time.Duration(i)*7*hour, "gitlab-runner", runner(i), "10.20.40.2").Never()
	}
	add(h.is(Truth{
		People: 12, Devices: 36, Findings: []string{"automation 24", "in_order 12"}, Remedy: "own_token",
		Never: append([]models.RemedyKind{models.RemedyRaise, models.RemedyGiveBack}, noDelete...),
	}))

	h = tell("Cloud machines that come and go", 100,
		"A cloud starts machines called ip-10-0-3-17 and the like when there is load. Thirty of them redeemed as ec2-user and did not come back.")
	for i := range 30 {
		h.Redeem(time.Duration(i)*6*hour, "ec2-user", fmt.Sprintf("ip-10-0-3-%d.ec2.internal", 10+i), "10.0.3.1").Never()
	}
	add(h.is(Truth{People: 0, Devices: 30, Findings: []string{"automation 30"}, Remedy: "own_token", Never: append(noRaise, noDelete...)}))

	h = tell("A test farm with a counter in its host names", 200,
		"Ten people have laptops. A test farm starts a container for each test run, farm-0001 to farm-0120, always as the user qa. None of them comes back.")
	h.Staff(10, hour)
	for i := range 120 {
		h.Redeem(day+time.Duration(i)*hour, "qa", fmt.Sprintf("farm-%04d", i+1), "10.20.41.2").Never()
	}
	add(h.is(Truth{People: 11, Devices: 130, Findings: []string{"automation 120", "in_order 10"}, Remedy: "own_token", Never: append(noRaise, noDelete...)}))

	h = tell("A rollout by a service account", 300,
		"The account svc-rollout installed 200 workstations in one night. All of them came back and refresh.")
	for i := range 200 {
		h.Redeem(time.Duration(i)*90*time.Second, `CONTOSO\svc-rollout`, fmt.Sprintf("ws-%03d.contoso.example", i), "10.20.5.7")
	}
	add(h.is(Truth{People: 0, Devices: 200, Findings: []string{"in_order 200"}, Remedy: "none", Never: noChange}))

	h = tell("A rollout by one account over many machines", 1000,
		"Somebody with the account CONTOSO\\deploy installed 300 workstations in ten minutes.")
	for i := range 300 {
		h.Redeem(time.Duration(i)*2*time.Second, `CONTOSO\deploy`, fmt.Sprintf("ws-%d", i), "192.0.2.10")
	}
	add(h.is(Truth{People: 1, Devices: 300, Findings: []string{"in_order 300"}, Remedy: "none", Never: noChange}))

	h = tell("Installed as SYSTEM, used by people", 60,
		"The software distribution redeems as SYSTEM on each of 25 workstations, which have names of their own and refresh.")
	for i := range 25 {
		h.Redeem(time.Duration(i)*hour, `NT AUTHORITY\SYSTEM`, fmt.Sprintf("ws-%02d.contoso.example", i), "10.20.5.7")
	}
	return append(all, h.is(Truth{People: 0, Devices: 25, Findings: []string{"in_order 25"}, Remedy: "none", Never: noChange}))
}
