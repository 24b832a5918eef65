package views

import (
	"muster/models"
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

// RegistrationTokenFormPage makes or edits a registration token.
type RegistrationTokenFormPage struct {
	layout.Page
	// Editing is false for a new one.
	Editing bool
	Form    RegistrationTokenForm
	Errors  ui.FieldErrors
	// Action is the URL the form posts to.
	Action    string
	CancelURL string
	// MinCount is the smallest allowed count: 1, or the used count.
	MinCount int
	// Used is the used count when editing, else 0.
	Used int
	// MinExpiry and MaxExpiry bound ExpirationDate ("2006-01-02T15:04",
	// UTC); may be empty.
	MinExpiry string
	MaxExpiry string
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
	Identifier string
	Usage      ui.Usage
	Status     models.Status
	// Expiry is that of the old one.
	Expiry    ui.Moment
	Form      RegistrationTokenReplaceForm
	Errors    ui.FieldErrors
	Action    string
	CancelURL string
	MinExpiry string
	MaxExpiry string
}

// RegistrationTokenDeletePage asks before a registration token is deleted.
type RegistrationTokenDeletePage struct {
	layout.Page
	Identifier string
	Usage      ui.Usage
	// LiveAuthTokens is how many would be kept or deleted.
	LiveAuthTokens int
	// Choice is "keep" (the default) or "delete"; the field is authTokens.
	Choice    string
	Reason    string // field reason
	Errors    ui.FieldErrors
	Action    string
	CancelURL string
}

// RegistrationTokenDisablePage asks why.
type RegistrationTokenDisablePage struct {
	layout.Page
	Identifier string
	Reason     string // field reason
	Errors     ui.FieldErrors
	Action     string
	CancelURL  string
}

// RegistrationTokenCreatedPage shows the secret, once. It answers the very
// POST that made it.
type RegistrationTokenCreatedPage struct {
	layout.Page
	Identifier string
	// AlreadyShown is the variant for a repeated POST: the secrets are
	// empty then.
	AlreadyShown bool
	// Secret, RedeemURL and Curl hold the clear secret.
	Secret    models.Secret
	RedeemURL models.Secret
	Curl      models.Secret
	// QR is the redeem link to scan, Invitation a text to send it with.
	QR         ui.QRCode
	Invitation models.Secret
	Count      int
	Expiry     ui.Moment
	// ReplacesIdentifier names the old one after a replacement; else empty.
	ReplacesIdentifier string
	DetailURL          string
	NewURL             string
}
