package visitor

import (
	"cmp"
	"time"

	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// MyPage lists the auth tokens of the signed-in person.
type MyPage struct {
	layout.Page
	Rows   []seen.AuthToken
	Now    time.Time
	Paging ui.Paging
}

// MyDeletePage asks before a person deletes an auth token of their own.
type MyDeletePage struct {
	layout.Page
	AuthToken seen.AuthToken
	// AccessTokenTTL is how long its access token may outlive it.
	AccessTokenTTL time.Duration
	Reason         string // as it was sent
	Errors         ui.FieldErrors
}

// atMost rounds up to what a span is told in.
func atMost(d time.Duration) time.Duration {
	unit := time.Minute
	if d > time.Hour {
		unit = time.Hour
	}
	return (d + unit - 1).Truncate(unit)
}

// ownName is the name by which its owner knows an auth token.
func ownName(t *seen.AuthToken) string { return cmp.Or(t.FQDN, t.Identifier, t.SystemUserName, t.ID) }
