package handlers_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
	"muster/tokens/secrets"
)

func TestRedeemAPI_TakesBearerAndBareBasic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 9)
	for i, credential := range []string{"Bearer ", "bearer ", "Basic ", "BASIC  "} {
		got := w.script(credential+secret.Reveal()).call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"})).wants(http.StatusCreated)
		if got.header.Get("Cache-Control") != "no-store" || got.header.Get("Location") != apiAuth+"/"+got.text("authToken.id") {
			t.Errorf("headers: %v", got.header)
		}
		if w.usedCount(token.ID) != i+1 {
			t.Errorf("used count %d, want %d", w.usedCount(token.ID), i+1)
		}
	}
}

func TestRedeemAPI_OtherCredentialsAreOneRefusal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 9)
	issued := w.redeem(secret, "alice", "pc1")
	_, key := w.apiKey(models.ScopeIntrospect)
	deleted, deletedSecret := w.registrationToken("gone", 2)
	_, err := w.service.DeleteRegistrationToken(t.Context(), w.admin(), deleted.ID, models.RegistrationTokenDeletion{})
	must(t, err)
	for name, credential := range map[string]string{
		"none": "", "provider": "Bearer " + w.accessToken("admin"), "API key": "Bearer " + key.Reveal(),
		"refresh token": "Bearer " + issued.RefreshToken.Reveal(), "access token": "Bearer " + issued.AccessToken.Reveal(),
		"encoded": "Basic " + base64.StdEncoding.EncodeToString([]byte("x:"+secret.Reveal())),
		"scheme":  "Token " + secret.Reveal(), "bare": secret.Reveal(), "deleted": "Bearer " + deletedSecret.Reveal(),
		"mistyped": "Bearer " + secret.Reveal()[:60], "long": "Bearer mrt_" + strings.Repeat("a", 5000), "empty": "Bearer ",
	} {
		w.clock.Advance(time.Minute) // few of one minute are stored
		got := w.script(credential).call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"})).
			refuses(http.StatusUnauthorized, models.CodeRegistrationTokenInvalid)
		if got.text("support_code") == "" || got.header.Get("Www-Authenticate") == "" {
			t.Errorf("%s: %s", name, got.raw)
		}
	}
	if w.usedCount(token.ID) != 1 {
		t.Error("a refused redemption took a count")
	}
}

func TestRedeemAPI_JudgesCredentialThenBodyThenState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 1)
	device := w.script("Bearer " + secret.Reveal())
	w.script("").call(http.MethodPost, apiAuth, `{"nonsense`).refuses(http.StatusUnauthorized, models.CodeRegistrationTokenInvalid)
	for _, unparseable := range []string{"", "{", "[]", `"x"`, "7", `{"authToken":{"fqdn":"a"}}x`, `{"authToken":{"fqdn":"a","fqdn":"b"}}`, "{\"authToken\":{\"fqdn\":\"\xff\"}}"} {
		if got := device.call(http.MethodPost, apiAuth, unparseable).refuses(http.StatusBadRequest, "bad_request"); got.text("support_code") == "" {
			t.Errorf("no support code: %s", got.raw)
		}
	}
	device.call(http.MethodPost, apiAuth, claims(object{})).invalid("systemUserName")
	device.call(http.MethodPost, apiAuth, object{"systemUserName": "alice"}).invalid("authToken", "systemUserName")
	device.call(http.MethodPost, apiAuth, object{"authToken": []string{}}).invalid("authToken")
	device.call(http.MethodPost, apiAuth+"?dry=1", claims(object{
		"systemUserName": 7, "fqdn": strings.Repeat("x", 321), "macAddress": "a\u202eb", "id": "x", "nick": "y", "refId1": secret.Reveal(),
	}), "Idempotency-Key", "short").invalid("dry", "systemUserName", "fqdn", "macAddress", "id", "nick", "refId1", tokens.IdempotencyKeyField)
	device.call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"}), "Idempotency-Key", "0123456789abcdef", "Idempotency-Key", "0123456789abcdef").
		invalid(tokens.IdempotencyKeyField)
	device.call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"}), "Idempotency-Key", "").invalid(tokens.IdempotencyKeyField)
	if got := device.call(http.MethodPost, apiAuth, claims(object{"fqdn": strings.Repeat("x", 20000)})); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d %s", got.status, got.raw)
	}
	if w.usedCount(token.ID) != 0 {
		t.Fatal("a malformed request took a count")
	}
	w.redeem(secret, "alice", "pc1")
	device.call(http.MethodPost, apiAuth, `{`).refuses(http.StatusBadRequest, "bad_request")
	got := device.call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc2"})).refuses(http.StatusConflict, models.CodeRegistrationTokenExhausted)
	if got.text("support_code") == "" || got.text("next_step") == "" {
		t.Errorf("refusal: %s", got.raw)
	}
}

func TestRedeemAPI_SaysWhyToTheHolder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	disabled, secret := w.registrationToken("Lab", 3)
	off := false
	_, err := w.service.UpdateRegistrationToken(t.Context(), w.admin(), disabled.ID, models.RegistrationTokenSettings{Enabled: &off})
	must(t, err)
	w.script("Bearer "+secret.Reveal()).call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"})).
		refuses(http.StatusForbidden, models.CodeRegistrationTokenDisabled)
	_, secret = w.registrationToken("old", 3)
	w.clock.Advance(31 * 24 * time.Hour)
	w.script("Bearer "+secret.Reveal()).call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"})).
		refuses(http.StatusGone, models.CodeRegistrationTokenExpired)
}

func TestRedeemAPI_RetryWithKeyTakesNoSecondCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 1)
	device, key := w.script("Bearer "+secret.Reveal()), "0123456789abcdef0123456789abcdef"
	redeem := func(user string) *reply {
		return device.call(http.MethodPost, apiAuth, claims(object{"systemUserName": user}), "Idempotency-Key", key)
	}
	first := redeem("alice").wants(http.StatusCreated)
	again := redeem("alice").wants(http.StatusCreated)
	if again.header.Get("Idempotency-Replayed") != "true" || first.header.Get("Idempotency-Replayed") != "" {
		t.Error("Idempotency-Replayed is wrong")
	}
	if first.text("access_token") != again.text("access_token") || first.text("refresh_token") != again.text("refresh_token") || w.usedCount(token.ID) != 1 {
		t.Errorf("the retry answers something else: %s", again.raw)
	}
	redeem("bob").invalid(tokens.IdempotencyKeyField)
}

func TestRedeemAPI_LimitsGuessesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	guess := func() *reply {
		body := "mrt_" + unknownID + strings.Repeat("0", 32)
		return w.script("Bearer "+body+secrets.Checksum(body)).call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"}))
	}
	for range 10 {
		guess().refuses(http.StatusUnauthorized, models.CodeRegistrationTokenInvalid)
	}
	if got := guess().refuses(http.StatusTooManyRequests, models.CodeRateLimited); got.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	w.script("Bearer x").call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"})).refuses(http.StatusUnauthorized, models.CodeRegistrationTokenInvalid)
	w.script("Bearer "+secret.Reveal()).call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"})).wants(http.StatusCreated)
	w.clock.Advance(time.Minute)
	guess().refuses(http.StatusUnauthorized, models.CodeRegistrationTokenInvalid)
}
