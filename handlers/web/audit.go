package web

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/oklog/ulid/v2"

	"muster/models"
)

// NewRequestID returns an id that sorts by time.
func NewRequestID() string { return strings.ToLower(ulid.Make().String()) }

// AuditEvent is an event of the HTTP surface itself: logins, refusals, what was
// shown. What changes a token is audited by the token service.
func AuditEvent(c echo.Context, now time.Time, action models.AuditAction, kind, id string, detail map[string]any) models.AuditEvent {
	actor := Actor(c)
	now = now.UTC().Truncate(time.Microsecond)
	return models.AuditEvent{
		ID: NewEventID(now), OccurredAt: now,
		ActorKind: actor.Kind, ActorID: actor.ID, ActorName: actor.Name,
		Action: action, ObjectKind: kind, ObjectID: id,
		IP: c.RealIP(), RequestID: RequestID(c), Detail: AuditDetail(detail),
	}
}

// NewEventID returns the id of an event of that time.
func NewEventID(now time.Time) string {
	return strings.ToLower(ulid.MustNew(ulid.Timestamp(now), rand.Reader).String())
}

// AuditDetail renders an event's detail; what cannot be is left out.
func AuditDetail(values map[string]any) string {
	if len(values) == 0 {
		return "{}"
	}
	text, err := json.Marshal(values)
	if err != nil {
		return "{}"
	}
	return string(text)
}
