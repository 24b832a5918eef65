package tokens_test

import (
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
	"muster/tokens/secrets"
)

func TestCreate_DefaultsAndSecret(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.clock.advance(123456789) // a fraction of a second
	token, secret := r.create(5)
	p, err := secrets.Parse(secrets.RegistrationToken, secret.Reveal())
	if err != nil || p.ID != token.ID {
		t.Fatalf("the secret is not one of this token: %v", err)
	}
	got := r.token(token.ID)
	if want := start.Add(30 * 24 * time.Hour); !got.ExpiresAt.Equal(want) {
		t.Errorf("expires %s, want %s", got.ExpiresAt, want)
	}
	if got.Identifier != "token-"+token.ID[20:] || got.Status(r.clock.now()) != models.StatusActive ||
		got.Customer.Identifier != customerName || got.CreatedBy != admin.Name || got.Hint != "mrt_"+token.ID[:10] {
		t.Errorf("created %+v", got)
	}
	if changes := r.told(); len(changes) != 1 || changes[0].RegistrationTokenID != token.ID {
		t.Errorf("told %v", changes)
	}
}

func TestCreate_RefusesWhatBreaksARule(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	at := func(d time.Duration) *time.Time { return ptr(start.Add(d)) }
	for name, c := range map[string]struct {
		s      models.RegistrationTokenSettings
		fields []string
	}{
		"no count":          {models.RegistrationTokenSettings{}, []string{"count"}},
		"count 0":           {models.RegistrationTokenSettings{Count: ptr(0)}, []string{"count"}},
		"count -1":          {models.RegistrationTokenSettings{Count: ptr(-1)}, []string{"count"}},
		"count too large":   {models.RegistrationTokenSettings{Count: ptr(1_000_001)}, []string{"count"}},
		"expiry past":       {models.RegistrationTokenSettings{Count: ptr(1), ExpiresAt: at(-time.Hour)}, []string{"expirationDate"}},
		"expiry in 59 s":    {models.RegistrationTokenSettings{Count: ptr(1), ExpiresAt: at(59 * time.Second)}, []string{"expirationDate"}},
		"expiry too far":    {models.RegistrationTokenSettings{Count: ptr(1), ExpiresAt: at(maxLifetime + time.Second)}, []string{"expirationDate"}},
		"blank identifier":  {models.RegistrationTokenSettings{Count: ptr(1), Identifier: ptr("  ")}, []string{"identifier"}},
		"long identifier":   {models.RegistrationTokenSettings{Count: ptr(1), Identifier: ptr(strings.Repeat("ü", 256))}, []string{"identifier"}},
		"bidi ref":          {models.RegistrationTokenSettings{Count: ptr(1), RefID1: ptr("a\u202eb")}, []string{"refId1"}},
		"line break in ref": {models.RegistrationTokenSettings{Count: ptr(1), RefID2: ptr("a\nb")}, []string{"refId2"}},
		"long note":         {models.RegistrationTokenSettings{Count: ptr(1), Note: ptr(strings.Repeat("a", 4001))}, []string{"note"}},
		"secret in note":    {models.RegistrationTokenSettings{Count: ptr(1), Note: ptr("it is " + someMRT)}, []string{"note"}},
		"unknown customer":  {models.RegistrationTokenSettings{Count: ptr(1), CustomerID: "nobody"}, []string{"customer"}},
		"all at once": {models.RegistrationTokenSettings{
			Identifier: ptr(" "), RefID1: ptr("\x00"), Count: ptr(0), ExpiresAt: at(0), CustomerID: "nobody",
		}, []string{"identifier", "refId1", "count", "expirationDate", "customer"}},
	} {
		token, secret, err := r.CreateRegistrationToken(t.Context(), admin, c.s)
		if token != nil || secret != "" {
			t.Errorf("%s: something was made", name)
		}
		invalid(t, err, c.fields...)
	}
	e := invalid(t, func() error {
		_, _, err := r.CreateRegistrationToken(t.Context(), admin, models.RegistrationTokenSettings{Count: ptr(1), ExpiresAt: at(maxLifetime + time.Second)})
		return err
	}(), "expirationDate")
	if !strings.Contains(e.Message, "366 days") {
		t.Errorf("the message does not name the limit: %s", e.Message)
	}
}

