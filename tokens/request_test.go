package tokens_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/models/verdict"
	"muster/tokens"
)

// ask files a request as the helpdesk.
func (r *rig) ask(registrationTokenID string, remedy models.RequestedRemedy) *models.Request {
	r.t.Helper()
	asked, err := r.AskRequest(r.ctx(), helpdesk, asking(registrationTokenID, remedy))
	if err != nil {
		r.t.Fatalf("ask to %s: %v", remedy.Kind, err)
	}
	return asked
}

func asking(registrationTokenID string, remedy models.RequestedRemedy) models.NewRequest {
	return models.NewRequest{RegistrationTokenID: registrationTokenID, Remedy: remedy, Reason: "the new branch", Ticket: "INC-1"}
}

// request reads one as of now.
func (r *rig) request(id string) *models.Request {
	r.t.Helper()
	got, err := r.db.Request(r.ctx(), id, r.clock.now())
	if err != nil {
		r.t.Fatal(err)
	}
	return got
}

// remedyOf is the remedy that the verdict gives for a finding, as it is asked for.
func (r *rig) remedyOf(registrationTokenID string, kind models.FindingKind) models.RequestedRemedy {
	r.t.Helper()
	evidence, err := r.db.Evidence(r.ctx(), registrationTokenID)
	if err != nil {
		r.t.Fatal(err)
	}
	judged := verdict.Judge(models.DefaultVerdictRules(), r.token(registrationTokenID), evidence, r.clock.now())
	for i := range judged.Findings {
		if f := &judged.Findings[i]; f.Kind == kind {
			return models.RequestedRemedy{Kind: f.Remedy.Kind, Count: f.Remedy.Count, Finding: f.Remedy.Finding, ReturnCount: f.Remedy.ReturnCount}
		}
	}
	r.t.Fatalf("the verdict does not find %s: %+v", kind, judged.Findings)
	return models.RequestedRemedy{}
}

// loop lets one device redeem again and again within minutes.
func (r *rig) loop(secret models.Secret, times int) (all []*tokens.IssuedAuthToken) {
	r.t.Helper()
	for range times {
		all = append(all, r.redeem(secret, "bob"))
		r.clock.advance(time.Minute)
	}
	return all
}

// turnAway lets people be refused.
func (r *rig) turnAway(secret models.Secret, names ...string) {
	r.t.Helper()
	for _, name := range names {
		claim := request(secret, name)
		claim.Claimed.FQDN = name + "-pc.example.org"
		if _, err := r.Redeem(r.ctx(), claim); err == nil {
			r.t.Fatalf("%s got in", name)
		}
	}
}

// situation is a request that can be approved, how its number changes, and what is
// seen of its effect.
type situation struct {
	remedy func(r *rig, t *models.RegistrationToken, secret models.Secret) models.RequestedRemedy
	// move makes the number another one; nil where it has none.
	move func(r *rig, t *models.RegistrationToken, secret models.Secret)
	// moved is the number then.
	moved int
	// done reports the effect with a number.
	done func(r *rig, id string, n int) bool
	// change is what the live pages are told beside the request.
	change tokens.ChangeKind
}

