package desk

import (
	"cmp"
	"strings"

	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// Desk is what waits for the helpdesk while nothing is asked.
type Desk struct {
	// TurnedAway are those who still wait, by registration token and cause; with
	// Building they are not known yet.
	TurnedAway []StillWaits
	Building   bool
	// Recent is what this person found lately.
	Recent []Recent
	// Requests are the newest open requests, MoreRequests how many others there are.
	// With MayDecide this person decides on them.
	Requests     []OpenRequest
	MoreRequests int
	MayDecide    bool
}

// StillWaits is who waits for one cause, and where to see more.
type StillWaits struct {
	seen.TurnedAway
	// RegistrationToken is nil for an unknown secret.
	RegistrationToken *layout.Link
	URL               string
}

// namesShown is how many of those who wait are named.
const namesShown = 3

// names are some of those who wait.
func (t *StillWaits) names() string {
	var names []string
	for i := range t.Waiting[:min(namesShown, len(t.Waiting))] {
		names = append(names, cmp.Or(t.Waiting[i].Name, "a device"))
	}
	text := strings.Join(names, ", ")
	if more := len(t.Waiting) - len(names); more > 0 {
		text += " and " + ui.Number(more) + " more"
	}
	return text
}

// Recent is something that was looked up: one of the three, by its kind.
type Recent struct {
	Kind              string
	URL               string
	RegistrationToken *seen.RegistrationToken
	AuthToken         *seen.AuthToken
	Attempt           *seen.RefusedAttempt
}

// told names what was found and what it is.
func (r *Recent) told() (icon ui.IconName, name, what string) {
	switch {
	case r.RegistrationToken != nil:
		return ui.IconKeyRound, r.RegistrationToken.Identifier, "registration token"
	case r.AuthToken != nil:
		return ui.IconShieldCheck, cmp.Or(r.AuthToken.Person().Name, r.AuthToken.FQDN, r.AuthToken.ID), withHost("auth token", r.AuthToken.FQDN)
	default:
		return ui.IconUserX, cmp.Or(r.Attempt.Person().Name, r.Attempt.FQDN, r.Attempt.SupportCode), withHost("refused attempt "+r.Attempt.SupportCode, r.Attempt.FQDN)
	}
}

func withHost(what, host string) string {
	if host == "" {
		return what
	}
	return what + " · " + host
}
