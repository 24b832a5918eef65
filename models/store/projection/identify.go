package projection

import (
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
// that is read knows of their customer.
func Identify(tx *gorm.DB, rules names.Rules, at Position, customerID string, seen []names.Sighting) ([]names.Identity, error) {
	around := newNeighbours(tx, at.Version, customerID)
	parsed, asked := make([]names.Parsed, len(seen)), make([]*sighting, len(seen))
	for i, s := range seen {
		parsed[i] = rules.Parse(s)
		asked[i] = newSighting(at.Version, customerID, parsed[i])
	}
	if err := around.prepare(asked); err != nil {
		return nil, err
	}
	known := map[names.Parsed]names.Identity{}
	identities := make([]names.Identity, len(seen))
	for i, p := range parsed {
		id, ok := known[p]
		if !ok {
			id = rules.Identify(p, around)
			known[p] = id
		}
		identities[i] = id
	}
	return identities, around.err
}
