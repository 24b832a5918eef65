package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"muster/models"
)

// roles is a list of values of the role claim. They may contain spaces, and LDAP
// names contain commas, so ambiguous lists are refused: a misreading would give
// rights to people with another role.
func roles(at *[]string) value {
	return value{"LIST", func(in input) {
		var err error
		if *at, err = parseRoles(in.text); err != nil {
			in.wrong("%s %v.", in.variable, err)
		}
		for _, v := range *at {
			if strings.Contains(v, ",") && !rdn.MatchString(v) {
				in.warn("%s has one value with a comma in it, %q; if it means several, remove the quotes around them.", in.variable, v)
			}
		}
	}, func() string {
		if len(*at) == 0 {
			return ""
		}
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		_ = e.Encode(*at) // strings encode always
		return strings.TrimSpace(b.String())
	}}
}

// rdn is the beginning of an LDAP name, and of each of its parts (RFC 4514 section 3).
var rdn = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*\s*=\s*[^=\s]`)

// wrapped is a list in one more pair of quotes, left by an env file or a chart.
var wrapped = regexp.MustCompile(`(?s)^(?:'\s*(["\[].*)'|"\s*(['\[].*)")$`)

var (
	errEmptyRole = errors.New("contains an empty value; remove it")
	errNotUTF8   = errors.New("is not valid UTF-8 text; correct it")
	errNoRole    = errors.New("contains no value; name one, or leave it unset")
)

// parseRoles reads a JSON array of strings, or values separated by commas and line
// breaks, each with or without quotes. Quotes protect commas; nothing inside them is
// an escape, since LDAP names have their own escapes.
func parseRoles(text string) ([]string, error) {
	if !utf8.ValidString(text) {
		return nil, errNotUTF8
	}
	if inner := wrapped.FindStringSubmatch(text); inner != nil {
		text = strings.TrimSpace(inner[1] + inner[2])
	}
	var values []string
	if strings.HasPrefix(text, "[") {
		if err := json.Unmarshal([]byte(text), &values); err != nil {
			return nil, fmt.Errorf(`begins like a JSON array of strings but is not one (%w); write it like ["Licence Admin","owners"]`, err)
		}
	} else {
		for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
			more, err := parseRoleLine(line)
			if err != nil {
				return nil, err
			}
			values = append(values, more...)
		}
	}
	for _, v := range values {
		if models.Blank(v) {
			return nil, errEmptyRole
		}
	}
	if len(values) == 0 {
		return nil, errNoRole
	}
	return values, nil
}

func parseRoleLine(line string) (values []string, err error) {
	part := "" // of an LDAP name, perhaps
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimSpace(rest) {
		var v string
		if quote := rest[:1]; quote == `"` || quote == `'` {
			var closed bool
			if v, rest, closed = strings.Cut(rest[1:], quote); !closed {
				return nil, fmt.Errorf("has an opening %s that is never closed on its line; close it, or write a JSON array", quote)
			}
			var after string
			if after, rest, _ = strings.Cut(rest, ","); !models.Blank(after) {
				return nil, fmt.Errorf("has %q after a closing quote; put a comma between values", after)
			}
			values = append(values, v)
			continue
		}
		v, rest, _ = strings.Cut(rest, ",")
		if v = strings.TrimSpace(v); v == "" {
			continue // one comma too many
		}
		if part == "" && rdn.MatchString(v) {
			part = v
		}
		values = append(values, v)
	}
	if part != "" && len(values) > 1 {
		return nil, fmt.Errorf(`has %q next to other values, which looks like part of an LDAP name; put the whole name in quotes (shells and systemd take one pair away) or write a JSON array like ["CN=Admins,OU=Groups,DC=example,DC=com"]`, part)
	}
	return values, nil
}
