package desk

import (
	"context"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	views "muster/views/desk"
	"muster/views/layout"
	"muster/views/paths"
)

// Notes adds notes to what has a page.
type Notes struct {
	Read   objectReader
	Tokens interface {
		AddNote(ctx context.Context, actor models.Actor, n models.NewNote) (*models.Note, error)
	}
	Frame *web.Frame
}

// NotePage is the page of the object that a note is about, where its form is.
func NotePage(_ string, sent url.Values) string {
	id, kind := sent.Get("objectId"), sent.Get("objectKind")
	switch {
	case kind == models.ObjectRefusedAttempt:
		return paths.Attempt(id)
	case kind == models.ObjectRegistrationToken && tokens.ValidID(id):
		return paths.RegistrationToken(id)
	case kind == models.ObjectAuthToken && tokens.ValidID(id):
		return paths.AuthToken(id)
	}
	return paths.Overview
}

// noteReader reads notes.
type noteReader interface {
	Notes(ctx context.Context, v seen.Viewer, kind, id string) ([]seen.Note, error)
}

// notesOf reads the notes about an object, and offers to add one to who may.
func notesOf(ctx context.Context, read noteReader, v seen.Viewer, kind, id string, tickets web.TicketLinks, now time.Time) (views.Notes, error) {
	notes := views.Notes{Now: now, MayAdd: v.Can(models.PermissionRequestWrite), Form: views.NoteForm{ObjectKind: kind, ObjectID: id}}
	found, err := read.Notes(ctx, v, kind, id)
	for i := range found {
		notes.Rows = append(notes.Rows, views.Note{Note: found[i], Ticket: tickets.Link(found[i].Ticket, found[i].TicketMasked)})
	}
	return notes, err
}

// restoreNote fills the form with what was typed into it before, and says why that was
// not added.
func restoreNote(c echo.Context, notes *views.Notes) {
	if !notes.MayAdd {
		return
	}
	failed := web.RestoreTexts(c, map[string]*string{"text": &notes.Form.Text, "ticket": &notes.Form.Ticket})
	if failed != nil {
		failure, _ := web.AsFormFailure(c, failed, nil)
		notes.Errors, notes.Failed = failure.Errors, failure.Notices
	}
}

// Add adds a note, and shows the page of its object.
func (h *Notes) Add(c echo.Context) error {
	ctx := c.Request().Context()
	var form views.NoteForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	object, err := objectPage(ctx, h.Read, web.Viewer(c), form.ObjectKind, form.ObjectID)
	if err != nil {
		return err
	}
	var p web.FormParser
	note := models.NewNote{
		ObjectKind: form.ObjectKind, ObjectID: form.ObjectID,
		Text: p.Lines("text", form.Text, models.MaxNoteLength), Ticket: p.Text("ticket", form.Ticket),
	}
	if err = p.Err(); err == nil {
		_, err = h.Tokens.AddNote(ctx, web.Actor(c), note)
	}
	if err == nil {
		return h.Frame.Done(c, object, "The note was added.")
	}
	return h.render(c, form, object, err)
}

// render shows the form alone, as it was typed, where it does not fit into a draft;
// failed is why it is shown again.
func (h *Notes) render(c echo.Context, form views.NoteForm, object string, failed error) error {
	failure, ok := web.AsFormFailure(c, failed, nil)
	if !ok {
		return failed
	}
	frame, err := h.Frame.Page(c, "Add a note", layout.NavNone)
	if err != nil {
		return err
	}
	return web.RenderQuietly(c, failure.Status, views.NoteView(views.NotePage{
		Page: frame, ObjectURL: object, Notes: views.Notes{MayAdd: true, Form: form, Errors: failure.Errors, Failed: failure.Notices},
	}))
}
