package tokens

import (
	"context"
	"fmt"
	"maps"
	"time"

	"muster/models"
)

// DisableRegistrationTokens disables those of ids, at most models.MaxPageSize, that
// are not deleted, disabled or expired, all of them or none; the others stay as
// they are. The actor needs PermissionRegistrationTokenWrite.
// KindInvalid with the field id; KindNotFound.
func (s *Service) DisableRegistrationTokens(ctx context.Context, actor models.Actor, ids []string) (models.SelectionResult, error) {
	if err := checkSelection(actor, ids); err != nil || len(ids) == 0 {
		return models.SelectionResult{}, err
	}
	now := s.now()
	event, err := s.event(now, actor, models.AuditRegistrationTokenDisabled, models.ObjectRegistrationToken, "",
		map[string]fieldChange{"isEnabled": {From: true, To: false}})
	if err != nil {
		return models.SelectionResult{}, err
	}
	result, changed, err := s.store.DisableRegistrationTokens(ctx, ids, now, actor.Name, event)
	s.notifyEach(changed, ChangeRegistrationToken)
	return result, err
}

// DeleteRegistrationTokens is [Service.DeleteRegistrationToken] for at most
// models.MaxPageSize, all of them or none; d.Expected is the number of live auth
// tokens of all that it deletes. Those already deleted stay as they are, with their
// auth tokens. KindInvalid also with the field id.
func (s *Service) DeleteRegistrationTokens(ctx context.Context, actor models.Actor, ids []string, d models.RegistrationTokenDeletion) (models.SelectionResult, error) {
	if err := checkSelection(actor, ids); err != nil || len(ids) == 0 {
		return models.SelectionResult{}, err
	}
	now := s.now()
	event, err := s.deletionEvent(now, actor, "", &d)
	if err != nil {
		return models.SelectionResult{}, err
	}
	result, changed, err := s.store.DeleteRegistrationTokens(ctx, ids, d, now, actor.Name, event)
	s.notifyEach(changed, ChangeRegistrationToken)
	if result.AuthTokens > 0 {
		s.notifyEach(changed, ChangeAuthTokenDeleted)
	}
	return result, err
}

func checkSelection(actor models.Actor, ids []string) error {
	if err := actor.Require(models.PermissionRegistrationTokenWrite); err != nil {
		return err
	}
	if len(ids) > models.MaxPageSize {
		return models.InvalidField("id", "At most 500 registration tokens can be changed at once.")
	}
	return nil
}

func (s *Service) notifyEach(registrationTokenIDs []string, kind ChangeKind) {
	for _, id := range registrationTokenIDs {
		s.notify(Change{RegistrationTokenID: id, Kind: kind})
	}
}

// maxExtension is the most days by which an expiry can be moved at once; how far
// ahead one may be in all is configured.
const maxExtension = 3660

// EditRegistrationTokens makes a change of those of ids, at most
// models.MaxPageSize, that it can be made of, all of them or none; the others stay as
// they are. expected is how many will be changed. The actor needs
// PermissionRegistrationTokenWrite. KindInvalid with the fields id, by, days,
// expirationDate; KindConflict with CodeUnexpectedNumber; KindStale when
// change.IfVersion has not their joint version; KindNotFound.
func (s *Service) EditRegistrationTokens(ctx context.Context, actor models.Actor, ids []string, change models.SelectionChange, expected int) (models.SelectionEdit, error) {
	if err := checkSelection(actor, ids); err != nil {
		return models.SelectionEdit{}, err
	}
	now := s.now()
	var c checker
	switch {
	case change.ExpiresAt != nil:
		change.ExpiresAt = new(change.ExpiresAt.UTC().Truncate(time.Second))
		c.expiry(*change.ExpiresAt, now, s.cfg.MaxTokenLifetime)
	case change.ExtendDays != 0:
		if change.ExtendDays < 1 || change.ExtendDays > maxExtension {
			c.fail("days", "Extend by 1 to 3,660 days.")
		}
	case change.RaiseBy < 1 || change.RaiseBy > models.MaxCount:
		c.fail("by", "Raise by 1 to 1,000,000.")
	}
	if err := c.err(); err != nil {
		return models.SelectionEdit{}, err
	}
	return s.editEach(ctx, actor, ids, now, func(t *models.RegistrationToken) (models.RegistrationTokenChange, models.LeftOut) {
		return t.After(change, now, s.cfg.MaxTokenLifetime)
	}, nil, func(rows []models.RegistrationToken, changed int) error {
		versions := make([]string, len(rows))
		for i := range rows {
			versions[i] = rows[i].Version()
		}
		if err := change.IfVersion.Require(models.JointVersion(versions)); err != nil || changed == expected {
			return err
		}
		return models.Conflict(models.CodeUnexpectedNumber,
			fmt.Sprintf("%d registration tokens would be changed, not the expected %d. Nothing was changed.", changed, expected))
	})
}

// editEach makes of each what decide says, with facts in the detail of its event, if
// check allows it.
func (s *Service) editEach(
	ctx context.Context, actor models.Actor, ids []string, now time.Time,
	decide func(*models.RegistrationToken) (models.RegistrationTokenChange, models.LeftOut), facts map[string]any,
	check func(rows []models.RegistrationToken, changed int) error,
) (models.SelectionEdit, error) {
	var result models.SelectionEdit
	var changed []string
	err := s.store.EditRegistrationTokens(ctx, ids, now, actor.Name, func(rows []models.RegistrationToken) ([]models.RegistrationTokenEdit, error) {
		var edits []models.RegistrationTokenEdit
		result, changed = models.SelectionEdit{Left: map[models.LeftOut]int{}}, nil
		for i := range rows {
			t := &rows[i]
			result.IDs = append(result.IDs, t.ID)
			to, left := decide(t)
			if left != "" {
				result.Left[left]++
				continue
			}
			differ := differences(t.Unchanged(), to)
			detail := editDetail(differ, "")
			maps.Copy(detail, facts)
			event, err := s.event(now, actor, editAction(differ, to), models.ObjectRegistrationToken, t.ID, detail)
			if err != nil {
				return nil, err
			}
			edits, changed = append(edits, models.RegistrationTokenEdit{Row: t, Change: to, Event: event}), append(changed, t.ID)
		}
		result.Changed = len(edits)
		return edits, check(rows, len(edits))
	})
	if err != nil {
		return models.SelectionEdit{}, err
	}
	s.notifyEach(changed, ChangeRegistrationToken)
	return result, nil
}
