package visitor

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

// RedeemPage is the public self-service page: the form, and under it, or in
// its place, the outcome.
type RedeemPage struct {
	layout.Page
	Form   RedeemForm
	Errors ui.FieldErrors
	// Help says whom to ask; may be empty.
	Help string
	Now  time.Time
	// Result is set after a redemption, Refusal after a refused attempt.
	Result  *RedeemResult
	Refusal *RedeemRefusal
}

// RedeemForm is what was typed, raw. The registration token is never shown
// again by the server.
type RedeemForm struct {
	RegistrationToken models.Secret `form:"registrationToken"`
	SystemUserName    string        `form:"systemUserName"`
	FQDN              string        `form:"fqdn"`
	MACAddress        string        `form:"macAddress"`
	Identifier        string        `form:"identifier"`
	RefID1            string        `form:"refId1"`
	RefID2            string        `form:"refId2"`
	// IdempotencyKey is made by the script, 128 random bits; empty without
	// it.
	IdempotencyKey string `form:"idempotencyKey"`
}

// RedeemResult shows the secrets of a new auth token, once.
type RedeemResult struct {
	AuthToken       seen.AuthToken
	AccessToken     models.Secret
	RefreshToken    models.Secret
	AccessExpiresAt time.Time
	// Replayed tells that a repeat gave the very same auth token.
	Replayed bool
}

// RedeemRefusal tells a refused person everything they may know.
type RedeemRefusal struct {
	telling.Explanation
	// Code picks the icon: a stable code of models.
	Code models.Code
	// SupportCode is like "K7Q4-M2QX"; may be empty.
	SupportCode string
}