// situations are one for each kind of remedy; the registration token has 4 counts.
var situations = map[string]situation{
	"raise": {
		remedy: func(*rig, *models.RegistrationToken, models.Secret) models.RequestedRemedy {
			return models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(5)}
		},
		move: func(r *rig, t *models.RegistrationToken, _ models.Secret) {
			if _, err := r.UpdateRegistrationToken(r.ctx(), admin, t.ID, models.RegistrationTokenSettings{Raise: 3}); err != nil {
				r.t.Fatal(err)
			}
		},
		moved:  5,
		done:   func(r *rig, id string, n int) bool { c := r.token(id).Count; return c == 4+n || c == 7+n },
		change: tokens.ChangeRegistrationToken,
	},
	"raise as proposed": {
		remedy: func(r *rig, t *models.RegistrationToken, secret models.Secret) models.RequestedRemedy {
			for _, name := range []string{"a", "b", "c", "d"} {
				claim := request(secret, name)
				claim.Claimed.FQDN = name + ".example.org"
				if _, err := r.Redeem(r.ctx(), claim); err != nil {
					r.t.Fatal(err)
				}
			}
			r.turnAway(secret, "eve", "fay")
			return r.remedyOf(t.ID, models.FindingTooSmall)
		},
		move:   func(r *rig, _ *models.RegistrationToken, secret models.Secret) { r.turnAway(secret, "gus") },
		moved:  3,
		done:   func(r *rig, id string, n int) bool { return r.token(id).Count == 4+n },
		change: tokens.ChangeRegistrationToken,
	},
	"give back": {
		remedy: func(r *rig, t *models.RegistrationToken, secret models.Secret) models.RequestedRemedy {
			for _, issued := range r.loop(secret, 2) {
				if err := r.DeleteAuthToken(r.ctx(), admin, issued.AuthToken.ID, "lost", false); err != nil {
					r.t.Fatal(err)
				}
			}
			return r.remedyOf(t.ID, models.FindingNotGivenBack)
		},
		move: func(r *rig, _ *models.RegistrationToken, secret models.Secret) {
			claim := request(secret, "cat")
			claim.Claimed.FQDN = "cat.example.org"
			issued, err := r.Redeem(r.ctx(), claim)
			if err != nil {
				r.t.Fatal(err)
			}
			if err := r.DeleteAuthToken(r.ctx(), admin, issued.AuthToken.ID, "lost", false); err != nil {
				r.t.Fatal(err)
			}
		},
		moved:  3,
		done:   func(r *rig, id string, _ int) bool { return r.token(id).UsedCount == 0 },
		change: tokens.ChangeAuthTokenDeleted,
	},
	"delete the surplus": {
		remedy: func(r *rig, t *models.RegistrationToken, secret models.Secret) models.RequestedRemedy {
			r.loop(secret, 3)
			return r.remedyOf(t.ID, models.FindingRetryLoop)
		},
		move:   func(r *rig, _ *models.RegistrationToken, secret models.Secret) { r.loop(secret, 1) },
		moved:  3,
		done:   func(r *rig, id string, _ int) bool { return r.token(id).UsedCount == 1 },
		change: tokens.ChangeAuthTokenDeleted,
	},
	"delete these": {
		remedy: func(r *rig, _ *models.RegistrationToken, secret models.Secret) models.RequestedRemedy {
			remedy := models.RequestedRemedy{Kind: models.RemedyDelete, ReturnCount: true}
			for _, issued := range r.loop(secret, 3) {
				remedy.AuthTokens = append(remedy.AuthTokens, issued.AuthToken.ID)
			}
			return remedy
		},
		move: func(r *rig, t *models.RegistrationToken, _ models.Secret) {
			asked, err := r.db.Requests(r.ctx(), models.RequestFilter{RegistrationTokenID: t.ID}, models.PageRequest{}, r.clock.now())
			if err != nil {
				r.t.Fatal(err)
			}
			if err := r.DeleteAuthToken(r.ctx(), admin, asked.Items[0].Remedy.AuthTokens[0], "lost", true); err != nil {
				r.t.Fatal(err)
			}
		},
		moved:  2,
		done:   func(r *rig, id string, _ int) bool { return r.token(id).UsedCount == 0 },
		change: tokens.ChangeAuthTokenDeleted,
	},
	"replace": {
		remedy: func(*rig, *models.RegistrationToken, models.Secret) models.RequestedRemedy {
			return models.RequestedRemedy{Kind: models.RemedyReplace}
		},
		move:  func(r *rig, _ *models.RegistrationToken, secret models.Secret) { r.redeem(secret, "bob") },
		moved: 3,
		done: func(r *rig, id string, n int) bool {
			by := r.token(id).ReplacedByID
			return by != nil && r.token(*by).Count == n
		},
		change: tokens.ChangeRegistrationToken,
	},
	"extend": {
		remedy: func(r *rig, _ *models.RegistrationToken, _ models.Secret) models.RequestedRemedy {
			return models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: ptr(r.clock.now().Add(60 * 24 * time.Hour))}
		},
		done: func(r *rig, id string, _ int) bool {
			return r.token(id).ExpiresAt.After(r.clock.now().Add(59 * 24 * time.Hour))
		},
		change: tokens.ChangeRegistrationToken,
	},
	"enable": {
		remedy: func(r *rig, t *models.RegistrationToken, _ models.Secret) models.RequestedRemedy {
			if _, err := r.UpdateRegistrationToken(r.ctx(), admin, t.ID, models.RegistrationTokenSettings{Enabled: ptr(false)}); err != nil {
				r.t.Fatal(err)
			}
			return models.RequestedRemedy{Kind: models.RemedyEnable}
		},
		done:   func(r *rig, id string, _ int) bool { return r.token(id).DisabledAt == nil },
		change: tokens.ChangeRegistrationToken,
	},
}