func TestCreate_TakesTheBounds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.clock.advance(900 * time.Millisecond)
	for name, s := range map[string]models.RegistrationTokenSettings{
		"count 1,000,000":        {Count: ptr(1_000_000)},
		"in 1 minute":            {Count: ptr(1), ExpiresAt: ptr(r.clock.now().Add(time.Minute))},
		"in 366 days":            {Count: ptr(1), ExpiresAt: ptr(r.clock.now().Add(maxLifetime))},
		"customer by identifier": {Count: ptr(1), CustomerID: customerName},
		"note of lines":          {Count: ptr(1), Note: ptr("a\r\n\tb")},
		"255 characters":         {Count: ptr(1), Identifier: ptr(strings.Repeat("ü", 255))},
		"disabled":               {Count: ptr(1), Enabled: ptr(false)},
	} {
		token, _, err := r.CreateRegistrationToken(t.Context(), admin, s)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := r.token(token.ID); got.ExpiresAt.Nanosecond() != 0 || (got.DisabledAt != nil) != (s.Enabled != nil) {
			t.Errorf("%s: stored %+v", name, got)
		}
	}
}

func TestRegistrationToken_NeedsThePermission(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(1)
	ctx := t.Context()
	for name, fn := range map[string]func() error{
		"create": func() error {
			_, _, err := r.CreateRegistrationToken(ctx, helpdesk, models.RegistrationTokenSettings{Count: ptr(1)})
			return err
		},
		"update": func() error {
			_, err := r.UpdateRegistrationToken(ctx, helpdesk, token.ID, models.RegistrationTokenSettings{Count: ptr(2)})
			return err
		},
		"reset": func() error {
			_, err := r.ResetRegistrationToken(ctx, helpdesk, token.ID, models.RegistrationTokenSettings{Count: ptr(2)})
			return err
		},
		"replace": func() error {
			_, _, err := r.ReplaceRegistrationToken(ctx, helpdesk, token.ID, models.RegistrationTokenSettings{})
			return err
		},
		"delete": func() error {
			_, err := r.DeleteRegistrationToken(ctx, helpdesk, token.ID, models.RegistrationTokenDeletion{})
			return err
		},
		"lookup": func() error { _, err := r.LookupRegistrationToken(ctx, models.Actor{}, secret); return err },
		"label":  func() error { _, err := r.UpdateAuthToken(ctx, helpdesk, someID, models.AuthTokenLabels{}); return err },
		"end":    func() error { return r.DeleteAuthToken(ctx, helpdesk, someID, "", false) },
		"bulk":   func() error { _, err := r.DeleteAuthTokens(ctx, helpdesk, models.AuthTokenDeletion{}); return err },
		"ask":    func() error { _, err := r.Introspect(ctx, helpdesk, secret, ""); return err },
		"key":    func() error { _, _, err := r.CreateAPIKey(ctx, helpdesk, "k", models.RoleAdmin, nil, nil); return err },
		"unkey":  func() error { return r.RevokeAPIKey(ctx, helpdesk, someID) },
	} {
		if err := fn(); models.ErrorKind(err) != models.KindForbidden {
			t.Errorf("%s: %v, want forbidden", name, err)
		}
	}
}

func TestUpdate_FollowsRule4(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(3)
	r.redeem(secret, "a")
	r.redeem(secret, "b")
	edit := func(s models.RegistrationTokenSettings) (*models.RegistrationToken, error) {
		r.clock.advance(time.Second)
		return r.UpdateRegistrationToken(t.Context(), admin, token.ID, s)
	}
	got, err := edit(models.RegistrationTokenSettings{Identifier: ptr("new"), Count: ptr(2), Note: ptr("n")})
	if err != nil || got.Identifier != "new" || got.Count != 2 || got.Note != "n" || got.UsedCount != 2 {
		t.Fatalf("edit: %+v, %v", got, err)
	}
	_, err = edit(models.RegistrationTokenSettings{Count: ptr(1)})
	if e := invalid(t, err, "count"); !strings.Contains(e.Message, "2") {
		t.Errorf("the message does not name the used count: %s", e.Message)
	}
	_, err = edit(models.RegistrationTokenSettings{CustomerID: "other"})
	invalid(t, err, "customer")
	if _, err = edit(models.RegistrationTokenSettings{CustomerID: customerName, Identifier: ptr("")}); err != nil {
		t.Errorf("the same customer again: %v", err)
	}
	if got := r.token(token.ID); !strings.HasPrefix(got.Identifier, "token-") {
		t.Errorf("a blank identifier became %q", got.Identifier)
	}
	// Disabled ones can be edited, and enabled again.
	if _, err = edit(models.RegistrationTokenSettings{Enabled: ptr(false)}); err != nil {
		t.Fatal(err)
	}
	if got, err = edit(models.RegistrationTokenSettings{Count: ptr(9), Enabled: ptr(true)}); err != nil || got.DisabledAt != nil || got.Count != 9 {
		t.Fatalf("enable: %+v, %v", got, err)
	}
	// An expiry that stays is not judged again, even seconds before it.
	r.clock.set(got.ExpiresAt.Add(-10 * time.Second))
	if _, err = edit(models.RegistrationTokenSettings{ExpiresAt: ptr(got.ExpiresAt), Note: ptr("late")}); err != nil {
		t.Errorf("same expiry: %v", err)
	}
	r.clock.set(got.ExpiresAt.Add(-time.Second)) // edit moves on to the very second
	_, err = edit(models.RegistrationTokenSettings{Note: ptr("too late")})
	if e := refused(t, err, models.KindConflict, models.CodeRegistrationTokenExpired); !strings.Contains(e.Message, "7 of 9 unused") {
		t.Errorf("message %q", e.Message)
	}
	_, err = r.UpdateRegistrationToken(t.Context(), admin, someID, models.RegistrationTokenSettings{})
	refused(t, err, models.KindNotFound, models.CodeNotFound)
}

