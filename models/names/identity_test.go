package names_test

import (
	"fmt"
	"testing"

	"muster/models/names"
)

// who is a sighting with whose it is: uses of one person have the same person,
// uses of one machine the same device. Empty means nobody, or no device.
type who struct {
	names.Sighting
	person, device string
	vague          bool
}

func claimed(user, host, mac, person, device string) who {
	return who{Sighting: names.Sighting{User: user, Host: host, MAC: mac}, person: person, device: device}
}

func vague(user, host, mac, person, device string) who {
	w := claimed(user, host, mac, person, device)
	w.vague = true
	return w
}

func signedIn(subject, email, host, mac, person, device string) who {
	w := claimed("", host, mac, person, device)
	w.Issuer, w.Subject, w.Email = "https://id.example", subject, email
	return w
}

const (
	mac1 = "a4:bb:6d:00:00:01"
	mac2 = "a4:bb:6d:00:00:02"
)

// Each history is what one customer's uses report, with the truth about it.
var histories = []struct {
	name string
	uses []who
}{
	{"40 cloned machines report one name and different MAC addresses", times(40, func(i int) who {
		return claimed("root", "GOLDEN-W11", macOf(i), "", fmt.Sprint(i))
	})},
	{"40 cloned machines report one name and different people", times(40, func(i int) who {
		return claimed(personOf(i), "GOLDEN-W11", "", personOf(i), fmt.Sprint(i))
	})},
	{"40 machines without a name of their own, with different MAC addresses", times(40, func(i int) who {
		return claimed("root", "localhost.localdomain", macOf(i), "", fmt.Sprint(i))
	})},
	{"without a name of their own, at one MAC address, with different people", times(3, func(i int) who {
		return claimed(personOf(i), "localhost", mac1, personOf(i), fmt.Sprint(i))
	})},
	{"30 uses report the same name and nothing else", times(30, func(int) who {
		return vague("SYSTEM", "GOLDEN-W11", "", "", "golden")
	})},
	{"short and fully qualified name, same MAC address", []who{
		claimed("SYSTEM", "LAPTOP-7", mac1, "", "7"),
		claimed("SYSTEM", "laptop-7.corp.example.com", mac1, "", "7"),
	}},
	{"short and fully qualified name, same MAC address, two people of one machine", []who{
		claimed("anna", "LAPTOP-7", mac1, "anna", "7"),
		claimed("ben", "laptop-7.corp.example.com", mac1, "ben", "7"),
	}},
	{"short and fully qualified name, same person, no MAC address", []who{
		claimed("anna", "LAPTOP-7", "", "anna", "7"),
		claimed("anna", "laptop-7.corp.example.com.", "", "anna", "7"),
	}},
	{"short and fully qualified name, same person, one MAC address", []who{
		claimed("anna", "LAPTOP-7", mac1, "anna", "7"),
		claimed("anna", "laptop-7.corp.example.com", "", "anna", "7"),
	}},
	{"short and fully qualified name, same person, MAC addresses that contradict", []who{
		claimed("anna", "LAPTOP-7", mac1, "anna", "7"),
		claimed("anna", "laptop-7.corp.example.com", mac2, "anna", "another"),
	}},
	{"a use without MAC address where the person has two machines of the name", []who{
		claimed("anna", "LAPTOP-7", mac1, "anna", "7"),
		claimed("anna", "LAPTOP-7", mac2, "anna", "another"),
		vague("anna", "LAPTOP-7", "", "anna", "either"),
	}},
	{"short name, different person", []who{
		claimed("anna", "LAPTOP-7", "", "anna", "7"),
		claimed("ben", "laptop-7.corp.example.com", "", "ben", "another"),
	}},
	{"one MAC address under 60 host names of different people", times(60, func(i int) who {
		return claimed(personOf(i), fmt.Sprintf("vdi-%d.corp.example.com", i), mac1, personOf(i), fmt.Sprint(i))
	})},
	{"a docking station passed around 60 machines of nobody", times(60, func(i int) who {
		return claimed("SYSTEM", fmt.Sprintf("PC-%d", i), mac1, "", fmt.Sprint(i))
	})},
	{"the same MAC address and person under a new host name", []who{
		claimed("anna", "DESKTOP-4F7K2Q1", mac1, "anna", "7"),
		claimed("anna", "laptop-7.corp.example.com", mac1, "anna", "7"),
		claimed("SYSTEM", "laptop-7.corp.example.com", mac1, "", "7"),
	}},
	{"the same MAC address under a new host name, another person", []who{
		claimed("anna", "LAPTOP-7", mac1, "anna", "7"),
		claimed("ben", "LAPTOP-8", mac1, "ben", "8"),
	}},
	{"a kiosk is one machine of many people", times(40, func(i int) who {
		return claimed(personOf(i), []string{"KIOSK-1", "kiosk-1.corp.example.com"}[i%2], mac1, personOf(i), "kiosk")
	})},
	{"a classroom: 12 machines, each used by five pupils", times(60, func(i int) who {
		return claimed(personOf(i), fmt.Sprintf("ROOM4-%d", i%12), macOf(i%12), personOf(i), fmt.Sprint(i%12))
	})},
	{"a person at a dock, and a kiosk at the same dock", []who{
		claimed("anna", "LAPTOP-7", mac1, "anna", "7"),
		claimed("anna", "KIOSK-1", mac1, "anna", "kiosk"),
		claimed("ben", "KIOSK-1", mac1, "ben", "kiosk"),
	}},
	{"containers have the MAC address of any other", []who{
		claimed("anna", "anna-nb", "02:42:ac:11:00:02", "anna", "anna's"),
		claimed("anna", "anna-pc", "02:42:ac:11:00:02", "anna", "anna's other"),
		claimed("ben", "anna-nb", "02:42:ac:11:00:02", "ben", "ben's"),
		vague("root", "3f2a9c51be07", "02:42:ac:11:00:03", "", "a container"),
		vague("root", "9b1de44f0c26", "02:42:ac:11:00:03", "", "another"),
	}},
	{"an unreadable MAC address tells no machines apart, and joins none", []who{
		claimed("anna", "LAPTOP-7", "unknown", "anna", "7"),
		claimed("anna", "LAPTOP-7", "", "anna", "7"),
		claimed("anna", "LAPTOP-8", "unknown", "anna", "8"),
		claimed("anna", "LAPTOP-8", "n/a", "anna", "8"),
	}},
	{"six spellings of one person", []who{
		vague(`CONTOSO\anna`, "", "", "anna", "hers"),
		vague("anna@contoso.example", "", "", "anna", "hers"),
		vague("ANNA", "", "", "anna", "hers"),
		vague(" Anna@CONTOSO ", "", "", "anna", "hers"),
		vague(`contoso.example\Anna`, "", "", "anna", "hers"),
		vague("an\u200bna@contoso.example.", "", "", "anna", "hers"),
	}},
	{"a bare name where two domains are known", []who{
		vague(`CONTOSO\anna`, "", "", "anna of contoso", "hers"),
		vague(`FABRIKAM\anna`, "", "", "anna of fabrikam", "hers too"),
		vague("anna", "", "", "anna", "somebody's"),
	}},
	{"a short domain where two full ones begin with it", []who{
		vague("anna@contoso.example", "", "", "anna of contoso.example", "1"),
		vague("anna@contoso.test", "", "", "anna of contoso.test", "2"),
		vague(`CONTOSO\anna`, "", "", "anna of CONTOSO", "3"),
	}},
	{"Unicode and punycode", []who{
		vague("jürgen@müller.de", "", "", "jürgen", "his"),
		vague("JU\u0308RGEN@xn--mller-kva.de", "", "", "jürgen", "his"),
		vague(`MÜLLER\jürgen`, "", "", "jürgen", "his"),
	}},
	{"a domain of one name says nothing about another", []who{
		vague("anna@contoso.example", "", "", "anna", "1"),
		vague(`CONTOSO\ben`, "", "", "ben", "2"),
		vague("ben@contoso.test", "", "", "ben", "2"),
	}},
	{"who signed in is also the claimed name of that e-mail", []who{
		signedIn("1", "anna@contoso.example", "LAPTOP-7", "", "anna", "7"),
		claimed(`CONTOSO\anna`, "laptop-7.contoso.example", "", "anna", "7"),
		claimed("anna", "LAPTOP-8", "", "anna", "8"),
	}},
	{"two who signed in with one e-mail are two, and no claimed name is either", []who{
		signedIn("1", "anna@contoso.example", "LAPTOP-7", "", "one", "1"),
		signedIn("2", "anna@contoso.example", "LAPTOP-7", "", "two", "2"),
		claimed("anna@contoso.example", "LAPTOP-7", "", "claimed", "3"),
	}},
	{"one who signed in under two e-mails is one", []who{
		signedIn("1", "anna.mueller@contoso.example", "LAPTOP-7", "", "anna", "7"),
		signedIn("1", "anna.schmidt@contoso.example", "LAPTOP-7", "", "anna", "7"),
		signedIn("1", "", "LAPTOP-7", "", "anna", "7"),
	}},
	{"a claimed name that looks like a key is nobody else's", []who{
		signedIn("1", "anna@contoso.example", "LAPTOP-7", "", "anna", "7"),
		claimed("v:https://id.example 1", "LAPTOP-7", "", "liar", "liar's"),
		claimed("https://id.example 1", "LAPTOP-7", "", "liar too", "liar's too"),
		vague("SYSTEM", "LAPTOP-7|p:v:https://id.example 1", "", "", "nobody's"),
	}},
	{"a local account has the machine for a domain, which is none", []who{
		claimed(`LAPTOP-7\anna`, "LAPTOP-7", "", "anna", "7"),
		claimed("anna", "LAPTOP-7", "", "anna", "7"),
		claimed(`CONTOSO\anna`, "LAPTOP-8", "", "anna", "8"),
		claimed(`.\anna`, "LAPTOP-8", "", "anna", "8"),
		claimed("AzureAD\\anna@contoso.example", "LAPTOP-8", "", "anna", "8"),
	}},
	{"service accounts are no persons", []who{
		claimed("SYSTEM", "pc-1.corp.example.com", "", "", "1"),
		claimed(`NT AUTHORITY\SYSTEM`, "pc-1.corp.example.com", "", "", "1"),
		claimed("root", "pc-2.corp.example.com", "", "", "2"),
		vague("gitlab-runner", "", "", "", "gitlab-runner"),
		vague("LAPTOP-7$", "", "", "", "LAPTOP-7$"),
	}},
	{"what a rollout did to somebody's machine was done to that machine", []who{
		claimed("SYSTEM", "laptop-7.corp.example.com", "", "", "7"),
		claimed("SYSTEM", "LAPTOP-7", "", "", "7"),
		claimed("anna", "laptop-7.corp.example.com", "", "anna", "7"),
	}},
	{"a rollout at a host with machines of two people", []who{
		vague("SYSTEM", "ts-1.corp.example.com", "", "", "the server"),
		claimed("anna", "ts-1.corp.example.com", "", "anna", "anna's"),
		claimed("ben", "ts-1.corp.example.com", "", "ben", "ben's"),
	}},
	{"two hosts share a first label", []who{
		claimed("SYSTEM", "pc-1.emea.example.com", "", "", "emea"),
		claimed("SYSTEM", "pc-1.apac.example.com", "", "", "apac"),
		vague("SYSTEM", "PC-1", "", "", "either"),
	}},
	{"a person at two hosts that share a first label", []who{
		claimed("anna", "pc-1.emea.example.com", "", "anna", "emea"),
		claimed("anna", "pc-1.apac.example.com", "", "anna", "apac"),
		vague("anna", "PC-1", "", "anna", "either"),
	}},
	{"a person's machine with a MAC address, and one without at another host of that label", []who{
		claimed("anna", "pc-1.emea.example.com", mac1, "anna", "emea"),
		claimed("anna", "pc-1.apac.example.com", "", "anna", "apac"),
		claimed("anna", "pc-1.emea.example.com", "", "anna", "emea"),
	}},
	{"a home office: the router's suffix says nothing", []who{
		claimed("anna", "laptop-7.corp.example.com", "", "anna", "7"),
		claimed("anna", "laptop-7.fritz.box", "", "anna", "7"),
		claimed("anna", "LAPTOP-7.local", "", "anna", "7"),
		claimed("anna", "laptop-7", "", "anna", "7"),
		claimed("ben", "laptop-7.fritz.box", "", "ben", "ben's"),
	}},
	{"localhost never joins", []who{
		vague("anna", "localhost", "", "anna", "anna's"),
		claimed("anna", "localhost", mac1, "anna", "1"),
		vague("root", "localhost", "", "", "somebody's"),
		vague("root", "localhost.localdomain", "", "", "somebody's"),
		claimed("root", "localhost.contoso.example", mac2, "", "2"),
	}},
	{"a host name and nothing else", []who{
		claimed("", "pc-1.corp.example.com", "", "", "1"),
		claimed("", "PC-1", "", "", "1"),
		vague("", "PC-2", "", "", "2"),
		vague("", "192.0.2.17", "", "", "3"),
		vague("", "192.0.2.18", "", "", "4"),
	}},
	{"a MAC address and no host name", []who{
		claimed("anna", "", mac1, "anna", "1"),
		claimed("anna", "LAPTOP-7", mac1, "anna", "1"),
		claimed("root", "", mac2, "", "2"),
	}},
	{"nothing at all", []who{claimed("", "", "", "", ""), claimed("", "", "00:00:00:00:00:00", "", "")}},
}

