package desk

import (
	"context"

	"muster/models"
	"muster/seen"
)

// changesShown bounds the changes of a page; nothing changes that often.
const changesShown = 100

// changeActions are the actions that change a kind of object. Redemptions are left
// out: they have a list of their own.
var changeActions = map[string][]models.AuditAction{
	models.ObjectRegistrationToken: {
		models.AuditRegistrationTokenCreated, models.AuditRegistrationTokenUpdated,
		models.AuditRegistrationTokenEnabled, models.AuditRegistrationTokenDisabled,
		models.AuditRegistrationTokenReplaced, models.AuditRegistrationTokenDeleted,
		models.AuditRegistrationTokenAdmissionSet, models.AuditCountReclaimed,
	},
	models.ObjectAuthToken: {models.AuditAuthTokenUpdated, models.AuditAuthTokenDeleted, models.AuditAuthTokenEnded},
}

// trailReader reads the audit trail.
type trailReader interface {
	AuditEvents(ctx context.Context, v seen.Viewer, f models.AuditFilter, p models.PageRequest) (seen.Page[seen.AuditEvent], error)
}

// changesOf reads what people did with an object, newest first.
func changesOf(ctx context.Context, read trailReader, v seen.Viewer, kind, id string) ([]seen.AuditEvent, error) {
	filter := models.AuditFilter{ObjectKind: kind, ObjectID: id, Actions: changeActions[kind]}
	found, err := read.AuditEvents(ctx, v, filter, models.PageRequest{Size: changesShown})
	return found.Items, err
}
