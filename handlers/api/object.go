package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens/secrets"
)

// nulls is what a null member means.
type nulls int

const (
	// nullIsLeftOut ignores the member: the whole is written, and it has no such
	// value.
	nullIsLeftOut nulls = iota
	// nullClears makes a text blank, as in a merge patch (RFC 7396); what cannot be
	// blank cannot be null.
	nullClears
	// nullIsWrong refuses it: ignoring it would mean something else.
	nullIsWrong
)

// jsonObject is a JSON object whose members are taken one by one; any that remain
// are reported as unknown.
type jsonObject struct {
	faults *faults
	nulls  nulls
	// path precedes the names of members: "customer.".
	path    string
	names   []string
	members map[string]jsontext.Value
}

// parseObject reads exactly one JSON object, with nothing after it and no name
// twice, in valid UTF-8 (RFC 8259, RFC 7493).
func parseObject(data []byte, f *faults) (*jsonObject, error) {
	value := jsontext.Value(data)
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, web.BadRequest("The body is empty; send a JSON object.")
	}
	if !value.IsValid() {
		return nil, web.BadRequest("The body must be one JSON value in UTF-8, with no name given twice.")
	}
	if value.Kind() != '{' {
		return nil, web.BadRequest("The body must be a JSON object.")
	}
	return newObject(value, "", f), nil
}

// parseWrapped reads the one object that a body wraps. Faults name its fields
// without the wrapper.
func parseWrapped(data []byte, name string, f *faults) (*jsonObject, error) {
	outer, err := parseObject(data, f)
	if err != nil {
		return nil, err
	}
	there := outer.has(name)
	inner := outer.object(name)
	if inner == nil && (!there || !f.has(name)) {
		outer.fail(name, `The body must be {"`+name+`": {…}}.`)
	}
	outer.finish()
	if inner == nil {
		return nil, f.err()
	}
	inner.path = ""
	return inner, nil
}

// newObject takes a valid JSON object apart.
func newObject(value jsontext.Value, path string, f *faults) *jsonObject {
	o := &jsonObject{faults: f, path: path, members: map[string]jsontext.Value{}}
	decoder := jsontext.NewDecoder(bytes.NewReader(value))
	_, _ = decoder.ReadToken() // the brace
	for decoder.PeekKind() == '"' {
		token, _ := decoder.ReadToken()
		name := token.String()
		member, _ := decoder.ReadValue()
		o.names = append(o.names, name)
		o.members[name] = member.Clone()
	}
	return o
}

// take removes a member; false when it is missing, or null, which is recorded as a
// fault unless it means left out.
func (o *jsonObject) take(name string) (jsontext.Value, bool) {
	null := o.isNull(name)
	value, ok := o.members[name]
	delete(o.members, name)
	if null && o.nulls != nullIsLeftOut {
		o.fail(name, o.path+name+" must not be null; leave it out instead.")
	}
	return value, ok && !null
}

func (o *jsonObject) has(name string) bool {
	_, there := o.members[name]
	return there
}

func (o *jsonObject) isNull(name string) bool { return o.members[name].Kind() == 'n' }

// dropSame removes those of the members that other has with the same value.
func (o *jsonObject) dropSame(other *jsonObject, names []string) {
	for _, name := range names {
		mine, theirs := o.members[name].Clone(), other.members[name].Clone()
		if len(mine) > 0 && mine.Canonicalize() == nil && theirs.Canonicalize() == nil && bytes.Equal(mine, theirs) {
			delete(o.members, name)
		}
	}
}

func (o *jsonObject) fail(name, message string) { o.faults.add(o.path+name, message) }

// member takes a value that read understands; else the fault says what it must be.
func member[T any](o *jsonObject, name, mustBe string, read func(jsontext.Value) (T, bool)) *T {
	value, ok := o.take(name)
	if !ok {
		return nil
	}
	got, ok := read(value)
	if !ok {
		o.fail(name, o.path+name+" must be "+mustBe+".")
		return nil
	}
	return &got
}

