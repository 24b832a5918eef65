package admin_test

import (
	"slices"
	"strings"
	"testing"

	"muster/models/lists"
	"muster/views/admin"
)

func TestListReading_SaysLoudlyHowManyAddressesAreNobody(t *testing.T) {
	t.Parallel()
	const text = "Mail,Mail\na@x.example,b@x.example\nc@x.example,d@x.example"
	expected, recipients := lists.ReadExpected(text, lists.Choices{}), lists.ReadRecipients(text, lists.Choices{})
	for _, r := range []*admin.ListReading{admin.ExpectedReading(&expected, lists.Choices{}, true, true), admin.RecipientsReading(&recipients)} {
		if !strings.HasPrefix(r.Aside, "2 e-mail addresses are not ") {
			t.Errorf("%q", r.Aside)
		}
	}
}

func TestListReading_SaysOfAColumnHowMuchOfItBecameNotes(t *testing.T) {
	t.Parallel()
	list := lists.ReadExpected("Host;User\npc-1.lab.example;ann\npc-2.lab.example;\n;bob\n", lists.Choices{})
	var got []string
	for _, c := range admin.ExpectedReading(&list, lists.Choices{}, true, true).Columns {
		got = append(got, c.Besides)
	}
	if want := []string{"", "A note in 1 row, where another column says more."}; !slices.Equal(got, want) {
		t.Errorf("the columns say %q, want %q", got, want)
	}
}
