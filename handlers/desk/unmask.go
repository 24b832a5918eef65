package desk

import (
	"context"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/ui"
)

// Unmask shows somebody the e-mail and IP addresses of one object for a while,
// and records it.
type Unmask struct {
	Read   objectReader
	Grants Grants
	// Count counts how often an actor shows or hides them. KindRateLimited when
	// that was too often.
	Count func(actorID string) error
	Now   func(c echo.Context) time.Time
}

// Grants keeps what is shown to whom until when.
type Grants interface {
	GrantPersonalData(ctx context.Context, grant models.PersonalDataGrant, event models.AuditEvent) error
	WithdrawPersonalData(ctx context.Context, grant models.PersonalDataGrant, event models.AuditEvent) error
}

// unmaskForm names the object whose addresses are to be shown or hidden.
type unmaskForm struct {
	ObjectKind string `form:"objectKind"`
	ObjectID   string `form:"objectId"`
	ReturnTo   string `form:"return_to"`
}

// UnmaskedPage is the page that showing or hiding addresses returns to.
func UnmaskedPage(_ string, sent url.Values) string {
	if to := web.ReturnPath(sent.Get("return_to")); to != paths.Home {
		return to
	}
	return paths.Overview
}

// Show shows the addresses.
func (h *Unmask) Show(c echo.Context) error {
	grant, to, err := h.grant(c)
	if err != nil {
		return err
	}
	now := h.Now(c).UTC().Truncate(time.Microsecond)
	grant.ExpiresAt = now.Add(models.PersonalDataGrantLifetime)
	event := web.AuditEvent(c, now, models.AuditPersonalDataShown, grant.ObjectKind, grant.ObjectID,
		map[string]any{"until": grant.ExpiresAt.Format(time.RFC3339)})
	if err := h.Grants.GrantPersonalData(c.Request().Context(), grant, event); err != nil {
		return err
	}
	return web.Redirect(c, to)
}

// Hide hides them again before the grant expires.
func (h *Unmask) Hide(c echo.Context) error {
	grant, to, err := h.grant(c)
	if err != nil {
		return err
	}
	event := web.AuditEvent(c, h.Now(c), models.AuditPersonalDataHidden, grant.ObjectKind, grant.ObjectID, nil)
	if err := h.Grants.WithdrawPersonalData(c.Request().Context(), grant, event); err != nil {
		return err
	}
	return web.Redirect(c, to)
}

// grant reads the form: the grant, and the page to return to. KindNotFound for
// an object that does not exist.
func (h *Unmask) grant(c echo.Context) (models.PersonalDataGrant, string, error) {
	var form unmaskForm
	if err := web.BindForm(c, &form); err != nil {
		return models.PersonalDataGrant{}, "", err
	}
	self, err := objectPage(c.Request().Context(), h.Read, web.Viewer(c), form.ObjectKind, form.ObjectID)
	if err != nil {
		return models.PersonalDataGrant{}, "", err
	}
	if err := h.Count(web.Actor(c).ID); err != nil {
		return models.PersonalDataGrant{}, "", err
	}
	to := web.ReturnPath(form.ReturnTo)
	if to == paths.Home { // missing, or it would lead away
		to = self
	}
	return models.PersonalDataGrant{ActorID: web.Actor(c).ID, ObjectKind: form.ObjectKind, ObjectID: form.ObjectID}, to, nil
}

// objectReader reads what has a page of its own.
type objectReader interface {
	registrationTokenReader
	AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
	RefusedAttempt(ctx context.Context, v seen.Viewer, code string) (*seen.RefusedAttempt, error)
}

// objectPage is the page of an existing object. KindNotFound; KindInvalid for a
// kind without a page.
func objectPage(ctx context.Context, read objectReader, v seen.Viewer, kind, id string) (string, error) {
	switch kind {
	case models.ObjectRegistrationToken:
		_, err := read.RegistrationToken(ctx, v, id)
		return paths.RegistrationToken(id), err
	case models.ObjectAuthToken:
		_, err := read.AuthToken(ctx, v, id)
		return paths.AuthToken(id), err
	case models.ObjectRefusedAttempt:
		_, err := read.RefusedAttempt(ctx, v, id)
		return paths.Attempt(id), err
	default:
		return "", models.InvalidField("objectKind", "There is no such kind of object.")
	}
}

// grantReader reads what a viewer was granted.
type grantReader interface {
	At(ctx context.Context, v seen.Viewer, kind, id string, now time.Time) (seen.Viewer, error)
}

// viewerOf is the caller as the viewer of one object: a grant shows them its
// personal data.
func viewerOf(c echo.Context, read grantReader, kind, id string, now time.Time) (seen.Viewer, error) {
	v, err := read.At(c.Request().Context(), web.Viewer(c), kind, id, now)
	if err == nil {
		web.SetViewer(c, v)
	}
	return v, err
}

// showMaskBar tells whoever may unmask how the page of one object shows its
// addresses.
func showMaskBar(c echo.Context, kind, id string) {
	v := web.Viewer(c)
	if !v.MayUnmask() {
		return
	}
	bar := &layout.MaskBar{
		Action: paths.ShowAddresses, ObjectKind: kind, ObjectID: id, ReturnTo: withoutPage(c.Request().URL),
		Lasting: ui.Plural(int(models.PersonalDataGrantLifetime.Minutes()), "minute", "minutes"),
	}
	if until := v.ShownUntil(); !until.IsZero() {
		bar.Action, bar.ShownUntil = paths.HideAddresses, until.In(web.Zone(c)).Format("15:04 MST")
	}
	web.SetMaskBar(c, bar)
}

// withoutPage is a URL without its page parameter: once unmasked, a list may be
// in another order.
func withoutPage(u *url.URL) string {
	values := u.Query()
	if !values.Has("page") {
		return u.RequestURI()
	}
	values.Del("page")
	self := url.URL{Path: u.Path, RawQuery: values.Encode()}
	return self.String()
}
