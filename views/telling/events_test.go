package telling_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/telling"
	"muster/views/ui"
)

// recorded is an event as the code writes it, and how it is told: in the
// trail, where X is the object, and on the object's own page. says is what
// neither may leave out.
type recorded struct {
	action     models.AuditAction
	kind       string
	detail     string
	trail, own string
	says       []string
}

// corpus has every action, with every detail that changes its sentence.
var corpus = []recorded{
	{models.AuditRegistrationTokenCreated, "", `{"identifier":"x","count":1000,"customer":"default","expirationDate":"2026-12-23T10:00:00Z","isEnabled":true}`, "created X with count 1,000", "Created it with count 1,000", []string{"1,000"}},
	{models.AuditRegistrationTokenCreated, "", `{"count":1,"replaces":"01","refId1":"a","refId2":"b","note":"n","onlyExpected":true,"signInRequired":true,"emailDomains":"a.example","networks":"192.0.2.0/24","expected":3}`, "created X as a replacement with count 1", "Created it as a replacement with count 1", []string{"as a replacement", "1"}},
	{models.AuditRegistrationTokenCreated, "", `{}`, "created X", "Created it", nil},
	{models.AuditRegistrationTokenUpdated, "", `{"count":{"from":900,"to":1000}}`, "raised the count of X from 900 to 1,000", "Raised the count from 900 to 1,000", []string{"aised", "the count", "900", "1,000"}},
	{models.AuditRegistrationTokenUpdated, "", `{"count":{"from":1000000,"to":9},"reason":"too many"}`, "lowered the count of X from 1,000,000 to 9: too many", "Lowered the count from 1,000,000 to 9: too many", []string{"owered", "1,000,000", "9", "too many"}},
	{models.AuditRegistrationTokenUpdated, "", `{"note":{"from":"","to":"n"},"refId1":{"from":"","to":"7"},"count":{"from":1,"to":2},"isEnabled":{"from":true,"to":false},"reason":"leaked"}`, "changed the count, state, note and reference 1 of X: leaked", "Changed the count, state, note and reference 1: leaked", []string{"count", "state", "note", "reference 1", "leaked"}},
	{models.AuditRegistrationTokenUpdated, "", `{"count":{"from":1,"to":2},"quota":{"from":1,"to":2}}`, "changed the count and quota of X", "Changed the count and quota", []string{"count", "quota"}},
	{models.AuditRegistrationTokenUpdated, "", `not json`, "changed X", "Changed it", nil},
	{models.AuditRegistrationTokenEnabled, "", `{"isEnabled":{"from":false,"to":true},"reason":"found again"}`, "enabled X: found again", "Enabled it: found again", []string{"found again"}},
	{models.AuditRegistrationTokenDisabled, "", `{"isEnabled":{"from":true,"to":false},"reason":"leaked"}`, "disabled X: leaked", "Disabled it: leaked", []string{"leaked"}},
	{models.AuditRegistrationTokenDisabled, "", `{"isEnabled":{"from":true,"to":false}}`, "disabled X", "Disabled it", nil},
	{models.AuditRegistrationTokenReplaced, "", `{"replacedBy":"02","usedCount":1,"remainingCount":1999}`, "replaced X; 1,999 counts were left", "Replaced it; 1,999 counts were left", []string{"1,999"}},
	{models.AuditRegistrationTokenReplaced, "", `{"remainingCount":1}`, "replaced X; 1 count was left", "Replaced it; 1 count was left", []string{"1"}},
	{models.AuditRegistrationTokenReplaced, "", `{}`, "replaced X", "Replaced it", nil},
	{models.AuditRegistrationTokenDeleted, "", `{"authTokens":"delete","reason":"project over"}`, "deleted X and its live auth tokens: project over", "Deleted it and its live auth tokens: project over", []string{"and its live auth tokens", "project over"}},
	{models.AuditRegistrationTokenDeleted, "", `{"authTokens":"keep","reason":"project over"}`, "deleted X; its auth tokens were kept: project over", "Deleted it; its auth tokens were kept: project over", []string{"were kept", "project over"}},
	{models.AuditRegistrationTokenAdmissionSet, "", `{"claims":"sign-in needed"}`, "changed who may redeem X: earlier e-mail entries: sign-in needed", "Changed who may redeem it: earlier e-mail entries: sign-in needed", []string{"sign-in needed"}},
	{models.AuditRegistrationTokenAdmissionSet, "", `{"onlyExpected":{"from":false,"to":true},"expected":{"from":0,"to":1200},"added":1201,"removed":1}`, "changed who may redeem X: 1,201 added and 1 taken off", "Changed who may redeem it: 1,201 added and 1 taken off", []string{"1,201 added", "1 taken off"}},
	{models.AuditRegistrationTokenAdmissionSet, "", `{"networks":{"from":"","to":"192.0.2.0/24"}}`, "changed who may redeem X", "Changed who may redeem it", nil},
	{models.AuditRegistrationTokenLookedUp, "", `{"found":true}`, "looked up X by its secret", "Looked it up by its secret", nil},
	{models.AuditRegistrationTokenLookedUp, "", `{"found":false}`, "looked up a registration token that does not exist", "", nil},
	{models.AuditRedeemed, "", `{"authToken":"01","redemption":"02","channel":"rest"}`, "redeemed X", "Redeemed it", nil},
	{models.AuditCountReclaimed, "", `{"authTokenId":"01","reason":"laptop lost"}`, "gave one count back to X: laptop lost", "Gave one count back: laptop lost", []string{"one count back", "laptop lost"}},
	{models.AuditAuthTokenLookedUp, "", `{"found":true,"secret":"old_refresh_token"}`, "looked up the auth token of X by its secret", "Looked it up by its secret", nil},
	{models.AuditAuthTokenLookedUp, "", `{"found":false}`, "looked up an auth token that does not exist", "", nil},
	{models.AuditAuthTokenUpdated, "", `{"identifier":{"from":"a","to":"b"},"refId2":{"from":"","to":"c"}}`, "changed the label and reference 2 of the auth token of X", "Changed the label and reference 2", []string{"label", "reference 2"}},
	{models.AuditAuthTokenUpdated, "", `{}`, "changed the auth token of X", "Changed it", nil},
	{models.AuditAuthTokenDeleted, "", `{"reason":"laptop lost","returnCount":true}`, "deleted the auth token of X: laptop lost", "Deleted it: laptop lost", []string{"laptop lost"}},
	{models.AuditAuthTokenDeleted, "", `{"reason":"","registrationTokenId":"01","countReclaimed":false}`, "deleted the auth token of X", "Deleted it", nil},
	{models.AuditAuthTokenEnded, "", `{"reason":"refresh_token_reused","generation":7}`, "ended the auth token of X: an old refresh token was used again, so somebody else may have had it", "Ended it: an old refresh token was used again, so somebody else may have had it", []string{"was used again"}},
	{models.AuditRequestCreated, "request", `{"registrationTokenId":"01","remedy":"raise","count":1200,"reason":"the new branch","ticket":"INC-7"}`, "asked to raise the count of X by 1,200: the new branch", "Asked to raise the count by 1,200: the new branch", []string{"raise the count", "1,200", "the new branch"}},
	{models.AuditRequestCreated, "request", `{"remedy":"give_back","count":1,"finding":"unused_seats","returnCount":true}`, "asked to give 1 count back to X", "Asked to give 1 count back", []string{"1 count back"}},
	{models.AuditRequestCreated, "request", `{"remedy":"delete","count":3,"authTokens":3,"returnCount":false}`, "asked to delete 3 auth tokens of X", "Asked to delete 3 auth tokens", []string{"delete 3 auth tokens"}},
	{models.AuditRequestCreated, "request", `{"remedy":"replace","count":3}`, "asked to replace X with 3 counts", "Asked to replace it with 3 counts", []string{"3 counts"}},
	{models.AuditRequestCreated, "request", `{"remedy":"extend","expirationDate":"2026-12-23T10:00:00Z"}`, "asked to extend X until 23 Dec 2026, 10:00:00 UTC", "Asked to extend it until 23 Dec 2026, 10:00:00 UTC", []string{"until 23 Dec"}},
	{models.AuditRequestCreated, "request", `{"remedy":"magic"}`, "asked to change X", "Asked to change it", nil},
	{models.AuditRequestApproved, "request", `{"remedy":"raise","count":{"from":5,"to":8}}`, "approved the request to raise the count of X by 5, with 8 instead", "Approved the request to raise the count by 5, with 8 instead", []string{"by 5", "8 instead"}},
	{models.AuditRequestApproved, "request", `{"remedy":"delete_surplus","count":1}`, "approved the request to delete 1 auth token of X", "Approved the request to delete 1 auth token", []string{"delete 1 auth token"}},
	{models.AuditRequestApproved, "request", `{"remedy":"delete","count":{"from":6,"to":5},"deleted":{"from":6,"to":5}}`, "approved the request to delete 6 auth tokens of X, with 5 instead", "Approved the request to delete 6 auth tokens, with 5 instead", []string{"6 auth tokens", "5 instead"}},
	{models.AuditRequestApproved, "request", `{"remedy":"delete","count":6,"deleted":{"from":6,"to":4}}`, "approved the request to delete 6 auth tokens of X, with 4 deleted and 6 counts given back instead", "Approved the request to delete 6 auth tokens, with 4 deleted and 6 counts given back instead", []string{"4 deleted"}},
	{models.AuditRequestApproved, "request", `{"remedy":"delete","count":6,"deleted":4}`, "approved the request to delete 4 auth tokens of X and give 6 counts back", "Approved the request to delete 4 auth tokens and give 6 counts back", []string{"6 counts"}},
	{models.AuditRequestApproved, "request", `{"remedy":"give_back","count":7,"deleted":{"from":7,"to":5}}`, "approved the request to give 7 counts back to X", "Approved the request to give 7 counts back", []string{"7 counts"}},
	{models.AuditRequestDeclined, "request", `{"remedy":"enable","reason":"it leaked"}`, "declined the request to enable X: it leaked", "Declined the request to enable it: it leaked", []string{"it leaked"}},
	{models.AuditRequestWithdrawn, "request", `{"remedy":"enable"}`, "withdrew the request to enable X", "Withdrew the request to enable it", nil},
	{models.AuditRequestLapsed, "request", `{"registrationTokenId":"01"}`, "let a request about X lapse", "Let a request about it lapse", nil},
	{models.AuditNoteAdded, "registration_token", `{"text":"called back","ticket":"INC-7"}`, "wrote a note about X: called back", "Wrote a note: called back", []string{"called back"}},
	{models.AuditNoteAdded, "auth_token", `{"text":"called back\nand again"}`, "wrote a note about the auth token of X: called back …", "Wrote a note: called back …", []string{"called back"}},
	{models.AuditNoteAdded, "refused_attempt", `{"ticket":"INC-7"}`, "wrote a note about the refused attempt X: INC-7", "Wrote a note: INC-7", []string{"INC-7"}},
	{models.AuditLogin, "", `{"role":"admin"}`, "signed in as administrator", "", nil},
	{models.AuditLogin, "", `{"role":"helpdesk"}`, "signed in as helpdesk", "", nil},
	{models.AuditLogin, "", `{"role":""}`, "signed in as end user", "", nil},
	{models.AuditLoginFailed, "", `{"code":"forbidden"}`, "failed to sign in", "", nil},
	{models.AuditLogout, "", `{}`, "signed out", "", nil},
	{models.AuditLogout, "", `{"reason":"too_many_sessions"}`, "was signed out: too many sessions", "", nil},
	{models.AuditAccessDenied, "route", `{}`, "was refused X", "", nil},
	{models.AuditAccessDenied, "route", `{"more":199}`, "was refused X 199 more times within a minute", "", nil},
	{models.AuditAccessDenied, "route", `{"more":1}`, "was refused X 1 more time within a minute", "", nil},
	{models.AuditAccessDenied, "route", `{"more":8,"routes":["X (6)","GET /b (1)","GET /c (1)"]}`, "was refused X and 2 other addresses 8 more times within a minute", "", nil},
	{models.AuditPersonalDataLookedUp, "list", `{"search":"j…@a.example","actor":"j…@a.example","object":"j…@a.example","systemUserName":"j…@a.example","fqdn":"10.1.*.*","macAddress":"*","identifier":"j…@a.example","email":"j…@a.example","ip":"10.1.*.*"}`, "searched for an e-mail or IP address in X", "", nil},
	{models.AuditPersonalDataShown, "registration_token", `{"until":"2026-11-23T10:15:00Z"}`, "was shown the e-mail and IP addresses of the registration token X", "Was shown its e-mail and IP addresses", nil},
	{models.AuditPersonalDataShown, "auth_token", `{}`, "was shown the e-mail and IP addresses of the auth token of X", "Was shown its e-mail and IP addresses", nil},
	{models.AuditPersonalDataShown, "refused_attempt", `{}`, "was shown the e-mail and IP addresses of the refused attempt X", "Was shown its e-mail and IP addresses", nil},
	{models.AuditPersonalDataHidden, "auth_token", `{}`, "hid the e-mail and IP addresses of the auth token of X again", "Hid its e-mail and IP addresses again", nil},
	{models.AuditExported, "registration_token", `{"filter":["q=a","status=active"],"masked":true}`, "exported the list of registration tokens", "", nil},
	{models.AuditExported, "auth_token", `{}`, "exported the list of auth tokens", "", nil},
	{models.AuditExported, "audit", `{}`, "exported the audit trail", "", nil},
	{models.AuditAPIKeyCreated, "", `{"name":"Nightly","role":"","scopes":["introspect"],"expiresAt":"2026-12-23T10:00:00Z"}`, "created the API key X", "Created it", nil},
	{models.AuditAPIKeyRevoked, "", `{}`, "revoked the API key X", "Revoked it", nil},
	{models.AuditSigningKeyCreated, "", `{"algorithm":"ES256"}`, "created the signing key X", "Created it", nil},
	{models.AuditRefusedAttemptsPurged, "", `{"number":1200,"before":"2026-01-01T00:00:00Z"}`, "removed 1,200 refused attempts older than the retention time", "", nil},
	{models.AuditRefusedAttemptsPurged, "", `{"number":1}`, "removed 1 refused attempt older than the retention time", "", nil},
	{"thing.happened_twice", "", `{"reason":"who knows"}`, "thing: happened twice: who knows", "", nil},
}

