package tokens

import (
	"fmt"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"muster/models"

	"muster/tokens/secrets"
)

// newID returns a lower-case ULID of the operation's time.
func (s *Service) newID(now time.Time) (string, error) {
	id, err := ulid.New(ulid.Timestamp(now), s.random)
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return strings.ToLower(id.String()), nil
}

// newSupportCode makes a code like "K7Q4-M2QX": 40 random bits.
func (s *Service) newSupportCode() (string, error) {
	const bytes = 5
	text, err := secrets.Text(s.random, bytes)
	if err != nil {
		return "", err
	}
	text = strings.ToUpper(text)
	return text[:4] + "-" + text[4:], nil
}

// hint is the part of a registration token's secret that lists may show.
func hint(id string) string {
	const shown = 10
	return string(secrets.RegistrationToken) + id[:shown]
}

// checkNoSecret refuses a text input that contains a secret, which would spread it
// to lists, exports and the audit trail.
func checkNoSecret(field, value string) *models.FieldError {
	if !secrets.Within(value) {
		return nil
	}
	return &models.FieldError{Field: field, Message: field + " contains a secret. Remove it: it would be readable there.", Rule: models.RuleSecret}
}
