package verdict

import (
	"cmp"
	"slices"

	"muster/models"
)

// columns are what the rules ask of every use, each in a column of its own: half a
// million whole ones take long to visit. They are made once for an evidence.
type columns struct {
	uses []models.UseFacts
	// order has the uses by time. Times are in microseconds.
	order              []int32
	at, seen, idle     []int64
	person, device     []models.Text
	network, realm     []models.Text
	domains            [][2]models.Text
	facts              []mark
	byDevice, byPerson groups
}

func columnsOf(e *models.Evidence) *columns {
	c, ok := e.Prepared(func() any { return newColumns(e) }).(*columns)
	if !ok {
		c = newColumns(e)
	}
	return c
}

func newColumns(e *models.Evidence) *columns {
	n := len(e.Uses)
	times, texts := make([]int64, 3*n), make([]models.Text, 4*n)
	c := &columns{
		uses: e.Uses, at: times[:n], seen: times[n : 2*n], idle: times[2*n:],
		person: texts[:n], device: texts[n : 2*n], network: texts[2*n : 3*n], realm: texts[3*n:],
		domains: make([][2]models.Text, n), facts: make([]mark, n),
	}
	for i := range e.Uses {
		u := &e.Uses[i]
		c.at[i], c.seen[i], c.idle[i] = u.At.UnixMicro(), u.LastSeenAt.UnixMicro(), u.IdleExpiresAt.UnixMicro()
		c.person[i], c.device[i], c.network[i], c.realm[i], c.domains[i] = u.Person, u.Device, u.Network, u.Realm, u.Domains
		c.facts[i] = factsOf(u)
	}
	c.order = c.byTime()
	c.byDevice, c.byPerson = c.groupedBy(c.device, e.Keys.Len()), c.groupedBy(c.person, e.Keys.Len())
	return c
}

func factsOf(u *models.UseFacts) (m mark) {
	for _, fact := range [...]struct {
		holds bool
		mark
	}{
		{u.Deleted, isDeleted}, {u.Ended, isEnded}, {u.Vague, isVague}, {u.Unexpected, isUnexpected}, {u.Refreshed, isRefreshed},
	} {
		if fact.holds {
			m |= fact.mark
		}
	}
	return m
}

// byTime is the order of the uses by time, and by id where that is the same. They
// are usually read in it.
func (c *columns) byTime() []int32 {
	order := make([]int32, len(c.uses))
	for i := range order {
		order[i] = int32(i)
	}
	if !slices.IsSortedFunc(order, c.compare) {
		slices.SortFunc(order, c.compare)
	}
	return order
}

func (c *columns) compare(a, b int32) int {
	if c.at[a] != c.at[b] {
		return cmp.Compare(c.at[a], c.at[b])
	}
	return cmp.Compare(c.uses[a].AuthTokenID, c.uses[b].AuthTokenID)
}

// groups are the uses with the same key together, each in the order of time, and
// those without a key.
type groups struct {
	members []int32
	// ends has where each group ends in members, begin where the first begins, after
	// those without a key.
	ends  []int32
	begin int32
}

// each visits every group but that without a key.
func (g groups) each(yield func([]int32) bool) {
	start := g.begin
	for _, end := range g.ends {
		if !yield(g.members[start:end:end]) {
			return
		}
		start = end
	}
}

// groupedBy groups the uses by a key, of which there are so many.
func (c *columns) groupedBy(key []models.Text, keys int) groups {
	next := make([]int32, keys)
	for _, k := range key {
		next[k]++
	}
	g := groups{members: make([]int32, len(key))}
	at := int32(0)
	for k, n := range next {
		next[k] = at
		if at += n; n > 0 && k > 0 {
			g.ends = append(g.ends, at)
		} else if k == 0 {
			g.begin = n
		}
	}
	for _, i := range c.order {
		g.members[next[key[i]]] = i
		next[key[i]]++
	}
	return g
}
