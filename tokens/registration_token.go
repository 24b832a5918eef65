package tokens

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"muster/models"

	"muster/tokens/secrets"
)

// CreateRegistrationToken creates one and returns its secret, which cannot be had
// again. Count is required, 1 to models.MaxCount; the expiry is
// models.MinTokenLifetime to Config.MaxTokenLifetime ahead, by default
// models.DefaultTokenLifetime; a blank identifier is generated. The actor needs
// PermissionRegistrationTokenWrite (KindForbidden, as everywhere).
// KindInvalid with the fields count, expirationDate, identifier, refId1,
// refId2, note, customer, and those of [Service.SetAdmission].
func (s *Service) CreateRegistrationToken(ctx context.Context, actor models.Actor, settings models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error) {
	if err := actor.Require(models.PermissionRegistrationTokenWrite); err != nil {
		return nil, "", err
	}
	now := s.now()
	ch := apply(models.RegistrationTokenChange{ExpiresAt: s.defaultExpiry(now), Enabled: true}, settings)
	var c checker
	c.labels(ch)
	if settings.Count == nil {
		c.fail("count", "The count is required: how many times may the registration token be used?")
	} else {
		c.count(ch.Count)
	}
	c.expiry(ch.ExpiresAt, now, s.cfg.MaxTokenLifetime)
	c.admission(settings.Admission)
	customer, err := s.customer(ctx, cmp.Or(settings.CustomerID, models.DefaultCustomerID), &c)
	if err != nil {
		return nil, "", err
	}
	if err := c.err(); err != nil {
		return nil, "", err
	}
	token, secret, err := s.buildRegistrationToken(now, actor, customer, ch)
	if err != nil {
		return nil, "", err
	}
	expected, err := s.firstAdmission(token, settings.Admission, now)
	if err != nil {
		return nil, "", err
	}
	event, err := s.event(now, actor, models.AuditRegistrationTokenCreated, models.ObjectRegistrationToken, token.ID, createdDetail(token))
	if err != nil {
		return nil, "", err
	}
	if err := s.store.CreateRegistrationToken(ctx, token, event, expected...); err != nil {
		return nil, "", err
	}
	s.notify(Change{RegistrationTokenID: token.ID, Kind: ChangeRegistrationToken})
	return token, secret.Secret(), nil
}

// customer finds the chosen customer; an unknown one is a field error.
func (s *Service) customer(ctx context.Context, idOrIdentifier string, c *checker) (models.Customer, error) {
	customer, err := s.store.Customer(ctx, idOrIdentifier)
	if isKind(err, models.KindNotFound) {
		c.fail("customer", "There is no such customer.")
		return models.Customer{}, nil
	}
	if err != nil {
		return models.Customer{}, err
	}
	return *customer, nil
}

// buildRegistrationToken makes the row and its secret from checked settings.
func (s *Service) buildRegistrationToken(now time.Time, actor models.Actor, customer models.Customer, ch models.RegistrationTokenChange) (*models.RegistrationToken, secrets.Parsed, error) {
	id, err := s.newID(now)
	if err != nil {
		return nil, secrets.Parsed{}, err
	}
	secret, err := secrets.Make(s.random, secrets.RegistrationToken, id, "")
	if err != nil {
		return nil, secrets.Parsed{}, err
	}
	token := &models.RegistrationToken{
		ID: id, CustomerID: customer.ID, Customer: customer,
		Identifier: cmp.Or(ch.Identifier, generatedIdentifier(id)),
		RefID1:     ch.RefID1, RefID2: ch.RefID2, Note: ch.Note,
		SecretDigest: secret.Digest(), Hint: hint(id),
		Count: ch.Count, ExpiresAt: ch.ExpiresAt,
		CreatedBy: actor.Name, CreatedAt: now, UpdatedAt: now,
	}
	if !ch.Enabled {
		token.DisabledAt, token.DisabledBy = &now, actor.Name
	}
	return token, secret, nil
}

