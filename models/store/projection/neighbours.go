package projection

import (
	"gorm.io/gorm"

	"muster/models/names"
)

// neighbours answers what is known around a sighting of one customer, from the
// tables and from what this transaction adds. It reads each set at most once.
// Identify cannot take an error, so the first one is kept and ends the batch.
type neighbours struct {
	tx         *gorm.DB
	version    int64
	customerID string
	err        error

	names   map[string][]names.Name
	labels  map[string][]*sighting
	atMAC   map[[2]string][]*sighting
	persons map[[2]string][]*sighting
	// stored has every sighting that was read, by id; fresh those that are not
	// stored yet, by label.
	stored map[int64]*sighting
	fresh  map[string][]*sighting
}

func newNeighbours(tx *gorm.DB, version int64, customerID string) *neighbours {
	return &neighbours{
		tx: tx, version: version, customerID: customerID,
		names: map[string][]names.Name{}, labels: map[string][]*sighting{},
		atMAC: map[[2]string][]*sighting{}, persons: map[[2]string][]*sighting{},
		stored: map[int64]*sighting{}, fresh: map[string][]*sighting{},
	}
}

// add makes new sightings known, before anything is asked.
func (n *neighbours) add(fresh []*sighting) {
	for _, s := range fresh {
		n.fresh[s.Label] = append(n.fresh[s.Label], s)
	}
}

// Names implements [names.Neighbours].
func (n *neighbours) Names(local string) []names.Name {
	known, ok := n.names[local]
	if !ok {
		var rows []knownName
		n.fail(n.of().Where("local = ?", local).Limit(names.Cap + 1).Find(&rows).Error)
		for _, row := range rows {
			known = append(known, row.name())
		}
		n.names[local] = known
	}
	return known
}

// AtLabel implements [names.Neighbours].
func (n *neighbours) AtLabel(label string) []names.Parsed { return parsedOf(n.atLabel(label)) }

// AtMAC implements [names.Neighbours].
func (n *neighbours) AtMAC(mac, label string) []names.Parsed { return parsedOf(n.withMAC(mac, label)) }

// OfPerson implements [names.Neighbours].
func (n *neighbours) OfPerson(label, local string) []names.Parsed {
	return parsedOf(n.ofPerson(label, local))
}

func (n *neighbours) atLabel(label string) []*sighting {
	found, ok := n.labels[label]
	if !ok {
		found = n.find(label, func(*sighting) bool { return true }, "label = ? AND label <> ''", label)
		n.labels[label] = found
	}
	return found
}

func (n *neighbours) withMAC(mac, label string) []*sighting {
	key := [2]string{mac, label}
	found, ok := n.atMAC[key]
	if !ok {
		has := func(s *sighting) bool { return s.MAC == mac }
		found = n.narrow(label, has, "mac = ? AND mac <> '' AND label = ?", mac, label)
		n.atMAC[key] = found
	}
	return found
}

func (n *neighbours) ofPerson(label, local string) []*sighting {
	key := [2]string{label, local}
	found, ok := n.persons[key]
	if !ok {
		has := func(s *sighting) bool { return s.Local == local }
		found = n.narrow(label, has, "label = ? AND label <> '' AND local = ?", label, local)
		n.persons[key] = found
	}
	return found
}

// narrow takes from all of a label where those are few, and reads otherwise.
func (n *neighbours) narrow(label string, has func(*sighting) bool, condition string, args ...any) []*sighting {
	if all := n.labels[label]; len(all) > 0 && len(all) <= names.Cap {
		return filter(all, has)
	}
	return n.find(label, has, condition, args...)
}

// find has at most one more than is looked at, those that are stored first.
func (n *neighbours) find(label string, has func(*sighting) bool, condition string, args ...any) []*sighting {
	var rows []*sighting
	n.fail(n.of().Where(condition, args...).Order("id").Limit(names.Cap + 1).Find(&rows).Error)
	return few(append(n.known(rows), filter(n.fresh[label], has)...))
}

