package models

import (
	"fmt"
	"strings"
)

// NewExpectation is an entry of a list; it has no id yet.
func NewExpectation(kind ExpectationKind, pattern, note string) Expectation {
	folded := foldExpected(kind, pattern)
	return Expectation{Kind: kind, Pattern: pattern, Folded: folded, Glob: strings.Contains(folded, "*"), Note: note}
}

// Problem says what is wrong with an entry, in a sentence; empty when nothing is.
func (e *Expectation) Problem() string {
	if strings.Trim(e.Folded, "*. ") == "" {
		return "There is no person, e-mail address or host name."
	}
	if e.Glob && e.Kind != ExpectHost {
		return "Only a host name can contain a *; to allow all addresses of a domain, allow that e-mail domain."
	}
	if f := CheckText("The entry", e.Pattern, MaxNameLength, false); f != nil {
		return f.Message
	}
	if f := CheckText("The note", e.Note, MaxIdentifierLength, false); f != nil {
		return f.Message
	}
	return ""
}

// ListMode is what an edit does with a list.
type ListMode string

// The modes; the zero value leaves the list as it is.
const (
	ListAdd     ListMode = "add"
	ListReplace ListMode = "replace"
	ListRemove  ListMode = "remove"
	ListClear   ListMode = "clear"
	// ListVerify lets the e-mail entries that claims meet (ByClaim) be met only by
	// who is signed in; ListUserNames makes them user names.
	ListVerify    ListMode = "verify"
	ListUserNames ListMode = "user_names"
)

// AdmissionSettings is an edit of rules and list.
type AdmissionSettings struct {
	// Rules replace the present ones; only what [CheckAdmission] reads counts.
	Rules Admission
	Mode  ListMode
	// Entries are added, removed or the new list, depending on Mode.
	Entries []Expectation
	// Version must be the AdmissionVersion the edit started from; nil accepts
	// any.
	Version *int
}

// AdmissionChange is a checked edit, ready to be stored.
type AdmissionChange struct {
	Rules   Admission
	Added   []Expectation
	Removed []string // ids
	// Settled is ListVerify or ListUserNames where entries that claims met became
	// new ones.
	Settled ListMode
	// List is the whole list afterwards.
	List []Expectation
}

// Edit applies the settings to a list. KindInvalid with the field expected when
// the result is too long, or would admit nobody.
func (s AdmissionSettings) Edit(list []Expectation) (AdmissionChange, error) {
	change := AdmissionChange{Rules: s.Rules}
	if s.Mode == ListVerify || s.Mode == ListUserNames {
		change.settle(s.Mode, list)
		return change, change.check()
	}
	given, had := keysOf(s.Entries), keysOf(list)
	for i := range list {
		e := &list[i]
		if s.Mode == ListClear || s.Mode == ListRemove && given[e.Key()] || s.Mode == ListReplace && !given[e.Key()] {
			change.Removed = append(change.Removed, e.ID)
			continue
		}
		change.List = append(change.List, *e)
	}
	if s.Mode == ListAdd || s.Mode == ListReplace {
		for i := range s.Entries {
			if e := &s.Entries[i]; !had[e.Key()] {
				had[e.Key()] = true
				change.Added = append(change.Added, *e)
			}
		}
	}
	change.List = append(change.List, change.Added...)
	return change, change.check()
}

// settle makes new entries of those that claims meet, so that who has arrived is
// found out anew.
func (c *AdmissionChange) settle(mode ListMode, list []Expectation) {
	kind := ExpectEmail
	if mode == ListUserNames {
		kind = ExpectPerson
	}
	for i := range list {
		if !list[i].ByClaim {
			c.List = append(c.List, list[i])
		}
	}
	had := keysOf(c.List)
	for i := range list {
		e := &list[i]
		if !e.ByClaim {
			continue
		}
		c.Settled, c.Removed = mode, append(c.Removed, e.ID)
		if settled := NewExpectation(kind, e.Pattern, e.Note); !had[settled.Key()] {
			had[settled.Key()] = true
			c.Added = append(c.Added, settled)
		}
	}
	c.List = append(c.List, c.Added...)
}

func keysOf(list []Expectation) map[ExpectationKey]bool {
	keys := make(map[ExpectationKey]bool, len(list))
	for i := range list {
		keys[list[i].Key()] = true
	}
	return keys
}

func (c *AdmissionChange) check() error {
	globs := 0
	for i := range c.List {
		if c.List[i].Glob {
			globs++
		}
	}
	c.Rules.ExpectedCount = len(c.List)
	switch n := len(c.List); {
	case n > MaxExpected:
		return InvalidField("expected", fmt.Sprintf("The list would have %d entries; at most %d can be on it.", n, MaxExpected))
	case globs > MaxExpectedPatterns:
		return InvalidField("expected", fmt.Sprintf("The list would have %d patterns with *; at most %d can be on it. Names without * are not limited.", globs, MaxExpectedPatterns))
	case n == 0 && c.Rules.OnlyExpected:
		return InvalidField("expected", "The list is empty, so nobody would be let in. Add somebody first.")
	}
	return nil
}
