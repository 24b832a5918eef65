// Package claim finds claims in what a login provider says, by a path whose segments
// may hold dots.
package claim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Path leads to a claim, from the outermost object inwards.
type Path struct {
	segments []string
	// exact is that of a JSON array: each segment is one name. The segments of a
	// dotted path may be parts of names, which hold dots themselves.
	exact bool
}

// ParsePath reads a dotted path, or a JSON array of segments. The error is a sentence
// without its subject.
func ParsePath(text string) (Path, error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "[") {
		if text == "" {
			return Path{}, errors.New("is empty; name a claim")
		}
		return Path{segments: strings.Split(text, ".")}, nil
	}
	p := Path{exact: true}
	if err := json.Unmarshal([]byte(text), &p.segments); err != nil {
		return Path{}, fmt.Errorf(`begins like a JSON array of strings but is not one (%w); write it like ["resource_access","my.client","roles"]`, err)
	}
	if len(p.segments) == 0 || slices.Contains(p.segments, "") {
		return Path{}, errors.New("has no segment, or an empty one; name each")
	}
	return p, nil
}

// String writes the path as it is configured.
func (p Path) String() string {
	if !p.exact {
		return strings.Join(p.segments, ".")
	}
	text, _ := json.Marshal(p.segments) // strings always marshal
	return string(text)
}

// In returns the value at the path, and whether there is one. Of several readings of a
// dotted path, the one with the longest names first counts.
func (p Path) In(object map[string]any) (value any, found bool) {
	if p.exact {
		return exactly(object, p.segments)
	}
	return reading(object, p.segments)
}

func exactly(object map[string]any, names []string) (any, bool) {
	value, found := object[names[0]]
	if !found || len(names) == 1 {
		return value, found
	}
	inner, _ := value.(map[string]any)
	return exactly(inner, names[1:])
}

func reading(object map[string]any, parts []string) (any, bool) {
	for n := len(parts); n > 0; n-- {
		value, found := object[strings.Join(parts[:n], ".")]
		if !found || n == len(parts) {
			if found {
				return value, true
			}
			continue
		}
		if inner, isObject := value.(map[string]any); isObject {
			if value, found = reading(inner, parts[n:]); found {
				return value, true
			}
		}
	}
	return nil, false
}
