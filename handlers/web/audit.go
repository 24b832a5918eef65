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

// AuditEvent is an event of the HTTP surface itself: logins, refused accesses,
// addresses shown. Changes of tokens are audited by the token service.
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

// NewEventID returns an id for an event at that time.
func NewEventID(now time.Time) string {
	return strings.ToLower(ulid.MustNew(ulid.Timestamp(now), rand.Reader).String())
}

// AuditDetail renders an event's detail as JSON; {} when it has none or cannot be
// rendered.
func AuditDetail(values map[string]any) string {
	text, err := json.Marshal(values)
	if err != nil || len(values) == 0 {
		return "{}"
	}
	return string(text)
}
