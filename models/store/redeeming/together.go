package redeeming

import (
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
	"muster/models/store/bulk"
	"muster/models/store/group"
)

// Together writes redemptions that came at once, in their order; it is a
// [group.Together]. Where one of them has a decision of its own, or cannot be stored,
// they are written one after the other.
func (w Writer) Together(tx *gorm.DB, all []*Redemption) ([]error, error) {
	failures := make([]error, len(all))
	for _, places := range byRegistrationToken(all) {
		some := make([]*Redemption, len(places))
		for i, place := range places {
			some[i] = all[place]
		}
		refused, err := w.ofOne(tx, some)
		if err != nil {
			return nil, err
		}
		for i, place := range places {
			failures[place] = refused[i]
		}
	}
	return failures, nil
}

// byRegistrationToken are the places of those of each registration token.
func byRegistrationToken(all []*Redemption) map[string][]int {
	places := map[string][]int{}
	for i, r := range all {
		places[r.RegistrationTokenID] = append(places[r.RegistrationTokenID], i)
	}
	return places
}

var (
	errListed = errors.New("the registration token has a list")
	errKeeps  = errors.New("a redemption keeps its answer")
)

// ofOne writes those of one registration token, with a few statements for all.
func (w Writer) ofOne(tx *gorm.DB, some []*Redemption) ([]error, error) {
	token, err := w.locked(tx, some[0].RegistrationTokenID)
	if err != nil {
		return nil, err
	}
	if token.ExpectedCount > 0 {
		return nil, group.Singly(errListed)
	}
	failures := make([]error, len(some))
	var admitted []*Redemption
	for i, r := range some {
		if r.Stored = r.Rows(); r.Stored.Kept != nil {
			return nil, group.Singly(errKeeps)
		}
		judged := token.Judge(r.Stored.Presented(), models.Listed{})
		switch {
		case judged.Refused != "":
			failures[i] = &models.NotAdmitted{Rule: judged.Refused}
		case len(admitted) >= token.RemainingCount():
			failures[i] = models.ErrNotConsumed
		default:
			admit(&r.Stored, judged)
			admitted = append(admitted, r)
		}
	}
	if len(admitted) == 0 {
		return failures, nil
	}
	last := &admitted[len(admitted)-1].Stored
	number, err := w.consume(tx, token.ID, len(admitted), last)
	if err != nil {
		return nil, group.Singly(err) // one after the other tells who still gets one
	}
	for i, r := range admitted {
		r.Stored.Redemption.UseNumber = number - len(admitted) + 1 + i
	}
	if err := w.insert(tx, admitted); err != nil {
		return nil, group.Singly(err)
	}
	return failures, nil
}

// locked reads what judges a redemption, under the lock of the registration token.
func (w Writer) locked(tx *gorm.DB, id string) (*models.RegistrationToken, error) {
	var token models.RegistrationToken
	if w.Locks {
		tx = tx.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
	}
	return &token, tx.Select("id", "count", "used_count", "only_expected", "sign_in_required", "allowed_email_domains", "allowed_networks", "expected_count").
		Where("id = ?", id).Take(&token).Error
}

// insert writes the rows of all, table by table.
func (w Writer) insert(tx *gorm.DB, all []*Redemption) error {
	ledger := make([]models.Redemption, len(all))
	issued := make([]models.AuthToken, len(all))
	for i, r := range all {
		ledger[i], issued[i] = r.Stored.Redemption, r.Stored.AuthToken
	}
	if err := bulk.Insert(tx, ledger); err != nil {
		return err
	}
	return bulk.Insert(tx, issued, w.Numbered...)
}
