package tokens_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
)

// The incidents of other token issuers that must not happen here, in the
// order of the list they come from. 7 (storage errors) and 10 (audience) are
// in introspect_test.go.

// Keycloak #27294 and ShellHub #6679: parallel use went past the count.
func TestIncident1And2_ParallelUseOfTheLastCount(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 10 {
		token, secret := r.create(1)
		n := 0
		for _, err := range parallel(16, func(int) error { _, err := r.Redeem(t.Context(), request(secret, "u")); return err }) {
			if err == nil {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("%d redeemed", n)
		}
		r.used(token.ID, 1)
	}
}

// headscale #158: deleting what a single-use key made gave the use back.
func TestIncident3_DeletingGivesNoCountBackUnlessAsked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(1)
	issued := r.redeem(secret, "a")
	for range 2 { // again changes nothing
		if err := r.DeleteAuthToken(t.Context(), admin, issued.AuthToken.ID, "", false); err != nil {
			t.Fatal(err)
		}
	}
	r.used(token.ID, 1)
	_, err := r.Redeem(t.Context(), request(secret, "b"))
	refused(t, err, models.KindConflict, models.CodeRegistrationTokenExhausted)
	if err := r.DeleteAuthToken(t.Context(), admin, issued.AuthToken.ID, "", true); err != nil {
		t.Fatal(err)
	}
	r.used(token.ID, 1)
	late := models.AuthTokenDeletion{Filter: models.AuthTokenFilter{IDs: []string{issued.AuthToken.ID}}, ReturnCount: true}
	for range 2 { // asked back later, it comes back once
		if _, err := r.DeleteAuthTokens(t.Context(), admin, late); err != nil {
			t.Fatal(err)
		}
		r.used(token.ID, 0)
	}
}

// Keycloak CVE-2026-1035: parallel refreshes left several live successors.
func TestIncident4_ParallelRefreshLeavesOneSuccessor(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.device()
	got := make([]*tokens.IssuedSecrets, 20)
	for i, err := range parallel(len(got), func(i int) (err error) {
		got[i], err = r.Refresh(t.Context(), first.RefreshToken, origin)
		return err
	}) {
		if err != nil || got[i].RefreshToken != got[0].RefreshToken {
			t.Fatalf("refresh %d: %v", i, err)
		}
	}
}

// Keycloak CVE-2026-9802: a restart forgot which refresh tokens were used.
func TestIncident5_ARestartRevivesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.device()
	second := r.refresh(first.RefreshToken)
	third := r.refresh(second.RefreshToken)
	after := r.service(r.open())
	_, err := after.Refresh(t.Context(), first.RefreshToken, origin)
	refused(t, err, models.KindUnauthenticated, models.CodeRefreshTokenReused)
	_, err = after.Refresh(t.Context(), third.RefreshToken, origin)
	refused(t, err, models.KindUnauthenticated, models.CodeRefreshTokenInvalid)
}

// Keycloak #50999: within one second, old and new could not be told apart.
func TestIncident6_RotationsInOneTickAreToldApart(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.device()
	r.refresh(r.refresh(first.RefreshToken).RefreshToken) // the clock stands still
	r.refreshFails(first.RefreshToken, models.CodeRefreshTokenReused)
}

// Keycloak #51312: a refresh that raced a revocation won.
func TestIncident7_NoRefreshAfterRevoke(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.device()
	second := r.refresh(first.RefreshToken)
	if _, err := r.Revoke(t.Context(), second.RefreshToken, origin); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []models.Secret{first.RefreshToken, second.RefreshToken} { // the grace too
		r.refreshFails(secret, models.CodeRefreshTokenInvalid)
	}
}

// Keycloak CVE-2026-9705: an old token brought a disabled thing back.
func TestIncident8_NothingRevivesADeadToken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(5)
	successor, _, err := r.ReplaceRegistrationToken(t.Context(), admin, token.ID, models.RegistrationTokenSettings{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.UpdateRegistrationToken(t.Context(), admin, token.ID, models.RegistrationTokenSettings{Enabled: ptr(true)})
	refused(t, err, models.KindConflict, models.CodeRegistrationTokenReplaced)
	_, err = r.Redeem(t.Context(), request(secret, "a"))
	refused(t, err, models.KindForbidden, models.CodeRegistrationTokenDisabled)
	r.clock.set(successor.ExpiresAt)
	_, err = r.UpdateRegistrationToken(t.Context(), admin, successor.ID, models.RegistrationTokenSettings{ExpiresAt: ptr(r.clock.now().Add(time.Hour))})
	refused(t, err, models.KindConflict, models.CodeRegistrationTokenExpired)
}

// Hydra #1831: a lost answer left the device without any valid token.
func TestIncident9_ALostAnswerDoesNotStrandTheDevice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.device()
	lost := r.refresh(first.RefreshToken)
	again := r.refresh(first.RefreshToken)
	r.refresh(again.RefreshToken)
	// Now the successor is used; both in use means a thief.
	r.refreshFails(first.RefreshToken, models.CodeRefreshTokenReused)
	r.refreshFails(lost.RefreshToken, models.CodeRefreshTokenInvalid)
}