func (n *neighbours) of() *gorm.DB {
	return n.tx.Where("version = ? AND customer_id = ?", n.version, n.customerID)
}

// known gives each stored row the one place it has in this transaction.
func (n *neighbours) known(rows []*sighting) []*sighting {
	for i, row := range rows {
		if first, ok := n.stored[row.ID]; ok {
			rows[i] = first
		} else {
			n.stored[row.ID] = row
		}
	}
	return rows
}

// beside are the sightings whose identity may depend on one. Of a set that was
// many before, nothing depends.
func (n *neighbours) beside(s *sighting) []*sighting {
	if s.Label != "" {
		if all := n.atLabel(s.Label); len(all) <= names.Cap {
			return all
		}
	}
	var all []*sighting
	join := func(set []*sighting) {
		if len(set) <= names.Cap || set[names.Cap].ID == 0 {
			all = append(all, set...)
		}
	}
	if s.Label != "" {
		join(n.atLabel(s.Label))
		join(n.ofPerson(s.Label, s.Local))
	}
	if s.MAC != "" {
		join(n.withMAC(s.MAC, s.Label))
	}
	return all
}

// prepare reads in one statement each what Names and AtLabel will be asked for.
func (n *neighbours) prepare(dirty []*sighting) error {
	var labels, locals []string
	for _, s := range dirty {
		if _, ok := n.labels[s.Label]; !ok && s.Label != "" {
			labels, n.labels[s.Label] = append(labels, s.Label), nil
		}
	}
	var rows []*sighting
	if err := n.eachFirst(&rows, "desk_sightings", "label", "id", labels); err != nil {
		return err
	}
	for _, row := range n.known(rows) {
		n.labels[row.Label] = append(n.labels[row.Label], row)
	}
	for _, label := range labels {
		n.labels[label] = few(append(n.labels[label], n.fresh[label]...))
	}
	for _, s := range dirty {
		for _, other := range append(n.labels[s.Label], s) {
			if _, ok := n.names[other.Local]; !ok && other.Local != "" {
				locals, n.names[other.Local] = append(locals, other.Local), nil
			}
		}
	}
	var known []knownName
	err := n.eachFirst(&known, "desk_names", "local", "domain, subject", locals)
	for _, row := range known {
		n.names[row.Local] = append(n.names[row.Local], row.name())
	}
	return err
}

// eachFirst reads the first rows of a table for each of many values of a column,
// along an index.
func (n *neighbours) eachFirst(rows any, table, column, order string, values []string) error {
	if len(values) == 0 {
		return nil
	}
	first := " FROM " + table + " AS x WHERE x.version = @version AND x.customer_id = @customer AND x." + column + " = given.value AND x." + column +
		" <> '' ORDER BY " + order + " LIMIT @limit"
	query := "SELECT found.* FROM " + valuesOf(n.tx, "@values") + " CROSS JOIN " + table + " AS found ON found.rowid IN (SELECT x.rowid" + first + ")"
	if isPostgres(n.tx) {
		query = "SELECT found.* FROM " + valuesOf(n.tx, "@values") + " CROSS JOIN LATERAL (SELECT x.*" + first + ") AS found"
	}
	return n.tx.Raw(query, map[string]any{
		"version": n.version, "customer": n.customerID, "values": list(values), "limit": names.Cap + 1,
	}).Scan(rows).Error
}

func (n *neighbours) fail(err error) {
	if n.err == nil {
		n.err = err
	}
}

// few cuts a set where it is many.
func few(all []*sighting) []*sighting { return all[:min(len(all), names.Cap+1)] }

func filter(all []*sighting, has func(*sighting) bool) []*sighting {
	var kept []*sighting
	for _, s := range all {
		if has(s) {
			kept = append(kept, s)
		}
	}
	return kept
}

func parsedOf(sightings []*sighting) []names.Parsed {
	parsed := make([]names.Parsed, len(sightings))
	for i, s := range sightings {
		parsed[i] = s.parsed()
	}
	return parsed
}
