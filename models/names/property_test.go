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
		// More than [names.Cap] at one place.
		for i := range rapid.IntRange(names.Cap-2, names.Cap+5).Draw(t, "more") {
			s := all[0]
			switch rapid.IntRange(0, 3).Draw(t, "of") {
			case 0:
				s.User, s.Subject, s.Email = personOf(i), "", ""
			case 1:
				s.MAC = macOf(i)
			case 2:
				s.User, s.Subject, s.Email = "anna@"+personOf(i)+".example", "", ""
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

func TestResolve_SomethingUnrelatedChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := anyHistory(t)
		before := (names.Rules{}).Resolve(all)
		other := anySighting(t)
		other.User, other.Email = "cleo@contoso.example", "cleo@contoso.example"
		other.Host = rapid.SampledFrom([]string{"PC-3", "pc-3.contoso.example", "pc-3.local"}).Draw(t, "host")
		other.Subject = rapid.SampledFrom([]string{"", "4"}).Draw(t, "subject")
		after := (names.Rules{}).Resolve(append(slices.Clone(all), other))
		for i := range all {
			if before[i] != after[i] {
				t.Fatalf("%+v was %+v, now %+v", all[i], before[i], after[i])
			}
		}
		if after[len(all)].Person == "" || slices.ContainsFunc(before, func(id names.Identity) bool {
			return id.Person == after[len(all)].Person || id.Device != "" && id.Device == after[len(all)].Device
		}) {
			t.Fatalf("%+v is %+v", other, after[len(all)])
		}
	})
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

// A vague device or nobody is never somebody's machine: what differs in person
// and in address is not one device, unless it is one machine of many.
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
