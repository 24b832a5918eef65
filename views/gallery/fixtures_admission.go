package gallery

import (
	"muster/models"
	"muster/views"
	"muster/views/ui"
)

// expectedFixtures are the tab of the expected: who is missing, who came
// unexpected, and no list at all.
func expectedFixtures(detail views.RegistrationTokenDetailPage) (missing, strangers, listless views.RegistrationTokenDetailPage) {
	section := views.RegistrationTokenExpectedSection{
		RegistrationTokenID: TokenID, URL: "/admin/registration-tokens/" + TokenID, EditURL: "/admission",
		Rules: []string{"Whoever has the secret is let in, until the count is used up."},
	}
	with := func(edit func(s *views.RegistrationTokenExpectedSection)) views.RegistrationTokenDetailPage {
		p, s := detail, section
		edit(&s)
		p.Uses, p.Refused, p.Expected = nil, nil, &s
		p.Try = views.AdmissionTry{Action: "/try"}
		return p
	}
	listed := func(s *views.RegistrationTokenExpectedSection, show string) {
		s.Listed, s.Show, s.SelectURL = 40, show, "/select"
		s.Rules = []string{"Only who is on the list is let in.", "Only from 192.0.2.0/24, 2001:db8::/32."}
		for _, tab := range []struct {
			label, show string
			count       int
		}{{"Missing", "missing", 28}, {"Arrived", "arrived", 12}, {"Unexpected", "unexpected", 5}} {
			s.Tabs = append(s.Tabs, ui.Tab{Label: tab.label, Count: tab.count, URL: "/s", Current: tab.show == show})
		}
	}
	missing = with(func(s *views.RegistrationTokenExpectedSection) {
		listed(s, "missing")
		s.Rows = []views.ExpectedRow{
			{ID: "1", Kind: models.ExpectEmail, Pattern: "jane.miller@contoso.example", Note: "Jane Miller"},
			{ID: "2", Kind: models.ExpectHost, Pattern: "*.lab.contoso.example"},
			{ID: "3", Kind: models.ExpectPerson, Pattern: longName, Note: rtlName},
		}
	})
	missing.Try.Form.SystemUserName = "mallory"
	missing.Try.Answer = &views.AdmissionAnswer{Heading: "No, they would be turned away", Text: "Not on the list of the expected."}
	strangers = with(func(s *views.RegistrationTokenExpectedSection) {
		listed(s, "unexpected")
		for i, p := range people {
			s.Strangers = append(s.Strangers, views.UseRow{
				AuthTokenID: ui.Number(i), URL: "/a", Person: p.person, Host: p.host, MAC: p.mac, IP: p.ip,
				When: minutesAgo, LastSeen: minutesAgo, State: models.AuthTokenLive,
			})
		}
	})
	strangers.Try.Answer = &views.AdmissionAnswer{Admitted: true, Heading: "Yes, they would be let in", Text: "They are expected: “ana” is on the list."}
	return missing, strangers, with(func(*views.RegistrationTokenExpectedSection) {})
}
