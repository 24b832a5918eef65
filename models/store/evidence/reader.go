package evidence

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
	"muster/models/store/projection"
)

// maxUses is how many uses a [Reader] remembers in all: those of a registration
// token with half a million take about 300 MB.
const maxUses = 600_000

// Reader remembers the evidence about the registration tokens that were asked for
// last, and reads what the projection wrote since. It may be used by many at once.
type Reader struct {
	rules names.Rules
	mu    sync.Mutex
	// kept is what is remembered, the longest unused first.
	kept []*memory
}

// memory is the evidence about one registration token. The evidence itself is never
// changed, since it may be judged right now.
type memory struct {
	registrationTokenID string
	cost                int // held by the reader's mu

	busy     chan struct{} // full while what follows is brought up to date
	at       projection.Position
	evidence *models.Evidence
	refused  refusals
}

// refusals tells whether others were refused since.
type refusals struct {
	Count  int
	Newest string
}

// NewReader makes a reader; the rules are those of the projection.
func NewReader(rules names.Rules) *Reader { return &Reader{rules: rules} }

// Snapshot runs fn in a transaction that reads one state of the database.
type Snapshot func(ctx context.Context, fn func(tx *gorm.DB) error) error

// Read is the evidence about a registration token as it is now, as far as the
// projection is. It must not be changed. Whoever waits for another who reads the same
// has no transaction meanwhile: the connections are for those who get on.
func (r *Reader) Read(ctx context.Context, snapshot Snapshot, registrationTokenID string) (e *models.Evidence, err error) {
	m := r.memoryOf(registrationTokenID)
	select {
	case m.busy <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-m.busy }()
	err = snapshot(ctx, func(tx *gorm.DB) error {
		e, err = r.read(tx, m)
		return err
	})
	return e, err
}

// read is the evidence as tx sees it, or newer. The memory is busy.
func (r *Reader) read(tx *gorm.DB, m *memory) (*models.Evidence, error) {
	at, err := projection.PositionOf(tx)
	if err != nil {
		return nil, err
	}
	var refused refusals
	err = tx.Raw(`SELECT COUNT(*) AS count, COALESCE(MAX(id), '') AS newest FROM refused_attempts WHERE registration_token_id = ? AND reason = ?`,
		m.registrationTokenID, models.CodeRegistrationTokenExhausted).Scan(&refused).Error
	if err != nil {
		return nil, err
	}
	if m.evidence != nil && m.at.Version == at.Version && m.at.Batch >= at.Batch && m.refused == refused {
		return m.evidence, nil
	}
	e, err := r.upToDate(tx, m, of{at, m.registrationTokenID})
	if err != nil {
		m.evidence = nil // its texts may have grown half way
		return nil, err
	}
	m.at, m.evidence, m.refused = at, e, refused
	r.tidy(m, len(e.Uses))
	return e, nil
}

// upToDate is the evidence as of now, from what is remembered if that is of use.
func (r *Reader) upToDate(tx *gorm.DB, m *memory, now of) (e *models.Evidence, err error) {
	if m.evidence != nil && m.at.Version == now.at.Version && m.at.Batch <= now.at.Batch {
		e, err = r.update(tx, m, now)
	} else {
		e = &models.Evidence{}
		err = readUses(tx, r.rules, now, e.AddUse)
	}
	if err != nil {
		return nil, err
	}
	return e, readRefused(tx, r.rules, e, now)
}

// update is the evidence with what was written since. The texts may grow: whoever
// judges the old evidence does not look at new ones.
func (r *Reader) update(tx *gorm.DB, m *memory, now of) (*models.Evidence, error) {
	e := &models.Evidence{Uses: m.evidence.Uses, Keys: m.evidence.Keys, Places: m.evidence.Places, Names: m.evidence.Names}
	changed := models.Evidence{Keys: e.Keys, Places: e.Places, Names: e.Names}
	gone := map[string]bool{}
	err := readWritten(tx, r.rules, now, m.at.Batch, func(t *models.AuthToken, who names.Identity, account string) {
		gone[t.ID] = true
		if !t.CountReclaimed {
			changed.AddUse(t, who, account)
		}
	})
	if err != nil || len(gone) == 0 {
		return e, err
	}
	e.Keys, e.Places, e.Names = changed.Keys, changed.Places, changed.Names
	byTime := func(a, b models.UseFacts) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.AuthTokenID, b.AuthTokenID))
	}
	slices.SortFunc(changed.Uses, byTime)
	uses := make([]models.UseFacts, 0, len(e.Uses)+len(changed.Uses))
	for _, u := range e.Uses {
		if gone[u.AuthTokenID] {
			continue
		}
		for len(changed.Uses) > 0 && byTime(changed.Uses[0], u) < 0 {
			uses, changed.Uses = append(uses, changed.Uses[0]), changed.Uses[1:]
		}
		uses = append(uses, u)
	}
	e.Uses = append(uses, changed.Uses...)
	return e, nil
}

// memoryOf is what is remembered of a registration token, which is now the one that
// was asked for last.
func (r *Reader) memoryOf(registrationTokenID string) *memory {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := &memory{registrationTokenID: registrationTokenID, busy: make(chan struct{}, 1)}
	if i := slices.IndexFunc(r.kept, func(m *memory) bool { return m.registrationTokenID == registrationTokenID }); i >= 0 {
		m = r.kept[i]
		r.kept = slices.Delete(r.kept, i, i+1)
	}
	r.kept = append(r.kept, m)
	return m
}

// leastCost is what remembering a small registration token costs, in uses.
const leastCost = 100

// tidy forgets those that were not asked for the longest, until the rest is small
// enough.
func (r *Reader) tidy(m *memory, uses int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m.cost = max(uses, leastCost)
	total := 0
	for _, m := range r.kept {
		total += m.cost
	}
	for total > maxUses {
		total -= r.kept[0].cost
		r.kept = slices.Delete(r.kept, 0, 1)
	}
}
