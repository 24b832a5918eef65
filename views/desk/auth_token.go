package desk

import (
	"time"

	"muster/seen"
	"muster/views/layout"
)

// AuthTokenPage is the page of one auth token.
type AuthTokenPage struct {
	layout.Page
	Token    *seen.AuthToken
	Now      time.Time
	Customer string // empty while there is only one
	// RegistrationToken is where it came from.
	RegistrationToken layout.Link
	UseNumber         int // 0 when unknown
	MayDelete         bool
	// MayGiveBack is set when it was deleted and still holds its count.
	MayGiveBack bool
	// MayAsk is set for who may ask an administrator to delete it, or to give its
	// count back.
	MayAsk   bool
	Requests Requests
	Notes    Notes
	Changes  []seen.AuditEvent
}
