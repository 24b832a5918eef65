package tokens_test

import (
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/models/lists"
	"muster/tokens"
)

// admits sets rules, and adds those lines to the list.
func (r *rig) admits(id string, rules models.Admission, lines ...string) *models.RegistrationToken {
	r.t.Helper()
	token, err := r.SetAdmission(r.ctx(), admin, id, models.AdmissionSettings{
		Rules: rules, Mode: models.ListAdd, Entries: lists.ReadExpected(strings.Join(lines, "\n"), lists.Choices{}).Entries,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return token
}

// claimable adds e-mail entries as they were before these needed a sign-in.
func (r *rig) claimable(id string, rules models.Admission, lines ...string) {
	r.t.Helper()
	list := lists.ReadExpected(strings.Join(lines, "\n"), lists.Choices{}).Entries
	for i := range list {
		list[i].ByClaim = true
	}
	if _, err := r.SetAdmission(r.ctx(), admin, id, models.AdmissionSettings{Rules: rules, Mode: models.ListAdd, Entries: list}); err != nil {
		r.t.Fatal(err)
	}
}

// A device that claims a listed e-mail address gets in nowhere, unless the entry is
// from before, and was not settled yet.
func TestRedeem_AClaimedEmailOpensNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	only := models.Admission{OnlyExpected: true, Networks: []string{"0.0.0.0/0", "::/0"}}
	fresh, secret := r.create(9)
	r.admits(fresh.ID, only, "ann@example.org")
	claim := func(secret models.Secret) error {
		_, err := r.Redeem(r.ctx(), request(secret, "ann@example.org"))
		return err
	}
	refused(t, claim(secret), models.KindForbidden, models.CodeIdentityNotAllowed)
	verified := request(secret, "whatever")
	verified.Verified = annVerified
	if _, err := r.Redeem(r.ctx(), verified); err != nil {
		t.Errorf("the person herself: %v", err)
	}
	for how, after := range map[models.ListMode]bool{models.ListVerify: false, models.ListUserNames: true} {
		earlier, secret := r.create(9)
		r.claimable(earlier.ID, only, "ann@example.org")
		if err := claim(secret); err != nil {
			t.Fatalf("an entry from before: %v", err)
		}
		_, err := r.SettleClaims(r.ctx(), helpdesk, earlier.ID, how, 1)
		refused(t, err, models.KindForbidden, models.CodeForbidden)
		_, err = r.SettleClaims(r.ctx(), admin, earlier.ID, how, 0)
		refused(t, err, models.KindStale, models.CodePreconditionFailed)
		_, err = r.SettleClaims(r.ctx(), admin, earlier.ID, models.ListClear, 1)
		invalid(t, err, "settle")
		settled, err := r.SettleClaims(r.ctx(), admin, earlier.ID, how, 1)
		if err != nil || !settled.OnlyExpected || len(settled.Networks) != 2 || settled.ExpectedCount != 1 {
			t.Fatalf("%s: %+v, %v", how, settled, err)
		}
		if err := claim(secret); (err == nil) != after {
			t.Errorf("%s: a claim is answered %v", how, err)
		}
		found, err := r.db.AuditEvents(r.ctx(), models.AuditFilter{Action: models.AuditRegistrationTokenAdmissionSet, ObjectID: earlier.ID}, models.PageRequest{})
		if err != nil || !strings.Contains(found.Items[0].Detail+found.Items[1].Detail, `"claims":`) {
			t.Errorf("the trail says %+v, %v", found.Items, err)
		}
	}
	_, err := r.SettleClaims(r.ctx(), admin, "nothing", models.ListVerify, 0)
	refused(t, err, models.KindNotFound, models.CodeNotFound)
}

func TestRedeem_TurnsAwayWhoIsNotAdmittedAndTakesNoCount(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	signedIn := func(q *tokens.RedeemRequest) { q.Verified = annVerified }
	for name, c := range map[string]struct {
		rules models.Admission
		lines []string
		edit  func(q *tokens.RedeemRequest)
		rule  models.AdmissionRule
	}{
		"network":          {models.Admission{Networks: []string{"10.0.0.0/8"}}, nil, signedIn, models.AdmissionNetwork},
		"sign-in":          {models.Admission{SignInRequired: true}, nil, nil, models.AdmissionSignIn},
		"domain, unproven": {models.Admission{EmailDomains: []string{"example.org"}}, nil, nil, models.AdmissionSignIn},
		"another domain":   {models.Admission{EmailDomains: []string{"contoso.example"}}, nil, signedIn, models.AdmissionEmailDomain},
		"not on the list":  {models.Admission{OnlyExpected: true}, []string{"bob"}, nil, models.AdmissionExpected},
		"perhaps on it":    {models.Admission{OnlyExpected: true}, []string{"bob@example.org"}, nil, models.AdmissionExpectedSignIn},
	} {
		token, secret := r.create(1)
		r.admits(token.ID, c.rules, c.lines...)
		q := request(secret, "eve")
		q.IdempotencyKey = "0123456789abcdef"
		if c.edit != nil {
			c.edit(&q)
		}
		for range 2 {
			_, err := r.Redeem(r.ctx(), q)
			e := refused(t, err, models.KindForbidden, models.CodeIdentityNotAllowed)
			if e.Refusal.Rule != c.rule || e.SupportCode == "" || e.Retryable() {
				t.Errorf("%s: %+v", name, e)
			}
			attempt, err := r.db.RefusedAttemptByCode(r.ctx(), e.SupportCode)
			if err != nil || attempt.Reason != models.CodeIdentityNotAllowed || attempt.AdmissionRule != c.rule || attempt.SystemUserName != "eve" {
				t.Errorf("%s: recorded as %+v, %v", name, attempt, err)
			}
		}
		r.used(token.ID, 0)
		// Once the rules are gone, the same request with the same key is let in.
		if _, err := r.SetAdmission(r.ctx(), admin, token.ID, models.AdmissionSettings{}); err != nil {
			t.Fatal(err)
		}
		if issued, err := r.Redeem(r.ctx(), q); err != nil || issued.Replayed {
			t.Errorf("%s: not let in afterwards: %v", name, err)
		}
	}
}

// State comes before admission (rule 2), and a kept answer before
// both: the holder of the key has been let in.
func TestRedeem_JudgesAdmissionLast(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(2)
	q := request(secret, "ann")
	q.IdempotencyKey = "0123456789abcdef"
	if _, err := r.Redeem(r.ctx(), q); err != nil {
		t.Fatal(err)
	}
	r.admits(token.ID, models.Admission{OnlyExpected: true}, "bob")
	if issued, err := r.Redeem(r.ctx(), q); err != nil || !issued.Replayed {
		t.Errorf("the kept answer: %v", err)
	}
	bob := r.redeem(secret, "bob")
	if got := r.authToken(bob.AuthToken.ID); got.Unexpected || got.ExpectationID == nil {
		t.Errorf("bob is %+v", got)
	}
	_, err := r.Redeem(r.ctx(), request(secret, "eve"))
	refused(t, err, models.KindConflict, models.CodeRegistrationTokenExhausted)
	r.clock.advance(60 * 24 * time.Hour)
	_, err = r.Redeem(r.ctx(), request(secret, "eve"))
	refused(t, err, models.KindGone, models.CodeRegistrationTokenExpired)
}

func TestRedeem_AListWithoutRulesTurnsNobodyAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(5)
	r.admits(token.ID, models.Admission{}, "ann@example.org", "bob")
	q := request(secret, "somebody")
	q.Verified = annVerified
	if _, err := r.Redeem(r.ctx(), q); err != nil {
		t.Fatal(err)
	}
	stranger := r.redeem(secret, "eve")
	if got := r.authToken(stranger.AuthToken.ID); !got.Unexpected || got.ExpectationID != nil {
		t.Errorf("the stranger is %+v", got)
	}
	want := models.ExpectationCounts{Arrived: 1, Missing: 1, Unexpected: 1, Claimable: 1}
	if got, err := r.db.ExpectationCounts(r.ctx(), token.ID, r.clock.now()); err != nil || got != want {
		t.Errorf("the list stands at %+v, %v", got, err)
	}
}

