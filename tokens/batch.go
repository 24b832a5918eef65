package tokens

import (
	"cmp"
	"context"
	"fmt"

	"muster/models"
)

// IssuedRegistrationToken is a registration token with its secret, to be
// shown once.
type IssuedRegistrationToken struct {
	Recipient         models.Recipient
	RegistrationToken *models.RegistrationToken
	Secret            models.Secret
}

// CreateRegistrationTokens creates one for each recipient, with their label, or
// none at all; at most models.MaxRecipients. Count is the count of each (1 by
// default), the other settings are common to all; Identifier and Admission are
// ignored. The actor needs PermissionRegistrationTokenWrite. KindInvalid with the
// fields recipients, count, expirationDate, refId1, refId2, note, customer.
func (s *Service) CreateRegistrationTokens(ctx context.Context, actor models.Actor, recipients []models.Recipient, settings models.RegistrationTokenSettings) ([]IssuedRegistrationToken, error) {
	if err := actor.Require(models.PermissionRegistrationTokenWrite); err != nil {
		return nil, err
	}
	now := s.now()
	ch := apply(models.RegistrationTokenChange{Count: 1, ExpiresAt: s.defaultExpiry(now), Enabled: true}, settings)
	var c checker
	c.recipients(recipients)
	c.labels(ch)
	c.count(ch.Count)
	c.expiry(ch.ExpiresAt, now, s.cfg.MaxTokenLifetime)
	customer, err := s.customer(ctx, cmp.Or(settings.CustomerID, models.DefaultCustomerID), &c)
	if err != nil {
		return nil, err
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	issued := make([]IssuedRegistrationToken, len(recipients))
	rows := make([]models.RegistrationToken, len(recipients))
	events := make([]models.AuditEvent, len(recipients))
	for i, recipient := range recipients {
		ch.Identifier = recipient.Label()
		token, secret, err := s.buildRegistrationToken(now, actor, customer, ch)
		if err != nil {
			return nil, err
		}
		event, err := s.event(now, actor, models.AuditRegistrationTokenCreated, models.ObjectRegistrationToken, token.ID, createdDetail(token))
		if err != nil {
			return nil, err
		}
		rows[i], events[i] = *token, event
		issued[i] = IssuedRegistrationToken{Recipient: recipient, RegistrationToken: token, Secret: secret.Secret()}
	}
	if err := s.store.CreateRegistrationTokens(ctx, rows, events); err != nil {
		return nil, err
	}
	s.notify(Change{Kind: ChangeRegistrationToken})
	return issued, nil
}

// recipients checks a list of recipients, each of whom becomes a label.
func (c *checker) recipients(recipients []models.Recipient) {
	const field = "recipients"
	switch n := len(recipients); {
	case n == 0:
		c.fail(field, "Give at least one recipient: a name or an e-mail address on each line.")
	case n > models.MaxRecipients:
		c.fail(field, "The list has %d recipients; at most %d can be served at once.", n, models.MaxRecipients)
	default:
		for _, r := range recipients {
			before := len(c.fields)
			c.text(field, r.Label(), models.MaxIdentifierLength, false)
			if len(c.fields) > before {
				c.fields[before].Message = fmt.Sprintf("Line %d: %s", r.Line, c.fields[before].Message)
				return
			}
			if r.Label() == "" {
				c.fail(field, "Line %d is empty.", r.Line)
				return
			}
		}
	}
}
