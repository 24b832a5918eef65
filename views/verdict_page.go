package views

import (
	"muster/models"
	"muster/views/ui"
)

// VerdictRow is one thing that became of the counts.
type VerdictRow struct {
	Cause models.Cause
	// Share is how much of the count it explains ("7 of 10 uses"); may be
	// empty.
	Share string
	// Title names it, Sentence is the evidence.
	Title    string
	Sentence string
	// Action leads to what to do; Ask says what to do besides, or whom to
	// ask. Both may be empty.
	Action    string
	ActionURL string
	Ask       string
}

// calm tells that nobody has to do anything.
func (r VerdictRow) calm() bool {
	return r.Cause == models.CauseInOrder || r.Cause == models.CauseUsedUp
}

// WaitingRow is somebody who was turned away and has nothing yet.
type WaitingRow struct {
	Person      ui.Person
	Host        string
	IP          string
	Attempts    int
	Last        ui.Moment
	SupportCode string
}
