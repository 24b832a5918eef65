package desk

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// Notes are what people wrote down about an object, and the form that adds one.
type Notes struct {
	Rows []Note
	Now  time.Time
	// MayAdd shows the form.
	MayAdd bool
	Form   NoteForm
	Errors ui.FieldErrors
	// Failed says why the note was not added, besides what is wrong with a field.
	Failed []layout.Notice
}

// begun tells whether there is something in the form.
func (n *Notes) begun() bool {
	return n.Form.Text != "" || n.Form.Ticket != "" || len(n.Errors) > 0 || len(n.Failed) > 0
}

// Note is a note, and where its ticket is.
type Note struct {
	seen.Note
	Ticket layout.Link
}

// NoteForm is a note as it was sent, and the object that it is about.
type NoteForm struct {
	ObjectKind string `form:"objectKind"`
	ObjectID   string `form:"objectId"`
	Text       string `form:"text"`
	Ticket     string `form:"ticket"`
}

// NotePage is shown when a long note could not be added.
type NotePage struct {
	layout.Page
	Notes Notes
	// ObjectURL is the page of the object.
	ObjectURL string
}

// Request is a request about the object of a page, and where its ticket is.
type Request struct {
	seen.Request
	Ticket layout.Link
}

// Requests are the last requests about the object of a page.
type Requests struct {
	Rows []Request
	// AllURL lists all of them; empty when these are all.
	AllURL string
	Now    time.Time
}

// Ask is a remedy that an administrator can be asked for.
type Ask struct {
	Kind  models.RemedyKind
	Label string
	// URL is the form that asks for it; empty for who cannot ask, or need not.
	URL string
	// Asked is the open request for it; nil when there is none.
	Asked *Asked
}

// Asked says who asked for something, and when; URL is the request.
type Asked struct {
	By  string
	At  ui.Moment
	URL string
}

// Asks are all that can be asked for, or has been.
type Asks []Ask

// For is what can be asked for of a kind; the zero Ask when that is nothing.
func (a Asks) For(kind models.RemedyKind) Ask {
	for i := range a {
		if a[i].Kind == kind {
			return a[i]
		}
	}
	return Ask{}
}

// any tells whether there is anything left to ask for.
func (a Asks) any() bool {
	for i := range a {
		if a[i].URL != "" {
			return true
		}
	}
	return false
}
