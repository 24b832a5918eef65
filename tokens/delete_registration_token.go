package tokens

import (
	"cmp"
	"context"
	"time"

	"muster/models"
)

// DeleteRegistrationToken deletes one, with its live auth tokens if asked, in one
// transaction, and returns how many auth tokens it deleted. Deleting it again can
// only delete auth tokens that were kept.
// The actor needs PermissionRegistrationTokenWrite. KindInvalid with the fields
// reason, expected; KindConflict with CodeUnexpectedNumber; KindStale; KindNotFound.
func (s *Service) DeleteRegistrationToken(ctx context.Context, actor models.Actor, id string, d models.RegistrationTokenDeletion) (int, error) {
	if err := actor.Require(models.PermissionRegistrationTokenWrite); err != nil {
		return 0, err
	}
	now := s.now()
	event, err := s.deletionEvent(now, actor, id, &d)
	if err != nil {
		return 0, err
	}
	deleted, err := s.store.DeleteRegistrationToken(ctx, id, d, now, actor.Name, event)
	if err != nil {
		return 0, err
	}
	s.notify(Change{RegistrationTokenID: id, Kind: ChangeRegistrationToken})
	if deleted > 0 {
		s.notify(Change{RegistrationTokenID: id, Kind: ChangeAuthTokenDeleted})
	}
	return deleted, nil
}

// deletionEvent checks a deletion of registration tokens and makes its audit event.
// It sets the reason that d keeps with each auth token.
func (s *Service) deletionEvent(now time.Time, actor models.Actor, id string, d *models.RegistrationTokenDeletion) (models.AuditEvent, error) {
	if err := checkReason(d.Reason); err != nil {
		return models.AuditEvent{}, err
	}
	if d.Expected != nil && *d.Expected < 0 {
		return models.AuditEvent{}, models.InvalidField("expected", "The expected number cannot be negative.")
	}
	detail := map[string]any{"authTokens": map[bool]string{true: "delete", false: "keep"}[d.AuthTokens]}
	if d.Reason != "" {
		detail["reason"] = d.Reason
	}
	d.Reason = cmp.Or(d.Reason, "its registration token was deleted")
	return s.event(now, actor, models.AuditRegistrationTokenDeleted, models.ObjectRegistrationToken, id, detail)
}
