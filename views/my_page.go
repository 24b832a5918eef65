package views

import (
	"cmp"

	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// MyPage lists the auth tokens of whoever is signed in.
type MyPage struct {
	layout.Page
	Rows      []MyRow
	RedeemURL string
	// AdminURL leads to the administration; empty for end users.
	AdminURL string
	Paging   ui.Paging
}

// MyRow is one auth token of the person's own.
type MyRow struct {
	ID         string
	Host       string
	User       string
	Identifier string
	State      models.AuthTokenState
	Created    ui.Moment
	LastSeen   ui.Moment
	Deleted    ui.Moment
	DeletedBy  string
	// DeleteURL is empty when it is deleted.
	DeleteURL string
}

// name is what its owner knows it by.
func (r MyRow) name() string { return cmp.Or(r.Host, r.Identifier, r.User, r.ID) }

// MyDeleteForm is what was typed, raw.
type MyDeleteForm struct {
	Reason string `form:"reason"`
}

// MyDeletePage asks before an auth token of the person's own is deleted.
type MyDeletePage struct {
	layout.Page
	Row       MyRow
	Form      MyDeleteForm
	Errors    ui.FieldErrors
	Action    string
	CancelURL string
}
