package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/listing"
)

const auditEvent = "audit event"

type auditRow = models.AuditEvent

var auditOccurred = listing.By("occurred_at", func(e *auditRow) any { return e.OccurredAt })

var auditList = listing.List[auditRow]{
	Name:   "auditEvents",
	Newest: auditOccurred,
	Sorts:  map[string]listing.Order[auditRow]{"occurredAt": auditOccurred},
	ID:     func(e *auditRow) string { return e.ID },
}

// redeemedEvents are the redemptions that the ledger alone tells of; the id of such an
// event is that of the auth token.
const redeemedEvents = "redeemed_events"

// AuditEvents lists those the filter selects, newest first unless page says otherwise.
// Sorting is by occurredAt. KindInvalid with
// the field pageSize, pageToken or sortBy.
func (s *Store) AuditEvents(ctx context.Context, filter models.AuditFilter, page models.PageRequest) (models.Page[models.AuditEvent], error) {
	db := s.read.WithContext(ctx)
	result, err := auditList.PageOf(s.filterAuditEvents(db, filter), filter, page)
	if err == nil {
		err = listing.Count(db, &result, page, func(db *gorm.DB) (*gorm.DB, error) {
			return listing.Joined(s.filterAuditEvents(db, filter)...), nil
		})
	}
	return result, s.failure(err, auditEvent)
}

// AuditEvent reads one; KindNotFound.
func (s *Store) AuditEvent(ctx context.Context, id string) (*models.AuditEvent, error) {
	var e models.AuditEvent
	db := s.read.WithContext(ctx)
	events := []*gorm.DB{db.Model(&e).Where("id = ?", id), db.Model(&e).Table(redeemedEvents).Where("id = ?", id)}
	return &e, s.failure(listing.Joined(events...).Take(&e).Error, auditEvent)
}

// filterAuditEvents narrows the events of the trail, and the redemptions where they
// may be meant.
func (s *Store) filterAuditEvents(read *gorm.DB, filter models.AuditFilter) []*gorm.DB {
	parts := []*gorm.DB{s.narrowAuditEvents(read, read.Model(&models.AuditEvent{}), filter)}
	if mayBeRedeemed(filter) {
		parts = append(parts, s.narrowAuditEvents(read, read.Model(&models.AuditEvent{}).Table(redeemedEvents), filter))
	}
	return parts
}

func mayBeRedeemed(f models.AuditFilter) bool {
	return (f.Action == "" || f.Action == models.AuditRedeemed) &&
		(len(f.Actions) == 0 || slices.Contains(f.Actions, models.AuditRedeemed)) &&
		(f.ActorKind == "" || f.ActorKind == models.ActorDevice) &&
		(f.ObjectKind == "" || f.ObjectKind == models.ObjectRegistrationToken)
}

func (s *Store) narrowAuditEvents(read, db *gorm.DB, filter models.AuditFilter) *gorm.DB {
	db = whereGiven(db,
		exact{"object_kind = ?", filter.ObjectKind}, exact{"object_id = ?", filter.ObjectID},
		exact{"actor_id = ?", filter.ActorID}, exact{"action = ?", string(filter.Action)})
	if filter.ObjectIDs != nil {
		db = db.Where(s.oneOf("object_id", filter.ObjectIDs))
	}
	switch filter.ActorKind {
	case "":
	case models.ActorDevice:
		db = db.Where("actor_kind = ?", filter.ActorKind)
	default:
		// The second half lets the partial index be used: it leaves devices
		// out, so that a redemption does not pay for it.
		db = db.Where("actor_kind = ? AND actor_kind <> 'device'", filter.ActorKind)
	}
	if len(filter.Actions) > 0 {
		actions := make([]string, len(filter.Actions))
		for i, action := range filter.Actions {
			actions[i] = string(action)
		}
		db = db.Where(s.oneOf("action", actions))
	}
	if filter.From != nil {
		db = db.Where("occurred_at >= ?", *filter.From)
	}
	if filter.Before != nil {
		db = db.Where("occurred_at < ?", *filter.Before)
	}
	return s.searchAuditEvents(db, read, filter)
}

// searchAuditEvents narrows by parts of texts. It walks the rows in their
// order until a page is full.
func (s *Store) searchAuditEvents(db, read *gorm.DB, filter models.AuditFilter) *gorm.DB {
	part := func(tx *gorm.DB, text string, texts, addresses []string) *gorm.DB {
		if filter.AsMasked {
			return s.texts.ContainsAsMasked(tx, text, texts, addresses)
		}
		return s.texts.Contains(tx, text, append(texts, addresses...)...)
	}
	fresh := read.Session(&gorm.Session{NewDB: true})
	named := func(text string) *gorm.DB {
		tokens := part(fresh.Model(&models.RegistrationToken{}).Select("id"), text, []string{"identifier"}, nil)
		keys := part(fresh.Model(&models.APIKey{}).Select("id"), text, []string{"name"}, nil)
		return fresh.Where("object_id IN (? UNION ALL ?)", tokens, keys)
	}
	if filter.Actor != "" {
		db = part(db, filter.Actor, []string{"actor_name"}, nil)
	}
	if filter.Object != "" {
		db = db.Where(named(filter.Object))
	}
	if filter.Search != "" {
		texts := []string{"actor_name", "actor_id", "object_id", "request_id", "detail"}
		db = db.Where(part(fresh, filter.Search, texts, []string{"ip"}).Or(named(filter.Search)))
	}
	return db
}
