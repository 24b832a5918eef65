package telling_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/seen"
	"muster/tokens"
	"muster/views/telling"
)

func texts(t *seen.RegistrationToken, events ...seen.AuditEvent) []string {
	var all []string
	for _, reason := range telling.StatusReasons(t, monday, events) {
		all = append(all, reason.Text)
	}
	return all
}

func TestStatusReasons_ListEveryStateThatHolds(t *testing.T) {
	t.Parallel()
	at := monday
	token := shown(models.RegistrationToken{
		Count: 2000, UsedCount: 13, ExpiresAt: at, DisabledAt: &at, DisabledBy: "Nora", DeletedAt: &at, DeletedBy: "Ola",
	})
	if got := texts(token); !slices.Equal(got, []string{
		"Deleted on 23 Nov 2026, 10:00 UTC by Ola; its history stays readable.",
		"Disabled on 23 Nov 2026, 10:00 UTC by Nora; nobody can redeem it until it is enabled.",
		"Expired on 23 Nov 2026, 10:00 UTC; 1,987 of 2,000 unused.",
	}) {
		t.Errorf("got %q", got)
	}
	if reasons := telling.StatusReasons(shown(active()), at, nil); reasons != nil {
		t.Errorf("an active one has reasons: %v", reasons)
	}
	once := shown(models.RegistrationToken{Count: 1, UsedCount: 1, ExpiresAt: at.Add(time.Hour)})
	if got := telling.StatusReasons(once, at, nil); len(got) != 1 || got[0] != (telling.StatusReason{Status: models.StatusExhausted, Text: "Its only count is used."}) {
		t.Errorf("used up: %v", got)
	}
	once = shown(models.RegistrationToken{Count: 1, UsedCount: 1, ExpiresAt: at.Add(time.Hour), LastRedeemedAt: &at})
	if got := texts(once); !slices.Equal(got, []string{"Its only count was used on 23 Nov 2026, 10:00 UTC."}) {
		t.Errorf("used up: %q", got)
	}
	many := shown(models.RegistrationToken{Count: 1000, UsedCount: 1000, ExpiresAt: at.Add(time.Hour), LastRedeemedAt: &at})
	if got := texts(many); !slices.Equal(got, []string{"All 1,000 counts are used, the last one on 23 Nov 2026, 10:00 UTC."}) {
		t.Errorf("used up: %q", got)
	}
}

func TestStatusReasons_SayWhySomebodyDisabledIt(t *testing.T) {
	t.Parallel()
	event := func(action models.AuditAction, at time.Time, detail string) seen.AuditEvent {
		var e seen.AuditEvent
		e.Action, e.OccurredAt, e.Detail = action, at, detail
		return e
	}
	at, later, successor := monday.Add(-2*time.Hour), monday.Add(-time.Hour), "02"
	events := []seen.AuditEvent{
		event(models.AuditRegistrationTokenUpdated, at, `{"note":{"from":"","to":"x"},"reason":"another edit"}`),
		event(models.AuditRegistrationTokenDisabled, later, `{"reason":"another time"}`),
		event(models.AuditRegistrationTokenDisabled, at, `{"isEnabled":{"from":true,"to":false},"reason":"leaked"}`),
	}
	const disabled = "Disabled on 23 Nov 2026, 08:00 UTC by Nora; nobody can redeem it until it is enabled."
	token := active()
	token.DisabledAt, token.DisabledBy = &at, "Nora"
	if got := texts(shown(token), events...); !slices.Equal(got, []string{disabled + " The reason given: leaked"}) {
		t.Errorf("got %q", got)
	}
	if got := texts(shown(token), events[:2]...); !slices.Equal(got, []string{disabled}) {
		t.Errorf("without a reason: %q", got)
	}
	edited := event(models.AuditRegistrationTokenUpdated, at, `{"isEnabled":{"from":true,"to":false},"note":{"from":"","to":"x"},"reason":"leaked"}`)
	if got := texts(shown(token), edited); !slices.Equal(got, []string{disabled + " The reason given: leaked"}) {
		t.Errorf("disabled along with another edit: %q", got)
	}
	// Nora disabled it; who replaced it an hour later is not known here.
	token.ReplacedByID, token.ReplacedAt = &successor, &later
	if got := texts(shown(token), events...); !slices.Equal(got, []string{
		"Replaced on 23 Nov 2026, 09:00 UTC; it can no longer be redeemed. It had been disabled on 23 Nov 2026, 08:00 UTC by Nora. The reason given: leaked",
	}) {
		t.Errorf("disabled, then replaced: %q", got)
	}
	token.DisabledAt = &later
	if got := texts(shown(token), events...); !slices.Equal(got, []string{"Replaced on 23 Nov 2026, 09:00 UTC by Nora; it can no longer be redeemed."}) {
		t.Errorf("replaced: %q", got)
	}
}

