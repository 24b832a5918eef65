package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/deletion"
)

// DeleteAuthTokens deletes what the filter selects and is not deleted yet. If
// asked, it gives their counts back, and those of selected ones that were deleted
// without. It writes an audit event for each deletion and reclaim, derived from
// event: ID and ObjectID are replaced. It returns the effect and the registration
// tokens whose used count changed. KindConflict with CodeUnexpectedNumber when
// d.Expected differs from the number acted on, with CodeSeveralMatch when a name in
// the filter fits several people or devices; KindInvalid for an empty filter;
// KindUnavailable when the filter asks the desk and that lacks something that was
// committed before.
func (s *Store) DeleteAuthTokens(ctx context.Context, d models.AuthTokenDeletion, now time.Time, by string, event models.AuditEvent) (models.AuthTokenDeletionResult, []string, error) {
	var result models.AuthTokenDeletionResult
	var touched []string
	if d.Filter.Empty() {
		return result, nil, models.InvalidField("filter", "The filter must name at least one field.")
	}
	var err error
	if err := s.awaitDeskForDeletion(ctx, d.Filter); err != nil {
		return result, nil, err
	}
	if d.DryRun {
		if d.Filter.Finding != "" {
			ids, err := deletion.Foreseen(ctx, s.read, d, s.evidence, s.snapshot)
			if err != nil {
				return result, nil, s.failure(err, authToken)
			}
			d.Filter.Finding, d.Filter.IDs = "", ids
		}
		err = s.failure(s.snapshot(ctx, func(tx *gorm.DB) error {
			selected, err := s.chosenForDeletion(tx, d, now)
			if err == nil {
				result, err = deletion.Count(selected, d)
			}
			return err
		}), authToken)
	} else {
		how := mark{reason: d.Reason, reclaim: d.ReturnCount, now: now, by: by, event: event}
		err = s.change(ctx, authToken, func(tx *gorm.DB) (err error) {
			result, touched, err = s.deleteAuthTokens(tx, d, how)
			return err
		})
	}
	if err != nil {
		return models.AuthTokenDeletionResult{}, nil, err
	}
	return result, touched, nil
}

// deleteAuthTokens locks what the filter selects, counts it as a preview does, and
// acts on it.
func (s *Store) deleteAuthTokens(tx *gorm.DB, d models.AuthTokenDeletion, how mark) (models.AuthTokenDeletionResult, []string, error) {
	var result models.AuthTokenDeletionResult
	if err := s.lockRegistrationTokensOf(tx, d, how.now); err != nil {
		return result, nil, err
	}
	ids, err := s.lockForDeletion(tx, d, how.now)
	if err != nil {
		return result, nil, err
	}
	for _, id := range ids {
		if err := s.requireVersion(tx, d.IfVersion, id); err != nil {
			return result, nil, err
		}
	}
	selected := tx.Model(&models.AuthToken{}).Where(s.oneOf("id", ids)).Session(&gorm.Session{})
	if result, err = deletion.Count(selected, d); err != nil {
		return result, nil, err
	}
	var live, late []deletedRow
	if err := selected.Where("deleted_at IS NULL").Order("id").Find(&live).Error; err != nil {
		return result, nil, err
	}
	if err := s.markDeleted(tx, live, how); err != nil || !d.ReturnCount {
		return result, nil, err
	}
	// Those just marked are reclaimed already.
	if err := selected.Where(deletion.NotReclaimed).Order("id").Find(&late).Error; err != nil {
		return result, nil, err
	}
	return result, registrationTokensOf(slices.Concat(live, late)), s.reclaimLate(tx, late, how)
}

// deletedRow is what a deletion needs to know about an auth token.
type deletedRow struct {
	ID                  string
	RegistrationTokenID string
	RedemptionID        string
}

type mark struct {
	reason  string
	reclaim bool
	now     time.Time
	by      string
	event   models.AuditEvent
}

func registrationTokensOf(rows []deletedRow) []string {
	ids := idsOf(rows, func(r *deletedRow) string { return r.RegistrationTokenID })
	slices.Sort(ids)
	return slices.Compact(ids)
}

