// Package trail reads the audit trail: its events, and the redemptions that the ledger
// alone tells of.
package trail

import (
	"slices"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/bulk"
	"muster/models/store/listing"
)

// redeemedEvents are the redemptions that no event tells of, as events; the id of such
// an event is that of the auth token.
const redeemedEvents = "redeemed_events"

var occurred = listing.By("occurred_at", func(e *models.AuditEvent) any { return e.OccurredAt })

// List is the trail: newest first, sorted by occurredAt.
var List = listing.List[models.AuditEvent]{
	Name:   "auditEvents",
	Newest: occurred,
	Sorts:  map[string]listing.Order[models.AuditEvent]{"occurredAt": occurred},
	ID:     func(e *models.AuditEvent) string { return e.ID },
}

// Event selects the event of an id.
func Event(read *gorm.DB, id string) *gorm.DB {
	return listing.Joined(events(read).Where("id = ?", id), redeemed(read).Where("id = ?", id))
}

func events(read *gorm.DB) *gorm.DB { return read.Model(&models.AuditEvent{}) }

func redeemed(read *gorm.DB) *gorm.DB { return events(read).Table(redeemedEvents) }

// Parts are what a filter selects: of the events, and of the redemptions where they may
// be meant.
func Parts(read *gorm.DB, texts listing.Texts, f models.AuditFilter) ([]*gorm.DB, error) {
	n := narrowing{read: read, texts: texts, filter: f}
	parts := []*gorm.DB{n.narrow(events(read))}
	if mayBeRedeemed(f) {
		parts = append(parts, n.narrow(redeemed(read)))
	}
	return parts, n.err
}

func mayBeRedeemed(f models.AuditFilter) bool {
	return (f.Action == "" || f.Action == models.AuditRedeemed) &&
		(len(f.Actions) == 0 || slices.Contains(f.Actions, models.AuditRedeemed)) &&
		(f.ActorKind == "" || f.ActorKind == models.ActorDevice) &&
		(f.ObjectKind == "" || f.ObjectKind == models.ObjectRegistrationToken)
}

// narrowing is a filter at work.
type narrowing struct {
	read   *gorm.DB
	texts  listing.Texts
	filter models.AuditFilter
	err    error
}

func (n *narrowing) narrow(db *gorm.DB) *gorm.DB {
	f := n.filter
	for _, is := range []struct{ column, value string }{
		{"object_kind", f.ObjectKind}, {"object_id", f.ObjectID}, {"actor_id", f.ActorID}, {"action", string(f.Action)},
	} {
		if is.value != "" {
			db = db.Where(is.column+" = ?", is.value)
		}
	}
	if f.ObjectIDs != nil {
		db = n.among(db, "object_id", f.ObjectIDs)
	}
	switch f.ActorKind {
	case "":
	case models.ActorDevice:
		db = db.Where("actor_kind = ?", f.ActorKind)
	default:
		// The second half lets the partial index be used: it leaves devices out.
		db = db.Where("actor_kind = ? AND actor_kind <> 'device'", f.ActorKind)
	}
	if len(f.Actions) > 0 {
		actions := make([]string, len(f.Actions))
		for i, action := range f.Actions {
			actions[i] = string(action)
		}
		db = n.among(db, "action", actions)
	}
	if f.From != nil {
		db = db.Where("occurred_at >= ?", *f.From)
	}
	if f.Before != nil {
		db = db.Where("occurred_at < ?", *f.Before)
	}
	return n.search(db)
}

func (n *narrowing) among(db *gorm.DB, column string, values []string) *gorm.DB {
	condition, list, err := bulk.Among(n.read, column, values)
	if err != nil {
		n.err = err
	}
	return db.Where(condition, list)
}

// search narrows by parts of texts. It walks the rows in their order until a page is
// full.
func (n *narrowing) search(db *gorm.DB) *gorm.DB {
	f := n.filter
	if f.Actor != "" {
		db = n.part(db, f.Actor, []string{"actor_name"}, nil)
	}
	if f.Object != "" {
		db = db.Where(n.named(f.Object))
	}
	if f.Search != "" {
		texts := []string{"actor_name", "actor_id", "object_id", "request_id", "detail"}
		db = db.Where(n.part(n.fresh(), f.Search, texts, []string{"ip"}).Or(n.named(f.Search)))
	}
	return db
}

func (n *narrowing) part(db *gorm.DB, text string, texts, addresses []string) *gorm.DB {
	if n.filter.AsMasked {
		return n.texts.ContainsAsMasked(db, text, texts, addresses)
	}
	return n.texts.Contains(db, text, append(texts, addresses...)...)
}

// named are events about what has a label.
func (n *narrowing) named(text string) *gorm.DB {
	tokens := n.part(n.fresh().Model(&models.RegistrationToken{}).Select("id"), text, []string{"identifier"}, nil)
	keys := n.part(n.fresh().Model(&models.APIKey{}).Select("id"), text, []string{"name"}, nil)
	return n.fresh().Where("object_id IN (? UNION ALL ?)", tokens, keys)
}

func (n *narrowing) fresh() *gorm.DB { return n.read.Session(&gorm.Session{NewDB: true}) }
