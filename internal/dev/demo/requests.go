package demo

import (
	"context"
	"time"

	"muster/models"
)

// maxAsked bounds how often a request is asked for on a slow machine. An answer that
// it cannot be told yet takes up to a second.
const maxAsked = 300

// ask schedules a request. Somebody declines it a day later, if why not is given.
func (s *story) ask(at time.Time, t *token, by models.Actor, remedy models.RequestedRemedy, reason, ticket string, decliner models.Actor, whyNot string) {
	var asked *models.Request
	s.at(at, func(ctx context.Context) (err error) {
		// What happened before is still being put together; each answer takes that further.
		for range maxAsked {
			asked, err = s.service.AskRequest(ctx, by, models.NewRequest{RegistrationTokenID: t.id, Remedy: remedy, Reason: reason, Ticket: ticket})
			if models.ErrorKind(err) != models.KindUnavailable || ctx.Err() != nil {
				break
			}
		}
		return err
	})
	if whyNot != "" {
		s.at(at.Add(24*time.Hour), func(ctx context.Context) error {
			_, err := s.service.DeclineRequest(ctx, decliner, asked.ID, whyNot)
			return err
		})
	}
}

// note schedules a note about a registration token.
func (s *story) note(at time.Time, t *token, by models.Actor, text, ticket string) {
	s.at(at, func(ctx context.Context) error {
		_, err := s.service.AddNote(ctx, by, models.NewNote{ObjectKind: models.ObjectRegistrationToken, ObjectID: t.id, Text: text, Ticket: ticket})
		return err
	})
}
