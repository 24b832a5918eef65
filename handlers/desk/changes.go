package desk

import (
	"cmp"
	"context"
	"slices"

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
		models.AuditRegistrationTokenAdmissionSet, models.AuditCountReclaimed, models.AuditNoteAdded,
	},
	models.ObjectAuthToken: {models.AuditAuthTokenUpdated, models.AuditAuthTokenDeleted, models.AuditAuthTokenEnded, models.AuditNoteAdded},
}

// trailReader reads the audit trail.
type trailReader interface {
	AuditEvents(ctx context.Context, v seen.Viewer, f models.AuditFilter, p models.PageRequest) (seen.Page[seen.AuditEvent], error)
}

// changesOf reads what people did with an object, and with the requests about it,
// newest first.
func changesOf(ctx context.Context, read trailReader, v seen.Viewer, kind, id string, asked []seen.Request) ([]seen.AuditEvent, error) {
	filter := models.AuditFilter{ObjectKind: kind, ObjectID: id, Actions: changeActions[kind]}
	page := models.PageRequest{Size: changesShown}
	found, err := read.AuditEvents(ctx, v, filter, page)
	if err != nil || len(asked) == 0 {
		return found.Items, err
	}
	filter = models.AuditFilter{ObjectKind: models.ObjectRequest}
	for i := range asked {
		filter.ObjectIDs = append(filter.ObjectIDs, asked[i].ID)
	}
	requests, err := read.AuditEvents(ctx, v, filter, page)
	if err != nil {
		return nil, err
	}
	all := append(found.Items, requests.Items...)
	slices.SortStableFunc(all, func(a, b seen.AuditEvent) int {
		return cmp.Or(b.OccurredAt.Compare(a.OccurredAt), cmp.Compare(b.ID, a.ID))
	})
	return all[:min(len(all), changesShown)], nil
}
