package tokens

import (
	"context"

	"muster/models"
)

// AddNote writes down something about a registration token, an auth token or a
// refused attempt. The actor needs PermissionRequestWrite. KindInvalid with the
// fields text, ticket; KindNotFound when there is no such object.
func (s *Service) AddNote(ctx context.Context, actor models.Actor, n models.NewNote) (*models.Note, error) {
	if err := actor.Require(models.PermissionRequestWrite); err != nil {
		return nil, err
	}
	var c checker
	c.text("text", n.Text, models.MaxNoteLength, true)
	c.text("ticket", n.Ticket, models.MaxTicketLength, false)
	if n.Text == "" && n.Ticket == "" {
		c.fail("text", "Write something, or give the reference of a ticket.")
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	registrationTokenID, err := s.noted(ctx, n.ObjectKind, n.ObjectID)
	if err != nil {
		return nil, err
	}
	now := s.now()
	id, err := s.newID(now)
	if err != nil {
		return nil, err
	}
	detail := map[string]any{}
	for name, value := range map[string]string{"text": n.Text, "ticket": n.Ticket} {
		if value != "" {
			detail[name] = value
		}
	}
	event, err := s.event(now, actor, models.AuditNoteAdded, n.ObjectKind, n.ObjectID, detail)
	if err != nil {
		return nil, err
	}
	note := &models.Note{ID: id, ObjectKind: n.ObjectKind, ObjectID: n.ObjectID, Text: n.Text, Ticket: n.Ticket, CreatedBy: actor.Name, CreatedAt: now}
	if err := s.store.CreateNote(ctx, note, event); err != nil {
		return nil, err
	}
	if note.ID == id {
		s.notify(Change{RegistrationTokenID: registrationTokenID, Kind: ChangeRequest})
	}
	return note, nil
}

// noted finds the object of a note, and the registration token that it belongs to, if
// any.
func (s *Service) noted(ctx context.Context, kind, id string) (registrationTokenID string, err error) {
	switch kind {
	case models.ObjectRegistrationToken:
		_, err := s.store.RegistrationToken(ctx, id)
		return id, err
	case models.ObjectAuthToken:
		t, err := s.store.AuthToken(ctx, id)
		if err != nil {
			return "", err
		}
		return t.RegistrationTokenID, nil
	case models.ObjectRefusedAttempt:
		a, err := s.store.RefusedAttemptByCode(ctx, id)
		if err != nil || a.RegistrationTokenID == nil {
			return "", err
		}
		return *a.RegistrationTokenID, nil
	}
	return "", models.NotFound("object to write notes about")
}
