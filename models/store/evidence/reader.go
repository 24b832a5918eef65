package evidence

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
	"muster/models/store/memory"
	"muster/models/store/projection"
)

// maxUses is how many uses a [Reader] remembers in all: those of a registration
// token with half a million take about 300 MB.
const maxUses = 600_000

// Reader remembers the evidence about the registration tokens that were asked for
// last, and reads what the projection wrote since. It may be used by many at once.
type Reader struct {
	rules names.Rules
	kept  *memory.Memory[remembered]
}

// remembered is the evidence about one registration token. The evidence itself is never
// changed, since it may be judged right now.
type remembered struct {
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
func NewReader(rules names.Rules) *Reader {
	return &Reader{rules: rules, kept: memory.New[remembered](maxUses)}
}

// Snapshot runs fn in a transaction that reads one state of the database.
type Snapshot func(ctx context.Context, fn func(tx *gorm.DB) error) error

// Read is the evidence about a registration token as it is now, as far as the
// projection is. It must not be changed. Whoever waits for another who reads the same
// has no transaction meanwhile: the connections are for those who get on.
func (r *Reader) Read(ctx context.Context, snapshot Snapshot, registrationTokenID string) (e *models.Evidence, err error) {
	m, err := r.kept.Take(ctx, registrationTokenID)
	if err != nil {
		return nil, err
	}
	defer func() {
		uses := 0
		if e != nil {
			uses = len(e.Uses)
		}
		r.kept.Put(m, uses)
	}()
	err = snapshot(ctx, func(tx *gorm.DB) error {
		e, err = r.read(tx, registrationTokenID, &m.What)
		return err
	})
	return e, err
}

// read is the evidence as tx sees it, or newer.
func (r *Reader) read(tx *gorm.DB, registrationTokenID string, m *remembered) (*models.Evidence, error) {
	at, err := projection.PositionOf(tx)
	if err != nil {
		return nil, err
	}
	var refused refusals
	err = tx.Raw(`SELECT COUNT(*) AS count, COALESCE(MAX(id), '') AS newest FROM refused_attempts WHERE registration_token_id = ? AND reason = ?`,
		registrationTokenID, models.CodeRegistrationTokenExhausted).Scan(&refused).Error
	if err != nil {
		return nil, err
	}
	if m.evidence != nil && m.at.Version == at.Version && m.at.Batch >= at.Batch && m.refused == refused {
		return m.evidence, nil
	}
	e, err := r.upToDate(tx, m, of{at, registrationTokenID})
	if err != nil {
		m.evidence = nil // its texts may have grown half way
		return nil, err
	}
	m.at, m.evidence, m.refused = at, e, refused
	return e, nil
}

// upToDate is the evidence as of now, from what is remembered if that is of use.
func (r *Reader) upToDate(tx *gorm.DB, m *remembered, now of) (e *models.Evidence, err error) {
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
func (r *Reader) update(tx *gorm.DB, m *remembered, now of) (*models.Evidence, error) {
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
