package store

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/search"
)

// ReplaceRegistrationTokens inserts the successors with the admission of the old
// ones, links both and disables the old ones: all of them or none, guarded: not
// deleted, not replaced before, used count still as it was read. KindNotFound;
// KindConflict with the code of the guard that refused, CodeConflict for the used
// count.
func (s *Store) ReplaceRegistrationTokens(ctx context.Context, all []models.Replacement, now time.Time, by string) error {
	of := map[string]models.Replacement{}
	made := make([]models.RegistrationToken, len(all))
	for i, r := range all {
		of[r.OldID], made[i] = r, *r.Successor
	}
	words := search.Of(made...)
	ids := idsOf(all, func(r *models.Replacement) string { return r.OldID })
	return s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		var olds []models.RegistrationToken
		if err := s.locked(tx).Where(s.oneOf("id", ids)).Order("id").Find(&olds).Error; err != nil {
			return err
		}
		if len(olds) != len(all) {
			return gorm.ErrRecordNotFound
		}
		successors, links := make([]*models.RegistrationToken, len(olds)), map[string]string{}
		var events []models.AuditEvent
		for i := range olds {
			old, r := &olds[i], of[olds[i].ID]
			if err := r.Guard(old); err != nil {
				return err
			}
			r.Successor.ReplacesID, r.Successor.Admission = &r.OldID, old.Admission
			successors[i], links[old.ID], events = r.Successor, r.Successor.ID, append(events, r.Events...)
		}
		if err := tx.CreateInBatches(successors, batchRows).Error; err != nil {
			return err
		}
		if err := words.Add(tx); err != nil {
			return err
		}
		if err := s.carryExpectations(tx, olds, links, now); err != nil {
			return err
		}
		if err := s.linkSuccessors(tx, links, now, by); err != nil {
			return err
		}
		return appendAudit(tx, events...)
	})
}

// ReplaceRegistrationToken is [Store.ReplaceRegistrationTokens] for one.
func (s *Store) ReplaceRegistrationToken(ctx context.Context, oldID string, oldUsedCount int, successor *models.RegistrationToken, now time.Time, by string, events ...models.AuditEvent) error {
	return s.ReplaceRegistrationTokens(ctx, []models.Replacement{{OldID: oldID, OldUsedCount: oldUsedCount, Successor: successor, Events: events}}, now, by)
}

// carryExpectations copies the expected lists of registration tokens to their
// successors. Whoever arrived with the old one has arrived with the new one.
func (s *Store) carryExpectations(tx *gorm.DB, olds []models.RegistrationToken, links map[string]string, now time.Time) error {
	var listed []string
	for i := range olds {
		if olds[i].ExpectedCount > 0 {
			listed = append(listed, olds[i].ID)
		}
	}
	var list []models.Expectation
	if err := tx.Where(s.oneOf("registration_token_id", listed)).Find(&list).Error; err != nil {
		return err
	}
	for i := range list {
		id, err := s.newID(now)
		if err != nil {
			return err
		}
		list[i].ID, list[i].RegistrationTokenID = id, links[list[i].RegistrationTokenID]
	}
	return createExpectations(tx, list)
}

// linkSuccessors disables the old registration tokens, by id, in favour of their
// successors, in one statement.
func (s *Store) linkSuccessors(tx *gorm.DB, links map[string]string, now time.Time, by string) error {
	pairs, err := json.Marshal(links)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE registration_tokens SET replaced_by_id = given.successor, replaced_at = ?, updated_at = ?,
		disabled_by = CASE WHEN disabled_at IS NULL THEN ? ELSE disabled_by END, disabled_at = COALESCE(disabled_at, ?)
		FROM `+s.given("successor", "text")+` WHERE registration_tokens.id = given.id`, now, now, by, now, string(pairs)).Error
}
