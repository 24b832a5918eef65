package crowd

import (
	"math"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"muster/models"
)

const (
	// past is how far back it goes, inUse how long after its creation a registration
	// token is redeemed.
	past, inUse = 360 * day, 90 * day
	day         = 24 * time.Hour
	// usesEach is how many uses a registration token has in the mean.
	usesEach = 500
	fewest   = 100
	// hot is the registration token with a tenth of all uses: made hotDays ago, used up
	// spentDays ago, while others of that time wanted more.
	hot                = 0
	hotDays, spentDays = 62, 2
)

// story is what a plan comes to.
type story struct {
	Plan
	start  time.Time
	dice   dice
	tokens []token
	// spent are the registration tokens that turn away, in the order of since when.
	spent  []int
	cities []site
	// events is how many were told.
	events int
}

// token is a registration token, and what its row has to know of what comes.
type token struct {
	id, label, customer string
	created             time.Time
	// weight is how often it is picked among others of its time.
	weight                                 float64
	redemptions, reclaims, refused, number int
	last                                   time.Time
	spent                                  time.Time
	reason                                 models.Code
}

func newStory(p Plan) *story {
	p.Now = p.Now.UTC().Truncate(time.Second)
	s := &story{Plan: p, start: p.Now.Add(-past), dice: newDice(p.Seed), cities: sites()}
	s.makeTokens()
	for i := range p.Size {
		s.count(i)
	}
	for t := range s.tokens {
		s.end(t)
	}
	slices.SortFunc(s.spent, func(a, b int) int { return s.tokens[a].spent.Compare(s.tokens[b].spent) })
	for i := range p.Size {
		if t, ok := s.turnedAway(i); ok && t >= 0 {
			s.tokens[t].refused++
		}
	}
	return s
}

func (s *story) makeTokens() {
	s.tokens = make([]token, max(fewest, s.Size/usesEach))
	for i := range s.tokens {
		d := s.dice.of(i, forToken)
		t := &s.tokens[i]
		// Some are there before the first use.
		t.created = s.start.Add(past * time.Duration(i) / time.Duration(len(s.tokens))).Add(-10 * day).Truncate(time.Second)
		if i == hot {
			t.created = s.Now.Add(-hotDays * day)
		}
		t.id = newID(d, t.created)
		t.weight = math.Pow(d.Float64(), 4) // a few have most uses
		t.customer = models.DefaultCustomerID
		if i != hot && d.onceIn(3) {
			t.customer = customers[d.IntN(len(customers))].id
		}
		t.label = s.tokenLabel(d, i)
	}
}

// newID is a ULID.
func newID(d dice, at time.Time) string {
	var id ulid.ULID
	_ = id.SetTime(ulid.Timestamp(at)) // fails in the year 10889
	_ = id.SetEntropy(d.bytes(10))     // which has its length
	return lower(id.String())
}

// at is when a use took place: their order is that of their numbers.
func (s *story) at(i int) time.Time {
	return s.start.Add(time.Duration(float64(past) * (float64(i) + 0.5) / float64(s.Size))).Truncate(time.Microsecond)
}

// pick is the registration token of a use.
func (s *story) pick(d dice, i int) int {
	at := s.at(i)
	if ago := s.Now.Sub(at); ago < hotDays*day && ago > spentDays*day {
		// It gets a tenth of all within a sixth of the time.
		if share := float64(past) / 10 / float64((hotDays-spentDays)*day); float64(i%100) < share*100 {
			return hot
		}
	}
	// Those that were made within the last inUse, the newest most.
	newest := int((at.Sub(s.start) + 10*day) * time.Duration(len(s.tokens)) / past)
	newest = min(newest, len(s.tokens)-1)
	among := max(1, int(inUse*time.Duration(len(s.tokens))/past)-2)
	for try := 0; ; try++ {
		age := d.Float64()
		t := newest - int(age*age*float64(among))
		if t < 1 {
			t = 1 + d.IntN(max(1, newest))
		}
		if try == 8 || d.Float64() < s.tokens[t].weight {
			return t
		}
	}
}

// fate is what became of an auth token, and when.
type fate struct {
	deleted, ended, reclaimed bool
	at                        time.Time
}

func (s *story) fate(d dice, created time.Time) fate {
	n := d.IntN(200)
	f := fate{at: d.between(created.Add(time.Hour), s.Now)}
	if !f.at.Before(s.Now) {
		return fate{}
	}
	f.deleted, f.ended = n < 12, n == 12
	f.reclaimed = n < 6
	return f
}

// count adds a use to what the row of its registration token has to know.
func (s *story) count(i int) {
	d := s.dice.of(i, forPick)
	t := &s.tokens[s.pick(d, i)]
	t.redemptions++
	t.last = s.at(i)
	if s.fate(d, t.last).reclaimed {
		t.reclaims++
	}
}

// end decides how the story of a registration token ends.
func (s *story) end(i int) {
	t := &s.tokens[i]
	switch kind := s.dice.of(len(s.tokens)+i, forToken).IntN(20); {
	case i == hot, kind < 4 && t.redemptions > t.reclaims:
		t.reason, t.spent = models.CodeRegistrationTokenExhausted, t.last
	case kind < 6:
		t.reason, t.spent = models.CodeRegistrationTokenDisabled, t.last.Add(6*time.Hour)
	case kind == 6:
		t.reason, t.spent = models.CodeRegistrationTokenInvalid, t.last.Add(6*time.Hour) // deleted
	default:
		t.reason, t.spent = models.CodeRegistrationTokenExpired, s.expiry(i)
	}
	if t.redemptions == 0 && t.reason != models.CodeRegistrationTokenExpired {
		t.reason, t.spent = models.CodeRegistrationTokenExpired, s.expiry(i)
	}
	if t.spent.Before(s.Now) && t.reason != models.CodeRegistrationTokenInvalid {
		s.spent = append(s.spent, i)
	}
}

// expiry is after its last use.
func (s *story) expiry(i int) time.Time {
	return s.tokens[i].created.Add(inUse + time.Duration(20+s.dice.of(2*len(s.tokens)+i, forToken).IntN(200))*day)
}

// turnedAway is whether somebody was around the time of a use, and from which
// registration token; none for a secret that nothing has.
func (s *story) turnedAway(i int) (int, bool) {
	if i%25 != 0 {
		return 0, false
	}
	d, at := s.dice.of(i, forRefusal), s.at(i)
	n, _ := slices.BinarySearchFunc(s.spent, at, func(t int, at time.Time) int { return s.tokens[t].spent.Compare(at) })
	switch {
	case n == 0 || d.onceIn(20):
		return -1, true
	case s.Now.Sub(at) < spentDays*day && d.onceIn(2):
		return hot, true
	}
	return s.spent[d.IntN(n)], true
}
