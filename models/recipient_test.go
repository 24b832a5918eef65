package models_test

import (
	"slices"
	"strings"
	"testing"

	"muster/models"
)

func labels(list models.RecipientList) []string {
	var out []string
	for _, r := range list.Recipients {
		out = append(out, r.Label())
	}
	return out
}

func TestParseRecipients_ReadsWhatPeoplePaste(t *testing.T) {
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
			list := models.ParseRecipients(c.text)
			if got := labels(list); !slices.Equal(got, c.want) || list.Bad != nil || list.Duplicates != nil {
				t.Errorf("%q, want %q; bad %v, duplicates %v", got, c.want, list.Bad, list.Duplicates)
			}
		})
	}
}

func TestParseRecipients_NamesEachLineItLeavesOut(t *testing.T) {
	t.Parallel()
	list := models.ParseRecipients("Ada <ada@example.com>\nADA@example.com\nname,not an @ address\n" +
		`"open` + "\n,;\n" + strings.Repeat("x", 256) + "\nab\u202ec\nGrace\ngrace")
	if got := labels(list); !slices.Equal(got, []string{"Ada <ada@example.com>", "Grace"}) {
		t.Errorf("recipients %q", got)
	}
	lines := func(problems []models.RecipientProblem) (out []int) {
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
	if got := lines(list.Bad); !slices.Equal(got, []int{3, 4, 5, 6, 7}) {
		t.Errorf("bad lines %v", got)
	}
	if m := list.Duplicates[0].Message; m != "The same as line 1." {
		t.Errorf("message %q", m)
	}
}

func FuzzParseRecipients(f *testing.F) {
	for _, seed := range []string{"Ada", "a@b.c", "a,b;c\td", `"`, "\xff\x00", "name\n<@>", "\ufeff\n\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list := models.ParseRecipients(text)
		for _, r := range list.Recipients {
			if r.Line < 1 || models.CheckText("label", r.Label(), models.MaxIdentifierLength, false) != nil {
				t.Errorf("recipient %+v", r)
			}
		}
	})
}

func TestRecipientOf_ReadsEveryLabelBack(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]models.Recipient{
		"Ada Lovelace <ada@example.com>":      {Name: "Ada Lovelace", Email: "ada@example.com"},
		"grace@example.com":                   {Email: "grace@example.com"},
		"O'Brien, Pat <pat@example.com>":      {Name: "O'Brien, Pat", Email: "pat@example.com"},
		"Zoë":                                 {Name: "Zoë"},
		"Lab <3":                              {Name: "Lab <3"},
		"Rollout <north>":                     {Name: "Rollout <north>"},
		"Ask at help@example.com when needed": {Name: "Ask at help@example.com when needed"},
	} {
		got := models.RecipientOf(label)
		if got != want || got.Label() != label {
			t.Errorf("%q is %+v", label, got)
		}
	}
}