func (r recorded) event() *seen.AuditEvent {
	e := &seen.AuditEvent{}
	e.Action, e.ObjectKind, e.ObjectID, e.Detail = r.action, r.kind, "X", r.detail
	return e
}

func TestEventOf_TellsEveryAction(t *testing.T) {
	t.Parallel()
	told := map[models.AuditAction]bool{}
	for _, r := range corpus {
		told[r.action] = true
		e := telling.EventOf(r.event(), monday)
		if got := e.Sentence("X"); got != r.trail {
			t.Errorf("%s %s in the trail: %q, want %q", r.action, r.detail, got, r.trail)
		}
		if r.own == "" {
			r.own = strings.ToUpper(r.trail[:1]) + r.trail[1:]
		}
		if e.Own != r.own {
			t.Errorf("%s %s on its own page: %q, want %q", r.action, r.detail, e.Own, r.own)
		}
		if text := e.Own + e.Sentence("X"); strings.Contains(text, "%!") || strings.Contains(text, "  ") {
			t.Errorf("%s: %q", r.action, text)
		}
	}
	names := map[string]models.AuditAction{}
	for _, action := range models.AuditActions {
		if !told[action] {
			t.Errorf("the corpus has no %s", action)
		}
		name := telling.ActionName(action)
		if strings.ContainsAny(name, "_:.") || name == "" || names[name] != "" {
			t.Errorf("%s is called %q, as is %q", action, name, names[name])
		}
		names[name] = action
	}
	for _, action := range declared(t, "AuditAction") {
		if !slices.Contains(models.AuditActions, models.AuditAction(action)) {
			t.Errorf("models.AuditActions lacks %s", action)
		}
	}
}

