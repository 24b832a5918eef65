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

// DeleteAuthTokens deletes what the filter selects and is not deleted yet,
// reclaims if asked, and writes an audit event for each deletion and reclaim,
// derived from event: ID and ObjectID are replaced. It returns the effect and the
// registration tokens whose used count changed. KindConflict
// with CodeUnexpectedNumber when d.Expected differs from the number that would
// be deleted; KindInvalid for an empty filter.
func (s *Store) DeleteAuthTokens(ctx context.Context, d models.AuthTokenDeletion, now time.Time, by string, event models.AuditEvent) (models.AuthTokenDeletionResult, []string, error) {
	var result models.AuthTokenDeletionResult
	var touched []string
	if d.Filter.Empty() {
		return result, nil, models.InvalidField("filter", "The filter must name at least one field.")
	}
	run := func(tx *gorm.DB) error {
		result, touched = models.AuthTokenDeletionResult{}, nil
		if d.DryRun {
			var err error
			result, err = s.previewDeletion(tx, d, now)
			return err
		}
		if d.ReturnCount {
			if err := s.lockRegistrationTokensOf(tx, d.Filter, now); err != nil {
				return err
			}
		}
		matched, err := s.selectForDeletion(tx, d.Filter, now)
		if err != nil {
			return err
		}
		rows := slices.DeleteFunc(slices.Clone(matched), func(r deletedRow) bool { return r.DeletedAt != nil })
		result = countDeletion(matched, rows)
		if err := checkExpected(d, len(rows)); err != nil {
			return err
		}
		if d.ReturnCount {
			result.Reclaimed, touched = len(rows), registrationTokensOf(rows)
		}
		return s.markDeleted(tx, rows, deletion{reason: d.Reason, reclaim: d.ReturnCount, now: now, by: by, event: event})
	}
	var err error
	if d.DryRun {
		err = s.failure(s.snapshot(ctx, run), authToken)
	} else {
		err = s.change(ctx, authToken, run)
	}
	if err != nil {
		return models.AuthTokenDeletionResult{}, nil, err
	}
	return result, touched, nil
}

// deletedRow is what a deletion needs to know about an auth token.
type deletedRow struct {
	ID                  string
	RegistrationTokenID string
	RedemptionID        string
	PersonKey           string
	DeviceKey           string
	LastSeenAt          time.Time
	DeletedAt           *time.Time
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

// selectForDeletion reads and locks what the filter selects, ordered by id.
func (s *Store) selectForDeletion(tx *gorm.DB, f models.AuthTokenFilter, now time.Time) ([]deletedRow, error) {
	selected, err := s.filterAuthTokens(tx, f, now)
	if err != nil {
		return nil, err
	}
	var rows []deletedRow
	err = s.locked(selected).Order("id").Find(&rows).Error
	return rows, err
}

func checkExpected(d models.AuthTokenDeletion, number int) error {
	if d.Expected == nil || *d.Expected == number {
		return nil
	}
	return models.Conflict(models.CodeUnexpectedNumber,
		fmt.Sprintf("%d auth tokens would be deleted, not the expected %d. Nothing was changed.", number, *d.Expected))
}

// previewDeletion counts what a deletion would do. The database counts, so that a
// million rows need not be read.
func (s *Store) previewDeletion(tx *gorm.DB, d models.AuthTokenDeletion, now time.Time) (models.AuthTokenDeletionResult, error) {
	var result models.AuthTokenDeletionResult
	selected, err := s.filterAuthTokens(tx, d.Filter, now)
	if err != nil {
		return result, err
	}
	selected = selected.Session(&gorm.Session{})
	if err := selected.Select(`COUNT(*) AS matched,
		COALESCE(SUM(CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END), 0) AS deleted,
		COUNT(DISTINCT CASE WHEN deleted_at IS NULL AND person_key <> '' THEN person_key END) AS people,
		COUNT(DISTINCT CASE WHEN deleted_at IS NULL AND device_key <> '' THEN device_key END) AS devices`).Scan(&result).Error; err != nil {
		return result, err
	}
	result.AlreadyDeleted = result.Matched - result.Deleted
	if d.ReturnCount {
		result.Reclaimed = result.Deleted
	}
	if err := checkExpected(d, result.Deleted); err != nil || result.Deleted == 0 {
		return result, err
	}
	return result, selected.Where("deleted_at IS NULL").Order("last_seen_at DESC").Limit(1).Pluck("last_seen_at", &result.LastSeenAt).Error
}

func countDeletion(matched, rows []deletedRow) models.AuthTokenDeletionResult {
	people, devices, last := map[string]bool{"": true}, map[string]bool{"": true}, time.Time{}
	for _, r := range rows {
		people[r.PersonKey], devices[r.DeviceKey] = true, true
		if r.LastSeenAt.After(last) {
			last = r.LastSeenAt
		}
	}
	return models.AuthTokenDeletionResult{
		Matched: len(matched), Deleted: len(rows), AlreadyDeleted: len(matched) - len(rows),
		People: len(people) - 1, Devices: len(devices) - 1, LastSeenAt: last,
	}
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
