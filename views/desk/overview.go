package desk

import (
	"cmp"
	"time"

	"muster/seen"
	"muster/views/layout"
	"muster/views/telling"
)

// OverviewPage is where administrators and the helpdesk begin.
type OverviewPage struct {
	layout.Page
	Now     time.Time
	Figures []Figure
	// Fresh means that there is no registration token yet.
	Fresh     bool
	MayCreate bool
	// Attention are the most urgent registration tokens; More is how many
	// others need attention.
	Attention []Attention
	More      int
	// Requests are the newest open requests, MoreRequests how many others there are.
	// With MayDecide this person decides on them.
	Requests     []OpenRequest
	MoreRequests int
	MayDecide    bool
	Activity     []Activity
}

// Figure is a number with its label.
type Figure struct {
	Label string
	Value int
	// Of is the limit or the total; empty when there is none.
	Of  string
	URL string // empty when it leads nowhere
	// Spark are numbers by day, oldest first. SparkText says below what they count,
	// SparkLabel all of it in words.
	Spark                 []int
	SparkText, SparkLabel string
}

// Attention is a registration token that needs attention, in words, and where
// its remedy is.
type Attention struct {
	seen.Attention
	Text telling.Attention
	URL  string
}

// OpenRequest is a request that waits for a decision, and what it is about.
type OpenRequest struct {
	seen.Request
	RegistrationToken layout.Link
}

// Activity is a redemption or, where Redeemed is nil, a refused attempt.
type Activity struct {
	Redeemed *seen.AuthToken
	Refused  *seen.RefusedAttempt
	// RegistrationToken is what it was about; nil for an unknown secret.
	RegistrationToken *layout.Link
}

// When says when it was.
func (a Activity) When() time.Time {
	if a.Redeemed == nil {
		return a.Refused.AttemptedAt
	}
	return a.Redeemed.CreatedAt
}

func (a Activity) host() string {
	if a.Redeemed == nil {
		return a.Refused.FQDN
	}
	return a.Redeemed.FQDN
}

func (a Activity) who() string {
	var person seen.Person
	if a.Redeemed == nil {
		person = a.Refused.Person()
	} else {
		person = a.Redeemed.Person()
	}
	return cmp.Or(person.Name, a.host(), "Somebody")
}
