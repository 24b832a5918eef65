package tokens

import (
	"fmt"
	"time"

	"muster/models"
)

// checker collects everything that is wrong with an input, to say it all at once.
type checker struct{ fields []models.FieldError }

func (c *checker) add(f *models.FieldError) {
	if f != nil {
		c.fields = append(c.fields, *f)
	}
}

func (c *checker) fail(field, format string, args ...any) {
	c.fields = append(c.fields, models.FieldError{Field: field, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return models.Invalid(c.fields...)
}

// text checks one text input.
func (c *checker) text(field, value string, limit int, multiline bool) {
	if f := models.CheckText(field, value, limit, multiline); f != nil {
		c.add(f)
		return
	}
	c.add(checkNoSecret(field, value))
}

func (c *checker) labels(ch models.RegistrationTokenChange) {
	c.text("identifier", ch.Identifier, models.MaxIdentifierLength, false)
	c.text("refId1", ch.RefID1, models.MaxIdentifierLength, false)
	c.text("refId2", ch.RefID2, models.MaxIdentifierLength, false)
	c.text("note", ch.Note, models.MaxNoteLength, true)
}

func (c *checker) count(count int) {
	if count < 1 || count > models.MaxCount {
		c.fail("count", "The count must be between 1 and 1,000,000, not %d.", count)
	}
}

// expiry checks an expiry that is already truncated to whole seconds. The lower
// bound is truncated too, or "in one minute" would fail by a fraction.
func (c *checker) expiry(expiresAt, now time.Time, longest time.Duration) {
	switch {
	case expiresAt.Before(now.Truncate(time.Second).Add(models.MinTokenLifetime)):
		c.fail("expirationDate", "The expiry must be at least 1 minute ahead; %s is not.", formatTime(expiresAt))
	case expiresAt.After(now.Add(longest)):
		c.fail("expirationDate", "The expiry may be at most %s ahead, which is %s.",
			formatDays(longest), formatTime(now.Add(longest)))
	}
}

// formatDays shows a length of time to people, in days if they are whole.
func formatDays(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= day && d%day == 0 {
		if d == day {
			return "1 day"
		}
		return fmt.Sprintf("%d days", d/day)
	}
	return d.String()
}

// apply puts the chosen settings over the given ones.
func apply(base models.RegistrationTokenChange, s models.RegistrationTokenSettings) models.RegistrationTokenChange {
	set(&base.Identifier, s.Identifier)
	set(&base.RefID1, s.RefID1)
	set(&base.RefID2, s.RefID2)
	set(&base.Note, s.Note)
	set(&base.Count, s.Count)
	base.Count += s.Raise
	set(&base.Enabled, s.Enabled)
	if s.ExpiresAt != nil {
		base.ExpiresAt = s.ExpiresAt.UTC().Truncate(time.Second)
	}
	return base
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// defaultExpiry is 30 days ahead, or the longest lifetime when that is less.
func (s *Service) defaultExpiry(now time.Time) time.Time {
	return now.Add(min(models.DefaultTokenLifetime, s.cfg.MaxTokenLifetime)).Truncate(time.Second)
}

// generatedIdentifier is the identifier of a registration token created without
// one.
func generatedIdentifier(id string) string {
	const shown = 6
	return "token-" + id[len(id)-shown:]
}

// differences lists the changed fields, for the audit trail.
func differences(from, to models.RegistrationTokenChange) map[string]fieldChange {
	d := map[string]fieldChange{}
	add := func(name string, differ bool, a, b any) {
		if differ {
			d[name] = fieldChange{From: a, To: b}
		}
	}
	add("identifier", from.Identifier != to.Identifier, from.Identifier, to.Identifier)
	add("refId1", from.RefID1 != to.RefID1, from.RefID1, to.RefID1)
	add("refId2", from.RefID2 != to.RefID2, from.RefID2, to.RefID2)
	add("note", from.Note != to.Note, from.Note, to.Note)
	add("count", from.Count != to.Count, from.Count, to.Count)
	add("expirationDate", !from.ExpiresAt.Equal(to.ExpiresAt),
		from.ExpiresAt.Format(time.RFC3339), to.ExpiresAt.Format(time.RFC3339))
	add("isEnabled", from.Enabled != to.Enabled, from.Enabled, to.Enabled)
	return d
}
