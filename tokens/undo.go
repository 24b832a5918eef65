package tokens

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"muster/models"
)

// undoable are the actions that can be taken back.
var undoable = []models.AuditAction{
	models.AuditRegistrationTokenUpdated, models.AuditRegistrationTokenEnabled, models.AuditRegistrationTokenDisabled,
}

// UndoRegistrationTokens takes back what one call of the actor changed about
// registration tokens, named by its request id: each field that still is as that call
// left it becomes what it was before. What cannot be put back stays as it is, with all
// of its registration token. Only the newest 500 changes of an actor can be taken
// back. The actor needs PermissionRegistrationTokenWrite. KindNotFound.
func (s *Service) UndoRegistrationTokens(ctx context.Context, actor models.Actor, requestID string) (models.SelectionEdit, error) {
	if err := actor.Require(models.PermissionRegistrationTokenWrite); err != nil {
		return models.SelectionEdit{}, err
	}
	filter := models.AuditFilter{ActorID: actor.ID, ObjectKind: models.ObjectRegistrationToken, Actions: undoable}
	found, err := s.store.AuditEvents(ctx, filter, models.PageRequest{Size: models.MaxPageSize})
	if err != nil {
		return models.SelectionEdit{}, err
	}
	done := map[string]models.AuditEvent{}
	var ids []string
	for _, e := range found.Items {
		if e.RequestID == requestID {
			done[e.ObjectID], ids = e, append(ids, e.ObjectID)
		}
	}
	if len(ids) == 0 {
		e := models.NotFound("change that can be undone")
		e.NextStep = "Only who made a change can undo it. The changes of each registration token say what it was before."
		return models.SelectionEdit{}, e
	}
	slices.Sort(ids)
	now := s.now()
	return s.editEach(ctx, actor, slices.Compact(ids), now, func(t *models.RegistrationToken) (models.RegistrationTokenChange, models.LeftOut) {
		return undo(t, done[t.ID], now)
	}, map[string]any{"undo": true}, func([]models.RegistrationToken, int) error { return nil })
}

// undo is what a registration token was before an event, or why it cannot be that
// again.
func undo(t *models.RegistrationToken, e models.AuditEvent, now time.Time) (models.RegistrationTokenChange, models.LeftOut) {
	present := t.Unchanged()
	before, after := present, present
	// An event says only what it changed; anything else in it is no such field.
	var detail map[string]json.RawMessage
	if json.Unmarshal([]byte(e.Detail), &detail) != nil {
		return present, models.LeftChanged
	}
	restored := false
	for name, into := range map[string]func(*models.RegistrationTokenChange) any{
		"identifier":     func(c *models.RegistrationTokenChange) any { return &c.Identifier },
		"refId1":         func(c *models.RegistrationTokenChange) any { return &c.RefID1 },
		"refId2":         func(c *models.RegistrationTokenChange) any { return &c.RefID2 },
		"note":           func(c *models.RegistrationTokenChange) any { return &c.Note },
		"count":          func(c *models.RegistrationTokenChange) any { return &c.Count },
		"expirationDate": func(c *models.RegistrationTokenChange) any { return &c.ExpiresAt },
		"isEnabled":      func(c *models.RegistrationTokenChange) any { return &c.Enabled },
	} {
		raw, there := detail[name]
		if !there {
			continue
		}
		values := struct{ From, To any }{into(&before), into(&after)}
		if json.Unmarshal(raw, &values) != nil {
			return present, models.LeftChanged
		}
		restored = true
	}
	switch {
	case t.DeletedAt != nil:
		return present, models.LeftDeleted
	case t.ReplacedByID != nil && before.Enabled:
		return present, models.LeftReplaced
	case restored && len(differences(present, before)) == 0:
		return present, models.LeftUndone
	case !restored || len(differences(present, after)) > 0 || !after.Enabled && before.Enabled && !t.DisabledAt.Equal(e.OccurredAt):
		return present, models.LeftChanged
	case !now.Before(t.ExpiresAt):
		return present, models.LeftExpired
	case before.Count < t.UsedCount:
		return present, models.LeftUsed
	case !now.Before(before.ExpiresAt):
		return present, models.LeftPast
	}
	return before, ""
}
