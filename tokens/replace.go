package tokens

import (
	"cmp"
	"context"
	"time"

	"muster/models"
)

// ReplaceRegistrationToken creates the successor and returns it with its secret
// (rule 5). The successor takes over the remaining count, so the used count of the
// old one must not change in the meantime; if it does, everything is decided again.
// The actor needs PermissionRegistrationTokenWrite. KindInvalid with the fields
// of [Service.CreateRegistrationToken]; KindConflict with
// CodeRegistrationTokenDeleted or CodeRegistrationTokenReplaced; KindNotFound.
func (s *Service) ReplaceRegistrationToken(ctx context.Context, actor models.Actor, id string, settings models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error) {
	if err := actor.Require(models.PermissionRegistrationTokenWrite); err != nil {
		return nil, "", err
	}
	successor, secret, err := s.replaceQuietly(ctx, actor, id, settings, always, s.now())
	if err != nil {
		return nil, "", err
	}
	s.notify(Change{RegistrationTokenID: id, Kind: ChangeRegistrationToken})
	s.notify(Change{RegistrationTokenID: successor.ID, Kind: ChangeRegistrationToken})
	return successor, secret, nil
}

// replaceQuietly tells nobody, and does it only if check allows it for the old one as
// it is at that moment.
func (s *Service) replaceQuietly(
	ctx context.Context, actor models.Actor, id string, settings models.RegistrationTokenSettings, check func(old *models.RegistrationToken) error, now time.Time,
) (*models.RegistrationToken, models.Secret, error) {
	var refused error
	for range maxAttempts {
		old, err := s.store.RegistrationToken(ctx, id)
		if err != nil {
			return nil, "", err
		}
		if err := check(old); err != nil {
			return nil, "", err
		}
		ch, customer, err := s.checkReplace(ctx, old, settings, now)
		if err != nil {
			return nil, "", err
		}
		successor, secret, err := s.buildRegistrationToken(now, actor, customer, ch)
		if err != nil {
			return nil, "", err
		}
		successor.ReplacesID = &old.ID
		events, err := s.replaceEvents(now, actor, old, successor)
		if err != nil {
			return nil, "", err
		}
		err = s.store.ReplaceRegistrationToken(ctx, id, old.UsedCount, successor, now, actor.Name, events...)
		if isKind(err, models.KindConflict) {
			refused = err
			continue
		}
		if err != nil {
			return nil, "", err
		}
		return successor, secret.Secret(), nil
	}
	return nil, "", refused
}

// checkReplace checks the request and returns the successor's settings.
func (s *Service) checkReplace(ctx context.Context, old *models.RegistrationToken, settings models.RegistrationTokenSettings, now time.Time) (models.RegistrationTokenChange, models.Customer, error) {
	ch := old.Unchanged()
	ch.Count, ch.ExpiresAt, ch.Enabled = old.RemainingCount(), s.defaultExpiry(now), true
	ch = apply(ch, settings)
	var c checker
	c.labels(ch)
	if settings.Count != nil {
		c.count(ch.Count)
	}
	c.expiry(ch.ExpiresAt, now, s.cfg.MaxTokenLifetime)
	customer, err := s.customer(ctx, cmp.Or(settings.CustomerID, old.CustomerID), &c)
	if err != nil {
		return ch, customer, err
	}
	if err := c.err(); err != nil {
		return ch, customer, err
	}
	switch {
	case old.DeletedAt != nil:
		return ch, customer, errDeletedToken(old)
	case old.ReplacedByID != nil:
		return ch, customer, errReplacedToken(old)
	case ch.Count < 1:
		return ch, customer, models.InvalidField("count",
			"This registration token has no counts left; say how many the successor should have.")
	}
	return ch, customer, nil
}

func (s *Service) replaceEvents(now time.Time, actor models.Actor, old, successor *models.RegistrationToken) ([]models.AuditEvent, error) {
	replaced, err := s.event(now, actor, models.AuditRegistrationTokenReplaced, models.ObjectRegistrationToken, old.ID,
		map[string]any{"replacedBy": successor.ID, "usedCount": old.UsedCount, "remainingCount": old.RemainingCount()})
	if err != nil {
		return nil, err
	}
	created, err := s.event(now, actor, models.AuditRegistrationTokenCreated, models.ObjectRegistrationToken, successor.ID, createdDetail(successor))
	if err != nil {
		return nil, err
	}
	return []models.AuditEvent{replaced, created}, nil
}