func TestAuthTokenState_SaysWhatItMeans(t *testing.T) {
	t.Parallel()
	at := monday
	for want, token := range map[string]models.AuthToken{
		"Deleted on 23 Nov 2026, 10:00 UTC by Nora; refresh and introspection have refused it since.": {DeletedAt: &at, DeletedBy: "Nora"},
		"Ended on 23 Nov 2026, 10:00 UTC; it can no longer be refreshed.":                             {EndedAt: &at},
		"Not refreshed in time: it lapsed on 23 Nov 2026, 10:00 UTC.":                                 {IdleExpiresAt: at},
		"Usable. It lapses on 23 Nov 2026, 11:00 UTC unless it is refreshed before then.":             {IdleExpiresAt: at.Add(time.Hour)},
	} {
		row := everything.AuthToken(&token)
		if got := telling.AuthTokenState(&row, monday); got != want {
			t.Errorf("%s: %q", token.State(monday), got)
		}
	}
	if got := telling.EndReason("device_lost"); got != "device lost" {
		t.Errorf("a reason to end: %q", got)
	}
}

func TestSecretStanding_TellsEveryOne(t *testing.T) {
	t.Parallel()
	for _, standing := range []tokens.SecretStanding{
		tokens.SecretCurrentRefreshToken, tokens.SecretOldRefreshToken, tokens.SecretAccessToken, tokens.SecretExpiredAccessToken,
	} {
		if got := telling.SecretStanding(string(standing)); !strings.HasPrefix(got, "You pasted ") {
			t.Errorf("%s: %q", standing, got)
		}
	}
	if got := telling.SecretStanding("x"); got != "" {
		t.Errorf("an unknown one: %q", got)
	}
	if got := telling.NothingFound("an IP address"); got != "Nothing fits that. It was taken for an IP address; try another detail, or the support code." {
		t.Errorf("nothing: %q", got)
	}
}

func TestAdmissionRules_SayWhoMayRedeem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rules models.Admission
		want  []string
	}{
		"open":        {models.Admission{}, []string{"Whoever has the secret is let in, until the count is used up."}},
		"only a list": {models.Admission{ExpectedCount: 3}, []string{"Whoever is not on the list is let in too, and marked as unexpected."}},
		"all": {models.Admission{OnlyExpected: true, ExpectedCount: 3, SignInRequired: true, EmailDomains: []string{"a.example", "b.example"}, Networks: []string{"192.0.2.0/24", "2001:db8::/32"}}, []string{
			"Only people and computers on the list are let in.",
			"Only people who are signed in are let in.",
			"Only people signed in with a verified e-mail address at a.example, b.example are let in.",
			"Only redemptions from 192.0.2.0/24, 2001:db8::/32 are let in.",
		}},
	} {
		token := active()
		token.Admission = c.rules
		if got := telling.AdmissionRules(shown(token)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAdmissionAnswer_SaysWhetherAndWhy(t *testing.T) {
	t.Parallel()
	const nobody, away, yes = "No, nobody is let in now", "No, they would be turned away", "Yes, they would be let in"
	listed := everything.Expectation(&models.Expectation{Pattern: "*.lab.example"})
	for name, c := range map[string]struct {
		status     models.Status
		refused    models.AdmissionRule
		expected   *seen.Expectation
		unexpected bool
		want       telling.Admission
	}{
		"open":                     {models.StatusActive, "", nil, false, telling.Admission{Admitted: true, Heading: yes, Text: "There is no expected list, and no rule forbids it."}},
		"expected":                 {models.StatusActive, "", &listed, false, telling.Admission{Admitted: true, Heading: yes, Text: "They are expected: “*.lab.example” is on the list."}},
		"unexpected":               {models.StatusActive, "", nil, true, telling.Admission{Admitted: true, Heading: yes, Text: "Nothing on the list matches, so their auth token would be marked as unexpected."}},
		"a rule":                   {models.StatusActive, models.AdmissionExpected, nil, true, telling.Admission{Heading: away, Text: "Not on the expected list."}},
		"a rule, though expected":  {models.StatusActive, models.AdmissionNetwork, &listed, false, telling.Admission{Heading: away, Text: "Not from an allowed network. They are expected: “*.lab.example” is on the list."}},
		"used up":                  {models.StatusExhausted, "", &listed, false, telling.Admission{Heading: nobody, Text: "The registration token is exhausted. They are expected: “*.lab.example” is on the list."}},
		"disabled, and a rule too": {models.StatusDisabled, models.AdmissionSignIn, nil, false, telling.Admission{Heading: nobody, Text: "The registration token is disabled, and its rules would refuse them too: sign-in required."}},
	} {
		if got := telling.AdmissionAnswer(c.status, c.refused, c.expected, c.unexpected); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
