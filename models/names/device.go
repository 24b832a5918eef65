package names

import (
	"slices"
	"strings"
)

// deviceOf is the key of a sighting's device, and whether it is vague.
func deviceOf(p Parsed, person string, around Neighbours) (key string, vague bool) {
	switch {
	case tellsMachines(p.MAC):
		return deviceWithMAC(p, person, around), false
	case p.Label != "" && person != "":
		return deviceOfPerson(p, person, around)
	case p.Label != "":
		return deviceOfNobody(p, around)
	case person != "":
		return "p:" + person, true
	case p.Nobody:
		return "a:" + p.Account, true
	}
	return "", false
}

// deviceWithMAC is one person's machine under whatever name, or, when several or
// none were seen at the address under this name, the machine of that name.
func deviceWithMAC(p Parsed, person string, around Neighbours) string {
	seen := around.AtMAC(p.MAC, p.Label)
	owner, ok := only(people(seen, around))
	switch {
	case isMany(seen):
	case ok:
		return withMAC(p, "p:"+owner)
	case person != "" && isNoHost(p.Label):
		// No name says that these people share one machine.
		return withMAC(p, "p:"+person)
	}
	return withMAC(p, hostKey(settleHost(p, seen)))
}

func withMAC(p Parsed, of string) string { return "m:" + p.MAC + "|" + of }

// hostKey doubles the separator of keys, since a host name can be any text.
func hostKey(host string) string { return "h:" + strings.ReplaceAll(host, "|", "||") }

// deviceOfPerson is the one machine with a MAC address that the person has under
// this name, or the person's machine of this name.
func deviceOfPerson(p Parsed, person string, around Neighbours) (key string, vague bool) {
	own := around.OfPerson(p.Label, p.Local)
	if isMany(own) { // of which no part tells anything
		return hostKey(settleHost(p, own)) + "|p:" + person, true
	}
	own = slices.DeleteFunc(slices.Clone(own), func(s Parsed) bool { return personOf(s, around) != person })
	host := settleHost(p, own)
	key = hostKey(host) + "|p:" + person
	if isNoHost(p.Label) {
		return key, true
	}
	var devices []string
	for _, s := range own {
		if tellsMachines(s.MAC) && settleHost(s, own) == host {
			devices = with(devices, deviceWithMAC(s, person, around))
		}
	}
	if device, ok := only(devices); ok {
		return device, false
	}
	return key, len(devices) > 1 || p.Host == "" && len(hosts(own)) > 1
}

// deviceOfNobody is the one machine known under a qualified name; a bare name may
// be anybody's.
func deviceOfNobody(p Parsed, around Neighbours) (key string, vague bool) {
	seen := around.AtLabel(p.Label)
	host := settleHost(p, seen)
	key = hostKey(host)
	if host == p.Label {
		return key, true
	}
	var devices []string
	for _, s := range seen {
		person := personOf(s, around)
		if settleHost(s, seen) != host || person == "" && !tellsMachines(s.MAC) {
			continue
		}
		device, unclear := deviceOf(s, person, around)
		devices, vague = with(devices, device), vague || unclear
	}
	if device, ok := only(devices); ok {
		return device, vague
	}
	return key, len(devices) > 1
}

// settleHost is the host of a sighting among those at the same label: a bare
// label is the qualified host, where there is exactly one.
func settleHost(p Parsed, seen []Parsed) string {
	if isMany(seen) {
		return p.Label
	}
	if p.Host != "" {
		return p.Host
	}
	if host, ok := only(hosts(seen)); ok {
		return host
	}
	return p.Label
}

// hosts are the qualified hosts.
func hosts(seen []Parsed) []string {
	var all []string
	for _, s := range seen {
		if s.Host != "" {
			all = with(all, s.Host)
		}
	}
	return all
}

// people are the persons, without nobody and the unknown.
func people(seen []Parsed, around Neighbours) []string {
	var all []string
	for _, s := range seen {
		if person := personOf(s, around); person != "" {
			all = with(all, person)
		}
	}
	return all
}
