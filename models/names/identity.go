package names

// Identity says whose a sighting is. Its texts are keys: equal within a customer
// when it is the same person or device, and of no other meaning.
type Identity struct {
	// Person is empty for nobody and when unknown.
	Person string
	// Device is empty when nothing was reported that names one.
	Device string
	// Nobody is true for a service account.
	Nobody bool
	// Vague is true when several machines may hide behind Device: it is a bare
	// name alone, or a person alone.
	Vague bool
}

// Name is what a local name is known with.
type Name struct{ Domain, Subject string }

// Cap is how many different answers are looked at. More are "many", and then
// nothing is concluded from them.
const Cap = 32

// Neighbours answers what is known around a sighting in the same customer: each
// different value once, at most Cap+1 of them. The sighting itself need not be
// among them. The same may be asked more than once.
//
// Nothing is asked about another label than the sighting's own. So a new sighting
// can change who those at its label are and, if its [Name] is new, those at every
// label where its local name was seen; nobody else.
type Neighbours interface {
	// Names are those under which a local name is known.
	Names(local string) []Name
	// AtLabel is what was seen at a host label.
	AtLabel(label string) []Parsed
	// AtMAC is what was seen at a hardware address under a host label.
	AtMAC(mac, label string) []Parsed
	// OfPerson is what was seen at a host label with a local name.
	OfPerson(label, local string) []Parsed
}

// Identify says whose a sighting is, given all that is known in its customer.
func (Rules) Identify(p Parsed, around Neighbours) Identity {
	around = including{p, around}
	id := Identity{Person: personOf(p, around), Nobody: p.Nobody}
	id.Device, id.Vague = deviceOf(p, id.Person, around)
	return id
}

// including are neighbours with one more.
type including struct {
	p Parsed
	Neighbours
}

func (i including) Names(local string) []Name {
	all := i.Neighbours.Names(local)
	if local == i.p.Local {
		all = with(all, Name{i.p.Domain, i.p.Subject})
	}
	return all
}

func (i including) AtLabel(label string) []Parsed {
	return i.add(i.Neighbours.AtLabel(label), label == i.p.Label)
}

func (i including) AtMAC(mac, label string) []Parsed {
	return i.add(i.Neighbours.AtMAC(mac, label), mac == i.p.MAC && label == i.p.Label)
}

func (i including) OfPerson(label, local string) []Parsed {
	return i.add(i.Neighbours.OfPerson(label, local), label == i.p.Label && local == i.p.Local)
}

func (i including) add(all []Parsed, fits bool) []Parsed {
	if fits {
		all = with(all, i.p)
	}
	return all
}
