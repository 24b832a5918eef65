package tokens

import (
	"errors"
	"time"

	"muster/models"
)

// errGuess marks a well-formed secret that matched nothing.
var errGuess = errors.New("a guess: the secret matches nothing")

// IsGuess reports whether err came from a well-formed secret that matches
// nothing (PRODUCT rule 11); only such errors count towards the limit on
// guesses.
func IsGuess(err error) bool { return errors.Is(err, errGuess) }

// maxAttempts bounds how often an operation is decided anew because another
// one changed the same row in between.
const maxAttempts = 10

// errContended is the answer when that bound was reached.
func errContended() error {
	return models.Unavailable(errors.New("the row kept changing under the operation"))
}

// formatTime shows a time to people: "23 Nov 2026, 10:00 UTC".
func formatTime(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 MST") }

func isKind(err error, kind models.Kind) bool {
	return err != nil && models.ErrorKind(err) == kind
}
