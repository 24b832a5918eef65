package store

import (
	"database/sql"
	"time"

	"gorm.io/gorm/clause"

	"muster/models"
)

// condition is constant SQL in which @now stands for the time.
type condition string

func (c condition) at(now time.Time) clause.Expression {
	return clause.NamedExpr{SQL: string(c), Vars: []any{sql.Named("now", now)}}
}

// states is the SQL of the derived states of one kind of row, in order of
// precedence; lists, counts and guards use it. A row has the first state whose
// condition holds, or else rest.
type states[S ~string] struct {
	of   []derived[S]
	rest S
}

type derived[S ~string] struct {
	state S
	// in holds for the rows that have this state or an earlier one, notIn for the
	// others.
	in, notIn condition
}

var registrationTokenStates = states[models.Status]{[]derived[models.Status]{
	{models.StatusDeleted, "deleted_at IS NOT NULL", "deleted_at IS NULL"},
	{models.StatusDisabled, "disabled_at IS NOT NULL", "disabled_at IS NULL"},
	{models.StatusExpired, "expires_at <= @now", "expires_at > @now"},
	{models.StatusExhausted, "used_count >= count", "used_count < count"},
}, models.StatusActive}

var authTokenStates = states[models.AuthTokenState]{[]derived[models.AuthTokenState]{
	{models.AuthTokenDeleted, "deleted_at IS NOT NULL", "deleted_at IS NULL"},
	{models.AuthTokenEnded, "ended_at IS NOT NULL", "ended_at IS NULL"},
	{models.AuthTokenIdleExpired, "idle_expires_at <= @now", "idle_expires_at > @now"},
}, models.AuthTokenLive}

// redeemable are the registration tokens that have a count to take.
var redeemable, _ = registrationTokenStates.condition(models.StatusActive)

// live are the auth tokens that can be used.
var live, _ = authTokenStates.condition(models.AuthTokenLive)

// condition is the one for a state; false when there is no such state.
func (t states[S]) condition(state S) (condition, bool) {
	var c condition
	for _, s := range t.of {
		if s.state == state {
			return c + s.in, true
		}
		c += s.notIn + " AND "
	}
	return c[:len(c)-len(" AND ")], state == t.rest
}

// name is an expression for the name of a row's state.
func (t states[S]) name() condition {
	c := condition("CASE")
	for _, s := range t.of {
		c += " WHEN " + s.in + " THEN '" + condition(s.state) + "'"
	}
	return c + " ELSE '" + condition(t.rest) + "' END"
}
