package names

// Resolve identifies all sightings of one customer, in their order. The answer
// for each depends on the set of all, not on their order or number.
func (r Rules) Resolve(all []Sighting) []Identity {
	parsed := make([]Parsed, len(all))
	identities := map[Parsed]Identity{}
	around := newNeighbourhood()
	for i, s := range all {
		parsed[i] = r.Parse(s)
		if _, known := identities[parsed[i]]; !known {
			identities[parsed[i]] = Identity{}
			around.add(parsed[i])
		}
	}
	for p := range identities {
		identities[p] = r.Identify(p, around)
	}
	resolved := make([]Identity, len(all))
	for i, p := range parsed {
		resolved[i] = identities[p]
	}
	return resolved
}

// neighbourhood is what is known, by what is asked for. Sets end where they are
// many.
type neighbourhood struct {
	names    map[string][]Name
	atLabel  map[string][]Parsed
	atMAC    map[[2]string][]Parsed
	ofPerson map[[2]string][]Parsed
}

func newNeighbourhood() *neighbourhood {
	return &neighbourhood{map[string][]Name{}, map[string][]Parsed{}, map[[2]string][]Parsed{}, map[[2]string][]Parsed{}}
}

func (n *neighbourhood) add(p Parsed) {
	mac, person := [2]string{p.MAC, p.Label}, [2]string{p.Label, p.Local}
	if p.Local != "" {
		n.names[p.Local] = with(n.names[p.Local], Name{p.Domain, p.Subject})
	}
	n.atLabel[p.Label] = with(n.atLabel[p.Label], p)
	n.atMAC[mac] = with(n.atMAC[mac], p)
	n.ofPerson[person] = with(n.ofPerson[person], p)
}

func (n *neighbourhood) Names(local string) []Name        { return n.names[local] }
func (n *neighbourhood) AtLabel(label string) []Parsed    { return n.atLabel[label] }
func (n *neighbourhood) AtMAC(mac, label string) []Parsed { return n.atMAC[[2]string{mac, label}] }
func (n *neighbourhood) OfPerson(label, local string) []Parsed {
	return n.ofPerson[[2]string{label, local}]
}
