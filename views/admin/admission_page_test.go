package admin_test

import (
	"testing"

	"muster/models/lists"
	"muster/views/admin"
)

// What a form would do to a list stands beside what is on it; it is the same where the
// form leaves the list as it is.
func TestAdmissionForm_TellsWhatItWouldDoToAList(t *testing.T) {
	t.Parallel()
	saved := []string{"ana", "Carl"}
	for name, c := range map[string]struct{ mode, typed, yours, theirs string }{
		"nothing to add":    {"add", "", "2 entries", "2 entries"},
		"one to add":        {"add", "eve", "1 entry to add", "2 entries"},
		"nothing to remove": {"remove", "", "2 entries", "2 entries"},
		"one to remove":     {"remove", "ana", "1 entry to take off", "2 entries"},
		"empty":             {"clear", "ana", "0 entries", "2 entries"},
		"the same":          {"replace", "carl\nana", "2 entries", "2 entries"},
		"another":           {"replace", "ana\nbob", "2 entries, only here: bob", "2 entries, only here: Carl"},
		"many more":         {"replace", "ana\ncarl\nb1\nb2\nb3\nb4\nb5\nb6", "8 entries, only here: b1, b2, b3, b4, b5 and 1 more", "2 entries"},
	} {
		given := lists.ReadExpected(c.typed, lists.Choices{})
		yours, theirs := admin.AdmissionForm{Mode: c.mode}.ListDifference(&given, saved)
		if yours != c.yours || theirs != c.theirs {
			t.Errorf("%s: %q, %q", name, yours, theirs)
		}
	}
}