func eachSituation(t *testing.T, test func(t *testing.T, s situation)) {
	t.Helper()
	for name, s := range situations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

// number is what is expected of a request without a changed number.
func number(asked *models.Request) int {
	if asked.Remedy.Count == nil {
		return 0
	}
	return *asked.Remedy.Count
}

func TestRequest_ApprovedDoesWhatWasAskedForOnce(t *testing.T) {
	t.Parallel()
	eachSituation(t, func(t *testing.T, s situation) {
		r := newRig(t)
		token, secret := r.create(4)
		asked := r.ask(token.ID, s.remedy(r, token, secret))
		if s.done(r, token.ID, number(asked)) {
			t.Fatal("asking does it already")
		}
		preview, err := r.PreviewRequest(t.Context(), helpdesk, asked.ID)
		if err != nil || !preview.Left || preview.Changed || preview.Count != nil && *preview.Count != number(asked) || (preview.Deletion != nil) != asked.Remedy.Deletes() {
			t.Fatalf("the preview is %+v, %v", preview, err)
		}
		refused(t, second(r.ApproveRequest(t.Context(), helpdesk, asked.ID, nil)), models.KindForbidden, models.CodeForbidden)
		r.told()
		approved, err := r.ApproveRequest(t.Context(), admin, asked.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !s.done(r, token.ID, number(asked)) {
			t.Error("what was asked for is not done")
		}
		got := r.request(asked.ID)
		if got.State != models.RequestApproved || got.DecidedBy != admin.Name || approved.Request.State != models.RequestApproved ||
			(got.DecidedCount == nil) != (asked.Remedy.Count == nil) {
			t.Errorf("the request is %+v", got)
		}
		if (approved.Secret != "") != (asked.Remedy.Kind == models.RemedyReplace) {
			t.Errorf("the secret is %q", approved.Secret)
		}
		told := r.told()
		if !slices.ContainsFunc(told, func(c tokens.Change) bool { return c.Kind == s.change && c.RegistrationTokenID == token.ID }) ||
			!slices.Contains(told, tokens.Change{RegistrationTokenID: token.ID, Kind: tokens.ChangeRequest}) {
			t.Errorf("the live pages were told of %+v", told)
		}
		before := r.dump()
		code := models.CodeRequestDecided
		e := refused(t, second(r.ApproveRequest(t.Context(), admin, asked.ID, nil)), models.KindConflict, code)
		if !strings.Contains(e.Message, admin.Name) || !strings.Contains(e.Message, "approved") {
			t.Errorf("the second one is told %q", e.Message)
		}
		refused(t, second(r.DeclineRequest(t.Context(), admin, asked.ID, "too late")), models.KindConflict, code)
		e = refused(t, second(r.WithdrawRequest(t.Context(), helpdesk, asked.ID)), models.KindConflict, code)
		if strings.Contains(e.Message, admin.Name) {
			t.Errorf("who sees names masked is told %q", e.Message)
		}
		if r.dump() != before {
			t.Error("deciding again changed something")
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestRequest_StopsWhenNumbersChanged(t *testing.T) {
	t.Parallel()
	eachSituation(t, func(t *testing.T, s situation) {
		if s.move == nil {
			return
		}
		r := newRig(t)
		token, secret := r.create(4)
		asked := r.ask(token.ID, s.remedy(r, token, secret))
		s.move(r, token, secret)
		preview, err := r.PreviewRequest(t.Context(), admin, asked.ID)
		if err != nil || !preview.Changed || !preview.Left || *preview.Count != s.moved {
			t.Fatalf("the preview is %+v, %v", preview, err)
		}
		before := r.dump()
		r.told()
		refused(t, second(r.ApproveRequest(t.Context(), admin, asked.ID, nil)), models.KindConflict, models.CodeNumbersChanged)
		if asked.Remedy.Deletes() {
			refused(t, second(r.ApproveRequest(t.Context(), admin, asked.ID, ptr(s.moved+7))), models.KindConflict, models.CodeNumbersChanged)
		}
		if r.dump() != before || len(r.told()) > 0 {
			t.Error("something was changed")
		}
		approved, err := r.ApproveRequest(t.Context(), admin, asked.ID, ptr(s.moved))
		if err != nil || *approved.Request.DecidedCount != s.moved || *approved.Request.Remedy.Count != number(asked) {
			t.Fatalf("approved with the number of now: %+v, %v", approved, err)
		}
		if !s.done(r, token.ID, s.moved) {
			t.Error("what was approved is not done")
		}
	})
}

// What cannot be done leaves the request open, and everything as it was.
func TestRequest_FailsAsAWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, c := range map[string]struct {
		remedy  models.RequestedRemedy
		changed *int
		spoil   func(id string)
		kind    models.Kind
		code    models.Code
	}{
		"an expired one is not extended": {
			models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: ptr(start.Add(60 * 24 * time.Hour))}, nil,
			func(id string) { r.clock.set(r.token(id).ExpiresAt) }, models.KindConflict, models.CodeRegistrationTokenExpired,
		},
		"no count is above the largest": {
			models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(1)}, ptr(models.MaxCount), func(string) {}, models.KindInvalid, models.CodeInvalidRequest,
		},
		"no number is zero": {
			models.RequestedRemedy{Kind: models.RemedyReplace}, ptr(0), func(string) {}, models.KindInvalid, models.CodeInvalidRequest,
		},
		"an expiry has no number": {
			models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: ptr(start.Add(60 * 24 * time.Hour))}, ptr(1), func(string) {}, models.KindInvalid, models.CodeInvalidRequest,
		},
	} {
		r.clock.set(start)
		token, _ := r.create(4)
		asked := r.ask(token.ID, c.remedy)
		c.spoil(token.ID)
		r.clock.set(start.Add(min(r.clock.now().Sub(start), models.RequestLife-time.Hour)))
		if c.code == models.CodeRegistrationTokenExpired {
			r.expire(token.ID)
		}
		before := r.dump()
		r.told()
		err := second(r.ApproveRequest(t.Context(), admin, asked.ID, c.changed))
		if models.ErrorKind(err) != c.kind || models.ErrorCode(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		if r.dump() != before || len(r.told()) > 0 || r.request(asked.ID).State != models.RequestOpen {
			t.Errorf("%s: something changed", name)
		}
	}
}

// expire lets a registration token have expired.
func (r *rig) expire(id string) {
	r.t.Helper()
	_, err := r.raw().ExecContext(r.ctx(), "UPDATE registration_tokens SET expires_at = created_at WHERE id = ?", id)
	if err != nil {
		r.t.Fatal(err)
	}
}

func TestRequest_NothingIsSmuggledIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(9)
	_, foreign := r.create(9)
	own, theirs := r.redeem(secret, "ann").AuthToken.ID, r.redeem(foreign, "bob").AuthToken.ID
	r.loop(secret, 3)
	loop := r.remedyOf(token.ID, models.FindingRetryLoop)
	edit := func(edit func(*models.RequestedRemedy)) models.RequestedRemedy {
		other := loop
		edit(&other)
		return other
	}
	ids := func(kind models.RemedyKind, ids ...string) models.RequestedRemedy {
		return models.RequestedRemedy{Kind: kind, AuthTokens: ids, ReturnCount: true}
	}
	before := r.dump()
	for name, c := range map[string]struct {
		remedy models.RequestedRemedy
		field  string
	}{
		"one of another":              {ids(models.RemedyDelete, own, theirs), "remedy.request"},
		"only of another":             {ids(models.RemedyGiveBack, theirs), "remedy.request"},
		"an unknown one":              {ids(models.RemedyDelete, own, strings.Repeat("0", 26)), "remedy.request"},
		"no id at all":                {ids(models.RemedyDelete, own, "' OR 1=1"), "remedy.request"},
		"too many":                    {ids(models.RemedyDelete, many(1001)...), "remedy.request"},
		"none":                        {ids(models.RemedyDelete), "remedy.request"},
		"another number of ids":       {edit(func(o *models.RequestedRemedy) { *o = ids(models.RemedyDelete, own); o.Count = ptr(2) }), "remedy.request"},
		"given back without":          {models.RequestedRemedy{Kind: models.RemedyGiveBack, AuthTokens: []string{own}}, "remedy.request"},
		"both":                        {edit(func(o *models.RequestedRemedy) { o.AuthTokens = []string{own} }), "remedy.request"},
		"another finding":             {edit(func(o *models.RequestedRemedy) { o.Finding = models.FindingStrangers }), "remedy.request"},
		"another number":              {edit(func(o *models.RequestedRemedy) { o.Count = ptr(9) }), "remedy.request"},
		"another kind":                {edit(func(o *models.RequestedRemedy) { o.Kind = models.RemedyDelete }), "remedy.request"},
		"without the counts":          {edit(func(o *models.RequestedRemedy) { o.ReturnCount = false }), "remedy.request"},
		"a raise that deletes":        {edit(func(o *models.RequestedRemedy) { o.Kind = models.RemedyRaise }), "remedy.request"},
		"a raise without a number":    {models.RequestedRemedy{Kind: models.RemedyRaise}, "remedy.count"},
		"a raise by nothing":          {models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(0)}, "remedy.count"},
		"a raise above the largest":   {models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(models.MaxCount)}, "remedy.count"},
		"an enabled one":              {models.RequestedRemedy{Kind: models.RemedyEnable}, "remedy.kind"},
		"an expiry that is no later":  {models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: ptr(start.Add(time.Hour))}, "remedy.expirationDate"},
		"an expiry too far ahead":     {models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: ptr(start.Add(9 * maxLifetime))}, "remedy.expirationDate"},
		"an expiry of something else": {models.RequestedRemedy{Kind: models.RemedyReplace, ExpiresAt: ptr(start.Add(time.Hour))}, "remedy.expirationDate"},
		"to find out":                 {models.RequestedRemedy{Kind: models.RemedyAsk}, "remedy.kind"},
		"nothing":                     {models.RequestedRemedy{}, "remedy.kind"},
		"magic":                       {models.RequestedRemedy{Kind: "magic"}, "remedy.kind"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.AskRequest(t.Context(), helpdesk, asking(token.ID, c.remedy))
			e := invalid(t, err, c.field)
			if strings.Contains(e.Message, "bob") || strings.Contains(e.Message, theirs) {
				t.Errorf("it says something of others: %s", e.Message)
			}
		})
	}
	blank := asking(token.ID, loop)
	blank.Reason, blank.Ticket = "", "two\nlines"
	invalid(t, second(r.AskRequest(t.Context(), helpdesk, blank)), "reason", "ticket")
	invalid(t, second(r.AskRequest(t.Context(), helpdesk, asking("unknown", loop))), "registrationTokenId")
	refused(t, second(r.AskRequest(t.Context(), ann, asking(token.ID, loop))), models.KindForbidden, models.CodeForbidden)
	if r.dump() != before {
		t.Error("something was written")
	}
	first := r.ask(token.ID, loop)
	e := refused(t, second(r.AskRequest(t.Context(), admin, asking(token.ID, loop))), models.KindConflict, models.CodeRequestExists)
	if !strings.Contains(e.Message, first.ID) {
		t.Errorf("the second one is told %q", e.Message)
	}
}

