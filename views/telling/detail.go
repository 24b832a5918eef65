package telling

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/seen"
	"muster/views/ui"
)

// field is a field of an event's detail: its name there, its label, and its word in
// a sentence, by default the label in lower case.
type field struct{ name, label, word string }

// fields are in the order of the forms.
var fields = []field{
	{"remedy", "Remedy", ""},
	{"finding", "Cause", ""},
	{"identifier", "Label", ""},
	{"name", "Name", ""},
	{"count", "Count", ""},
	{"expirationDate", "Expiry", ""},
	{"expiresAt", "Expiry", ""},
	{"isEnabled", "Enabled", "state"},
	{"note", "Note", ""},
	{"refId1", "Reference 1", ""},
	{"refId2", "Reference 2", ""},
	{"customer", "Customer", ""},
	{"role", "Role", ""},
	{"scopes", "Scopes", ""},
	{"onlyExpected", "Only the expected", "rule on the expected"},
	{"expected", "On the list", "expected list"},
	{"added", "Added to the list", ""},
	{"removed", "Taken off the list", ""},
	{"claims", "Earlier e-mail entries", "earlier e-mail entries"},
	{"signInRequired", "Sign-in required", "sign-in rule"},
	{"emailDomains", "E-mail domains", ""},
	{"networks", "Networks", ""},
	{"replaces", "Replaces", ""},
	{"replacedBy", "Replaced by", ""},
	{"usedCount", "Used", ""},
	{"remainingCount", "Left", ""},
	{"authTokens", "Its auth tokens", ""},
	{"authToken", "Auth token", ""},
	{"authTokenId", "Auth token", ""},
	{"registrationTokenId", "Registration token", ""},
	{"redemption", "Redemption", ""},
	{"channel", "Channel", ""},
	{"deleted", "To be deleted", ""},
	{"returnCount", "Count given back", ""},
	{"countReclaimed", "Count given back", ""},
	{"generation", "Generation", ""},
	{"found", "Found", ""},
	{"secret", "Secret", ""},
	{"filter", "Filtered by", ""},
	{"masked", "Addresses masked", ""},
	{"search", "Searched for", ""},
	{"systemUserName", "User name", ""},
	{"fqdn", "Host name", ""},
	{"macAddress", "MAC address", ""},
	{"email", "E-mail address", ""},
	{"ip", "IP address", ""},
	{"actor", "Actor", ""},
	{"object", "Object", ""},
	{"until", "Until", ""},
	{"before", "Before", ""},
	{"number", "Number", ""},
	{"more", "More within a minute", ""},
	{"routes", "Routes", ""},
	{"algorithm", "Algorithm", ""},
	{"code", "Code", ""},
	{"text", "Text", ""},
	{"reason", "Reason", ""},
	{"undo", "Undoes an earlier change", ""},
	{"ticket", "Ticket", ""},
}

// change is one field before and after.
type change struct{ from, to any }

// detail is what an event holds besides its object: changed fields, and facts.
type detail struct {
	changes map[string]change
	facts   map[string]any
	// now is when it is read, in the reader's zone.
	now time.Time
}

// readDetail reads the JSON of an event; anything but an object holds nothing.
func readDetail(e *seen.AuditEvent, now time.Time) detail {
	d := detail{map[string]change{}, map[string]any{}, now}
	decoder := json.NewDecoder(strings.NewReader(e.Detail))
	decoder.UseNumber() // a count has no decimals
	var raw map[string]any
	if decoder.Decode(&raw) != nil {
		return d
	}
	for name, value := range raw {
		object, _ := value.(map[string]any)
		from, hasFrom := object["from"]
		to, hasTo := object["to"]
		if hasFrom && hasTo {
			d.changes[name] = change{from, to}
		} else {
			d.facts[name] = value
		}
	}
	return d
}

// text is a fact for people to read; empty when there is none.
func (d detail) text(name string) string { return d.value(d.facts[name]) }

// changed names the changed fields, for a sentence.
func (d detail) changed() []string {
	var texts []string
	for _, f := range ordered(d.changes) {
		texts = append(texts, cmp.Or(f.word, lowerFirst(f.label)))
	}
	return texts
}

func (d detail) differences() []ui.Difference {
	var all []ui.Difference
	for _, f := range ordered(d.changes) {
		c := d.changes[f.name]
		all = append(all, ui.Difference{Field: f.label, From: d.value(c.from), To: d.value(c.to)})
	}
	return all
}

// Fact is another detail of an event.
type Fact struct {
	Label, Value string
	// Mono says that the value is an id.
	Mono bool
}

// factsOf are the facts of the detail, then the ids of the object, the request and
// the event; empty ones are left out.
func (d detail) factsOf(e *seen.AuditEvent) []Fact {
	var all []Fact
	for _, f := range ordered(d.facts) {
		all = append(all, Fact{Label: f.label, Value: d.text(f.name)})
	}
	all = append(all, Fact{"Object", e.ObjectID, true}, Fact{"Request ID", e.RequestID, true}, Fact{"Event", e.ID, true})
	return slices.DeleteFunc(all, func(f Fact) bool { return f.Value == "" })
}

// ordered are the fields that have a value, in the order of the forms, followed by
// unknown ones under their own names.
func ordered[V any](values map[string]V) []field {
	var known, unknown []field
	left := maps.Clone(values)
	for _, f := range fields {
		if _, ok := left[f.name]; ok {
			known = append(known, f)
			delete(left, f.name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		unknown = append(unknown, field{name, name, name})
	}
	return append(known, unknown...)
}

// value is a value for people to read.
func (d detail) value(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		if value {
			return "yes"
		}
		return "no"
	case string:
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return ui.MomentOf(at, d.now).Exact
		}
		return value
	case []any:
		texts := make([]string, len(value))
		for i := range value {
			texts[i] = d.value(value[i])
		}
		return strings.Join(texts, ", ")
	}
	if n, ok := wholeNumber(value); ok {
		return ui.Number(n)
	}
	return fmt.Sprint(value)
}

// wholeNumber reads a count; some events store it as text.
func wholeNumber(value any) (int, bool) {
	n, err := strconv.Atoi(fmt.Sprint(value))
	return n, err == nil
}
