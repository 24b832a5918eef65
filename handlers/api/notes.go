package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
)

const wrapNote = "note"

// Notes serves what was written down about registration tokens, auth tokens and
// refused attempts.
type Notes struct {
	Read   NoteReader
	Tokens NoteService
}

// NoteReader reads notes, and what they are about; see [seen.Reader].
type NoteReader interface {
	Notes(ctx context.Context, v seen.Viewer, kind, id string) ([]seen.Note, error)
	RegistrationToken(ctx context.Context, v seen.Viewer, id string) (*seen.RegistrationToken, error)
	AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
	RefusedAttempt(ctx context.Context, v seen.Viewer, code string) (*seen.RefusedAttempt, error)
}

// NoteService writes notes; see the token service.
type NoteService interface {
	AddNote(ctx context.Context, actor models.Actor, n models.NewNote) (*models.Note, error)
}

type noteJSON struct {
	ID         string  `json:"id"`
	ObjectKind string  `json:"objectKind"`
	ObjectID   string  `json:"objectId"`
	Text       string  `json:"text"`
	Ticket     *string `json:"ticket"`
	CreatedBy  string  `json:"createdBy"`
	CreatedAt  string  `json:"createdAt"`
}

func noteJSONOf(n *seen.Note) noteJSON {
	return noteJSON{
		ID: n.ID, ObjectKind: n.ObjectKind, ObjectID: n.ObjectID, Text: n.Text, Ticket: orNull(n.Ticket),
		CreatedBy: n.CreatedBy, CreatedAt: formatTime(n.CreatedAt),
	}
}

// Add writes a note about an object of a kind, named by a part of the path.
func (h *Notes) Add(kind, parameter string) echo.HandlerFunc {
	return func(c echo.Context) error {
		n, err := readJSON(c, decodeNote)
		if err != nil {
			return err
		}
		n.ObjectKind, n.ObjectID = kind, c.Param(parameter)
		written, err := h.Tokens.AddNote(c.Request().Context(), web.Actor(c), n)
		if err != nil {
			return err
		}
		shown := web.Viewer(c).Note(written)
		return answer(c, http.StatusCreated, map[string]noteJSON{wrapNote: noteJSONOf(&shown)})
	}
}

// List answers the notes about an object of a kind, newest first.
func (h *Notes) List(kind, parameter string) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := noParameters(c); err != nil {
			return err
		}
		ctx, v, id := c.Request().Context(), web.Viewer(c), c.Param(parameter)
		if err := h.exists(ctx, v, kind, id); err != nil {
			return err
		}
		found, err := h.Read.Notes(ctx, v, kind, id)
		if err != nil {
			return err
		}
		rows := make([]noteJSON, len(found))
		for i := range found {
			rows[i] = noteJSONOf(&found[i])
		}
		return answer(c, http.StatusOK, map[string]any{wrapNote + "s": map[string][]noteJSON{wrapNote: rows}})
	}
}

func (h *Notes) exists(ctx context.Context, v seen.Viewer, kind, id string) (err error) {
	switch kind {
	case models.ObjectRegistrationToken:
		_, err = h.Read.RegistrationToken(ctx, v, id)
	case models.ObjectAuthToken:
		_, err = h.Read.AuthToken(ctx, v, id)
	case models.ObjectRefusedAttempt:
		_, err = h.Read.RefusedAttempt(ctx, v, id)
	}
	return err
}

// decodeNote reads {"note":{…}}.
func decodeNote(body []byte, f *faults) (models.NewNote, error) {
	var n models.NewNote
	o, err := parseWrapped(body, wrapNote, f)
	if err != nil {
		return n, err
	}
	if text := o.text("text"); text != nil {
		n.Text = *text
		f.checkText("text", n.Text, models.MaxNoteLength, true)
	}
	if ticket := o.text("ticket"); ticket != nil {
		n.Ticket = *ticket
		f.checkText("ticket", n.Ticket, models.MaxTicketLength, false)
	}
	o.finish("id", "objectKind", "objectId", "createdBy", "createdAt")
	return n, f.err()
}