func many(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = strings.Repeat("0", 22) + string([]byte{byte('0' + i/1000), byte('0' + i/100%10), byte('0' + i/10%10), byte('0' + i%10)})
	}
	return ids
}

func TestRequest_OfARegistrationTokenThatIsOver(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	raise := models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(1)}
	deleted, _ := r.create(1)
	if _, err := r.DeleteRegistrationToken(t.Context(), admin, deleted.ID, models.RegistrationTokenDeletion{}); err != nil {
		t.Fatal(err)
	}
	refused(t, second(r.AskRequest(t.Context(), helpdesk, asking(deleted.ID, raise))), models.KindConflict, models.CodeRegistrationTokenDeleted)
	replaced, _ := r.create(1)
	if _, _, err := r.ReplaceRegistrationToken(t.Context(), admin, replaced.ID, models.RegistrationTokenSettings{}); err != nil {
		t.Fatal(err)
	}
	refused(t, second(r.AskRequest(t.Context(), helpdesk, asking(replaced.ID, raise))), models.KindConflict, models.CodeRegistrationTokenReplaced)
	expired, _ := r.create(1)
	r.expire(expired.ID)
	refused(t, second(r.AskRequest(t.Context(), helpdesk, asking(expired.ID, raise))), models.KindConflict, models.CodeRegistrationTokenExpired)
	r.ask(expired.ID, models.RequestedRemedy{Kind: models.RemedyReplace})
	used, secret := r.create(1)
	r.redeem(secret, "bob")
	invalid(t, second(r.AskRequest(t.Context(), helpdesk, asking(used.ID, models.RequestedRemedy{Kind: models.RemedyReplace}))), "remedy.count")
	r.ask(used.ID, models.RequestedRemedy{Kind: models.RemedyReplace, Count: ptr(3)})
}