// createdDetail is what the audit trail records about a new registration token.
func createdDetail(t *models.RegistrationToken) map[string]any {
	d := map[string]any{
		"identifier": t.Identifier, "count": t.Count, "customer": t.Customer.Identifier,
		"expirationDate": t.ExpiresAt.Format(time.RFC3339), "isEnabled": t.DisabledAt == nil,
	}
	for name, value := range map[string]string{"refId1": t.RefID1, "refId2": t.RefID2, "note": t.Note} {
		if value != "" {
			d[name] = value
		}
	}
	if t.ReplacesID != nil {
		d["replaces"] = *t.ReplacesID
	}
	for name, value := range admissionFields(t.Admission) {
		if value != noAdmission[name] {
			d[name] = value
		}
	}
	return d
}

// UpdateRegistrationToken changes what is given (rule 4). The actor
// needs PermissionRegistrationTokenWrite. KindInvalid with the fields of
// [Service.CreateRegistrationToken] and reason; KindConflict with
// CodeRegistrationTokenExpired, CodeRegistrationTokenDeleted or
// CodeRegistrationTokenReplaced; KindStale when settings.IfVersion has not its version;
// KindNotFound.
func (s *Service) UpdateRegistrationToken(ctx context.Context, actor models.Actor, id string, settings models.RegistrationTokenSettings) (*models.RegistrationToken, error) {
	return s.edit(ctx, actor, id, settings, present)
}

// ResetRegistrationToken is [Service.UpdateRegistrationToken] that resets what is
// not given to its default; the count is required.
func (s *Service) ResetRegistrationToken(ctx context.Context, actor models.Actor, id string, settings models.RegistrationTokenSettings) (*models.RegistrationToken, error) {
	return s.edit(ctx, actor, id, settings, func(t *models.RegistrationToken, now time.Time, c *checker) models.RegistrationTokenChange {
		if settings.Count == nil {
			c.fail("count", "The count is required.")
		}
		return models.RegistrationTokenChange{Count: t.Count, ExpiresAt: s.defaultExpiry(now), Enabled: true}
	})
}

// defaults returns the values of settings that were not given.
type defaults func(t *models.RegistrationToken, now time.Time, c *checker) models.RegistrationTokenChange

func present(t *models.RegistrationToken, _ time.Time, _ *checker) models.RegistrationTokenChange {
	return t.Unchanged()
}

// always allows a change, whatever the row is.
func always(*models.RegistrationToken) error { return nil }

func (s *Service) edit(ctx context.Context, actor models.Actor, id string, settings models.RegistrationTokenSettings, from defaults) (*models.RegistrationToken, error) {
	if err := actor.Require(models.PermissionRegistrationTokenWrite); err != nil {
		return nil, err
	}
	token, changed, err := s.editQuietly(ctx, actor, id, settings, from, always, s.now())
	if changed {
		s.notify(Change{RegistrationTokenID: id, Kind: ChangeRegistrationToken})
	}
	return token, err
}

// editQuietly decides on the row as read, which check must allow; the store applies
// the change only if the row is still the same, otherwise editQuietly reads and decides
// again. It reports whether there was anything to change, and tells nobody.
func (s *Service) editQuietly(
	ctx context.Context, actor models.Actor, id string, settings models.RegistrationTokenSettings, from defaults, check func(*models.RegistrationToken) error, now time.Time,
) (*models.RegistrationToken, bool, error) {
	var refused error
	for range maxAttempts {
		token, err := s.store.RegistrationToken(ctx, id)
		if err != nil {
			return nil, false, err
		}
		if err := check(token); err != nil {
			return nil, false, err
		}
		to, err := s.checkEdit(token, settings, from, now)
		if err != nil {
			return nil, false, err
		}
		if err := settings.IfVersion.Require(token.Version()); err != nil {
			return nil, false, err
		}
		changed := differences(token.Unchanged(), to)
		if len(changed) == 0 {
			return token, false, nil
		}
		event, err := s.event(now, actor, editAction(changed, to), models.ObjectRegistrationToken, id, editDetail(changed, settings.Reason))
		if err != nil {
			return nil, false, err
		}
		updated, err := s.store.UpdateRegistrationToken(ctx, id, token.UpdatedAt, to, now, event)
		if isKind(err, models.KindConflict) {
			refused = err
			continue
		}
		return updated, err == nil, err
	}
	return nil, false, refused
}