// Many at once, while the rules are being switched: the counts hold, and
// nobody who was turned away has taken one.
func TestRedeem_AdmissionHoldsWhileRulesChange(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(100)
	r.admits(token.ID, models.Admission{OnlyExpected: true}, "ann")
	errs := parallel(40, func(i int) error {
		if i%10 == 9 {
			_, err := r.SetAdmission(r.ctx(), admin, token.ID, models.AdmissionSettings{Rules: models.Admission{OnlyExpected: i%20 == 9}})
			return err
		}
		_, err := r.Redeem(r.ctx(), request(secret, []string{"ann", "eve"}[i%2]))
		return err
	})
	in := 0
	for i, err := range errs {
		switch {
		case i%10 == 9:
			if err != nil && models.ErrorKind(err) != models.KindConflict {
				t.Errorf("an edit: %v", err)
			}
		case err == nil:
			in++
		case i%2 == 0:
			t.Errorf("ann was turned away: %v", err)
		default:
			refused(t, err, models.KindForbidden, models.CodeIdentityNotAllowed)
		}
	}
	r.used(token.ID, in)
	if findings, err := r.db.Check(r.ctx()); err != nil || len(findings) > 0 {
		t.Errorf("check: %+v, %v", findings, err)
	}
}

func TestWouldAdmit_SaysWhatRedeemWouldAndTakesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(2)
	r.admits(token.ID, models.Admission{OnlyExpected: true, Networks: []string{"203.0.113.0/24"}}, "ann", "*.lab.example")
	before := *r.token(token.ID)
	ask := func(actor models.Actor, user, host, ip string) (tokens.AdmissionAnswer, error) {
		return r.WouldAdmit(r.ctx(), actor, token.ID, models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: user, FQDN: host}, IP: ip})
	}
	for _, c := range []struct {
		user, host, ip string
		want           models.AdmissionRule
		match          string
	}{
		{"ann", "", "203.0.113.9", "", "ann"},
		{"", "pc.lab.example", "203.0.113.9", "", "*.lab.example"},
		{"eve", "", "203.0.113.9", models.AdmissionExpected, ""},
		{"ann", "", "198.51.100.1", models.AdmissionNetwork, "ann"},
	} {
		got, err := ask(helpdesk, c.user, c.host, c.ip)
		if err != nil || got.Refused != c.want || got.Admitted() != (c.want == "") || (got.Expected == nil) != (c.match == "") ||
			got.Expected != nil && got.Expected.Pattern != c.match {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
		q := request(secret, c.user)
		q.Claimed.FQDN, q.Origin.IP = c.host, c.ip
		if c.want != "" {
			_, err = r.Redeem(r.ctx(), q)
			if e := refused(t, err, models.KindForbidden, models.CodeIdentityNotAllowed); e.Refusal.Rule != c.want {
				t.Errorf("%+v: redeem says %s", c, e.Refusal.Rule)
			}
		}
	}
	after := r.token(token.ID)
	if after.UsedCount != before.UsedCount || after.RefusedCount != before.RefusedCount+2 || after.AdmissionVersion != before.AdmissionVersion {
		t.Errorf("asking changed it: %+v", after)
	}
	_, err := ask(helpdesk, "", "", "203.0.113.9")
	invalid(t, err, "systemUserName")
	_, err = ask(ann, "ann", "", "203.0.113.9")
	refused(t, err, models.KindForbidden, models.CodeForbidden)
	_, err = r.WouldAdmit(r.ctx(), admin, "nothing", models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: "ann"}})
	refused(t, err, models.KindNotFound, models.CodeNotFound)
	r.redeem2(secret)
	if got, err := ask(helpdesk, "ann", "", "203.0.113.9"); err != nil || got.Admitted() || got.Status != models.StatusExhausted || got.Refused != "" {
		t.Errorf("an exhausted one: %+v, %v", got, err)
	}
}

