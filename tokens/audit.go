package tokens

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"muster/models"
)

// fieldChange is one changed field in the detail of an audit event.
type fieldChange struct {
	From any `json:"from"`
	To   any `json:"to"`
}

// event makes an audit event. detail must not contain a secret; it may be nil.
func (s *Service) event(now time.Time, actor models.Actor, action models.AuditAction, objectKind, objectID string, detail any) (models.AuditEvent, error) {
	id, err := s.newID(now)
	if err != nil {
		return models.AuditEvent{}, err
	}
	text := "{}"
	if detail != nil {
		b, err := json.Marshal(detail)
		if err != nil {
			return models.AuditEvent{}, fmt.Errorf("write the detail of %s: %w", action, err)
		}
		text = string(b)
	}
	return models.AuditEvent{
		ID: id, OccurredAt: now,
		ActorKind: actor.Kind, ActorID: actor.ID, ActorName: actor.Name,
		Action: action, ObjectKind: objectKind, ObjectID: objectID,
		IP: actor.Origin.IP, RequestID: actor.Origin.RequestID, Detail: text,
	}, nil
}

// audit records an event that goes with no other change.
func (s *Service) audit(ctx context.Context, now time.Time, actor models.Actor, action models.AuditAction, objectKind, objectID string, detail any) error {
	event, err := s.event(now, actor, action, objectKind, objectID, detail)
	if err != nil {
		return err
	}
	return s.store.AppendAudit(ctx, event)
}

// muster does what nobody asked for.
var muster = models.Actor{Kind: models.ActorSystem, ID: "muster", Name: "Muster"}

// deviceActor is the holder of an auth token, with the name it reported.
func deviceActor(id string, claimed models.ClaimedIdentity, origin models.Origin) models.Actor {
	return models.Actor{Kind: models.ActorDevice, ID: id, Name: cmp.Or(claimed.SystemUserName, claimed.FQDN), Origin: origin}
}
