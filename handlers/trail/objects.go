package trail

import (
	"cmp"
	"context"
	"time"

	"muster/models"
	"muster/seen"
	"muster/tokens"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
	views "muster/views/trail"
)

// objects finds what the events of a page are about, by id: one read for each
// kind of object.
func (h *Trail) objects(ctx context.Context, v seen.Viewer, events []seen.AuditEvent, now time.Time) (map[string]views.Object, error) {
	objects, ids := map[string]views.Object{}, map[string][]string{}
	requested := map[string][]string{} // requests by registration token, whose name they go by
	for i := range events {
		kind, id := events[i].ObjectKind, events[i].ObjectID
		if _, known := objects[id]; known {
			continue
		}
		ids[kind] = append(ids[kind], id)
		object := views.Object{Link: layout.Link{Label: id}}
		if tokens.ValidID(id) {
			object.TrailURL = paths.AuditOf(id)
		}
		if kind == models.ObjectRefusedAttempt && id != "" { // purges have none
			object.URL = paths.Attempt(id)
		}
		objects[id] = object
		if of := telling.RegistrationTokenOf(&events[i]); of != "" {
			ids[models.ObjectRegistrationToken] = append(ids[models.ObjectRegistrationToken], of)
			requested[of] = append(requested[of], id)
		}
	}
	name := func(id, label, url string) {
		object := objects[id]
		object.Link = layout.Link{Label: cmp.Or(label, id), URL: url}
		objects[id] = object
	}
	if found := ids[models.ObjectRegistrationToken]; len(found) > 0 {
		rows, err := h.Read.RegistrationTokensByID(ctx, v, found)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			name(rows[i].ID, rows[i].Identifier, paths.RegistrationToken(rows[i].ID))
			for _, request := range requested[rows[i].ID] {
				name(request, rows[i].Identifier, paths.RegistrationToken(rows[i].ID))
			}
		}
	}
	if found := ids[models.ObjectAuthToken]; len(found) > 0 {
		whole := models.PageRequest{Size: models.MaxPageSize}
		page, err := h.Read.AuthTokens(ctx, v, models.AuthTokenFilter{IDs: found}, whole, now)
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			t := &page.Items[i]
			name(t.ID, cmp.Or(t.Person().Name, t.FQDN), paths.AuthToken(t.ID))
		}
	}
	if len(ids[models.ObjectAPIKey]) > 0 {
		keys, err := h.Read.APIKeys(ctx, v)
		if err != nil {
			return nil, err
		}
		for i := range keys {
			name(keys[i].ID, keys[i].Name, "")
		}
	}
	return objects, nil
}
