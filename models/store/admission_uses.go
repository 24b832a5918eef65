package store

import (
	"slices"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// maxComparedUses bounds how many of the newest uses an edited list is compared
// with: redemptions wait for the transaction.
const maxComparedUses = 20_000

// compareUses compares earlier uses with an edited list. Whoever has arrived
// stays arrived; the marks of auth tokens follow the list as it is now.
func (s *Store) compareUses(tx *gorm.DB, registrationTokenID string, list []models.Expectation) error {
	if len(list) == 0 {
		return tx.Model(&models.AuthToken{}).
			Where("registration_token_id = ? AND (unexpected OR expectation_id IS NOT NULL)", registrationTokenID).
			UpdateColumns(map[string]any{"unexpected": false, "expectation_id": nil}).Error
	}
	marks := newUseMarks(list)
	var uses []models.AuthToken
	for seen := 0; seen < maxComparedUses; seen += len(uses) {
		page := tx.Select("id", "system_user_name", "fqdn", "verified_issuer", "verified_subject", "verified_email", "created_at", "expectation_id", "unexpected").
			Where("registration_token_id = ?", registrationTokenID)
		if len(uses) > 0 {
			last := uses[len(uses)-1]
			page = page.Where("(created_at, id) < (?, ?)", last.CreatedAt, last.ID)
		}
		uses = nil
		if err := page.Order("created_at DESC").Order("id DESC").Limit(batchRows).Find(&uses).Error; err != nil {
			return err
		}
		for i := range uses {
			marks.add(&uses[i])
		}
		if len(uses) < batchRows {
			break
		}
	}
	return s.writeMarks(tx, marks)
}

// useMarks collects the uses whose marks an edited list changes.
type useMarks struct {
	byName   map[string][]models.Expectation
	patterns []models.Expectation
	// matched has the auth tokens to mark, by entry; unexpected match none.
	matched    map[string][]string
	unexpected []string
	arrived    map[string]*arrival
}

// arrival says who arrived for an entry that had no arrival yet.
type arrival struct {
	number      int
	at          time.Time
	authTokenID string
}

func newUseMarks(list []models.Expectation) *useMarks {
	m := &useMarks{byName: map[string][]models.Expectation{}, matched: map[string][]string{}, arrived: map[string]*arrival{}}
	for i := range list {
		if list[i].Glob {
			m.patterns = append(m.patterns, list[i])
		} else {
			name := list[i].Name()
			m.byName[name] = append(m.byName[name], list[i])
		}
	}
	return m
}

func (m *useMarks) match(p models.Presented) *models.Expectation {
	candidates := slices.Clone(m.patterns)
	for _, name := range p.Names() {
		candidates = append(candidates, m.byName[name]...)
	}
	return models.Match(p, candidates)
}

// add takes one use; the newest come first.
func (m *useMarks) add(t *models.AuthToken) {
	match := m.match(models.Presented{Claimed: t.ClaimedIdentity, Verified: t.VerifiedIdentity})
	if match == nil {
		if !t.Unexpected || t.ExpectationID != nil {
			m.unexpected = append(m.unexpected, t.ID)
		}
		return
	}
	if t.Unexpected || t.ExpectationID == nil || *t.ExpectationID != match.ID {
		m.matched[match.ID] = append(m.matched[match.ID], t.ID)
	}
	if match.FirstArrivedAt == nil {
		a := m.arrived[match.ID]
		if a == nil {
			a = &arrival{}
			m.arrived[match.ID] = a
		}
		a.number, a.at, a.authTokenID = a.number+1, t.CreatedAt, t.ID
	}
}

func (s *Store) writeMarks(tx *gorm.DB, m *useMarks) error {
	mark := func(ids []string, fields map[string]any) error {
		return tx.Model(&models.AuthToken{}).Where(s.oneOf("id", ids)).UpdateColumns(fields).Error
	}
	if len(m.unexpected) > 0 {
		if err := mark(m.unexpected, map[string]any{"unexpected": true, "expectation_id": nil}); err != nil {
			return err
		}
	}
	for id, authTokens := range m.matched {
		if err := mark(authTokens, map[string]any{"unexpected": false, "expectation_id": id}); err != nil {
			return err
		}
	}
	for id, a := range m.arrived {
		err := tx.Model(&models.Expectation{}).Where("id = ?", id).UpdateColumns(map[string]any{
			"arrivals": a.number, "first_arrived_at": a.at, "first_auth_token_id": a.authTokenID,
		}).Error
		if err != nil {
			return err
		}
	}
	return nil
}
