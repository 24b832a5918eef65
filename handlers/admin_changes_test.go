package handlers

import (
	"slices"
	"testing"
	"time"

	"muster/models"
	"muster/views"
)

func TestChangeRow_SaysWhatHappenedInWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	same := func(s string) string { return s }
	for name, c := range map[string]struct {
		action models.AuditAction
		detail string
		what   string
		diff   []views.Difference
	}{
		"created":   {models.AuditRegistrationTokenCreated, `{"count":20,"identifier":"x"}`, "Created it with count 20", nil},
		"successor": {models.AuditRegistrationTokenCreated, `{"count":1,"replaces":"01"}`, "Created it as a replacement with count 1", nil},
		"raised":    {models.AuditRegistrationTokenUpdated, `{"count":{"from":5,"to":10}}`, "Raised the count", []views.Difference{{Field: "Count", From: "5", To: "10"}}},
		"lowered":   {models.AuditRegistrationTokenUpdated, `{"count":{"from":1000000,"to":9}}`, "Lowered the count", []views.Difference{{Field: "Count", From: "1000000", To: "9"}}},
		"two": {
			models.AuditRegistrationTokenUpdated, `{"note":{"from":"","to":"<b>"},"expirationDate":{"from":"2026-11-23T10:00:00Z","to":"2026-12-01T00:00:00Z"}}`,
			"Changed the expiry and note", []views.Difference{
				{Field: "Expiry", From: "23 Nov 2026, 10:00:00 UTC", To: "1 Dec 2026, 00:00:00 UTC"}, {Field: "Note", From: "", To: "<b>"},
			},
		},
		"enabled":      {models.AuditRegistrationTokenEnabled, `{"isEnabled":{"from":false,"to":true}}`, "Enabled it", []views.Difference{{Field: "Enabled", From: "no", To: "yes"}}},
		"replaced":     {models.AuditRegistrationTokenReplaced, `{"remainingCount":7}`, "Replaced it; 7 left went over to the successor", nil},
		"deleted":      {models.AuditRegistrationTokenDeleted, `{"authTokens":"delete"}`, "Deleted it and its live auth tokens", nil},
		"kept":         {models.AuditRegistrationTokenDeleted, `{"authTokens":"keep"}`, "Deleted it; its auth tokens were kept", nil},
		"reclaimed":    {models.AuditCountReclaimed, `{}`, "Gave one count back", nil},
		"auth deleted": {models.AuditAuthTokenDeleted, `{"reason":"lost"}`, "Deleted it: lost", nil},
		"ended":        {models.AuditAuthTokenEnded, `{"reason":"refresh_token_reused"}`, "Ended it: an old refresh token was used again, so somebody else may have had it", nil},
		"broken":       {models.AuditRegistrationTokenUpdated, `not json`, "Changed it", nil},
		"unknown":      {"thing.happened_twice", `{}`, "thing: happened twice", nil},
	} {
		row := changeRow(&models.AuditEvent{Action: c.action, Detail: c.detail, ActorName: "Nora", OccurredAt: now}, same, now)
		if row.What != c.what || row.Who != "Nora" || !slices.Equal(row.Differences, c.diff) {
			t.Errorf("%s: %+v", name, row)
		}
	}
}

func TestStatusReasons_ListEveryStateThatHolds(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	token := &models.RegistrationToken{
		Count: 20, UsedCount: 13, ExpiresAt: at, DisabledAt: &at, DisabledBy: "Nora", DeletedAt: &at, DeletedBy: "Ola",
	}
	var got []string
	for _, r := range statusReasons(token, at) {
		got = append(got, r.Text)
	}
	want := []string{
		"Deleted on 23 Nov 2026, 10:00 UTC by Ola; its history stays readable.",
		"Disabled on 23 Nov 2026, 10:00 UTC by Nora; nobody can redeem it until it is enabled.",
		"Expired on 23 Nov 2026, 10:00 UTC; 7 of 20 unused.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if reasons := statusReasons(&models.RegistrationToken{Count: 1, ExpiresAt: at.Add(time.Hour)}, at); reasons != nil {
		t.Errorf("an active one has reasons: %v", reasons)
	}
}
