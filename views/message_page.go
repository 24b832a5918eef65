package views

import "muster/views/layout"

// ErrorPage says what happened, what it means and what to do.
type ErrorPage struct {
	layout.Page
	// Status is the HTTP status, shown small.
	Status   int
	Heading  string
	Message  string
	NextStep string
	// Code is the stable code, RequestID the id to quote; may be empty.
	Code      string
	RequestID string
	// Actions leads on; the first one is the primary one.
	Actions []layout.Link
}

// NoAccessPage is for a signed-in person without a role.
type NoAccessPage struct {
	layout.Page
	// Contact says whom to ask, a full sentence; a default when empty.
	Contact string
}

// DevLoginPage is the login page of the development provider.
type DevLoginPage struct {
	layout.Page
	Action string
	// Hidden fields carry the authorization request along.
	Hidden   []HiddenField
	Username string
	Error    string
	// Accounts are listed for the newcomer.
	Accounts []DevAccount
}

// HiddenField is a hidden input.
type HiddenField struct {
	Name  string
	Value string
}

// DevAccount is one account of the development provider.
type DevAccount struct {
	Username string
	Password string
	// RoleName in words: "Administrator".
	RoleName string
}
