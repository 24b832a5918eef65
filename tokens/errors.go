package tokens

import (
	"errors"
	"time"

	"muster/models"
)

// errGuess marks a well-formed secret that matched nothing.
var errGuess = errors.New("a guess: the secret matches nothing")

// IsGuess reports whether err came from a well-formed secret that matches
// nothing (rule 11); only such errors count towards the limit on
// guesses.
func IsGuess(err error) bool { return errors.Is(err, errGuess) }

// maxAttempts bounds how often an operation is tried because another one changed
// the same row in the meantime.
const maxAttempts = 10

// errContended is the answer when that bound was reached.
func errContended() error {
	return models.Unavailable(errors.New("the row kept changing under the operation"))
}

// withRetryAdvice adds what to do when the database went away while a count was
// taken: the answer to COMMIT may have been lost after it took effect.
func withRetryAdvice(err error, idempotencyKey string) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Kind != models.KindUnavailable {
		return err
	}
	told := *e
	told.NextStep = "It is not certain whether a count was taken. Repeat the request with the same Idempotency-Key; it never takes a second count."
	if idempotencyKey == "" {
		told.NextStep = "It is not certain whether a count was taken, and repeating the request may take another one. A request with an Idempotency-Key can be repeated safely."
	}
	return &told
}

// formatTime shows a time to people: "23 Nov 2026, 10:00 UTC".
func formatTime(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 MST") }

func isKind(err error, kind models.Kind) bool {
	return err != nil && models.ErrorKind(err) == kind
}
