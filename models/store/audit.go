package store

import (
	"context"

	"muster/models"
)

type auditRow = models.AuditEvent

var auditList = list[auditRow]{
	name:   "auditEvents",
	newest: order[auditRow]{"occurred_at", func(e *auditRow) any { return e.OccurredAt }},
	id:     func(e *auditRow) string { return e.ID },
}

// AuditEvents lists those the filter selects, newest first. KindInvalid with
// the field pageSize, pageToken or sortBy.
func (s *Store) AuditEvents(ctx context.Context, filter models.AuditFilter, page models.PageRequest) (models.Page[models.AuditEvent], error) {
	db := s.read.WithContext(ctx).Model(&models.AuditEvent{})
	for _, exact := range []struct{ column, value string }{
		{"object_kind", filter.ObjectKind},
		{"object_id", filter.ObjectID},
		{"actor_id", filter.ActorID},
		{"action", string(filter.Action)},
	} {
		if exact.value != "" {
			db = db.Where(exact.column+" = ?", exact.value)
		}
	}
	if len(filter.Actions) > 0 {
		actions := make([]string, len(filter.Actions))
		for i, action := range filter.Actions {
			actions[i] = string(action)
		}
		condition, arg := s.oneOf("action", actions)
		db = db.Where(condition, arg)
	}
	result, err := auditList.page(db, filter, page)
	return result, s.failure(err, "audit event")
}