func TestRequest_LapsesWhenNothingIsLeft(t *testing.T) {
	t.Parallel()
	for _, previewed := range []bool{true, false} {
		r := newRig(t)
		token, secret := r.create(9)
		r.loop(secret, 3)
		remedy := r.remedyOf(token.ID, models.FindingRetryLoop)
		asked := r.ask(token.ID, remedy)
		filter := models.AuthTokenFilter{RegistrationTokenID: token.ID, Finding: remedy.Finding}
		if _, err := r.DeleteAuthTokens(t.Context(), admin, models.AuthTokenDeletion{Filter: filter, ReturnCount: true}); err != nil {
			t.Fatal(err)
		}
		if previewed {
			preview, err := r.PreviewRequest(t.Context(), helpdesk, asked.ID)
			if err != nil || preview.Left || preview.Request.State != models.RequestLapsed {
				t.Errorf("the preview is %+v, %v", preview, err)
			}
			r.Settle() // what it does in the background
		} else {
			refused(t, second(r.ApproveRequest(t.Context(), admin, asked.ID, nil)), models.KindConflict, models.CodeRequestLapsed)
		}
		if s := r.request(asked.ID).State; s != models.RequestLapsed {
			t.Errorf("the request is %s", s)
		}
		refused(t, second(r.DeclineRequest(t.Context(), admin, asked.ID, "no")), models.KindConflict, models.CodeRequestLapsed)
	}
}

