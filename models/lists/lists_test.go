package lists_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/models"
	"muster/models/lists"
)

// samples calls check with each sample of a kind and what it is read as.
func samples(t *testing.T, kind string, check func(text string, write func(format string, args ...any))) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", kind, "*.want"))
	if err != nil || len(files) < 9 {
		t.Fatalf("%d samples, %v", len(files), err)
	}
	for _, want := range files {
		name := strings.TrimSuffix(want, ".want")
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(name + ".csv")
			if err != nil {
				raw, err = os.ReadFile(name + ".txt")
			}
			if err != nil {
				t.Fatal(err)
			}
			text, encoding, err := lists.Decode(raw)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			write := func(format string, args ...any) { fmt.Fprintf(&got, format+"\n", args...) }
			if encoding != lists.UTF8 {
				write("encoding: %s", encoding)
			}
			check(text, write)
			expected, err := os.ReadFile(want)
			if err != nil || got.String() != string(expected) {
				t.Errorf("read as\n%s\nwant\n%s%v", got.String(), expected, err)
			}
		})
	}
}

func TestReadExpected_ReadsWhatProgramsGive(t *testing.T) {
	t.Parallel()
	samples(t, "expected", func(text string, write func(format string, args ...any)) {
		list := lists.ReadExpected(text, lists.Choices{})
		for _, c := range list.Columns {
			write("column: %s %s", c.Key, c.Role)
		}
		for i, e := range list.Entries {
			line := map[models.ExpectationKind]string{models.ExpectEmail: "email", models.ExpectPerson: "user", models.ExpectHost: "host"}[e.Kind] + ": " + e.Pattern
			if list.Read[i].Looks != "" {
				line += " (guessed)"
			}
			if e.Note != "" {
				line += " | " + e.Note
			}
			write("%s", line)
		}
		for _, p := range list.Bad {
			write("left out: line %d: %s", p.Line, p.Text)
		}
		write("counts: %d emails, %d users, %d hosts, %d notes, %d unused, %d left out, %d repeated",
			list.Count(models.ExpectEmail), list.Count(models.ExpectPerson), list.Count(models.ExpectHost), list.Notes, list.Unused, len(list.Bad), list.Repeated)
		if list.Aside > 0 {
			write("addresses that are no entry: %d", list.Aside)
		}
	})
}

func TestReadRecipients_ReadsWhatProgramsGive(t *testing.T) {
	t.Parallel()
	samples(t, "recipients", func(text string, write func(format string, args ...any)) {
		list := lists.ReadRecipients(text, lists.Choices{})
		for _, c := range list.Columns {
			write("column: %s %s", c.Key, c.Role)
		}
		for _, r := range list.People {
			write("%s", r.Label())
		}
		for _, p := range list.Bad {
			write("left out: line %d: %s", p.Line, p.Text)
		}
		write("counts: %d people, %d with an address, %d unused, %d left out, %d repeated",
			len(list.People), list.WithAddress(), list.Unused, len(list.Bad), len(list.Duplicates))
		if list.Aside > 0 {
			write("addresses of nobody: %d", list.Aside)
		}
	})
}
