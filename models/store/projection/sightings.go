package projection

import (
	"slices"

	"gorm.io/gorm/clause"

	"muster/models/names"
)

// see makes sure that what was parsed is among the sightings of a customer, and
// that everybody whom something new concerns is identified again.
func (b *batch) see(around *neighbours, parsed []names.Parsed) (map[names.Parsed]*sighting, error) {
	digests := make([]string, len(parsed))
	for i, p := range parsed {
		digests[i] = digestOf(p)
	}
	var old, fresh []*sighting
	if err := around.of().Where(oneOf(b.tx, "digest", "?"), list(digests)).Find(&old).Error; err != nil {
		return nil, err
	}
	seen := map[names.Parsed]*sighting{}
	for _, s := range around.known(old) {
		seen[s.parsed()] = s
	}
	for _, p := range parsed {
		if seen[p] == nil {
			seen[p] = newSighting(b.version, around.customerID, p)
			fresh = append(fresh, seen[p])
		}
	}
	if len(fresh) == 0 {
		return seen, nil
	}
	around.add(fresh)
	if err := b.learn(around, fresh); err != nil {
		return nil, err
	}
	if err := b.identify(around, fresh); err != nil {
		return nil, err
	}
	return seen, b.tx.Create(&fresh).Error
}

// learn adds the names of new sightings to those that are known. The sightings of a
// local name that is known in a new way are left over: they may be more than fit
// here.
func (b *batch) learn(around *neighbours, fresh []*sighting) error {
	if err := around.prepare(fresh); err != nil {
		return err
	}
	wanted := map[string][]names.Name{}
	for _, s := range fresh {
		if n := (names.Name{Domain: s.Domain, Subject: s.Subject}); s.Local != "" && !slices.Contains(wanted[s.Local], n) {
			wanted[s.Local] = append(wanted[s.Local], n)
		}
	}
	var added []knownName
	var again []pending
	for _, local := range sortedKeys(wanted) {
		before := around.Names(local)
		grown := slices.Clip(before)
		for _, n := range wanted[local] {
			if !slices.Contains(before, n) { // of many, it may be stored already
				added = append(added, knownName{b.version, around.customerID, local, n.Domain, n.Subject})
				grown = append(grown, n)
			}
		}
		if len(before) > 0 && len(before) <= names.Cap && len(grown) > len(before) {
			again = append(again, pending{Version: b.version, CustomerID: around.customerID, Local: local})
		}
		around.names[local] = grown[:min(len(grown), names.Cap+1)]
	}
	if len(added) > 0 {
		if err := b.tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&added).Error; err != nil {
			return err
		}
	}
	return b.leave(again)
}

// leave notes work for later; what is noted already starts again.
func (b *batch) leave(work []pending) error {
	if len(work) == 0 {
		return nil
	}
	return b.tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&work).Error
}

// identify says of sightings whose they are. Those beside something new, or beside
// one whose person or device is another now, follow. What is known no longer
// changes, so each is asked once.
func (b *batch) identify(around *neighbours, dirty []*sighting) error {
	asked := map[*sighting]bool{}
	var changed []*sighting
	for len(dirty) > 0 {
		if err := around.prepare(dirty); err != nil {
			return err
		}
		var next []*sighting
		for _, s := range dirty {
			if asked[s] {
				continue
			}
			asked[s] = true
			id := b.rules.Identify(s.parsed(), around)
			switch {
			case s.ID == 0:
			case id == s.Identity:
				continue
			default:
				changed = append(changed, s)
			}
			s.Identity = id
			next = append(next, around.beside(s)...)
		}
		if around.err != nil {
			return around.err
		}
		dirty = next
	}
	return b.write(changed)
}

// write stores who sightings are now, and lets their uses follow: at once where
// they are few, else as work that is left over.
func (b *batch) write(changed []*sighting) error {
	if len(changed) == 0 {
		return nil
	}
	of, ids := map[int64]*sighting{}, make([]int64, 0, len(changed))
	for _, s := range changed {
		of[s.ID], ids = s, append(ids, s.ID)
		err := b.tx.Model(s).Select("person", "device", "nobody", "vague").UpdateColumns(s).Error
		if err != nil {
			return err
		}
	}
	var uses []use
	if err := b.tx.Where(oneNumberOf(b.tx, "sighting_id", "?"), list(ids)).Order("sighting_id, id").Limit(b.limit + 1).Find(&uses).Error; err != nil {
		return err
	}
	if len(uses) <= b.limit {
		return b.follow(of, uses)
	}
	work := make([]pending, len(changed))
	for i, s := range changed {
		work[i] = pending{Version: b.version, CustomerID: s.CustomerID, SightingID: s.ID}
	}
	return b.leave(work)
}
