package admin_test

import (
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
