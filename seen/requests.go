package seen

import (
	"context"

	"muster/models"
)

type (
	request = models.Request
	note    = models.Note
)

// maxNotes is how many notes of an object are shown.
const maxNotes = 100

// Request is a request as its viewer may see it.
type Request struct {
	request
	// Mine tells that the viewer asked for it.
	Mine bool
	// TicketMasked tells that a part of the ticket is hidden.
	TicketMasked bool
}

// Request masks one for the viewer.
func (v Viewer) Request(r *models.Request) Request {
	shown := Request{request: *r, Mine: v.ID != "" && v.ID == r.CreatedByID}
	if !v.sees(object{models.ObjectRegistrationToken, r.RegistrationTokenID}) {
		maskTexts(&shown.Reason, &shown.Ticket, &shown.CreatedBy, &shown.CreatedByID, &shown.DecidedBy, &shown.Decision)
	}
	shown.TicketMasked = shown.Ticket != r.Ticket
	return shown
}

// Note is a note as its viewer may see it.
type Note struct {
	note
	// TicketMasked tells that a part of the ticket is hidden.
	TicketMasked bool
}

// Note masks one for the viewer.
func (v Viewer) Note(n *models.Note) Note {
	shown := Note{note: *n}
	if !v.sees(object{n.ObjectKind, n.ObjectID}) {
		maskTexts(&shown.Text, &shown.Ticket, &shown.CreatedBy)
	}
	shown.TicketMasked = shown.Ticket != n.Ticket
	return shown
}

// Requests lists those the filter selects as of now, newest first. KindInvalid for a
// bad page.
func (r *Reader) Requests(ctx context.Context, v Viewer, f models.RequestFilter, p models.PageRequest) (Page[Request], error) {
	return paged(r, p, v.Request, func(p models.PageRequest) (models.Page[models.Request], error) {
		return r.store.Requests(ctx, f, p, r.now().UTC())
	})
}

// Request reads one as of now; KindNotFound.
func (r *Reader) Request(ctx context.Context, v Viewer, id string) (*Request, error) {
	found, err := r.store.Request(ctx, id, r.now().UTC())
	return shownOne(found, err, v.Request)
}

// OpenRequests counts what waits for a decision now.
func (r *Reader) OpenRequests(ctx context.Context) (int, error) {
	return r.store.OpenRequests(ctx, r.now().UTC())
}

// Notes reads those about an object, the newest first, at most 100.
func (r *Reader) Notes(ctx context.Context, v Viewer, kind, id string) ([]Note, error) {
	rows, err := r.store.Notes(ctx, kind, id, maxNotes)
	return shown(rows, v.Note), err
}