func TestAPIKey_LivesAndEnds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	key, secret, err := r.CreateAPIKey(ctx, admin, "ci", models.RoleNone, []models.Scope{models.ScopeIntrospect}, ptr(start.Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	actor, err := r.AuthenticateAPIKey(ctx, models.Secret(strings.ToUpper(secret.Reveal())), origin)
	if err != nil || actor.ID != key.ID || !actor.Can(models.PermissionIntrospect) || actor.Can(models.PermissionAuthTokenRead) {
		t.Fatalf("actor %+v, %v", actor, err)
	}
	for text, guess := range map[string]bool{someMAK: true, someMRT: false, "": false} {
		_, err := r.AuthenticateAPIKey(ctx, models.Secret(text), origin)
		if refused(t, err, models.KindUnauthenticated, models.CodeUnauthenticated); tokens.IsGuess(err) != guess {
			t.Errorf("%q: guess %v", text, !guess)
		}
	}
	r.clock.set(start.Add(time.Hour))
	_, err = r.AuthenticateAPIKey(ctx, secret, origin)
	if refused(t, err, models.KindUnauthenticated, models.CodeUnauthenticated); tokens.IsGuess(err) {
		t.Error("an expired key is a guess")
	}
	r.clock.set(start)
	if err := errors.Join(r.RevokeAPIKey(ctx, admin, key.ID), r.RevokeAPIKey(ctx, admin, key.ID)); err != nil {
		t.Fatal(err)
	}
	_, err = r.AuthenticateAPIKey(ctx, secret, origin)
	refused(t, err, models.KindUnauthenticated, models.CodeUnauthenticated)
	_, _, err = r.CreateAPIKey(ctx, admin, "", models.RoleAdmin, []models.Scope{"all"}, ptr(start))
	invalid(t, err, "name", "scopes", "role", "expiresAt")
	_, _, err = r.CreateAPIKey(ctx, admin, "k", models.RoleNone, nil, nil)
	invalid(t, err, "role")
}

func TestAuthTokens_LabelAndBulkDelete(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	token, secret := r.create(3)
	a, b := r.redeem(secret, "a"), r.redeem(secret, "b")
	if got, err := r.UpdateAuthToken(ctx, admin, a.AuthToken.ID, models.AuthTokenLabels{Identifier: ptr("x")}); err != nil || got.Identifier != "x" {
		t.Fatalf("labelled %+v, %v", got, err)
	}
	_, err := r.UpdateAuthToken(ctx, admin, a.AuthToken.ID, models.AuthTokenLabels{RefID1: ptr("\x00")})
	invalid(t, err, "refId1")
	_, err = r.DeleteAuthTokens(ctx, admin, models.AuthTokenDeletion{})
	invalid(t, err, "filter")
	d := models.AuthTokenDeletion{Filter: models.AuthTokenFilter{RegistrationTokenID: token.ID}, ReturnCount: true, Expected: ptr(3)}
	_, err = r.DeleteAuthTokens(ctx, admin, d)
	refused(t, err, models.KindConflict, models.CodeUnexpectedNumber)
	d.Expected, d.Reason = ptr(2), strings.Repeat("r", 501)
	_, err = r.DeleteAuthTokens(ctx, admin, d)
	invalid(t, err, "reason")
	d.Reason, d.DryRun = "left", true
	if got, err := r.DeleteAuthTokens(ctx, admin, d); err != nil || got.Deleted != 2 || !r.active(b.AccessToken) {
		t.Fatalf("dry run %+v, %v", got, err)
	}
	d.DryRun = false
	if got, err := r.DeleteAuthTokens(ctx, admin, d); err != nil || got.Reclaimed != 2 || r.active(b.AccessToken) {
		t.Fatalf("bulk %+v, %v", got, err)
	}
	r.used(token.ID, 0)
	_, err = r.UpdateAuthToken(ctx, admin, a.AuthToken.ID, models.AuthTokenLabels{Identifier: ptr("y")})
	refused(t, err, models.KindConflict, models.CodeAuthTokenDeleted)
	refused(t, r.DeleteAuthToken(ctx, admin, someID, "", false), models.KindNotFound, models.CodeNotFound)
}

func TestNew_RefusesAnUnsafeConfiguration(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, change := range map[string]func(*tokens.Config){
		"no issuer":       func(c *tokens.Config) { c.Issuer = "" },
		"trailing slash":  func(c *tokens.Config) { c.Issuer += "/" },
		"no lifetime":     func(c *tokens.Config) { c.AccessTokenTTL = 0 },
		"no idle time":    func(c *tokens.Config) { c.RefreshIdle = 0 },
		"short master":    func(c *tokens.Config) { c.MasterKey = c.MasterKey[:31] },
		"short max. life": func(c *tokens.Config) { c.MaxTokenLifetime = time.Second },
	} {
		cfg := r.config()
		change(&cfg)
		if _, err := tokens.New(r.db, cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