// markDeleted marks the rows deleted, and writes the audit events and reclaims.
// The rows must be locked, and none may be deleted yet.
func (s *Store) markDeleted(tx *gorm.DB, rows []deletedRow, d mark) error {
	if len(rows) == 0 {
		return nil
	}
	ids := idsOf(rows, func(r *deletedRow) string { return r.ID })
	done := tx.Model(&models.AuthToken{}).Where(s.oneOf("id", ids)).Where("deleted_at IS NULL").
		UpdateColumns(map[string]any{
			"deleted_at": d.now, "deleted_by": d.by, "delete_reason": d.reason, "count_reclaimed": d.reclaim,
		})
	if done.Error != nil {
		return done.Error
	}
	if int(done.RowsAffected) != len(rows) {
		return fmt.Errorf("%d of %d auth tokens were deleted", done.RowsAffected, len(rows))
	}
	if err := s.auditDeletion(tx, rows, d); err != nil {
		return err
	}
	if !d.reclaim {
		return nil
	}
	return s.reclaim(tx, rows, d)
}

func (s *Store) auditDeletion(tx *gorm.DB, rows []deletedRow, d mark) error {
	events := make([]models.AuditEvent, len(rows))
	for i, r := range rows {
		e := &events[i]
		*e = d.event
		e.ObjectID = r.ID
		detail := map[string]any{"reason": d.reason, "registrationTokenId": r.RegistrationTokenID, "countReclaimed": d.reclaim}
		if err := s.complete(e, d.now, detail); err != nil {
			return err
		}
	}
	return appendAudit(tx, events...)
}

// complete gives an event an id, and the detail unless it has one.
func (s *Store) complete(e *models.AuditEvent, now time.Time, detail map[string]any) (err error) {
	if e.Detail == "" {
		text, err := json.Marshal(detail)
		if err != nil {
			return err
		}
		e.Detail = string(text)
	}
	e.ID, err = s.newID(now)
	return err
}

// reclaimLate gives back the counts of rows that were deleted without. The rows and
// their registration tokens must be locked.
func (s *Store) reclaimLate(tx *gorm.DB, rows []deletedRow, d mark) error {
	if len(rows) == 0 {
		return nil
	}
	ids := idsOf(rows, func(r *deletedRow) string { return r.ID })
	done := tx.Model(&models.AuthToken{}).Where(s.oneOf("id", ids)).Where(deletion.NotReclaimed).UpdateColumn("count_reclaimed", true)
	if done.Error != nil {
		return done.Error
	}
	if int(done.RowsAffected) != len(rows) {
		return fmt.Errorf("the counts of %d of %d auth tokens were given back", done.RowsAffected, len(rows))
	}
	return s.reclaim(tx, rows, d)
}

// reclaim gives back the count of each row: it writes a ledger entry and an audit
// event, and lowers the used count by one.
func (s *Store) reclaim(tx *gorm.DB, rows []deletedRow, d mark) error {
	reclaims := make([]models.Reclaim, len(rows))
	events := make([]models.AuditEvent, len(rows))
	counts := map[string]int{}
	for i, r := range rows {
		id, err := s.newID(d.now)
		if err != nil {
			return err
		}
		reclaims[i] = models.Reclaim{
			ID: id, RegistrationTokenID: r.RegistrationTokenID, RedemptionID: r.RedemptionID, AuthTokenID: r.ID,
			ReclaimedAt: d.now, ReclaimedBy: d.by, Reason: d.reason,
		}
		e := &events[i]
		*e = d.event
		e.Action, e.ObjectKind, e.ObjectID, e.Detail = models.AuditCountReclaimed, models.ObjectRegistrationToken, r.RegistrationTokenID, ""
		if err := s.complete(e, d.now, map[string]any{"authTokenId": r.ID, "reason": d.reason}); err != nil {
			return err
		}
		counts[r.RegistrationTokenID]++
	}
	if err := tx.CreateInBatches(&reclaims, batchRows).Error; err != nil {
		return err
	}
	if err := appendAudit(tx, events...); err != nil {
		return err
	}
	return s.lowerUsedCounts(tx, counts)
}

// lowerUsedCounts subtracts all counts in one statement.
func (s *Store) lowerUsedCounts(tx *gorm.DB, counts map[string]int) error {
	numbers, err := json.Marshal(counts)
	if err != nil {
		return err
	}
	done := tx.Exec("UPDATE registration_tokens SET used_count = used_count - given.n FROM "+s.given("n", "integer")+
		" WHERE registration_tokens.id = given.id", string(numbers))
	if done.Error == nil && int(done.RowsAffected) != len(counts) {
		return fmt.Errorf("the used count of %d of %d registration tokens was lowered", done.RowsAffected, len(counts))
	}
	return done.Error
}