// TestEventOf_SaysTheSameInBothPlaces holds the object's own page against the
// trail: the same reason, counts and names.
func TestEventOf_SaysTheSameInBothPlaces(t *testing.T) {
	t.Parallel()
	numbers := regexp.MustCompile(`\d[\d,]*`)
	for _, r := range corpus {
		e := telling.EventOf(r.event(), monday)
		trail := e.Sentence("X")
		if got, want := numbers.FindAllString(e.Own, -1), numbers.FindAllString(trail, -1); !slices.Equal(got, want) {
			t.Errorf("%s %s has %v on its own page, %v in the trail", r.action, r.detail, got, want)
		}
		for _, part := range r.says {
			if !strings.Contains(e.Own, part) || !strings.Contains(trail, part) {
				t.Errorf("%s %s: %q is missing in %q or %q", r.action, r.detail, part, e.Own, trail)
			}
		}
	}
}

// TestEventOf_NamesEveryField finds a field that the code writes and the table
// does not have.
func TestEventOf_NamesEveryField(t *testing.T) {
	t.Parallel()
	for _, r := range corpus {
		var names map[string]any
		if json.Unmarshal([]byte(r.detail), &names) != nil {
			continue
		}
		e := telling.EventOf(r.event(), monday)
		for name := range names {
			raw := func(label string) bool { return label == name }
			if slices.ContainsFunc(e.Facts, func(f telling.Fact) bool { return raw(f.Label) }) ||
				name != "quota" && slices.ContainsFunc(e.Differences, func(d ui.Difference) bool { return raw(d.Field) }) {
				t.Errorf("%s: the field %s has no label", r.action, name)
			}
		}
	}
}

