package handlers

import (
	"cmp"
	"context"
	"slices"

	"muster/models"
	"muster/views/layout"
)

// The kinds of object in the trail that have a page, and some that have none.
const (
	objectRegistrationToken = models.ObjectRegistrationToken
	objectAuthToken         = models.ObjectAuthToken
	objectRefusedAttempt    = models.ObjectRefusedAttempt
	objectAPIKey            = models.ObjectAPIKey
	objectSigningKey        = models.ObjectSigningKey
	objectRoute             = models.ObjectRoute
	objectList              = models.ObjectList
)

// objectNames finds the labels of what a page of the trail is about, as the
// actor may see them.
func (h *adminHandler) objectNames(ctx context.Context, events []models.AuditEvent, actor models.Actor) (map[string]string, error) {
	ids := map[string][]string{}
	for i := range events {
		e := &events[i]
		if !slices.Contains(ids[e.ObjectKind], e.ObjectID) {
			ids[e.ObjectKind] = append(ids[e.ObjectKind], e.ObjectID)
		}
	}
	names, mask := map[string]string{}, masker(actor)
	if found := ids[objectRegistrationToken]; len(found) > 0 {
		registrationTokens, err := h.store.Usage(ctx, found)
		if err != nil {
			return nil, err
		}
		for i := range registrationTokens {
			names[registrationTokens[i].ID] = mask(registrationTokens[i].Identifier)
		}
	}
	if found := ids[objectAuthToken]; len(found) > 0 {
		page := models.PageRequest{Size: models.MaxPageSize}
		authTokens, err := h.store.AuthTokens(ctx, models.AuthTokenFilter{IDs: found}, page, h.now().UTC())
		if err != nil {
			return nil, err
		}
		for i := range authTokens.Items {
			names[authTokens.Items[i].ID] = authTokenTitle(masked(actor, &authTokens.Items[i]))
		}
	}
	for _, code := range ids[objectRefusedAttempt] {
		names[code] = code // purges have none
	}
	if len(ids[objectAPIKey]) > 0 {
		keys, err := h.store.APIKeys(ctx)
		if err != nil {
			return nil, err
		}
		for i := range keys {
			names[keys[i].ID] = mask(keys[i].Name)
		}
	}
	return names, nil
}

// auditObject is what an event is about, with the way there.
func auditObject(e *models.AuditEvent, names map[string]string, mask func(string) string) layout.Link {
	link := layout.Link{Label: cmp.Or(names[e.ObjectID], mask(e.ObjectID))}
	if names[e.ObjectID] == "" {
		return link // not there (any more), or without a page
	}
	switch e.ObjectKind {
	case objectRegistrationToken:
		link.URL = registrationTokenURL(e.ObjectID)
	case objectAuthToken:
		link.URL = authTokenURL(e.ObjectID)
	case objectRefusedAttempt:
		link.URL = attemptURL(e.ObjectID)
	}
	return link
}
