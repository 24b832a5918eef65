package desk

import (
	"time"

	"muster/seen"
)

// Refused is the tab "Turned away"; also a fragment of its own.
type Refused struct {
	Section
	// Causes are the attempts of this page by their reason.
	Causes []Cause
	// Waiting are those who still have no auth token, WaitingText says how many
	// they are.
	Waiting     []seen.Waiting
	WaitingText string
	// Building means that who is waiting is still being put together.
	Building bool
}

// Cause are the attempts that were refused for one reason, a row for each who made
// them.
type Cause struct {
	Reason      string
	Attempts    int
	First, Last time.Time
	Rows        []TurnedAway
}

// TurnedAway is the last of somebody's attempts, and how many there were.
type TurnedAway struct {
	seen.RefusedAttempt
	Attempts int
}

// told is a row about somebody who was turned away.
type told struct {
	person         seen.Person
	host, ip, code string
	attempts       int
	last           time.Time
}

func (t *TurnedAway) told() told {
	return told{t.Person(), t.FQDN, t.IP, t.SupportCode, t.Attempts, t.AttemptedAt}
}

func waitingTold(w *seen.Waiting) told {
	return told{w.Person(), w.FQDN, w.IP, w.SupportCode, w.Attempts, w.Last}
}
