package live

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
)

// Limits are how many streams may be open at a time. A browser has one for all its
// tabs, so they are far above what people open; they keep what is left open, or opened
// by a program, from taking the places of others.
type Limits struct{ Total, Person, Address int }

var defaultLimits = Limits{Total: 2_000, Person: 16, Address: 256}

// fullFor is when somebody for whom there was no place may ask again.
const fullFor = 30 * time.Second

// Limit sets other limits.
func (h *Hub) Limit(limits Limits) { h.limits = limits }

// watcher is who opens a stream.
type watcher struct {
	session []byte // digest
	person  string
	address string // empty where that is not limited
}

// open adds a stream. A person at the limit loses their oldest stream, so that what
// somebody left open elsewhere does not shut out the page they look at now; nobody
// else ever does. KindUnavailable while the server stops or is full, KindRateLimited
// when the address is full.
func (h *Hub) open(w watcher) (*stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, models.Unavailable(nil)
	}
	var own []*stream
	total, there := len(h.streams), 0
	for st := range h.streams {
		if st.person == w.person {
			own = append(own, st)
		}
		if st.address == w.address {
			there++
		}
	}
	var oldest *stream
	if len(own) >= h.limits.Person {
		oldest = slices.MinFunc(own, func(a, b *stream) int { return cmp.Compare(a.number, b.number) })
		total--
		if oldest.address == w.address {
			there--
		}
	}
	switch {
	case w.address != "" && there >= h.limits.Address:
		return nil, &models.Error{
			Kind: models.KindRateLimited, Code: models.CodeRateLimited,
			Message: "Too many pages are kept up to date at this address.", RetryAfter: fullFor,
		}
	case total >= h.limits.Total:
		return nil, models.Unavailable(nil)
	}
	if oldest != nil {
		oldest.superseded.Store(true)
		oldest.end()
		delete(h.streams, oldest)
	}
	h.opened++
	st := newStream(w, h.opened)
	h.streams[st] = struct{}{}
	return st, nil
}
