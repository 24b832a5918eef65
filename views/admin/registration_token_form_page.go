package admin

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// TermsForm holds the fields that the forms for one, for many and for a
// replaced registration token share, as they were sent.
type TermsForm struct {
	Count string `form:"count"`
	// ExpiryPreset is one of ExpiryPresets; with ExpiryCustom, ExpirationDate
	// counts.
	ExpiryPreset string `form:"expiryPreset"`
	// ExpirationDate is a datetime-local value in Zone.
	ExpirationDate string `form:"expirationDate"`
	// Zone is the IANA name of a time zone; the viewer's when empty.
	Zone   string `form:"zone"`
	Note   string `form:"note"`
	RefID1 string `form:"refId1"`
	RefID2 string `form:"refId2"`
	// Nonce makes the form good for one creation only.
	Nonce string `form:"nonce"`
}

// hasNotes reports whether note or references hold anything to look at.
func (f TermsForm) hasNotes(errors ui.FieldErrors) bool {
	return f.Note+f.RefID1+f.RefID2+errors["note"]+errors["refId1"]+errors["refId2"] != ""
}

// RegistrationTokenForm is the form as it was sent. Field errors use the names
// of the form.
type RegistrationTokenForm struct {
	TermsForm
	Identifier string `form:"identifier"`
	// Users times Instances is the count when Count is left out.
	Users     string `form:"users"`
	Instances string `form:"instances"`
	// AdmissionForm is who may redeem a new one; an existing one has a page of
	// its own for it.
	AdmissionForm
}

// ExpiryCustom is the value of ExpiryPreset that makes ExpirationDate count.
const ExpiryCustom = "custom"

// ExpiryPresets are the expiries to choose from; the value is a number of days
// ahead ("30d") or ExpiryCustom.
var ExpiryPresets = []ui.Option{
	{Value: "1d", Label: "In 1 day"},
	{Value: "7d", Label: "In 7 days"},
	{Value: "30d", Label: "In 30 days"},
	{Value: "90d", Label: "In 90 days"},
	{Value: "365d", Label: "In 365 days"},
	{Value: ExpiryCustom, Label: "At a date and time…"},
}

// ExpiryBounds are the limits of a date and time input
// ("2006-01-02T15:04"), and the name of the zone they are in; either may be empty.
type ExpiryBounds struct{ Min, Max, Zone string }

// RegistrationTokenFormPage creates or edits a registration token.
type RegistrationTokenFormPage struct {
	layout.Page
	// Editing is the registration token to edit; nil for a new one.
	Editing *seen.RegistrationToken
	Form    RegistrationTokenForm
	// Reading shows how the expected list was read; nil without one.
	Reading *ListReading
	// Conflict is what somebody else saved since the form was opened; nil for nothing.
	Conflict *Conflict
	Errors  ui.FieldErrors
	ExpiryBounds
}

// RegistrationTokenReplacePage creates the successor of a registration token.
type RegistrationTokenReplacePage struct {
	layout.Page
	Old    seen.RegistrationToken
	Now    time.Time
	Form   TermsForm
	Errors ui.FieldErrors
	ExpiryBounds
}

// What becomes of the live auth tokens of a deleted registration token.
const (
	AuthTokensKept    = "keep"
	AuthTokensDeleted = "delete"
)

// RegistrationTokenDeleteForm is the confirmation of a deletion as it was sent.
type RegistrationTokenDeleteForm struct {
	// Choice is AuthTokensKept (the default) or AuthTokensDeleted.
	Choice string `form:"authTokens"`
	Reason string `form:"reason"`
	// Expected is the number of live auth tokens that the question named.
	Expected string `form:"expected"`
}

// RegistrationTokenCreatedPage shows the secret, once, in the answer to the
// POST that created it.
type RegistrationTokenCreatedPage struct {
	layout.Page
	Token seen.RegistrationToken
	Now   time.Time
	// Secret, RedeemURL and Curl hold the clear secret, QR is the redeem link to
	// scan, Invitation a text to send it with. All are empty when the POST was
	// repeated.
	Secret, RedeemURL, Curl models.Secret
	QR                      ui.QRCode
	Invitation              models.Secret
	// ReplacesIdentifier is the label of the one it replaces; may be empty.
	ReplacesIdentifier string
	// PassOn says who asked for it and waits for the secret; empty for nobody.
	PassOn string
}
