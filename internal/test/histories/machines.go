package histories

import (
	"fmt"
	"time"

	"muster/models"
)

// machines are devices that are hard to tell apart, or to recognise.
func machines() []*History {
	var all []*History
	add := func(h *History) { all = append(all, h) }

	h := tell("Forty machines called GOLDEN-W11", 60,
		"Forty laptops were cloned from one image and kept its name. Each has its own MAC address and its own user.")
	for i := range 40 {
		h.Redeem(time.Duration(i)*4*minute, staff(i), "GOLDEN-W11", "10.20.5.7").MAC(mac(i))
	}
	add(h.is(Truth{People: 40, Devices: 40, Findings: []string{"in_order 40"}, Remedy: "none", Never: noChange}))

	h = tell("A cloned image without MAC addresses", 20,
		"Twelve cloned laptops have the same name and report no MAC address, but each its own user.")
	for i := range 12 {
		h.Redeem(time.Duration(i)*hour, staff(i), "golden-w11", "10.20.5.7")
	}
	add(h.is(Truth{People: 12, Devices: 12, Findings: []string{"in_order 12"}, Remedy: "none", Never: noChange}))

	h = tell("Servers that are all called localhost.localdomain", 20,
		"Twelve Linux servers report localhost.localdomain and root; only their MAC addresses differ.")
	for i := range 12 {
		h.Redeem(time.Duration(i)*2*minute, "root", "localhost.localdomain", "10.20.9.4").MAC(mac(i))
	}
	add(h.is(Truth{People: 0, Devices: 12, Findings: []string{"in_order 12"}, Remedy: "none", Never: noChange}))

	h = tell("Virtual desktops with one MAC address", 80,
		"Sixty people work on virtual desktops of their own; the machines were cloned with one MAC address.")
	for i := range 60 {
		h.Redeem(time.Duration(i)*minute, staff(i), fmt.Sprintf("vdi-%02d", i), "10.20.1.1").MAC("00:53:00:00:00:01")
	}
	add(h.is(Truth{People: 60, Devices: 60, Findings: []string{"in_order 60"}, Remedy: "none", Never: noChange}))

	h = tell("Laptops at one docking station", 20,
		"Eight people redeemed at the same desk: their laptops report the MAC address of its docking station.")
	for i := range 8 {
		h.Redeem(time.Duration(i)*day, staff(i), laptop(i), "10.20.5.7").MAC("00:53:00:00:0D:0C")
	}
	add(h.is(Truth{People: 8, Devices: 8, Findings: []string{"in_order 8"}, Remedy: "none", Never: noChange}))

	h = tell("A laptop that was renamed", 10,
		"Ann's laptop was set up anew and renamed; its MAC address and its user stayed. The old installation is gone.")
	h.Staff(5, hour)
	h.Redeem(7*hour, "ann", "WS-1234", "10.20.5.7").MAC(mac(7)).Until(2 * day)
	h.Redeem(4*day, "ann", "ANN-LAPTOP", "10.20.5.7").MAC(mac(7))
	add(h.is(Truth{People: 6, Devices: 6, Findings: []string{"several_per_device 2", "in_order 5"}, Remedy: "delete_surplus 1", Never: noRaise}))

	h = tell("A laptop that joined the domain", 10,
		"LAPTOP-7 redeemed, then joined the domain and redeemed again as laptop-7.corp.contoso.example, with the same MAC address and user.")
	h.Staff(5, hour)
	h.Redeem(7*hour, "ann", "LAPTOP-7", "10.20.5.7").MAC(mac(7)).Until(day)
	h.Redeem(3*day, `CONTOSO\ann`, "laptop-7.corp.contoso.example", "10.20.5.7").MAC(mac(7))
	add(h.is(Truth{People: 6, Devices: 6, Findings: []string{"several_per_device 2", "in_order 5"}, Remedy: "delete_surplus 1", Never: noRaise}))

	h = tell("Kiosks that three shifts work at", 20,
		"At each of four kiosks three people redeemed, one a shift. A kiosk has one name and one MAC address, so it is one device with three seats.")
	for kiosk := range 4 {
		for shift := range 3 {
			h.Redeem(time.Duration(kiosk)*hour+time.Duration(shift)*8*hour, fmt.Sprintf("worker%d", 3*kiosk+shift), fmt.Sprintf("kiosk-%d.contoso.example", kiosk), "10.20.5.7").MAC(mac(kiosk))
		}
	}
	add(h.is(Truth{People: 12, Devices: 4, Findings: []string{"several_per_device 12"}, Remedy: "delete_surplus 8", Never: noRaise}))

	h = tell("A classroom with one account", 30,
		"On 24 computers of a classroom everybody logs in as student; the teacher has a laptop. The school imaged them in one morning.")
	for i := range 24 {
		h.Redeem(time.Duration(i)*2*minute, "student", fmt.Sprintf("class-%02d.school.example", i), "10.20.5.7").MAC(mac(i))
	}
	h.Redeem(2*hour, "teacher", "teacher.school.example", "10.20.5.7")
	add(h.is(Truth{People: 2, Devices: 25, Findings: []string{"nearly_used_up 0", "in_order 25"}, Remedy: "ask 5", Never: noChange}))

	h = tell("Thirty uses that cannot be told apart", 60,
		"Thirty uses report the user SYSTEM and the host POS-TERMINAL and nothing else. All of them are in use. That may be thirty terminals from one image, or one that redeemed thirty times.")
	h.Staff(5, hour)
	for i := range 30 {
		h.Redeem(time.Duration(i)*5*hour, "SYSTEM", "POS-TERMINAL", "10.20.5.7")
	}
	return append(all, h.is(Truth{
		People: 5, Devices: 6, Findings: []string{"indistinguishable 30", "in_order 5"}, Remedy: "ask 30",
		Never: append([]models.RemedyKind{models.RemedyRaise, models.RemedyGiveBack}, noDelete...),
	}))
}
