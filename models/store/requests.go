package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/database"
	"muster/models/store/listing"
	"muster/models/store/requests"
)

const request = "request"

var requestCreated = listing.By("id", func(r *requests.Row) any { return r.ID })

var requestList = listing.List[requests.Row]{
	Name:   "requests",
	Newest: requestCreated,
	Sorts:  map[string]listing.Order[requests.Row]{"createdAt": requestCreated},
	ID:     func(r *requests.Row) string { return r.ID },
}

// CreateRequest inserts one. Those of the same registration token that have lapsed
// are stored as such, with an event each, derived from lapsed: ID and ObjectID are
// replaced. KindConflict with CodeRequestExists, naming it, while the same remedy is
// asked for.
func (s *Store) CreateRequest(ctx context.Context, r *models.Request, event, lapsed models.AuditEvent) error {
	exists := false
	err := s.change(ctx, request, func(tx *gorm.DB) error {
		ids, err := requests.Lapse(tx, r.RegistrationTokenID, r.CreatedAt)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := s.auditLapse(tx, id, r.CreatedAt, lapsed); err != nil {
				return err
			}
		}
		err = tx.Create(&requests.Row{Request: *r, RemedyKey: r.Remedy.Key()}).Error
		if exists = database.Duplicate(err); err != nil {
			return err
		}
		return appendAudit(tx, event)
	})
	if !exists {
		return err
	}
	id, failed := requests.Open(s.read.WithContext(ctx), r)
	if failed != nil {
		return s.failure(failed, request)
	}
	return models.Conflict(models.CodeRequestExists, "This is asked for already, by request "+id+".")
}

func (s *Store) auditLapse(tx *gorm.DB, id string, now time.Time, event models.AuditEvent) error {
	event.ObjectID = id
	if err := s.complete(&event, now, nil); err != nil {
		return err
	}
	return appendAudit(tx, event)
}

// EndRequest ends an open request (rule 23), and does act in the same transaction, unless it
// is nil: what act does under its context with this store happens if the request
// ends, and only then. It may be called again when the database asks to repeat. It does
// not wait for the desk: what it deletes by that must have been counted just before.
// KindConflict with
// CodeRequestDecided when the request is not open; KindNotFound.
func (s *Store) EndRequest(ctx context.Context, d models.RequestDecision, event models.AuditEvent, act func(context.Context) error) (*models.Request, error) {
	var ended *models.Request
	err := s.change(ctx, request, func(tx *gorm.DB) error {
		done, err := requests.End(tx, d)
		if err != nil {
			return err
		}
		if ended, err = takeRequest(tx, d.ID, d.At); err != nil {
			return err
		}
		if !done {
			return models.Conflict(models.CodeRequestDecided, "The request is not open any more.")
		}
		if err := appendAudit(tx, event); err != nil || act == nil {
			return err
		}
		return joined(ctx, tx, act)
	})
	return ended, err
}

// Request reads one as of now; KindNotFound.
func (s *Store) Request(ctx context.Context, id string, now time.Time) (*models.Request, error) {
	r, err := takeRequest(s.read.WithContext(ctx), id, now)
	return r, s.failure(err, request)
}

func takeRequest(db *gorm.DB, id string, now time.Time) (*models.Request, error) {
	var row requests.Row
	if err := requests.Listed(db, now).Where("id = ?", id).Take(&row).Error; err != nil {
		return nil, err
	}
	return row.Shown(), nil
}

// Requests lists those the filter selects as of now, newest first unless page says
// otherwise. Sorting is by createdAt. KindInvalid with the field pageSize, pageToken or
// sortBy.
func (s *Store) Requests(ctx context.Context, f models.RequestFilter, page models.PageRequest, now time.Time) (models.Page[models.Request], error) {
	db := s.read.WithContext(ctx)
	selected := func(db *gorm.DB) *gorm.DB {
		if db = requests.Selected(db, f, now); f.IDs != nil {
			db = db.Where(s.oneOf("id", f.IDs))
		}
		return db
	}
	rows, err := requestList.Page(requests.Listed(selected(db), now), f, page)
	if err == nil {
		err = listing.Count(db, &rows, page, func(db *gorm.DB) (*gorm.DB, error) { return selected(db), nil })
	}
	found := models.Page[models.Request]{
		NextToken: rows.NextToken, Before: rows.Before, Total: rows.Total, Items: make([]models.Request, len(rows.Items)),
	}
	for i := range rows.Items {
		found.Items[i] = *rows.Items[i].Shown()
	}
	return found, s.failure(err, request)
}

// OpenRequests counts what waits for a decision as of now.
func (s *Store) OpenRequests(ctx context.Context, now time.Time) (int, error) {
	var n int64
	err := requests.Selected(s.read.WithContext(ctx), models.RequestFilter{State: models.RequestOpen}, now).Count(&n).Error
	return int(n), s.failure(err, request)
}
