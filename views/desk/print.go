package desk

import (
	"time"

	"muster/seen"
	"muster/views/ui"
)

// PrintPage is the page of a registration token on paper: what is known about it at a
// moment, all in one piece and with exact times.
type PrintPage struct {
	RegistrationTokenPage
	// Printed is when it was made.
	Printed ui.Moment
	// Uses are the newest of them, all unless there are more than a paper holds.
	// ExportURL has the others.
	Uses      []seen.TokenUse
	ExportURL string
	// Causes are the refused attempts by their reason, of Refused in all as far as
	// they are kept.
	Causes  []Cause
	Refused int
}

// masking says whether addresses are masked.
func (p PrintPage) masking() string {
	if p.MaskBar != nil && p.MaskBar.ShownUntil == "" {
		return "E-mail and IP addresses are masked."
	}
	return "E-mail and IP addresses are shown."
}

// by is who made it.
func (p PrintPage) by() string {
	if p.Actor.RoleName == "" {
		return p.Actor.Name
	}
	return p.Actor.Name + " (" + p.Actor.RoleName + ")"
}

// attempts is how many attempts the causes hold.
func (p PrintPage) attempts() (n int) {
	for i := range p.Causes {
		n += p.Causes[i].Attempts
	}
	return n
}

// printedTime is a time that may not have come yet.
func printedTime(at, now time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return ui.MomentOf(at, now).Exact
}
