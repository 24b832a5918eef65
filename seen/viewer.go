package seen

import (
	"context"
	"time"

	"muster/models"
)

// Viewer is somebody looking at something: an actor, at one route, perhaps with a
// temporary grant to see the personal data of one object. The zero Viewer is
// nobody and sees everything masked.
type Viewer struct {
	models.Actor
	// route is where the actor looks, for the trail.
	route string
	grant models.PersonalDataGrant
}

// NewViewer is the actor looking at a route, as the route table spells it.
func NewViewer(actor models.Actor, route string) Viewer { return Viewer{Actor: actor, route: route} }

// Holder is the device that an auth token was just issued to; it sees what it
// reported itself.
func Holder(authTokenID string) Viewer {
	return Viewer{Actor: models.Actor{
		Kind: models.ActorDevice, ID: authTokenID, Permissions: []models.Permission{models.PermissionPersonalDataRead},
	}}
}

// Masked reports whether the viewer sees e-mail and IP addresses masked, except
// those of a granted object.
func (v Viewer) Masked() bool { return !v.Can(models.PermissionPersonalDataRead) }

// MayUnmask reports whether the viewer may ask to be shown the personal data
// of an object.
func (v Viewer) MayUnmask() bool {
	return v.Masked() && v.Can(models.PermissionPersonalDataUnmask)
}

// ShownUntil is when the grant of the page's object ends; zero without one.
func (v Viewer) ShownUntil() time.Time { return v.grant.ExpiresAt }

// object names a row whose personal data can be granted, as the trail does.
type object struct{ kind, id string }

// sees reports whether the viewer sees the personal data of one of the
// objects that a row belongs to.
func (v Viewer) sees(of ...object) bool {
	if !v.Masked() {
		return true
	}
	for _, o := range of {
		if v.grant.ObjectID != "" && o == (object{v.grant.ObjectKind, v.grant.ObjectID}) {
			return true
		}
	}
	return false
}

// At returns the viewer for the page of one object: with the grant for it, if
// there is one. Everything else on the page stays masked.
func (r *Reader) At(ctx context.Context, v Viewer, kind, id string, now time.Time) (Viewer, error) {
	if !v.MayUnmask() {
		return v, nil
	}
	grant, err := r.store.PersonalDataGrant(ctx, v.ID, kind, id, now)
	switch {
	case err == nil:
		v.grant = *grant
	case models.ErrorKind(err) != models.KindNotFound:
		return v, err
	}
	return v, nil
}
