package tokens

import (
	"strings"
	"time"

	"muster/models"

	"muster/tokens/secrets"
)

// CheckSettings says what is wrong with the given settings, whatever they are for;
// the service makes the same checks and more. It is for callers that want to name
// all errors at once, or before anything is created. longest is the longest
// lifetime of a registration token.
func CheckSettings(s models.RegistrationTokenSettings, now time.Time, longest time.Duration) []models.FieldError {
	var c checker
	ch := apply(models.RegistrationTokenChange{}, s)
	c.labels(ch)
	if s.Count != nil {
		c.count(ch.Count)
	}
	if s.ExpiresAt != nil {
		c.expiry(ch.ExpiresAt, now, longest)
	}
	return c.fields
}

// ValidID reports whether s has the form of a public id: a lower-case ULID.
func ValidID(s string) bool {
	if len(s) != secrets.IDLength || s[0] > '7' {
		return false
	}
	return strings.Trim(s, secrets.Alphabet) == ""
}
