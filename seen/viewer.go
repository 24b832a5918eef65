package seen

import (
	"context"
	"time"

	"muster/models"
)

// Viewer is who looks: an actor, at one route, perhaps with a grant to see
// the personal data of one object for a while. The zero Viewer is nobody and
// sees everything masked.
type Viewer struct {
	models.Actor
	// route is where it looks, for the trail.
	route string
	grant models.PersonalDataGrant
}

// By is the actor looking at a route, as the route table spells it.
func By(actor models.Actor, route string) Viewer { return Viewer{Actor: actor, route: route} }

// Holder sees the auth token it was just issued as it described itself.
func Holder(authTokenID string) Viewer {
	return Viewer{Actor: models.Actor{
		Kind: models.ActorDevice, ID: authTokenID, Permissions: []models.Permission{models.PermissionPersonalDataRead},
	}}
}

// Masked reports whether the viewer sees e-mail and IP addresses masked,
// those of a granted object aside.
func (v Viewer) Masked() bool { return !v.Can(models.PermissionPersonalDataRead) }

// MayUnmask reports whether the viewer may ask to be shown the personal data
// of an object.
func (v Viewer) MayUnmask() bool {
	return v.Masked() && v.Can(models.PermissionPersonalDataUnmask)
}

// ShownUntil is when the grant of the page's object ends; zero without one.
func (v Viewer) ShownUntil() time.Time { return v.grant.ExpiresAt }

// object names a row whose personal data can be granted, as in the trail.
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

// At returns the viewer as it looks at the page of one object: with the grant
// that stands for it, if one does. What else is on the page stays masked.
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
