package models

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

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
	AuthTokens []string `gorm:"serializer:json"`
	// ReturnCount tells whether the counts are returned with the deletion.
	ReturnCount bool
	// ExpiresAt is the new expiry of [RemedyExtend].
	ExpiresAt *time.Time
}

// Deletes tells whether it deletes auth tokens or gives counts back.
func (r *RequestedRemedy) Deletes() bool { return r.Finding != "" || len(r.AuthTokens) > 0 }

// Key is the same for remedies of one registration token that do the same, whatever
// their number.
func (r *RequestedRemedy) Key() string {
	key := string(r.Kind) + " " + string(r.Finding)
	if r.ReturnCount {
		key += " returned"
	}
	if len(r.AuthTokens) > 0 {
		ids := slices.Sorted(slices.Values(r.AuthTokens))
		digest := sha256.Sum256([]byte(strings.Join(ids, " ")))
		key += " " + hex.EncodeToString(digest[:])
	}
	return key
}

// RequestDecision is what ends an open request.
type RequestDecision struct {
	ID    string
	State RequestState
	By    string
	At    time.Time
	// Reason is given when it is declined.
	Reason string
	// Count is the number that is approved; nil where it has none.
	Count *int
}

// Request is a remedy that somebody proposes and an administrator decides on.
type Request struct {
	ID                  string `gorm:"primaryKey"`
	RegistrationTokenID string
	Remedy              RequestedRemedy `gorm:"embedded;embeddedPrefix:remedy_"`
	// CountBefore is the count of the registration token when it was asked for.
	CountBefore int
	// ProposedBefore is the number that the request was made on: by how many the
	// verdict proposed to raise, nil if it did not; how many counts remained for a
	// successor; how many auth tokens were to be deleted, not only to be given back.
	ProposedBefore *int
	Reason, Ticket string
	State          RequestState
	// CreatedBy is the name of who asked, CreatedByID the id of that actor.
	CreatedBy, CreatedByID string
	CreatedAt              time.Time
	// DecidedBy, DecidedAt and Decision, the reason given, are of what is not open
	// any more.
	DecidedBy string
	DecidedAt *time.Time
	Decision  string
	// DecidedCount is the number that was approved; it differs from Remedy.Count
	// when the number was changed. It is nil unless approved.
	DecidedCount *int
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
	// Decided leaves out what is open.
	Decided bool
	// CreatedByID narrows to what one actor asked for.
	CreatedByID string
	// IDs, if not nil, narrows to these.
	IDs          []string
	CreatedAfter time.Time
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