// Whoever deleted them and kept the counts decided that: an older request does not undo
// it unseen.
func TestRequest_StopsWhenWhatItDeletesWasDeletedWithItsCount(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(9)
	ids := []string{r.redeem(secret, "ann").AuthToken.ID, r.redeem(secret, "bob").AuthToken.ID}
	asked := r.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyDelete, AuthTokens: ids, ReturnCount: true})
	if err := r.DeleteAuthToken(t.Context(), admin, ids[0], "lost", false); err != nil {
		t.Fatal(err)
	}
	refused(t, second(r.ApproveRequest(t.Context(), admin, asked.ID, nil)), models.KindConflict, models.CodeNumbersChanged)
	if used := r.token(token.ID).UsedCount; used != 2 {
		t.Errorf("%d counts are used", used)
	}
	if _, err := r.ApproveRequest(t.Context(), admin, asked.ID, ptr(2)); err != nil || r.token(token.ID).UsedCount != 0 {
		t.Errorf("with the number: %v", err)
	}
}

func TestRequest_DeclinedForAReasonWithdrawnByWhoAsked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, _ := r.create(4)
	raise := models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(1)}
	asked := r.ask(token.ID, raise)
	invalid(t, second(r.DeclineRequest(t.Context(), admin, asked.ID, "")), "reason")
	invalid(t, second(r.DeclineRequest(t.Context(), admin, asked.ID, strings.Repeat("r", 501))), "reason")
	refused(t, second(r.DeclineRequest(t.Context(), helpdesk, asked.ID, "no")), models.KindForbidden, models.CodeForbidden)
	declined, err := r.DeclineRequest(t.Context(), admin, asked.ID, "it leaked")
	if err != nil || declined.State != models.RequestDeclined || declined.Decision != "it leaked" || declined.DecidedBy != admin.Name {
		t.Errorf("declined: %+v, %v", declined, err)
	}
	asked = r.ask(token.ID, raise)
	refused(t, second(r.WithdrawRequest(t.Context(), admin, asked.ID)), models.KindForbidden, models.CodeForbidden)
	withdrawn, err := r.WithdrawRequest(t.Context(), helpdesk, asked.ID)
	if err != nil || withdrawn.State != models.RequestWithdrawn {
		t.Errorf("withdrawn: %+v, %v", withdrawn, err)
	}
	if n := r.token(token.ID).Count; n != 4 {
		t.Errorf("the count is %d", n)
	}
	for _, err := range []error{
		second(r.ApproveRequest(t.Context(), admin, "unknown", nil)), second(r.DeclineRequest(t.Context(), admin, "unknown", "no")),
		second(r.WithdrawRequest(t.Context(), helpdesk, "unknown")), second(r.PreviewRequest(t.Context(), helpdesk, "unknown")),
	} {
		refused(t, err, models.KindNotFound, models.CodeNotFound)
	}
}

