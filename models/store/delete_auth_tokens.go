package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// DeleteAuthTokens deletes what the filter selects and is not deleted yet. If
// asked, it gives their counts back, and those of selected ones that were deleted
// without. It writes an audit event for each deletion and reclaim, derived from
// event: ID and ObjectID are replaced. It returns the effect and the registration
// tokens whose used count changed. KindConflict with CodeUnexpectedNumber when
// d.Expected differs from the number acted on; KindInvalid for an empty filter;
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
		err = s.failure(s.snapshot(ctx, func(tx *gorm.DB) error {
			selected, err := s.filterAuthTokens(tx, d.Filter, now)
			if err == nil {
				result, err = countDeletion(selected, d)
			}
			return err
		}), authToken)
	} else {
		how := deletion{reason: d.Reason, reclaim: d.ReturnCount, now: now, by: by, event: event}
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
func (s *Store) deleteAuthTokens(tx *gorm.DB, d models.AuthTokenDeletion, how deletion) (models.AuthTokenDeletionResult, []string, error) {
	var result models.AuthTokenDeletionResult
	if d.ReturnCount {
		if err := s.lockRegistrationTokensOf(tx, d.Filter, how.now); err != nil {
			return result, nil, err
		}
	}
	ids, err := s.lockForDeletion(tx, d.Filter, how.now)
	if err != nil {
		return result, nil, err
	}
	selected := tx.Model(&models.AuthToken{}).Where(s.oneOf("id", ids)).Session(&gorm.Session{})
	if result, err = countDeletion(selected, d); err != nil {
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
	if err := selected.Where(notReclaimed).Order("id").Find(&late).Error; err != nil {
		return result, nil, err
	}
	return result, registrationTokensOf(slices.Concat(live, late)), s.reclaimLate(tx, late, how)
}

// notReclaimed holds for those that were deleted and still hold their count.
const notReclaimed = "deleted_at IS NOT NULL AND NOT count_reclaimed"

// deletedRow is what a deletion needs to know about an auth token.
type deletedRow struct {
	ID                  string
	RegistrationTokenID string
	RedemptionID        string
}

type deletion struct {
	reason  string
	reclaim bool
	now     time.Time
	by      string
	event   models.AuditEvent
}

// lockRegistrationTokensOf takes the row locks in the same order as a redemption
// (registration token first, by id), so that the two cannot deadlock on
// PostgreSQL.
func (s *Store) lockRegistrationTokensOf(tx *gorm.DB, f models.AuthTokenFilter, now time.Time) error {
	if s.dialect == SQLite {
		return nil
	}
	selected, err := s.filterAuthTokens(tx, f, now)
	if err != nil {
		return err
	}
	var ids []string
	return s.locked(tx.Model(&models.RegistrationToken{})).
		Where("id IN (?)", selected.Select("registration_token_id")).Order("id").Pluck("id", &ids).Error
}

// lockForDeletion locks what the filter selects, in the order of ids. Before it says
// what is in surplus, it locks all of each device, also the one that is kept.
func (s *Store) lockForDeletion(tx *gorm.DB, f models.AuthTokenFilter, now time.Time) ([]string, error) {
	if f.Lens == models.LensSurplus {
		shared := f
		shared.Lens = models.LensSharedDevice
		if _, err := s.lockForDeletion(tx, shared, now); err != nil {
			return nil, err
		}
	}
	selected, err := s.filterAuthTokens(tx, f, now)
	if err != nil {
		return nil, err
	}
	var ids []string
	return ids, s.locked(selected).Order("id").Pluck("id", &ids).Error
}

// countDeletion counts what a deletion does to the selected, before it does it:
// previews and deletions call it, so that they agree. The database counts, so that
// a preview of a million rows need not read them.
func countDeletion(selected *gorm.DB, d models.AuthTokenDeletion) (models.AuthTokenDeletionResult, error) {
	acted, late := "deleted_at IS NULL", "1 = 0"
	if d.ReturnCount {
		acted, late = "(deleted_at IS NULL OR NOT count_reclaimed)", notReclaimed
	}
	selected = selected.Session(&gorm.Session{})
	var result models.AuthTokenDeletionResult
	if err := selected.Select(`COUNT(*) AS matched,
		COALESCE(SUM(CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END), 0) AS deleted,
		COALESCE(SUM(CASE WHEN ` + late + ` THEN 1 ELSE 0 END), 0) AS late,
		COUNT(DISTINCT CASE WHEN ` + acted + ` THEN ` + deskKey("person") + ` END) AS people,
		COUNT(DISTINCT CASE WHEN ` + acted + ` THEN ` + deskKey("device") + ` END) AS devices`).Scan(&result).Error; err != nil {
		return result, err
	}
	result.AlreadyDeleted = result.Matched - result.Deleted
	if d.ReturnCount {
		result.Reclaimed = result.Acted()
	}
	if n := result.Acted(); d.Expected != nil && *d.Expected != n {
		return result, models.Conflict(models.CodeUnexpectedNumber,
			fmt.Sprintf("%d auth tokens would be deleted%s, not the expected %d. Nothing was changed.", n, orGivenBack(result), *d.Expected))
	}
	if result.Deleted == 0 {
		return result, nil
	}
	return result, selected.Where("deleted_at IS NULL").Order("last_seen_at DESC").Limit(1).Pluck("last_seen_at", &result.LastSeenAt).Error
}

func orGivenBack(r models.AuthTokenDeletionResult) string {
	if r.Late == 0 {
		return ""
	}
	return " or have their counts given back"
}

func registrationTokensOf(rows []deletedRow) []string {
	ids := idsOf(rows, func(r *deletedRow) string { return r.RegistrationTokenID })
	slices.Sort(ids)
	return slices.Compact(ids)
}

// markDeleted marks the rows deleted, and writes the audit events and reclaims.
// The rows must be locked, and none may be deleted yet.
func (s *Store) markDeleted(tx *gorm.DB, rows []deletedRow, d deletion) error {
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

func (s *Store) auditDeletion(tx *gorm.DB, rows []deletedRow, d deletion) error {
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
func (s *Store) reclaimLate(tx *gorm.DB, rows []deletedRow, d deletion) error {
	if len(rows) == 0 {
		return nil
	}
	ids := idsOf(rows, func(r *deletedRow) string { return r.ID })
	done := tx.Model(&models.AuthToken{}).Where(s.oneOf("id", ids)).Where(notReclaimed).UpdateColumn("count_reclaimed", true)
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
func (s *Store) reclaim(tx *gorm.DB, rows []deletedRow, d deletion) error {
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
	given := "SELECT key AS id, value AS n FROM json_each(?)"
	if s.dialect == PostgreSQL {
		given = "SELECT key AS id, CAST(value AS integer) AS n FROM jsonb_each_text(CAST(? AS jsonb))"
	}
	done := tx.Exec("UPDATE registration_tokens SET used_count = used_count - given.n FROM ("+given+
		") AS given WHERE registration_tokens.id = given.id", string(numbers))
	if done.Error == nil && int(done.RowsAffected) != len(counts) {
		return fmt.Errorf("the used count of %d of %d registration tokens was lowered", done.RowsAffected, len(counts))
	}
	return done.Error
}