// redeem2 takes both counts of a registration token.
func (r *rig) redeem2(secret models.Secret) {
	r.t.Helper()
	r.redeem(secret, "ann")
	r.redeem(secret, "ann")
}

func TestSetAdmission_ChecksAuditsAndTellsThePages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, _ := r.create(5)
	r.told()
	updated := r.admits(token.ID, models.Admission{OnlyExpected: true, EmailDomains: []string{"@Contoso.example"}, AdmissionVersion: 77, ExpectedCount: 77}, "ann", "bob")
	if updated.AdmissionVersion != 1 || updated.ExpectedCount != 2 || updated.EmailDomains[0] != "contoso.example" {
		t.Errorf("stored as %+v", updated.Admission)
	}
	if changes := r.told(); len(changes) != 1 || changes[0].Kind != tokens.ChangeRegistrationToken || changes[0].RegistrationTokenID != token.ID {
		t.Errorf("the pages were told %+v", changes)
	}
	// What changes nothing leaves no trace.
	r.admits(token.ID, models.Admission{OnlyExpected: true, EmailDomains: []string{"contoso.example"}}, "ANN")
	found, err := r.db.AuditEvents(r.ctx(), models.AuditFilter{ObjectID: token.ID, Action: models.AuditRegistrationTokenAdmissionSet}, models.PageRequest{})
	if err != nil || len(found.Items) != 1 {
		t.Fatalf("%+v, %v", found.Items, err)
	}
	for _, part := range []string{
		`"onlyExpected":{"from":false,"to":true}`, `"emailDomains":{"from":"","to":"contoso.example"}`, `"expected":{"from":0,"to":2}`, `"added":2`,
	} {
		if !strings.Contains(found.Items[0].Detail, part) {
			t.Errorf("the trail says %s, without %s", found.Items[0].Detail, part)
		}
	}
	if strings.Contains(found.Items[0].Detail, "ann") {
		t.Errorf("the trail names people: %s", found.Items[0].Detail)
	}

	set := func(actor models.Actor, s models.AdmissionSettings) error {
		_, err := r.SetAdmission(r.ctx(), actor, token.ID, s)
		return err
	}
	refused(t, set(admin, models.AdmissionSettings{Version: ptr(0)}), models.KindStale, models.CodePreconditionFailed)
	refused(t, set(helpdesk, models.AdmissionSettings{}), models.KindForbidden, models.CodeForbidden)
	invalid(t, set(admin, models.AdmissionSettings{Rules: models.Admission{EmailDomains: []string{"x"}, Networks: []string{"y"}}}), "emailDomains", "networks")
	invalid(t, set(admin, models.AdmissionSettings{Rules: models.Admission{OnlyExpected: true}, Mode: models.ListClear}), "expected")
	_, secret := r.create(1)
	invalid(t, set(admin, models.AdmissionSettings{Mode: models.ListAdd, Entries: lists.ReadExpected("person:"+secret.Reveal(), lists.Choices{}).Entries}), "expected")
	if _, err := r.DeleteRegistrationToken(r.ctx(), admin, token.ID, models.RegistrationTokenDeletion{}); err != nil {
		t.Fatal(err)
	}
	refused(t, set(admin, models.AdmissionSettings{}), models.KindConflict, models.CodeRegistrationTokenDeleted)
}