func TestReset_PutsDefaultsBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, _, err := r.CreateRegistrationToken(t.Context(), admin, models.RegistrationTokenSettings{
		Count: ptr(2), Identifier: ptr("i"), RefID1: ptr("r"), Note: ptr("n"), Enabled: ptr(false), ExpiresAt: ptr(start.Add(time.Hour)),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.ResetRegistrationToken(t.Context(), admin, token.ID, models.RegistrationTokenSettings{})
	invalid(t, err, "count")
	r.clock.advance(time.Second)
	got, err := r.ResetRegistrationToken(t.Context(), admin, token.ID, models.RegistrationTokenSettings{Count: ptr(4)})
	if err != nil || got.Count != 4 || got.RefID1 != "" || got.Note != "" || got.DisabledAt != nil ||
		!strings.HasPrefix(got.Identifier, "token-") || !got.ExpiresAt.Equal(r.clock.now().Add(30*24*time.Hour)) {
		t.Fatalf("reset: %+v, %v", got, err)
	}
}

func TestReplace_CarriesWhatIsLeft(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	old, secret, err := r.CreateRegistrationToken(t.Context(), admin, models.RegistrationTokenSettings{
		Count: ptr(3), Identifier: ptr("site"), RefID1: ptr("r1"), RefID2: ptr("r2"), Note: ptr("n"), ExpiresAt: ptr(start.Add(time.Hour)),
	})
	if err != nil {
		t.Fatal(err)
	}
	r.redeem(secret, "a")
	r.clock.advance(2 * time.Hour) // expired ones can be replaced
	got, newSecret, err := r.ReplaceRegistrationToken(t.Context(), admin, old.ID, models.RegistrationTokenSettings{RefID2: ptr("other")})
	if err != nil {
		t.Fatal(err)
	}
	if got.Count != 2 || got.Identifier != "site" || got.RefID1 != "r1" || got.RefID2 != "other" || got.Note != "n" ||
		got.DisabledAt != nil || !got.ExpiresAt.Equal(r.clock.now().Add(30*24*time.Hour)) || *got.ReplacesID != old.ID {
		t.Errorf("successor %+v", got)
	}
	r.redeem(newSecret, "b")
	before := r.token(old.ID)
	if before.DisabledAt == nil || before.ReplacedByID == nil || *before.ReplacedByID != got.ID {
		t.Errorf("the old one is %+v", before)
	}
	_, _, err = r.ReplaceRegistrationToken(t.Context(), admin, old.ID, models.RegistrationTokenSettings{})
	refused(t, err, models.KindConflict, models.CodeRegistrationTokenReplaced)
	if _, err := r.DeleteRegistrationToken(t.Context(), admin, got.ID, models.RegistrationTokenDeletion{}); err != nil {
		t.Fatal(err)
	}
	_, _, err = r.ReplaceRegistrationToken(t.Context(), admin, got.ID, models.RegistrationTokenSettings{})
	refused(t, err, models.KindConflict, models.CodeRegistrationTokenDeleted)
	_, err = r.UpdateRegistrationToken(t.Context(), admin, got.ID, models.RegistrationTokenSettings{Note: ptr("x")})
	refused(t, err, models.KindConflict, models.CodeRegistrationTokenDeleted)
}

func TestReplace_NothingLeftNeedsACount(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	old, secret := r.create(1)
	r.redeem(secret, "a")
	_, _, err := r.ReplaceRegistrationToken(t.Context(), admin, old.ID, models.RegistrationTokenSettings{})
	invalid(t, err, "count")
	got, _, err := r.ReplaceRegistrationToken(t.Context(), admin, old.ID, models.RegistrationTokenSettings{Count: ptr(7), Enabled: ptr(false)})
	if err != nil || got.Count != 7 || got.DisabledAt == nil {
		t.Fatalf("successor %+v, %v", got, err)
	}
}

func TestReplace_UnderRedemptionLosesNoCount(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	old, secret := r.create(40)
	var successor *models.RegistrationToken
	parallel(17, func(i int) error {
		if i == 8 {
			var err error
			if successor, _, err = r.ReplaceRegistrationToken(t.Context(), admin, old.ID, models.RegistrationTokenSettings{}); err != nil {
				t.Error(err)
			}
			return err
		}
		_, err := r.Redeem(t.Context(), request(secret, "u"))
		return err
	})
	if successor == nil {
		t.Fatal("not replaced")
	}
	if before := r.token(old.ID); before.UsedCount+successor.Count != 40 {
		t.Errorf("%d used of the old one, %d for the new one: not 40", before.UsedCount, successor.Count)
	}
}

func TestDelete_KeepsOrDeletesAuthTokens(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, with := range []bool{false, true} {
		token, secret := r.create(3)
		issued := r.redeem(secret, "a")
		n, err := r.DeleteRegistrationToken(t.Context(), admin, token.ID, models.RegistrationTokenDeletion{AuthTokens: with})
		if err != nil || (n == 1) != with {
			t.Fatalf("deleted %d, %v", n, err)
		}
		if r.active(issued.AccessToken) == with {
			t.Errorf("with=%v: the auth token is live: %v", with, !with)
		}
		if n, err = r.DeleteRegistrationToken(t.Context(), admin, token.ID, models.RegistrationTokenDeletion{}); err != nil || n != 0 {
			t.Errorf("again: %d, %v", n, err)
		}
		if got := r.token(token.ID); got.Status(r.clock.now()) != models.StatusDeleted || got.UsedCount != 1 {
			t.Errorf("deleted: %+v", got)
		}
	}
	_, err := r.DeleteRegistrationToken(t.Context(), admin, someID, models.RegistrationTokenDeletion{})
	refused(t, err, models.KindNotFound, models.CodeNotFound)
}

func TestDelete_KeepsTheReason(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(3)
	issued := r.redeem(secret, "a")
	_, err := r.DeleteRegistrationToken(t.Context(), admin, token.ID, models.RegistrationTokenDeletion{Reason: strings.Repeat("x", 501)})
	invalid(t, err, "reason")
	_, err = r.DeleteRegistrationToken(t.Context(), admin, token.ID, models.RegistrationTokenDeletion{Expected: ptr(-1)})
	invalid(t, err, "expected")
	_, err = r.DeleteRegistrationToken(t.Context(), admin, token.ID,
		models.RegistrationTokenDeletion{AuthTokens: true, Reason: "contract over", Expected: ptr(1)})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.authToken(issued.AuthToken.ID).DeleteReason; got != "contract over" {
		t.Errorf("the auth token keeps the reason %q", got)
	}
	for id, action := range map[string]models.AuditAction{
		token.ID: models.AuditRegistrationTokenDeleted, issued.AuthToken.ID: models.AuditAuthTokenDeleted,
	} {
		trail, err := r.db.AuditEvents(t.Context(), models.AuditFilter{ObjectID: id, Action: action}, models.PageRequest{})
		if err != nil || len(trail.Items) != 1 || !strings.Contains(trail.Items[0].Detail, `"reason":"contract over"`) {
			t.Errorf("the trail says %+v, %v", trail.Items, err)
		}
	}
}

func TestLookup_FindsByTheWholeSecretOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(1)
	got, err := r.LookupRegistrationToken(t.Context(), helpdesk, models.Secret(strings.ToUpper(secret.Reveal())+"\n"))
	if err != nil || got.ID != token.ID {
		t.Fatalf("lookup: %v, %v", got, err)
	}
	_, err = r.LookupRegistrationToken(t.Context(), helpdesk, models.Secret(someMRT))
	refused(t, err, models.KindNotFound, models.CodeNotFound)
	if !tokens.IsGuess(err) {
		t.Error("an invented secret is no guess")
	}
	_, err = r.LookupRegistrationToken(t.Context(), helpdesk, secret[:60])
	if refused(t, err, models.KindNotFound, models.CodeNotFound); tokens.IsGuess(err) {
		t.Error("a malformed secret is a guess")
	}
}
