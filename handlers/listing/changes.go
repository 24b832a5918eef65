package listing

import (
	"net/url"
	"strings"
	"time"

	"muster/models"
	"muster/tokens"
	"muster/views/ui"
)

// Changes is what an open list asks for when rows may have changed: those that it
// shows, and how many have come since it was made.
type Changes struct {
	IDs   []string
	Since time.Time
}

// The parameters of [Changes]; live.js sets them.
const (
	rowsParam  = "rows"
	sinceParam = "since"
)

// ReadChanges reads them; nil when the list itself is asked for. KindInvalid.
func ReadChanges(values url.Values) (*Changes, error) {
	if !values.Has(rowsParam) {
		return nil, nil
	}
	changes := &Changes{IDs: strings.FieldsFunc(values.Get(rowsParam), func(r rune) bool { return r == '.' })}
	if len(changes.IDs) > models.MaxPageSize {
		return nil, Invalid(rowsParam, "These are more rows than a page has.")
	}
	for _, id := range changes.IDs {
		if !tokens.ValidID(id) {
			return nil, Invalid(rowsParam, "This is not the id of a row.")
		}
	}
	var err error
	if changes.Since, err = time.Parse(time.RFC3339Nano, values.Get(sinceParam)); err != nil {
		return nil, Invalid(sinceParam, "Give a time, like 2026-12-31T23:59:00Z.")
	}
	return changes, nil
}

// Counted asks only how many rows there are.
func Counted() models.PageRequest { return models.PageRequest{Size: 1, Count: true} }

// New is the bar that says how many rows have come, and leads to them.
func (q Query) New(total models.Total) ui.NewRows {
	return ui.NewRows{Number: total.Number, More: total.More, URL: q.Whole(q.Path)}
}
