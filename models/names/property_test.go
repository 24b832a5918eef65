package names_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"muster/models/names"
)

// anySighting is one of few people, hosts and addresses, in any spelling, so that
// sightings meet.
func anySighting(t *rapid.T) names.Sighting {
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(t, "text") }
	s := names.Sighting{
		User: pick("", "anna", `CONTOSO\anna`, "anna@contoso.example", "anna@contoso.test", `FABRIKAM\anna`, "ben", "ben@contoso.example", "SYSTEM", "root", `PC-1\ben`, "ANNA"),
		Host: pick("", "PC-1", "pc-1.contoso.example", "pc-1.fabrikam.example", "pc-1.local", "pc-2", "PC-2.contoso.example", "localhost", "192.0.2.1"),
		MAC:  pick("", "", mac1, mac2, "A4-BB-6D-00-00-01", "unknown", "02:42:ac:11:00:02"),
	}
	if rapid.IntRange(0, 4).Draw(t, "signed in") == 0 {
		s.Issuer, s.Subject, s.Email = "https://id.example", pick("1", "2", "3"), pick("", "anna@contoso.example", "ben@contoso.example", "anna@fabrikam.example")
	}
	return s
}

func anyHistory(t *rapid.T) []names.Sighting {
	all := rapid.SliceOfN(rapid.Custom(anySighting), 1, 60).Draw(t, "history")
	if rapid.Bool().Draw(t, "many") {
		// About as many at one place as are looked at.
		more := rapid.IntRange(0, 4).Draw(t, "of")
		for i := range rapid.IntRange(names.Cap-2, names.Cap+5).Draw(t, "more") {
			s := all[0]
			switch more {
			case 0:
				s.User, s.Issuer, s.Subject, s.Email = personOf(i), "", "", ""
			case 1:
				s.MAC = macOf(i)
			case 2:
				s.User, s.Issuer, s.Subject, s.Email = "svc-"+personOf(i), "", "", ""
			case 3:
				s.User, s.Issuer, s.Subject, s.Email = "anna@"+personOf(i)+".example", "", "", ""
			default:
				s.Host = "pc-1." + personOf(i) + ".example"
			}
			all = append(all, s)
		}
	}
	return all
}

func TestResolve_DependsOnTheSetAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := anyHistory(t)
		want := map[names.Sighting]names.Identity{}
		for i, id := range (names.Rules{}).Resolve(all) {
			want[all[i]] = id
		}
		again := rapid.Permutation(append(slices.Clone(all), all[:len(all)/2]...)).Draw(t, "again")
		for i, id := range (names.Rules{}).Resolve(again) {
			if id != want[again[i]] {
				t.Fatalf("%+v was %+v, now %+v", again[i], want[again[i]], id)
			}
		}
	})
}

// More than Cap differ at one place, so that it depends on the order which of them
// are among those that are looked at.
func TestResolve_ManyAtOnePlaceHaveNoOrder(t *testing.T) {
	t.Parallel()
	for name, many := range map[string]func(i int) names.Sighting{
		"people of one name": func(i int) names.Sighting {
			return names.Sighting{User: "anna@" + personOf(i) + ".example", Host: "PC-1"}
		},
		"people":    func(i int) names.Sighting { return names.Sighting{User: personOf(i), Host: "PC-1", MAC: mac1} },
		"services":  func(i int) names.Sighting { return names.Sighting{User: "svc-" + personOf(i), Host: "PC-1", MAC: mac1} },
		"addresses": func(i int) names.Sighting { return names.Sighting{User: "anna", Host: "PC-1", MAC: macOf(i)} },
		"hosts": func(i int) names.Sighting {
			return names.Sighting{User: "root", Host: "pc-1." + personOf(i) + ".example"}
		},
		"domains": func(i int) names.Sighting { return names.Sighting{User: "anna@" + personOf(i) + ".example"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []names.Sighting
			for i := range names.Cap + 3 {
				all = append(all, many(i))
			}
			for _, user := range []string{"anna", "anna@contoso.example", `CONTOSO\anna`, "root"} {
				for _, host := range []string{"", "PC-1", "pc-1.contoso.example"} {
					all = append(all, names.Sighting{User: user, Host: host}, names.Sighting{User: user, Host: host, MAC: mac1})
				}
			}
			rapid.Check(t, func(t *rapid.T) {
				want := map[names.Sighting]names.Identity{}
				for i, id := range (names.Rules{}).Resolve(all) {
					want[all[i]] = id
				}
				again := rapid.Permutation(all).Draw(t, "again")
				for i, id := range (names.Rules{}).Resolve(again) {
					if id != want[again[i]] {
						t.Fatalf("%+v was %+v, now %+v", again[i], want[again[i]], id)
					}
				}
			})
		})
	}
}

