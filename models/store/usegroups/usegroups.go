// Package usegroups counts what uses of a registration token have in common. It
// remembers those of the registration tokens that were asked for last, and reads what
// the projection wrote since: the database would read half a million uses each time.
package usegroups

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/memory"
	"muster/models/store/projection"
)

// maxUses is how many uses are remembered in all: half a million take about 80 MB.
const maxUses = 1_000_000

// Group is what is counted for the uses that share something. ID is their oldest auth
// token, so that the order of groups of the same size does not depend on what they
// share, which may be a name that the reader sees masked; Last is the newest.
type Group struct {
	ID, Last                       string
	Unknown                        bool
	Uses, Reclaimed, Deleted, Live int
	// Held are the uses that hold a count, HeldDevices the devices of these. A use
	// without a device, or of one that cannot be told from others, counts as a device of
	// its own, and a device that several people share once for each.
	Held, HeldDevices int
	People, Devices   int
}

// Reader counts groups. It may be used by many at once.
type Reader struct{ kept *memory.Memory[uses] }

// NewReader makes a reader.
func NewReader() *Reader { return &Reader{memory.New[uses](maxUses)} }

// Snapshot runs fn in a transaction that reads one state of the database.
type Snapshot func(ctx context.Context, fn func(tx *gorm.DB) error) error

// Read counts the groups of all uses of a registration token, as far as the projection
// is, the largest first: those that show takes of them, which must leave them as they are.
// Only of these it is counted what takes long, or changes with the time.
func (r *Reader) Read(ctx context.Context, snapshot Snapshot, registrationTokenID string, by models.Facet, now time.Time, show func(all []Group) []Group) ([]Group, error) {
	of, err := r.kept.Take(ctx, registrationTokenID)
	if err != nil {
		return nil, err
	}
	u := &of.What
	defer func() { r.kept.Put(of, len(u.all)) }()
	if err := snapshot(ctx, func(tx *gorm.DB) error { return u.follow(tx, registrationTokenID) }); err != nil {
		*u = uses{} // it may have followed half way
		return nil, err
	}
	if u.sorted[by] == nil {
		u.sorted[by] = u.sort(facets[by], len(u.keys[by])+1)
	}
	shown := slices.Clone(show(u.sorted[by]))
	u.countWithin(facets[by], len(u.keys[by])+1, shown, now)
	return shown, nil
}

// uses are those of one registration token.
type uses struct {
	at     projection.Position
	all    []use
	places map[string]int
	// keys number what uses are grouped by, pairs a device with a person.
	keys  map[models.Facet]numbers
	pairs numbers
	// sorted are the groups by each facet, as far as they are counted for all.
	sorted map[models.Facet][]Group
}

// use is one, with numbers for its texts: 0 for the empty one.
type use struct {
	id                                    string
	person, device, network, domain, pair int
	vague, reclaimed, deleted, ended      bool
	idleExpiresAt                         int64 // Unix, in microseconds
}

// numbers has a number for each text, from 1.
type numbers map[string]int

func (n numbers) of(text string) int {
	if text == "" {
		return 0
	}
	number, ok := n[text]
	if !ok {
		number = len(n) + 1
		n[strings.Clone(text)] = number
	}
	return number
}

// follow reads what the projection wrote since.
func (u *uses) follow(tx *gorm.DB, registrationTokenID string) error {
	at, err := projection.PositionOf(tx)
	if err != nil {
		return err
	}
	after := u.at.Batch
	if u.places == nil || u.at.Version != at.Version {
		*u, after = uses{places: map[string]int{}, keys: map[models.Facet]numbers{}, pairs: numbers{}}, -1
		for _, facet := range models.Facets {
			u.keys[facet] = numbers{}
		}
	}
	if at.Batch <= after {
		return nil
	}
	u.sorted = map[models.Facet][]Group{}
	rows, err := tx.Raw(`SELECT id, person, device, network, domain, vague, count_reclaimed, deleted_at IS NOT NULL, ended_at IS NOT NULL, idle_expires_at
		FROM desk_uses WHERE version = ? AND registration_token_id = ? AND batch > ?`, at.Version, registrationTokenID, after).Rows()
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var row use
		var person, device, network, domain string
		var idle time.Time
		if err := rows.Scan(&row.id, &person, &device, &network, &domain, &row.vague, &row.reclaimed, &row.deleted, &row.ended, &idle); err != nil {
			return err
		}
		row.person, row.device = u.keys[models.FacetPerson].of(person), u.keys[models.FacetDevice].of(device)
		row.network, row.domain = u.keys[models.FacetNetwork].of(network), u.keys[models.FacetDomain].of(domain)
		row.pair, row.idleExpiresAt = u.pairs.of(device+" "+person), idle.UnixMicro()
		u.put(row)
	}
	u.at = at
	return rows.Err()
}

func (u *uses) put(row use) {
	place, ok := u.places[row.id]
	if !ok {
		u.places[row.id] = len(u.all)
		u.all = append(u.all, row)
		return
	}
	u.all[place] = row
}

// sort counts the groups that there are by what of gives, the largest first.
func (u *uses) sort(of func(*use) int, numbers int) []Group {
	groups := make([]Group, numbers)
	for i := range u.all {
		row := &u.all[i]
		group := &groups[of(row)]
		if group.Uses == 0 || row.id < group.ID {
			group.ID = row.id
		}
		group.Last = max(group.Last, row.id)
		group.Uses++
	}
	groups[0].Unknown = true
	groups = slices.DeleteFunc(groups, func(g Group) bool { return g.Uses == 0 })
	slices.SortFunc(groups, func(a, b Group) int { return cmp.Or(cmp.Compare(b.Uses, a.Uses), strings.Compare(b.ID, a.ID)) })
	return groups
}

var facets = map[models.Facet]func(*use) int{
	models.FacetPerson:  func(u *use) int { return u.person },
	models.FacetDevice:  func(u *use) int { return u.device },
	models.FacetNetwork: func(u *use) int { return u.network },
	models.FacetDomain:  func(u *use) int { return u.domain },
}

// countWithin counts the rest of the groups that are shown.
func (u *uses) countWithin(of func(*use) int, numbers int, shown []Group, now time.Time) {
	places := make([]int, numbers) // from 1; of the others 0
	for i := range shown {
		places[of(&u.all[u.places[shown[i].ID]])] = i + 1
	}
	members := make([][]int, len(shown))
	for i := range u.all {
		if place := places[of(&u.all[i])]; place > 0 {
			members[place-1] = append(members[place-1], i)
		}
	}
	at := now.UnixMicro()
	people, devices, held := newMarks(u.keys[models.FacetPerson]), newMarks(u.keys[models.FacetDevice]), newMarks(u.pairs)
	for place := range shown {
		group, mark := &shown[place], place+1
		for _, i := range members[place] {
			row := &u.all[i]
			switch {
			case row.deleted:
				group.Deleted++
			case !row.ended && row.idleExpiresAt > at:
				group.Live++
			}
			if row.person > 0 && people.first(row.person, mark) {
				group.People++
			}
			if row.device > 0 && devices.first(row.device, mark) {
				group.Devices++
			}
			if row.reclaimed {
				group.Reclaimed++
				continue
			}
			group.Held++
			if row.vague || row.device == 0 || held.first(row.pair, mark) {
				group.HeldDevices++
			}
		}
	}
}

// marks has the newest mark of each number.
type marks []int

func newMarks(n numbers) marks { return make(marks, len(n)+1) }

// first marks a number, and reports whether it did not have that mark.
func (m marks) first(number, mark int) bool {
	if m[number] == mark {
		return false
	}
	m[number] = mark
	return true
}