// checkEdit checks an edit of the registration token as read: the input first, then
// the state (rule 4).
func (s *Service) checkEdit(token *models.RegistrationToken, settings models.RegistrationTokenSettings, from defaults, now time.Time) (models.RegistrationTokenChange, error) {
	var c checker
	to := apply(from(token, now, &c), settings)
	to.Identifier = cmp.Or(to.Identifier, generatedIdentifier(token.ID))
	c.labels(to)
	c.count(to.Count)
	c.text("reason", settings.Reason, models.MaxReasonLength, true)
	// An unchanged expiry is not checked again: the limit may have been lowered
	// since, or the expiry may be less than a minute away.
	if !to.ExpiresAt.Equal(token.ExpiresAt) {
		c.expiry(to.ExpiresAt, now, s.cfg.MaxTokenLifetime)
	}
	if cu := settings.CustomerID; cu != "" && cu != token.CustomerID && cu != token.Customer.Identifier {
		c.fail("customer", "The customer of a registration token cannot be changed.")
	}
	if err := c.err(); err != nil {
		return to, err
	}
	switch {
	case token.DeletedAt != nil:
		return to, errDeletedToken(token)
	case !now.Before(token.ExpiresAt):
		return to, errExpiredToken(token)
	case to.Count < token.UsedCount:
		return to, models.InvalidField("count",
			fmt.Sprintf("The count cannot be below %d: that many are used already.", token.UsedCount))
	case to.Enabled && token.ReplacedByID != nil:
		return to, errReplacedToken(token)
	}
	return to, nil
}

// editDetail is what the audit trail records about an edit.
func editDetail(changed map[string]fieldChange, reason string) map[string]any {
	detail := make(map[string]any, len(changed)+1)
	for name, change := range changed {
		detail[name] = change
	}
	if reason != "" {
		detail["reason"] = reason
	}
	return detail
}

// editAction is the action of an edit; enabling or disabling alone has its own.
func editAction(changed map[string]fieldChange, to models.RegistrationTokenChange) models.AuditAction {
	if _, switched := changed["isEnabled"]; !switched || len(changed) > 1 {
		return models.AuditRegistrationTokenUpdated
	}
	if to.Enabled {
		return models.AuditRegistrationTokenEnabled
	}
	return models.AuditRegistrationTokenDisabled
}

func errDeletedToken(t *models.RegistrationToken) error {
	return models.Conflict(models.CodeRegistrationTokenDeleted,
		fmt.Sprintf("This registration token was deleted on %s.", formatTime(*t.DeletedAt)))
}

func errExpiredToken(t *models.RegistrationToken) error {
	e := models.Conflict(models.CodeRegistrationTokenExpired,
		fmt.Sprintf("This registration token expired on %s, %d of %d unused; an expired one cannot be edited.",
			formatTime(t.ExpiresAt), t.RemainingCount(), t.Count))
	e.NextStep = "Replace it: the successor takes over the remaining count."
	return e
}

func errReplacedToken(t *models.RegistrationToken) error {
	message := "This registration token was replaced."
	if t.ReplacedAt != nil {
		message = fmt.Sprintf("This registration token was replaced on %s.", formatTime(*t.ReplacedAt))
	}
	e := models.Conflict(models.CodeRegistrationTokenReplaced, message)
	e.NextStep = "Work with its successor instead."
	return e
}
