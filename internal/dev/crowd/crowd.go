// Package crowd fills an empty database with the past of a large installation, to see
// how everything does with millions of rows: the same for the same size, seed and time.
// It writes rows as the token service would have left them, many with one statement;
// what the desk asks is derived by its own projector.
//
// Start with fill.go, which writes, and story.go, which says what happened when.
package crowd

import (
	"iter"
	"math/rand/v2"
	"time"

	"muster/models"
)

// Smallest and Largest are how many auth tokens can be asked for: a tenth of them are
// uses of one registration token.
const (
	Smallest = 1_000
	Largest  = 10 * models.MaxCount
)

// Plan is what is made.
type Plan struct {
	// Size is the number of auth tokens, from [Smallest] to [Largest].
	Size int
	Seed uint64
	// Now is when the past ends.
	Now time.Time
}

// rows are what happened in a stretch of time.
type rows struct {
	redemptions []models.Redemption
	authTokens  []models.AuthToken
	reclaims    []models.Reclaim
	refused     []models.RefusedAttempt
	events      []models.AuditEvent
}

// batch is how many uses are written at once.
const batch = 5_000

// batches tell the past in the order of time.
func (s *story) batches() iter.Seq[rows] {
	return func(yield func(rows) bool) {
		for from := 0; from < s.Size; from += batch {
			var some rows
			for i := from; i < min(from+batch, s.Size); i++ {
				s.happen(&some, i)
			}
			if !yield(some) {
				return
			}
		}
	}
}

// happen adds what happened around a use: itself, what became of it, who was turned
// away about then, and what the staff did.
func (s *story) happen(to *rows, i int) {
	s.use(to, i)
	if refused, ok := s.turnedAway(i); ok {
		to.refused = append(to.refused, s.refusal(i, refused))
	}
	for s.events < 2*(i+1)/5 {
		s.tell(to, s.staffEvent(i))
	}
}

// dice are the same each time they are thrown for the same thing.
type dice struct {
	*rand.Rand
	pcg  *rand.PCG
	seed uint64
}

func newDice(seed uint64) dice {
	pcg := rand.NewPCG(seed, 0)
	return dice{rand.New(pcg), pcg, seed} //nolint:gosec // nothing secret comes of it
}

// What dice are thrown for, apart from each other.
const (
	forPick = iota
	forUse
	forRefusal
	forToken
	forStaff
	purposes
)

// of throws for the i-th thing of a kind.
func (d dice) of(i, purpose int) dice {
	d.pcg.Seed(d.seed, uint64(i)*purposes+uint64(purpose)) //nolint:gosec // neither is negative
	return d
}

// onceIn is whether it happens once in so many times.
func (d dice) onceIn(n int) bool { return d.IntN(n) == 0 }

func (d dice) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(d.Uint32()) //nolint:gosec // the lowest bits do
	}
	return b
}

// between is a moment, to the microsecond.
func (d dice) between(from, to time.Time) time.Time {
	if !to.After(from) {
		return from
	}
	return from.Add(time.Duration(d.Int64N(int64(to.Sub(from))))).Truncate(time.Microsecond)
}
