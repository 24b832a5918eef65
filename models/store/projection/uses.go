package projection

// follow gives uses the identity of their sighting.
func (b *batch) follow(of map[int64]*sighting, uses []use) error {
	if len(uses) == 0 {
		return nil
	}
	ids := make([]string, len(uses))
	for i := range uses {
		before := uses[i]
		ids[i], uses[i].Identity = before.ID, of[before.SightingID].Identity
		b.moved.note(&before, &uses[i])
	}
	return b.tx.Exec(`UPDATE desk_uses SET person = s.person, device = s.device, nobody = s.nobody, vague = s.vague, batch = @batch,
			several_on_device = several_on_device AND desk_uses.device = s.device AND NOT s.vague,
			several_of_person = several_of_person AND desk_uses.person = s.person
		FROM desk_sightings AS s WHERE s.id = desk_uses.sighting_id AND desk_uses.version = @version AND `+oneOf(b.tx, "desk_uses.id", "@ids"),
		map[string]any{"batch": b.number, "version": b.version, "ids": list(ids)}).Error
}

// sharing is one way in which auth tokens that have not ended belong together.
// Those that are not alone are marked, so that an index lists them.
type sharing struct {
	key, mark string
	// counts holds for those that can be told apart.
	counts string
	of     func(*use) string
	marked func(*use) *bool
}

const open = "deleted_at IS NULL AND ended_at IS NULL"

var sharings = []sharing{
	{"device", "several_on_device", "device <> '' AND NOT vague", func(u *use) string {
		if u.Vague {
			return ""
		}
		return u.Device
	}, func(u *use) *bool { return &u.SeveralOnDevice }},
	{"person", "several_of_person", "person <> ''", func(u *use) string { return u.Person }, func(u *use) *bool { return &u.SeveralOfPerson }},
}

// moved has the keys that uses came to and left, by the customer and the key's
// place in sharings.
type moved struct{ came, left map[place]map[string]bool }

type place struct {
	customerID string
	sharing    int
}

func newMoved() moved { return moved{map[place]map[string]bool{}, map[place]map[string]bool{}} }

// note compares a use with what it was; nil if it was not there.
func (m moved) note(before, after *use) {
	for i, kind := range sharings {
		had, has := "", ""
		if before != nil && before.open() {
			had = kind.of(before)
		}
		if after.open() {
			has = kind.of(after)
		}
		if had == has {
			continue
		}
		at := place{after.CustomerID, i}
		put(m.left, at, had)
		put(m.came, at, has)
	}
}

func put(keys map[place]map[string]bool, at place, key string) {
	if key == "" {
		return
	}
	if keys[at] == nil {
		keys[at] = map[string]bool{}
	}
	keys[at][key] = true
}

// mark marks those that are no longer alone, then unmarks those that are alone
// again. However many share a key, it looks at a few of them.
func (b *batch) mark() error {
	for at, keys := range b.moved.came {
		kind := sharings[at.sharing]
		same := " FROM desk_uses AS o WHERE o.version = @version AND o." + kind.key + " = desk_uses." + kind.key + " AND o.customer_id = @customer"
		err := b.markBy(at, keys, "UPDATE desk_uses SET "+kind.mark+" = TRUE WHERE version = @version AND customer_id = @customer AND "+
			oneOf(b.tx, kind.key, "@keys")+" AND "+kind.counts+" AND NOT "+kind.mark+" AND "+open+
			" AND (EXISTS (SELECT 1"+same+" AND "+kind.mark+" AND "+open+")"+
			" OR EXISTS (SELECT 1"+same+" AND "+kind.counts+" AND NOT "+kind.mark+" AND "+open+" AND o.id <> desk_uses.id))")
		if err != nil {
			return err
		}
	}
	for at, keys := range b.moved.left {
		kind := sharings[at.sharing]
		end := func(which string) string {
			return "(SELECT " + which + "(o.id) FROM desk_uses AS o WHERE o.version = @version AND o." + kind.key + " = given.value AND o.customer_id = @customer AND o." +
				kind.mark + " AND o.deleted_at IS NULL AND o.ended_at IS NULL)"
		}
		err := b.markBy(at, keys, "UPDATE desk_uses SET "+kind.mark+" = FALSE WHERE version = @version AND id IN (SELECT first FROM (SELECT "+
			end("MIN")+" AS first, "+end("MAX")+" AS last FROM "+valuesOf(b.tx, "@keys")+") AS ends WHERE first = last)")
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) markBy(at place, keys map[string]bool, statement string) error {
	return b.tx.Exec(statement, map[string]any{
		"version": b.version, "customer": at.customerID, "keys": list(sortedKeys(keys)),
	}).Error
}
