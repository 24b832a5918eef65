package admin

import (
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// AuthTokenForm is the form for the labels of an auth token as it was sent.
type AuthTokenForm struct {
	Identifier string `form:"identifier"`
	RefID1     string `form:"refId1"`
	RefID2     string `form:"refId2"`
	// Version is that of the auth token that the form was filled from.
	Version string `form:"version"`
}

// AuthTokenEditPage changes the labels of an auth token.
type AuthTokenEditPage struct {
	layout.Page
	Token *seen.AuthToken
	Form  AuthTokenForm
	// Conflict is what somebody else saved since the form was opened; nil for nothing.
	Conflict *Conflict
	Errors   ui.FieldErrors
}
