package models

import "time"

// RequestState is how far a request has come.
type RequestState string

// The states. All but RequestOpen are final.
const (
	RequestOpen      RequestState = "open"
	RequestApproved  RequestState = "approved"
	RequestDeclined  RequestState = "declined"
	RequestWithdrawn RequestState = "withdrawn"
	// RequestLapsed is one that nobody decided in [RequestLife], whose registration
	// token was replaced or deleted, or of which nothing is left to do.
	RequestLapsed RequestState = "lapsed"
)

// RequestStates lists every state.
var RequestStates = []RequestState{RequestOpen, RequestApproved, RequestDeclined, RequestWithdrawn, RequestLapsed}

// RequestLife is how long a request waits for a decision.
const RequestLife = 14 * 24 * time.Hour

// MaxTicketLength is the largest number of characters of a reference to a ticket.
const MaxTicketLength = MaxIdentifierLength

// RequestedRemedy is what a request asks for.
type RequestedRemedy struct {
	Kind RemedyKind
	// Count is by how many to raise, how many counts a successor gets, or how many
	// auth tokens are deleted or given back: the number of the preview. It is nil for
	// [RemedyEnable] and [RemedyExtend].
	Count *int
	// Finding is whose auth tokens a deletion acts on, as in [Remedy]; AuthTokens
	// names them one by one instead.
	Finding    FindingKind
	AuthTokens []string
	// ReturnCount tells whether the counts are returned with the deletion.
	ReturnCount bool
	// ExpiresAt is the new expiry of [RemedyExtend].
	ExpiresAt *time.Time
}

// Deletes tells whether it deletes auth tokens or gives counts back.
func (r *RequestedRemedy) Deletes() bool { return r.Finding != "" || len(r.AuthTokens) > 0 }

// Request is a remedy that somebody proposes and an administrator decides on.
type Request struct {
	ID                  string `gorm:"primaryKey"`
	RegistrationTokenID string
	Remedy              RequestedRemedy `gorm:"serializer:json"`
	Reason, Ticket      string
	State               RequestState
	// CreatedBy is the name of who asked, CreatedByID the id of that actor.
	CreatedBy, CreatedByID string
	CreatedAt              time.Time
	// DecidedBy, DecidedAt and Decision, the reason given, are of what is not open
	// any more.
	DecidedBy string
	DecidedAt *time.Time
	Decision  string
}

// NewRequest is what somebody asks for, as it was given.
type NewRequest struct {
	RegistrationTokenID string
	Remedy              RequestedRemedy
	Reason, Ticket      string
}

// RequestFilter narrows a list of requests; zero fields match all.
type RequestFilter struct {
	RegistrationTokenID string
	State               RequestState
	// CreatedByID narrows to what one actor asked for.
	CreatedByID string
}

// WouldLetIn tells whether what is asked for would let in somebody who is refused
// with a code.
func (r *RequestedRemedy) WouldLetIn(code Code) bool {
	switch code {
	case CodeRegistrationTokenExhausted:
		return r.Kind == RemedyRaise || r.Deletes() && r.ReturnCount || r.Kind == RemedyReplace
	case CodeRegistrationTokenExpired:
		return r.Kind == RemedyReplace
	case CodeRegistrationTokenDisabled:
		return r.Kind == RemedyEnable || r.Kind == RemedyReplace
	default:
		return false
	}
}
