package lists_test

import (
	"slices"
	"strings"
	"testing"

	"muster/models"
	"muster/models/lists"
)

func labels(list lists.Recipients) []string {
	var out []string
	for _, r := range list.People {
		out = append(out, r.Label())
	}
	return out
}

func TestReadRecipients_ReadsWhatPeoplePaste(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"names":              {"Ada Lovelace\r\nGrace Hopper\r\n", []string{"Ada Lovelace", "Grace Hopper"}},
		"addresses":          {"ada@example.com\n\n  grace@example.com", []string{"ada@example.com", "grace@example.com"}},
		"mailbox form":       {"Ada Lovelace <ada@example.com>", []string{"Ada Lovelace <ada@example.com>"}},
		"comma, quoted":      {`"Lovelace, Ada",ada@example.com`, []string{"Lovelace, Ada <ada@example.com>"}},
		"semicolon":          {"Ada;ada@example.com\nGrace;grace@example.com", []string{"Ada <ada@example.com>", "Grace <grace@example.com>"}},
		"tab, address first": {"ada@example.com\tAda", []string{"Ada <ada@example.com>"}},
		"heading":            {"Department,E-Mail,Name\nIT,ada@example.com,Ada", []string{"Ada <ada@example.com>"}},
		"byte order mark":    {"\ufeffname\nAda", []string{"Ada"}},
		"right to left":      {"עדה לאבלייס", []string{"עדה לאבלייס"}},
		"nothing":            {" \n\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := lists.ReadRecipients(c.text, lists.Choices{})
			if got := labels(list); !slices.Equal(got, c.want) || list.Bad != nil || list.Duplicates != nil {
				t.Errorf("%q, want %q; bad %v, duplicates %v", got, c.want, list.Bad, list.Duplicates)
			}
		})
	}
}

func TestReadRecipients_NamesEachLineItLeavesOut(t *testing.T) {
	t.Parallel()
	list := lists.ReadRecipients("Ada <ada@example.com>\nADA@example.com\nname,not an @ address\n"+
		`"open`+"\n,;\n"+strings.Repeat("x", 256)+"\nab\u202ec\nGrace\ngrace", lists.Choices{})
	if got := labels(list); !slices.Equal(got, []string{"Ada <ada@example.com>", "Grace"}) {
		t.Errorf("recipients %q", got)
	}
	lines := func(problems []lists.Problem) (out []int) {
		for _, p := range problems {
			if p.Message == "" || p.Text == "" {
				t.Errorf("line %d is left out without a word", p.Line)
			}
			out = append(out, p.Line)
		}
		return out
	}
	if got := lines(list.Duplicates); !slices.Equal(got, []int{2, 9}) {
		t.Errorf("duplicates in lines %v", got)
	}
	if got := lines(list.Bad); !slices.Equal(got, []int{3, 4, 6, 7}) {
		t.Errorf("bad lines %v", got)
	}
	if m := list.Duplicates[0].Message; m != "The same as line 1." {
		t.Errorf("message %q", m)
	}
}

func FuzzReadRecipients(f *testing.F) {
	for _, seed := range []string{"Ada", "a@b.c", "a,b;c\td", `"`, "\xff\x00", "name\n<@>", "\ufeff\n\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list := lists.ReadRecipients(text, lists.Choices{})
		for _, r := range list.People {
			if r.Line < 1 || models.CheckText("label", r.Label(), models.MaxIdentifierLength, false) != nil {
				t.Errorf("recipient %+v", r)
			}
		}
	})
}