func times(n int, use func(i int) who) []who {
	all := make([]who, n)
	for i := range all {
		all[i] = use(i)
	}
	return all
}

func macOf(i int) string { return fmt.Sprintf("a4:bb:6d:00:01:%02x", i) }

func personOf(i int) string { return fmt.Sprintf("person%d", i) }

func TestResolve_SaysWhoIsWhom(t *testing.T) {
	t.Parallel()
	for _, h := range histories {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			sightings := make([]names.Sighting, len(h.uses))
			for i, use := range h.uses {
				sightings[i] = use.Sighting
			}
			all := (names.Rules{}).Resolve(sightings)
			for i, a := range h.uses {
				if (all[i].Person == "") != (a.person == "") || (all[i].Device == "") != (a.device == "") || all[i].Vague != a.vague {
					t.Errorf("%+v is %+v", a, all[i])
				}
				for j, b := range h.uses[:i] {
					if (a.person == b.person) != (all[i].Person == all[j].Person) {
						t.Errorf("persons:\n%+v is %q\n%+v is %q", a, all[i].Person, b, all[j].Person)
					}
					if (a.device == b.device) != (all[i].Device == all[j].Device) {
						t.Errorf("devices:\n%+v is %q\n%+v is %q", a, all[i].Device, b, all[j].Device)
					}
				}
			}
		})
	}
}