func TestEventOf_ListsFieldsInTheOrderOfTheForms(t *testing.T) {
	t.Parallel()
	e := recorded{action: models.AuditRegistrationTokenUpdated, detail: `{
		"zeta":{"from":null,"to":[1,2000]},"note":{"from":"","to":"<b>"},"count":{"from":5,"to":1000},"isEnabled":{"from":true,"to":false},
		"expirationDate":{"from":"2026-11-23T10:00:00Z","to":"2026-12-01T01:00:00+01:00"},"reason":"leaked","alpha":1.5,"customer":"default"}`}.event()
	e.ID, e.RequestID, e.ObjectID = "05", "req", ""
	got := telling.EventOf(e, monday)
	if want := []ui.Difference{
		{Field: "Count", From: "5", To: "1,000"}, {Field: "Expiry", From: "23 Nov 2026, 10:00:00 UTC", To: "1 Dec 2026, 00:00:00 UTC"},
		{Field: "Enabled", From: "yes", To: "no"}, {Field: "Note", From: "", To: "<b>"}, {Field: "zeta", From: "", To: "1, 2,000"},
	}; !slices.Equal(got.Differences, want) {
		t.Errorf("differences: %+v", got.Differences)
	}
	if want := []telling.Fact{
		{Label: "Customer", Value: "default"}, {Label: "Reason", Value: "leaked"}, {Label: "alpha", Value: "1.5"},
		{Label: "Request ID", Value: "req", Mono: true}, {Label: "Event", Value: "05", Mono: true},
	}; !slices.Equal(got.Facts, want) {
		t.Errorf("facts: %+v", got.Facts)
	}
}

