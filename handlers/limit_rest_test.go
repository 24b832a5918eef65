package handlers_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/tokens/secrets"
)

// guessedSecret is well-formed and matches nothing.
func guessedSecret() models.Secret {
	body := "mrt_" + unknownID + strings.Repeat("0", 32)
	return models.Secret(body + secrets.Checksum(body))
}

func TestRedeem_RightSecretsAreNeverLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, right := w.registrationToken("shared", 50)
	_, spent := w.registrationToken("used up", 1)
	w.redeem(spent, "first", "pc-first")
	redeem := func(secret models.Secret, user string) *reply {
		return w.script("Bearer "+secret.Reveal()).call(http.MethodPost, "/token/api/v5/authTokens",
			map[string]any{"authToken": map[string]any{"systemUserName": user}})
	}
	for range 10 {
		redeem(guessedSecret(), "guess").refuses(http.StatusUnauthorized, models.CodeRegistrationTokenInvalid)
	}
	limited := redeem(guessedSecret(), "guess").refuses(http.StatusTooManyRequests, models.CodeRateLimited)
	if seconds, err := strconv.Atoi(limited.header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 60 {
		t.Errorf("Retry-After is %q", limited.header.Get("Retry-After"))
	}
	for i := range 30 {
		redeem(right, "user"+strconv.Itoa(i)).wants(http.StatusCreated)
	}
	// A right secret that is refused is no guess.
	redeem(spent, "late").refuses(http.StatusConflict, models.CodeRegistrationTokenExhausted)
	w.clock.Advance(time.Minute)
	redeem(guessedSecret(), "guess").refuses(http.StatusUnauthorized, models.CodeRegistrationTokenInvalid)
}
