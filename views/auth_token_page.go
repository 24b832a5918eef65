package views

import (
	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// AuthTokenRow is one row of the list.
type AuthTokenRow struct {
	ID                string
	URL               string
	Person            ui.Person
	Host              string
	MAC               string
	IP                string
	Identifier        string
	RegistrationToken layout.Link
	Created           ui.Moment
	LastSeen          ui.Moment
	State             models.AuthTokenState
}

// AuthTokenDetailPage tells the whole life of one auth token.
type AuthTokenDetailPage struct {
	layout.Page
	ID         string
	Identifier string
	Person     ui.Person
	Host       string
	MAC        string
	RefID1     string
	RefID2     string
	UserAgent  string
	Customer   string // empty while there is only one
	// VerifiedIssuer and VerifiedSubject are set when the redeemer was
	// signed in.
	VerifiedIssuer    string
	VerifiedSubject   string
	RegistrationToken layout.Link
	UseNumber         int // 0 when unknown
	State             models.AuthTokenState
	// StateText says in a sentence what the state means now.
	StateText string
	Created   ui.Moment
	CreatedIP string
	LastSeen  ui.Moment
	// LastSeenIP is where from.
	LastSeenIP string
	// Generation counts the refresh tokens, from 1; Refreshes is one less.
	Generation  int
	IdleExpires ui.Moment
	Ended       ui.Moment
	EndReason   string
	Deleted     ui.Moment
	DeletedBy   string
	// DeleteReason as typed.
	DeleteReason   string
	CountReclaimed bool
	// DeleteURL leads to the confirmation; empty when not offered.
	DeleteURL string
	Changes   []ChangeRow
}
