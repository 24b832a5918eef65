package rp

import (
	"fmt"

	"muster/models"
)

const (
	messageLoginFailed    = "The login did not work. Please log in again."
	messageLoginStale     = "This login was started in another window or has timed out. Please log in again."
	messageLoginCancelled = "The login was cancelled."
	messageLoginRefused   = "The login provider refused the login."
	messageLoginSetup     = "The login provider does not accept this server's settings. Please tell the administrator."
	messageBearer         = "The access token is not valid here."
)

// loginFailed is the KindUnauthenticated error of a login that is not valid. The
// message is for the person; the format is for the log and quotes (%q) whatever a
// stranger may have chosen.
func loginFailed(message, format string, args ...any) error {
	return models.Unauthenticated(message).WithCause(fmt.Errorf("rp: "+format, args...))
}

// badIDToken refuses an ID token.
func badIDToken(format string, args ...any) error {
	return loginFailed(messageLoginFailed, "ID token: "+format, args...)
}

// badAccessToken refuses an access token presented on REST.
func badAccessToken(format string, args ...any) error {
	return loginFailed(messageBearer, "access token: "+format, args...)
}

// badLogoutToken refuses a logout token of the provider.
func badLogoutToken(format string, args ...any) error {
	return loginFailed("The logout token is not valid here.", "logout token: "+format, args...)
}

// unavailable is the KindUnavailable error for a provider that does not answer, or
// does not answer as it should.
func unavailable(cause error) error {
	e := models.Unavailable(fmt.Errorf("rp: %w", cause))
	e.Message = "The login provider does not answer."
	e.NextStep = "Try again in a few seconds. If it stays like this, tell the administrator."
	return e
}
