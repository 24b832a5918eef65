package views

import "muster/views/layout"

// ErrorPage says what happened and what to do; NextStep may be empty.
type ErrorPage struct {
	layout.Page
	// Status is the HTTP status.
	Status   int
	Heading  string
	Message  string
	NextStep string
	// Code is the stable code, RequestID the id to quote.
	Code      string
	RequestID string
}

// NoAccessPage says that somebody has no role.
type NoAccessPage struct {
	layout.Page
	// Found is what the login provider sent instead, and Change what would help; may be
	// empty.
	Found, Change string
}

// DevLoginPage is the login page of the development provider.
type DevLoginPage struct {
	layout.Page
	Action string
	// Hidden carries the authorization request.
	Hidden   []HiddenField
	Username string
	Error    string
	// Accounts are listed for newcomers.
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
