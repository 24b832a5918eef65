package tokens_test

import (
	"strings"
	"testing"
	"time"

	"muster/models"
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

func second[T any](_ T, err error) error { return err }

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
