package visitor

import (
	"cmp"
	"time"

	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// MyPage lists the auth tokens of whoever is signed in.
type MyPage struct {
	layout.Page
	Rows   []seen.AuthToken
	Now    time.Time
	Paging ui.Paging
}

// MyDeleteForm is what was typed, raw.
type MyDeleteForm struct {
	Reason string `form:"reason"`
}

// MyDeletePage asks before an auth token of the person's own is deleted.
type MyDeletePage struct {
	layout.Page
	AuthToken seen.AuthToken
	Form      MyDeleteForm
	Errors    ui.FieldErrors
}

// ownName is what its owner knows an auth token by.
func ownName(t *seen.AuthToken) string { return cmp.Or(t.FQDN, t.Identifier, t.SystemUserName, t.ID) }
