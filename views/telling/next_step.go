package telling

import (
	"cmp"

	"muster/models"
)

// nextSteps are what programs are told to do about an error that does not say it itself.
var nextSteps = map[models.Kind]string{
	models.KindInvalid:         "Correct the request as the detail says, then send it again.",
	models.KindUnauthenticated: "Send another credential: this one will not be accepted.",
	models.KindForbidden:       "Ask an administrator to do it, or for the permission to do it.",
	models.KindNotFound:        "Check the address and the id in it.",
	models.KindConflict:        "Read it again, and decide by what it is now.",
	models.KindStale:           "Read it again, and send the change with the ETag that it has now.",
	models.KindGone:            "Ask for a new one.",
	models.KindRateLimited:     "Wait as long as Retry-After says, then try again.",
	models.KindUnavailable:     "Wait as long as Retry-After says, then try again.",
	models.KindInternal:        "Try again. If it happens again, give the request ID to your administrator.",
}

// NextStep is what to do about an error: what it says itself, else what is usual for its
// kind.
func NextStep(e *models.Error) string { return cmp.Or(e.NextStep, nextSteps[e.Kind]) }