// text takes a string.
func (o *jsonObject) text(name string) *string {
	if o.nulls == nullClears && o.isNull(name) {
		delete(o.members, name)
		return new("")
	}
	return member(o, name, "a string", stringValue)
}

func stringValue(value jsontext.Value) (string, bool) {
	var text string
	if value.Kind() != '"' || json.Unmarshal(value, &text) != nil {
		return "", false
	}
	return text, true
}

// whole takes a whole number, or a string of its digits.
func (o *jsonObject) whole(name string) *int {
	value, ok := o.take(name)
	if !ok {
		return nil
	}
	digits := string(value)
	if value.Kind() == '"' {
		digits, _ = stringValue(value)
	} else if value.Kind() != '0' {
		digits = ""
	}
	n, message := wholeNumber(o.path+name, digits)
	if message != "" {
		o.fail(name, message)
		return nil
	}
	return &n
}

// wholeNumber reads decimal digits with an optional minus sign; the message says
// what is wrong. Fractions and exponents are refused, never rounded.
func wholeNumber(name, digits string) (n int, message string) {
	bare := strings.TrimPrefix(digits, "-")
	if bare == "" || strings.Trim(bare, "0123456789") != "" {
		return 0, name + " must be a whole number, written in digits."
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0, name + " is too large a number."
	}
	return n, ""
}

// flag takes true or false.
func (o *jsonObject) flag(name string) *bool {
	return member(o, name, "true or false", func(value jsontext.Value) (yes, ok bool) {
		return value.Kind() == 't', value.Kind() == 't' || value.Kind() == 'f'
	})
}

// moment takes a time (RFC 3339), or a date, which means the end of that day
// in UTC.
func (o *jsonObject) moment(name string) *time.Time {
	const mustBe = `a time like "2026-11-23T10:00:00Z" (RFC 3339) or a date like "2026-11-23", which means its end in UTC`
	return member(o, name, mustBe, func(value jsontext.Value) (time.Time, bool) {
		text, _ := stringValue(value)
		return parseMoment(text)
	})
}

func parseMoment(text string) (time.Time, bool) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.Add(24*time.Hour - time.Second), true
	}
	// RFC 3339 section 5.6 allows lower-case t and z.
	moment, err := time.Parse(time.RFC3339, strings.ToUpper(text))
	if err != nil {
		return time.Time{}, false
	}
	return moment.UTC(), true
}

// object takes an object; nil when it is left out or bad, which is recorded.
func (o *jsonObject) object(name string) *jsonObject {
	value, ok := o.take(name)
	if !ok {
		return nil
	}
	if value.Kind() != '{' {
		o.fail(name, o.path+name+" must be an object.")
		return nil
	}
	inner := newObject(value, o.path+name+".", o.faults)
	if inner.nulls = o.nulls; o.nulls == nullClears {
		inner.nulls = nullIsWrong // it is written as a whole
	}
	return inner
}

// texts takes an array of strings.
func (o *jsonObject) texts(name string) (list []string, given bool) {
	value, ok := o.take(name)
	if !ok {
		return nil, false
	}
	var raw []jsontext.Value
	if value.Kind() != '[' || json.Unmarshal(value, &raw) != nil {
		o.fail(name, o.path+name+" must be an array of strings.")
		return nil, true
	}
	for i, element := range raw {
		text, ok := stringValue(element)
		if !ok {
			at := name + "[" + strconv.Itoa(i) + "]"
			o.fail(at, o.path+at+" must be a string.")
			continue
		}
		list = append(list, text)
	}
	return list, true
}

// finish reports every member that was not taken.
func (o *jsonObject) finish(readOnly ...string) {
	for _, name := range o.names {
		if _, left := o.members[name]; !left {
			continue
		}
		if slices.Contains(readOnly, name) {
			o.fail(name, o.path+name+" is read-only.")
			continue
		}
		o.fail(shownName(name), "There is no field of this name.")
	}
}

// shownName keeps a name chosen by the caller short and harmless in the answer.
func shownName(name string) string {
	const longest = 64
	if models.CheckText("field", name, longest, false) != nil || secrets.Within(name) {
		return "(unnamed)"
	}
	return name
}