func TestCountEdit_ReadsTheCountOnly(t *testing.T) {
	t.Parallel()
	event := recorded{action: models.AuditRegistrationTokenUpdated, detail: `{"count":{"from":5,"to":1000},"note":{"from":"","to":"x"}}`}.event()
	if from, to, ok := telling.CountEdit(event); !ok || from != 5 || to != 1000 {
		t.Errorf("%d to %d, %t", from, to, ok)
	}
	for _, r := range []recorded{
		{action: models.AuditRegistrationTokenUpdated, detail: `{"note":{"from":"","to":"x"}}`},
		{action: models.AuditRegistrationTokenCreated, detail: `{"count":5}`},
		{action: models.AuditRegistrationTokenUpdated, detail: `[`},
	} {
		if from, to, ok := telling.CountEdit(r.event()); ok {
			t.Errorf("%s %s edits the count from %d to %d", r.action, r.detail, from, to)
		}
	}
}

func TestActor_IsNamedElseById(t *testing.T) {
	t.Parallel()
	e := &seen.AuditEvent{}
	if telling.Actor(e) != "" {
		t.Error("nobody has a name")
	}
	if e.ActorID = "i s"; telling.Actor(e) != "i s" {
		t.Error("without a name the id is missing")
	}
	if e.ActorName = "Nora"; telling.Actor(e) != "Nora" {
		t.Error("the name is missing")
	}
}

func TestBurnDown_NamesWhatHappened(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("CET", 3600)
	at := time.Date(2026, 11, 24, 11, 0, 0, 0, berlin)
	utc, now := at.UTC(), at.UTC().In(berlin)
	f := &seen.Finding{}
	f.Counts = 12
	for got, want := range map[string]string{
		telling.CountEdited(900, 1000):                                 "Count changed from 900 to 1,000",
		telling.At(telling.CountGivenBack, at, utc):                    "Count given back, 24 Nov 2026, 10:00 UTC",
		telling.At(telling.CountGivenBack, utc, now):                   "Count given back, 24 Nov 2026, 11:00 CET",
		telling.BurstUses(f, at, at.Add(221*time.Second), utc):         "12 uses in a burst: 24 Nov 2026, 10:00:00 to 10:03:41 UTC",
		telling.Uses(at, at.Add(24*time.Hour), utc):                    "Uses of 24 Nov 2026, 10:00 to 25 Nov 2026, 10:00 UTC",
		telling.Period(at, time.Time{}, utc):                           "Since 24 Nov 2026, 10:00 UTC",
		telling.Period(time.Time{}, at, utc):                           "Before 24 Nov 2026, 10:00 UTC",
		telling.Period(utc, utc.Add(time.Minute), now):                 "24 Nov 2026, 11:00:00 to 11:01:00 CET",
		telling.Period(utc, utc.Add(13*time.Hour+30*time.Minute), now): "24 Nov 2026, 11:00 to 25 Nov 2026, 00:30 CET",
		telling.CountsLeft(at, at.Add(time.Hour), 1, 1000, utc):        "Counts left over time, from 24 Nov 2026, 10:00 UTC to 24 Nov 2026, 11:00 UTC. 1 of 1,000 is left.",
		telling.CountsLeft(at, at.Add(time.Hour), 1000, 1000, utc):     "Counts left over time, from 24 Nov 2026, 10:00 UTC to 24 Nov 2026, 11:00 UTC. 1,000 of 1,000 are left.",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
