package admin

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// RegistrationTokenForm is what was typed, raw. Field errors use the form
// names.
type RegistrationTokenForm struct {
	Identifier string `form:"identifier"`
	Count      string `form:"count"`
	// Users times Instances is the count when Count is left out.
	Users     string `form:"users"`
	Instances string `form:"instances"`
	// ExpiryPreset is one of the offered presets, or "custom" (then
	// ExpirationDate counts).
	ExpiryPreset string `form:"expiryPreset"`
	// ExpirationDate is a datetime-local value, read as UTC.
	ExpirationDate string `form:"expirationDate"`
	Note           string `form:"note"`
	RefID1         string `form:"refId1"`
	RefID2         string `form:"refId2"`
	// Nonce makes the form good for one creation only.
	Nonce string `form:"nonce"`
	// AdmissionForm is who may redeem a new one; editing has a page of its
	// own for it.
	AdmissionForm
}

// ExpiryCustom is the value of ExpiryPreset that makes ExpirationDate count.
const ExpiryCustom = "custom"

// ExpiryPresets are the offered presets; the value is a number of days ahead
// ("30d") or ExpiryCustom.
var ExpiryPresets = []ui.Option{
	{Value: "1d", Label: "In 1 day"},
	{Value: "7d", Label: "In 7 days"},
	{Value: "30d", Label: "In 30 days"},
	{Value: "90d", Label: "In 90 days"},
	{Value: "365d", Label: "In 365 days"},
	{Value: ExpiryCustom, Label: "At a date and time…"},
}

// ExpiryBounds are the limits of a date and time input
// ("2006-01-02T15:04", UTC); may be empty.
type ExpiryBounds struct{ Min, Max string }

// RegistrationTokenFormPage makes or edits a registration token.
type RegistrationTokenFormPage struct {
	layout.Page
	// Editing is the one that is edited; nil for a new one.
	Editing *seen.RegistrationToken
	Form    RegistrationTokenForm
	Errors  ui.FieldErrors
	ExpiryBounds
}

// RegistrationTokenReplaceForm is what was typed, raw.
type RegistrationTokenReplaceForm struct {
	Count          string `form:"count"`
	ExpiryPreset   string `form:"expiryPreset"`
	ExpirationDate string `form:"expirationDate"`
	Nonce          string `form:"nonce"`
}

// RegistrationTokenReplacePage makes the successor of a registration token.
type RegistrationTokenReplacePage struct {
	layout.Page
	Old    seen.RegistrationToken
	Now    time.Time
	Form   RegistrationTokenReplaceForm
	Errors ui.FieldErrors
	ExpiryBounds
}

// What becomes of the live auth tokens of a deleted registration token.
const (
	AuthTokensKept    = "keep"
	AuthTokensDeleted = "delete"
)

// RegistrationTokenDeleteForm is the confirmation of a deletion, raw.
type RegistrationTokenDeleteForm struct {
	// Choice is AuthTokensKept (the default) or AuthTokensDeleted.
	Choice string `form:"authTokens"`
	Reason string `form:"reason"`
	// Expected is the number of live auth tokens that the question named.
	Expected string `form:"expected"`
}

// RegistrationTokenDeletePage asks before a registration token is deleted.
type RegistrationTokenDeletePage struct {
	layout.Page
	Token seen.RegistrationToken
	Now   time.Time
	// LiveAuthTokens is how many would be kept or deleted.
	LiveAuthTokens int
	Form           RegistrationTokenDeleteForm
	Errors         ui.FieldErrors
}

// RegistrationTokenDisablePage asks why.
type RegistrationTokenDisablePage struct {
	layout.Page
	Token  seen.RegistrationToken
	Reason string // field reason
	Errors ui.FieldErrors
}

// RegistrationTokenCreatedPage shows the secret, once. It answers the very
// POST that made it.
type RegistrationTokenCreatedPage struct {
	layout.Page
	Token seen.RegistrationToken
	Now   time.Time
	// Secret, RedeemURL and Curl hold the clear secret, QR is the redeem link to
	// scan, Invitation a text to send it with. All are empty in the variant for
	// a repeated POST.
	Secret, RedeemURL, Curl models.Secret
	QR                      ui.QRCode
	Invitation              models.Secret
	// ReplacesIdentifier names the old one after a replacement; else empty.
	ReplacesIdentifier string
}