// What a sighting can change is what is derived anew when it comes.
func TestResolve_SomethingUnrelatedChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := anyHistory(t)
		before := (names.Rules{}).Resolve(all)
		other := anySighting(t)
		if rapid.Bool().Draw(t, "elsewhere") {
			other.Host = rapid.SampledFrom([]string{"PC-3", "pc-3.contoso.example", "pc-3.local"}).Draw(t, "host")
		}
		if rapid.Bool().Draw(t, "somebody else") {
			other.User, other.Subject, other.Email = "cleo@contoso.example", "", ""
		}
		after := (names.Rules{}).Resolve(append(slices.Clone(all), other))
		q := names.Rules{}.Parse(other)
		touched, known := map[string]bool{q.Label: true}, false
		for _, s := range all {
			if p := (names.Rules{}).Parse(s); q.Local != "" && p.Local == q.Local {
				known = known || p.Domain == q.Domain && p.Subject == q.Subject
			}
		}
		for _, s := range all {
			if p := (names.Rules{}).Parse(s); q.Local != "" && p.Local == q.Local && !known {
				touched[p.Label] = true
			}
		}
		for i, s := range all {
			if !touched[names.Rules{}.Parse(s).Label] && before[i] != after[i] {
				t.Fatalf("%+v was %+v, with %+v it is %+v", s, before[i], other, after[i])
			}
		}
	})
}

func TestResolve_KnowsOneCustomerAlone(t *testing.T) {
	t.Parallel()
	anna := func(domains ...string) map[string]bool {
		all := []names.Sighting{{User: "anna"}}
		for _, domain := range domains {
			all = append(all, names.Sighting{User: domain + `\anna`})
		}
		people := map[string]bool{}
		for _, id := range (names.Rules{}).Resolve(all) {
			people[id.Person] = true
		}
		return people
	}
	if len(anna("CONTOSO")) != 1 || len(anna("FABRIKAM")) != 1 {
		t.Error("a bare name does not join the only one there is")
	}
	if len(anna("CONTOSO", "FABRIKAM")) != 3 {
		t.Error("a bare name joins one of two")
	}
}

// answers are neighbours as a database gives them: each different value once, in
// any order, the first Cap+1 of them.
type answers struct {
	t   *rapid.T
	all []names.Parsed
}

func distinct[T comparable](a answers, of func(names.Parsed) (T, bool)) []T {
	var found []T
	for _, p := range a.all {
		if v, ok := of(p); ok && !slices.Contains(found, v) {
			found = append(found, v)
		}
	}
	if len(found) > 1 {
		found = rapid.Permutation(found).Draw(a.t, "order")
	}
	return found[:min(len(found), names.Cap+1)]
}

func (a answers) Names(local string) []names.Name {
	return distinct(a, func(p names.Parsed) (names.Name, bool) {
		return names.Name{Domain: p.Domain, Subject: p.Subject}, p.Local == local
	})
}

func (a answers) AtLabel(label string) []names.Parsed {
	return distinct(a, func(p names.Parsed) (names.Parsed, bool) { return p, p.Label == label })
}

func (a answers) AtMAC(mac, label string) []names.Parsed {
	return distinct(a, func(p names.Parsed) (names.Parsed, bool) { return p, p.MAC == mac && p.Label == label })
}

func (a answers) OfPerson(label, local string) []names.Parsed {
	return distinct(a, func(p names.Parsed) (names.Parsed, bool) { return p, p.Label == label && p.Local == local })
}

func TestIdentify_SaysWhatResolveSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := anyHistory(t)
		parsed := make([]names.Parsed, len(all))
		for i, s := range all {
			parsed[i] = names.Rules{}.Parse(s)
		}
		i := rapid.IntRange(0, len(all)-1).Draw(t, "which")
		want := (names.Rules{}).Resolve(all)[i]
		if got := (names.Rules{}).Identify(parsed[i], answers{t, parsed}); got != want {
			t.Fatalf("%+v is %+v, want %+v", all[i], got, want)
		}
		without := slices.DeleteFunc(slices.Clone(parsed), func(p names.Parsed) bool { return p == parsed[i] })
		if got := (names.Rules{}).Identify(parsed[i], answers{t, without}); got != want {
			t.Fatalf("%+v is %+v without itself, want %+v", all[i], got, want)
		}
	})
}

// Different addresses are different machines; different people share one only
// under one name.
func TestResolve_ContradictingEvidenceKeepsApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := anyHistory(t)
		ids := (names.Rules{}).Resolve(all)
		for i, a := range ids {
			for j, b := range ids[:i] {
				if a.Device == "" || a.Device != b.Device {
					continue
				}
				p, q := names.Rules{}.Parse(all[i]), names.Rules{}.Parse(all[j])
				if !a.Vague && !b.Vague && p.MAC != "" && q.MAC != "" && p.MAC != q.MAC && p.MAC != "unknown" && q.MAC != "unknown" && p.MAC[:4] != "0242" && q.MAC[:4] != "0242" {
					t.Fatalf("%+v\nand %+v\nare %+v", all[i], all[j], a)
				}
				if a.Person != b.Person && a.Person != "" && b.Person != "" && p.Label != q.Label {
					t.Fatalf("%+v\nand %+v\nof different people are %+v", all[i], all[j], a)
				}
			}
		}
	})
}

func BenchmarkResolve(b *testing.B) {
	all := make([]names.Sighting, 100_000)
	for i := range all {
		all[i] = names.Sighting{User: `CONTOSO\` + personOf(i%40_000), Host: "pc-" + personOf(i%50_000) + ".contoso.example", MAC: macOf(i)}
	}
	for b.Loop() {
		(names.Rules{}).Resolve(all)
	}
}