func TestCreateRegistrationToken_WithAdmission(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	settings := models.RegistrationTokenSettings{Count: ptr(2), Admission: &models.AdmissionSettings{
		Rules: models.Admission{OnlyExpected: true}, Mode: models.ListAdd, Entries: lists.ReadExpected("ann\nbob", lists.Choices{}).Entries,
	}}
	token, secret, err := r.CreateRegistrationToken(r.ctx(), admin, settings)
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Redeem(r.ctx(), request(secret, "eve"))
	refused(t, err, models.KindForbidden, models.CodeIdentityNotAllowed)
	r.redeem(secret, "ann")
	successor, next, err := r.ReplaceRegistrationToken(r.ctx(), admin, token.ID, models.RegistrationTokenSettings{})
	if err != nil || !successor.OnlyExpected {
		t.Fatalf("%+v, %v", successor, err)
	}
	_, err = r.Redeem(r.ctx(), request(next, "eve"))
	refused(t, err, models.KindForbidden, models.CodeIdentityNotAllowed)
	r.redeem(next, "bob")

	settings.Admission = &models.AdmissionSettings{Rules: models.Admission{OnlyExpected: true, Networks: []string{"nowhere"}}}
	_, _, err = r.CreateRegistrationToken(r.ctx(), admin, settings)
	invalid(t, err, "networks")
	settings.Admission = &models.AdmissionSettings{Rules: models.Admission{OnlyExpected: true}}
	_, _, err = r.CreateRegistrationToken(r.ctx(), admin, settings)
	invalid(t, err, "expected")
}
