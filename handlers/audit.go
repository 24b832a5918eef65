package handlers

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/oklog/ulid/v2"

	"muster/models"
)

// newRequestID returns an id that sorts by time.
func newRequestID() string { return strings.ToLower(ulid.Make().String()) }

// auditEvent is an event of the HTTP surface itself: logins and refusals.
// What changes a token is audited by the token service.
func (s *Server) auditEvent(c echo.Context, action models.AuditAction, kind, id string) models.AuditEvent {
	actor, now := actorOf(c), s.now().UTC().Truncate(time.Microsecond)
	return models.AuditEvent{
		ID: newEventID(now), OccurredAt: now,
		ActorKind: actor.Kind, ActorID: actor.ID, ActorName: actor.Name,
		Action: action, ObjectKind: kind, ObjectID: id,
		IP: c.RealIP(), RequestID: requestID(c), Detail: "{}",
	}
}

// newEventID returns the id of an event of that time.
func newEventID(now time.Time) string {
	return strings.ToLower(ulid.MustNew(ulid.Timestamp(now), rand.Reader).String())
}

// detail renders an event's detail; what cannot be is left out.
func detail[V any](values map[string]V) string {
	text, err := json.Marshal(values)
	if err != nil {
		return "{}"
	}
	return string(text)
}
