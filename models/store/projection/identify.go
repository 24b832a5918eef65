package projection

import (
	"errors"
	"slices"

	"gorm.io/gorm"

	"muster/models/names"
)

// Position is the version that is read, and the number of the last transaction that
// wrote to it; zero while nothing is whole.
type Position struct{ Version, Batch int64 }

// PositionOf reads the position that tx sees.
func PositionOf(tx *gorm.DB) (Position, error) {
	var at Position
	err := tx.Raw("SELECT version, batch FROM desk_state WHERE " + Current).Scan(&at).Error
	return at, err
}

// Identify says whose sightings are that need not be of uses, by what the version
// that is read knows of their customer and by each other. Who is in that version gets
// the keys they have there.
func Identify(tx *gorm.DB, rules names.Rules, at Position, customerID string, seen []names.Sighting) ([]names.Identity, error) {
	stored, all := newNeighbours(tx, at.Version, customerID), newNeighbours(tx, at.Version, customerID)
	parsed, asked := make([]names.Parsed, len(seen)), make([]*sighting, 0, len(seen))
	known := map[names.Parsed]names.Identity{}
	for i, s := range seen {
		parsed[i] = rules.Parse(s)
		if _, twice := known[parsed[i]]; !twice {
			known[parsed[i]] = names.Identity{}
			asked = append(asked, newSighting(at.Version, customerID, parsed[i]))
		}
	}
	all.add(asked)
	if err := errors.Join(stored.prepare(asked), all.prepare(asked)); err != nil {
		return nil, err
	}
	for p := range known {
		all.learn(p)
	}
	for p := range known {
		known[p] = asStored(rules, p, rules.Identify(p, all), all, stored)
	}
	identities := make([]names.Identity, len(seen))
	for i, p := range parsed {
		identities[i] = known[p]
	}
	return identities, errors.Join(all.err, stored.err)
}

// asStored gives a person and a device the keys that they have without what is only
// asked about.
func asStored(rules names.Rules, p names.Parsed, id names.Identity, all, stored *neighbours) names.Identity {
	for _, name := range stored.Names(p.Local) {
		named := names.Parsed{Local: p.Local, Domain: name.Domain, Subject: name.Subject}
		if id.Person != "" && rules.Identify(named, all).Person == id.Person {
			id.Person = rules.Identify(named, stored).Person
			break
		}
	}
	for _, s := range stored.AtLabel(p.Label) {
		if id.Device != "" && rules.Identify(s, all).Device == id.Device {
			id.Device = rules.Identify(s, stored).Device
			break
		}
	}
	return id
}

// learn makes the name of a sighting known.
func (n *neighbours) learn(p names.Parsed) {
	name := names.Name{Domain: p.Domain, Subject: p.Subject}
	if known := n.Names(p.Local); p.Local != "" && len(known) <= names.Cap && !slices.Contains(known, name) {
		n.names[p.Local] = append(slices.Clip(known), name)
	}
}
