package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views/layout"
)

const (
	showAddressesURL = "/admin/addresses/show"
	hideAddressesURL = "/admin/addresses/hide"
)

// unmaskForm names the object whose addresses are to be shown or hidden.
type unmaskForm struct {
	ObjectKind string `form:"objectKind"`
	ObjectID   string `form:"objectId"`
	ReturnTo   string `form:"return_to"`
}

// showAddresses shows the e-mail and IP addresses of one object to whoever
// asks, for a while, and writes it down.
func (h *adminHandler) showAddresses(c echo.Context) error {
	grant, to, err := h.grantOf(c)
	if err != nil {
		return err
	}
	event := h.auditEvent(c, models.AuditPersonalDataShown, grant.ObjectKind, grant.ObjectID)
	grant.ExpiresAt = event.OccurredAt.Add(models.PersonalDataGrantLifetime)
	event.Detail = detail(map[string]string{"until": grant.ExpiresAt.Format(time.RFC3339)})
	if err := h.store.GrantPersonalData(c.Request().Context(), grant, event); err != nil {
		return err
	}
	return redirect(c, to)
}

// hideAddresses ends that early.
func (h *adminHandler) hideAddresses(c echo.Context) error {
	grant, to, err := h.grantOf(c)
	if err != nil {
		return err
	}
	event := h.auditEvent(c, models.AuditPersonalDataHidden, grant.ObjectKind, grant.ObjectID)
	if err := h.store.WithdrawPersonalData(c.Request().Context(), grant, event); err != nil {
		return err
	}
	return redirect(c, to)
}

// grantOf reads the form: the grant it is about, and the page it leads back
// to. An object that is not there is not granted.
func (h *adminHandler) grantOf(c echo.Context) (models.PersonalDataGrant, string, error) {
	var form unmaskForm
	if err := bindForm(c, &form); err != nil {
		return models.PersonalDataGrant{}, "", err
	}
	self, err := h.objectPage(c.Request().Context(), form.ObjectKind, form.ObjectID)
	if err != nil {
		return models.PersonalDataGrant{}, "", err
	}
	if err := h.unmasks.count(actorOf(c).ID); err != nil {
		return models.PersonalDataGrant{}, "", err
	}
	to := returnPath(form.ReturnTo)
	if to == "/" { // missing, or it would lead away
		to = self
	}
	return models.PersonalDataGrant{ActorID: actorOf(c).ID, ObjectKind: form.ObjectKind, ObjectID: form.ObjectID}, to, nil
}

// objectPage is the page of an object that is there.
func (h *adminHandler) objectPage(ctx context.Context, kind, id string) (string, error) {
	switch kind {
	case objectRegistrationToken:
		_, err := h.store.RegistrationToken(ctx, id)
		return registrationTokenURL(id), err
	case objectAuthToken:
		_, err := h.store.AuthToken(ctx, id)
		return authTokenURL(id), err
	case objectRefusedAttempt:
		_, err := h.store.RefusedAttemptByCode(ctx, id)
		return attemptURL(id), err
	default:
		return "", models.InvalidField("objectKind", "There is no such kind of object.")
	}
}

// look says who looks at the page of one object: whoever calls, who sees its
// personal data for as long as a grant stands. What else is on the page stays
// as the actor may see it.
func (h *adminHandler) look(c echo.Context, kind, id string) error {
	actor := actorOf(c)
	if !masksPersonalData(actor) || !actor.Can(models.PermissionPersonalDataUnmask) {
		return nil
	}
	bar := &layout.MaskBar{
		Action: showAddressesURL, ObjectKind: kind, ObjectID: id, ReturnTo: c.Request().URL.RequestURI(),
		Lasting: plural(int(models.PersonalDataGrantLifetime.Minutes()), "minute"),
	}
	grant, err := h.store.PersonalDataGrant(c.Request().Context(), actor.ID, kind, id, h.now().UTC())
	switch {
	case err == nil:
		actor.Permissions = slices.Concat(actor.Permissions, []models.Permission{models.PermissionPersonalDataRead})
		bar.Action, bar.ShownUntil = hideAddressesURL, grant.ExpiresAt.UTC().Format("15:04 MST")
	case models.ErrorKind(err) != models.KindNotFound:
		return err
	}
	setViewer(c, viewer{actor, bar})
	return nil
}