// Deciding takes the permission of the act, too.
func TestRequest_DecidingTakesThePermissionOfTheAct(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(4)
	raise := r.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(1)})
	remove := r.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyDelete, AuthTokens: []string{r.redeem(secret, "bob").AuthToken.ID}})
	for lacking, id := range map[models.Permission]string{models.PermissionRegistrationTokenWrite: raise.ID, models.PermissionAuthTokenWrite: remove.ID} {
		actor := admin
		actor.Permissions = slices.DeleteFunc(models.RoleAdmin.Permissions(), func(p models.Permission) bool { return p == lacking })
		refused(t, second(r.ApproveRequest(t.Context(), actor, id, nil)), models.KindForbidden, models.CodeForbidden)
	}
}

func TestNote_IsAboutSomethingThatExists(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(1)
	issued := r.redeem(secret, "bob")
	e := refused(t, second(r.Redeem(t.Context(), request(secret, "eve"))), models.KindConflict, models.CodeRegistrationTokenExhausted)
	for kind, id := range map[string]string{
		models.ObjectRegistrationToken: token.ID, models.ObjectAuthToken: issued.AuthToken.ID, models.ObjectRefusedAttempt: e.SupportCode,
	} {
		r.told()
		note, err := r.AddNote(t.Context(), helpdesk, models.NewNote{ObjectKind: kind, ObjectID: id, Text: "called\nback", Ticket: "INC-1"})
		if err != nil || note.CreatedBy != helpdesk.Name {
			t.Errorf("a note about %s: %+v, %v", kind, note, err)
		}
		if told := r.told(); len(told) != 1 || told[0] != (tokens.Change{RegistrationTokenID: token.ID, Kind: tokens.ChangeRequest}) {
			t.Errorf("the live pages were told of %+v", told)
		}
		found, err := r.db.Notes(t.Context(), kind, id, 9)
		if err != nil || len(found) != 1 || found[0].Text != "called\nback" {
			t.Errorf("the notes about %s: %+v, %v", kind, found, err)
		}
		refused(t, second(r.AddNote(t.Context(), helpdesk, models.NewNote{ObjectKind: kind, ObjectID: "unknown", Text: "x"})), models.KindNotFound, models.CodeNotFound)
	}
	about := models.NewNote{ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID}
	invalid(t, second(r.AddNote(t.Context(), helpdesk, about)), "text")
	about.Text, about.Ticket = secret.Reveal(), "two\nlines"
	invalid(t, second(r.AddNote(t.Context(), helpdesk, about)), "text", "ticket")
	about.Text, about.Ticket = "x", ""
	refused(t, second(r.AddNote(t.Context(), ann, about)), models.KindForbidden, models.CodeForbidden)
	about.ObjectKind = models.ObjectAPIKey
	refused(t, second(r.AddNote(t.Context(), helpdesk, about)), models.KindNotFound, models.CodeNotFound)
}
