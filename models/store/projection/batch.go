package projection

import (
	"slices"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
)

// batch is one transaction's work on one version.
type batch struct {
	tx      *gorm.DB
	rules   names.Rules
	version int64
	number  int64
	// limit is how many rows a transaction reads to begin with, and how many uses
	// of sightings that changed it updates.
	limit     int
	customers map[string]*neighbours
	moved     moved
}

func newBatch(tx *gorm.DB, rules names.Rules, at *state, limit int) *batch {
	return &batch{
		tx: tx, rules: rules, version: at.Version, number: at.Batch + 1, limit: limit,
		customers: map[string]*neighbours{}, moved: newMoved(),
	}
}

// apply takes what is left over from earlier, else the next changes, and moves the
// checkpoint. It returns how many rows it took; none when nothing is to be done.
func (b *batch) apply(at *state) (int, error) {
	var left pending
	found := b.tx.Where("version = ?", b.version).Order("customer_id, local, sighting_id").Limit(1).Find(&left)
	if found.Error != nil {
		return 0, found.Error
	}
	if found.RowsAffected > 0 {
		return b.goOn(left)
	}
	changes, err := next(b.tx, at, b.limit)
	if err != nil || len(changes) == 0 {
		return 0, err
	}
	if err := b.take(changes); err != nil {
		return 0, err
	}
	last := changes[len(changes)-1]
	at.Changed, at.AuthTokenID = last.Changed, last.ID
	return len(changes), b.tx.Model(at).Select("changed", "auth_token_id").UpdateColumns(at).Error
}

// goOn does a part of what is left over.
func (b *batch) goOn(left pending) (int, error) {
	row := b.tx.Model(&pending{}).Where("version = ? AND customer_id = ? AND local = ? AND sighting_id = ?",
		left.Version, left.CustomerID, left.Local, left.SightingID)
	if left.SightingID != 0 {
		return b.goOnWithUses(left, row)
	}
	var some []*sighting
	err := b.tx.Where("version = ? AND customer_id = ? AND local = ? AND local <> '' AND id > ?",
		b.version, left.CustomerID, left.Local, left.AfterSighting).Order("id").Limit(b.limit).Find(&some).Error
	if err != nil {
		return 0, err
	}
	// The row first: identifying may add more work, never of this kind.
	if len(some) < b.limit {
		err = row.Delete(nil).Error
	} else {
		err = row.UpdateColumn("after_sighting", some[len(some)-1].ID).Error
	}
	if err != nil {
		return 0, err
	}
	around := b.around(left.CustomerID)
	if err := b.identify(around, around.known(some)); err != nil {
		return 0, err
	}
	return max(1, len(some)), b.mark()
}

func (b *batch) goOnWithUses(left pending, row *gorm.DB) (int, error) {
	var some []use
	err := b.tx.Where("sighting_id = ? AND id > ?", left.SightingID, left.AfterUse).Order("id").Limit(b.limit).Find(&some).Error
	if err != nil {
		return 0, err
	}
	if len(some) < b.limit {
		err = row.Delete(nil).Error
	} else {
		err = row.UpdateColumn("after_use", some[len(some)-1].ID).Error
	}
	if err != nil {
		return 0, err
	}
	var of sighting
	if err := b.tx.Take(&of, left.SightingID).Error; err != nil {
		return 0, err
	}
	if err := b.follow(map[int64]*sighting{of.ID: &of}, some); err != nil {
		return 0, err
	}
	return max(1, len(some)), b.mark()
}

func (b *batch) around(customerID string) *neighbours {
	around, ok := b.customers[customerID]
	if !ok {
		around = newNeighbours(b.tx, b.version, customerID)
		b.customers[customerID] = around
	}
	return around
}

// take brings the desk up to date with changes: first what was seen, then who that
// is, then the uses.
func (b *batch) take(changes []change) error {
	parsed := make([]names.Parsed, len(changes))
	seen := map[string][]names.Parsed{}
	for i, c := range changes {
		parsed[i] = b.rules.Parse(models.SightingOf(c.VerifiedIdentity, c.ClaimedIdentity))
		if !slices.Contains(seen[c.CustomerID], parsed[i]) {
			seen[c.CustomerID] = append(seen[c.CustomerID], parsed[i])
		}
	}
	sightings := map[string]map[names.Parsed]*sighting{}
	for _, customerID := range sortedKeys(seen) {
		var err error
		if sightings[customerID], err = b.see(b.around(customerID), seen[customerID]); err != nil {
			return err
		}
	}
	uses := make([]use, len(changes))
	for i := range changes {
		uses[i] = b.useOf(&changes[i], sightings[changes[i].CustomerID][parsed[i]])
	}
	if err := b.store(uses); err != nil {
		return err
	}
	return b.mark()
}

// useOf is the desk's row of an auth token.
func (b *batch) useOf(c *change, s *sighting) use {
	return use{
		Version: b.version, ID: c.ID, RegistrationTokenID: c.RegistrationTokenID, CustomerID: c.CustomerID,
		SystemUserName: Fold(c.SystemUserName), FQDN: Fold(c.FQDN), MACAddress: FoldMAC(c.MACAddress),
		Identifier: Fold(c.Identifier), RefID1: Fold(c.RefID1), RefID2: Fold(c.RefID2), VerifiedEmail: Fold(c.Email), IP: c.IP,
		CreatedAt: c.CreatedAt, LastSeenAt: c.LastSeenAt, IdleExpiresAt: c.IdleExpiresAt, EndedAt: c.EndedAt, DeletedAt: c.DeletedAt,
		Generation: c.Generation, CountReclaimed: c.CountReclaimed, Unexpected: c.Unexpected,
		SightingID: s.ID, Identity: s.Identity, Account: s.Account,
		Network: models.NetworkOf(c.IP), Domain: models.DomainOf(c.VerifiedIdentity, c.ClaimedIdentity), Words: wordsOf(c), Batch: b.number,
	}
}

// Fold is a name, label, reference or e-mail address as the desk compares it.
func Fold(text string) string { return names.Bound(names.Fold(text)) }

// FoldMAC is a hardware address as the desk compares it; one that stands for none
// is still found by what was reported.
func FoldMAC(text string) string {
	if mac := names.MAC(text); mac != "" {
		return names.Bound(mac)
	}
	return Fold(text)
}
