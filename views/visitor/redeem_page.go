package visitor

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

// RedeemPage is the public self-service page: the form, the refusal above it, or
// the result in its place.
type RedeemPage struct {
	layout.Page
	Form   RedeemForm
	Errors ui.FieldErrors
	// Help tells people whom to ask; may be empty.
	Help string
	Now  time.Time
	// Seen is set when the registration token came in the address, where others may
	// have seen it.
	Seen bool
	// Result is set after a redemption, Refusal after a refused attempt.
	Result  *RedeemResult
	Refusal *RedeemRefusal
}

// RedeemForm is the form as it was sent. The server never shows the
// registration token again.
type RedeemForm struct {
	RegistrationToken models.Secret `form:"registrationToken"`
	// Claimed comes from the fields of models.ClaimedFields.
	Claimed models.ClaimedIdentity
	// IdempotencyKey recognises a repeat (rule 8).
	IdempotencyKey string `form:"idempotencyKey"`
}

// RedeemResult shows the secrets of a new auth token.
type RedeemResult struct {
	AuthToken       seen.AuthToken
	AccessToken     models.Secret
	RefreshToken    models.Secret
	AccessExpiresAt time.Time
	// Replayed is set when a repeated request got the same auth token.
	Replayed bool
}

// RedeemRefusal explains a refusal, as far as the person may know.
type RedeemRefusal struct {
	telling.Explanation
	// Code picks the icon.
	Code models.Code
	// SupportCode is like "K7Q4-M2QX"; may be empty.
	SupportCode string
}
