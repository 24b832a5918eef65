package desk

import (
	"cmp"
	"context"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/layout"
	"muster/views/paths"
)

const (
	deskTurnedAway = 8
	deskRequests   = 5
)

// desk is what waits for the helpdesk while nobody is on the phone.
func (h *Investigate) desk(c echo.Context) (*views.Desk, error) {
	ctx, v, now := c.Request().Context(), web.Viewer(c), h.Now(c)
	d := &views.Desk{}
	groups, err := h.Read.TurnedAway(ctx, v, now.Add(-models.AttentionRefused), now, deskTurnedAway)
	switch {
	case models.ErrorKind(err) == models.KindUnavailable && err != nil:
		d.Building = true
	case err != nil:
		return nil, err
	}
	if err := h.nameTurnedAway(ctx, v, groups, d); err != nil {
		return nil, err
	}
	if d.Recent, err = h.recent(ctx, v, recentOf(c)); err != nil {
		return nil, err
	}
	d.Requests, d.MoreRequests, err = openRequests(ctx, h.Read, v, deskRequests)
	d.MayDecide = v.Can(models.PermissionRequestDecide)
	return d, err
}

// nameTurnedAway says of each group which registration token it is about, and where
// to see more: an unknown secret has only its attempts.
func (h *Investigate) nameTurnedAway(ctx context.Context, v seen.Viewer, groups []seen.TurnedAway, d *views.Desk) error {
	ids := make([]string, len(groups))
	for i := range groups {
		if of := groups[i].Last.RegistrationTokenID; of != nil {
			ids[i] = *of
		}
	}
	labels, err := labelsOf(ctx, h.Read, v, ids)
	for i, id := range ids {
		shown := views.StillWaits{TurnedAway: groups[i], URL: paths.Attempt(groups[i].Last.SupportCode)}
		if id != "" {
			shown.URL = paths.RegistrationTokenSection(id, views.SectionRefused, nil)
			shown.RegistrationToken = &layout.Link{Label: cmp.Or(labels[id], id), URL: paths.RegistrationToken(id)}
		}
		d.TurnedAway = append(d.TurnedAway, shown)
	}
	return err
}

// openRequestReader reads what waits for a decision.
type openRequestReader interface {
	requestReader
	registrationTokensByID
	OpenRequests(ctx context.Context) (int, error)
}

// openRequests are the newest requests that wait for a decision, and how many others
// do; none for who may not see them.
func openRequests(ctx context.Context, read openRequestReader, v seen.Viewer, limit int) (shown []views.OpenRequest, more int, err error) {
	if !v.Can(models.PermissionRequestRead) {
		return nil, 0, nil
	}
	open, err := read.OpenRequests(ctx)
	if err != nil || open == 0 {
		return nil, 0, err
	}
	found, err := read.Requests(ctx, v, models.RequestFilter{State: models.RequestOpen}, models.PageRequest{Size: limit})
	if err != nil {
		return nil, 0, err
	}
	ids := make([]string, len(found.Items))
	for i := range found.Items {
		ids[i] = found.Items[i].RegistrationTokenID
	}
	labels, err := labelsOf(ctx, read, v, ids)
	for i, id := range ids {
		link := layout.Link{Label: cmp.Or(labels[id], id), URL: paths.RegistrationToken(id)}
		shown = append(shown, views.OpenRequest{Request: found.Items[i], RegistrationToken: link})
	}
	return shown, open - len(ids), err
}
