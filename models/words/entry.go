package words

import (
	"slices"
	"strings"
)

// Form says in which readings of an object a word occurs.
type Form int

// The forms. Whoever sees addresses masked finds Shown and Masked, others Shown and
// Hidden. Whole is a whole value, not a word.
const (
	Shown  Form = 0 // in both
	Hidden Form = 1 // only where nothing is masked
	Masked Form = 2 // only where addresses are masked
	Whole  Form = 3
)

// Forms are those that a search looks at.
func Forms(asMasked bool) []Form {
	if asMasked {
		return []Form{Shown, Masked}
	}
	return []Form{Shown, Hidden}
}

// Entry is a word of an object in the index.
type Entry struct {
	Form Form
	Word string
}

// Entries are those of an object with these words, and these when it is masked, in
// order.
func Entries(all, masked []string) []Entry {
	forms := make(map[string]Form, len(all))
	for _, word := range all {
		forms[word] = Hidden
	}
	for _, word := range masked {
		if _, there := forms[word]; there && forms[word] != Masked {
			forms[word] = Shown
		} else {
			forms[word] = Masked
		}
	}
	entries := make([]Entry, 0, len(forms))
	for word, form := range forms {
		entries = append(entries, Entry{form, word})
	}
	slices.SortFunc(entries, Entry.compare)
	return entries
}

func (e Entry) compare(other Entry) int {
	if e.Form != other.Form {
		return int(e.Form - other.Form)
	}
	return strings.Compare(e.Word, other.Word)
}

// Less are the entries that others lack; both are in order.
func Less(entries, others []Entry) []Entry {
	var left []Entry
	for _, e := range entries {
		if _, there := slices.BinarySearchFunc(others, e, Entry.compare); !there {
			left = append(left, e)
		}
	}
	return left
}
