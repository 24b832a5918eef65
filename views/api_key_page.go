package views

import (
	"slices"

	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// APIKeyState is the state of an API key as lists show it.
type APIKeyState string

// The states.
const (
	APIKeyActive   APIKeyState = "active"
	APIKeyEndsSoon APIKeyState = "ends-soon"
	APIKeyExpired  APIKeyState = "expired"
	APIKeyRevoked  APIKeyState = "revoked"
)

// APIKeyChoice is a role or a scope in words.
type APIKeyChoice struct {
	Value string
	Label string
	Hint  string
}

// APIKeyGrantScopes is the value of the field grant that makes the scopes
// count; any other one is a role.
const APIKeyGrantScopes = "scopes"

// APIKeyRoles are the roles a key can be given.
var APIKeyRoles = []APIKeyChoice{
	{Value: string(models.RoleHelpdesk), Label: "See everything, addresses masked", Hint: "The helpdesk role: changes nothing."},
	{Value: string(models.RoleAdmin), Label: "Everything an administrator may do", Hint: "For trusted automation only."},
}

// APIKeyScopes are the scopes of PRODUCT section 6 in words.
var APIKeyScopes = []APIKeyChoice{
	{Value: string(models.ScopeRegistrationTokensRead), Label: "See registration tokens"},
	{Value: string(models.ScopeRegistrationTokensWrite), Label: "Create, change and delete registration tokens"},
	{Value: string(models.ScopeAuthTokensRead), Label: "See auth tokens with their people and addresses"},
	{Value: string(models.ScopeAuthTokensWrite), Label: "Change and delete auth tokens, give counts back"},
	{Value: string(models.ScopeIntrospect), Label: "Ask whether a token is live (introspection)", Hint: "What a licence server needs."},
}

// The choices of an expiry.
const (
	APIKeyExpiryDefault = "90d"
	APIKeyExpiryNever   = "never"
)

// APIKeyExpiries are the offered expiries; the value is a number of days
// ahead, or APIKeyExpiryNever.
var APIKeyExpiries = []ui.Option{
	{Value: "30d", Label: "In 30 days"},
	{Value: "90d", Label: "In 90 days"},
	{Value: "365d", Label: "In 1 year"},
	{Value: APIKeyExpiryNever, Label: "Never (not recommended)"},
}

// APIKeyRow is one API key.
type APIKeyRow struct {
	ID   string
	Name string
	// Powers says in words what it may do.
	Powers    []string
	State     APIKeyState
	CreatedBy string
	Created   ui.Moment
	// Expires is zero when it never does.
	Expires   ui.Moment
	LastUsed  ui.Moment
	Revoked   ui.Moment
	RevokedBy string
	// RevokeURL is empty when it is revoked.
	RevokeURL string
}

// APIKeyListPage lists all API keys.
type APIKeyListPage struct {
	layout.Page
	Rows   []APIKeyRow
	NewURL string
}

// APIKeyForm is what was typed, raw.
type APIKeyForm struct {
	Name string `form:"name"`
	// Grant is a role, or APIKeyGrantScopes.
	Grant        string   `form:"grant"`
	Scopes       []string `form:"scope"`
	ExpiryPreset string   `form:"expiryPreset"`
	// Nonce makes the form good for one creation only.
	Nonce string `form:"nonce"`
}

// Has reports whether the scope is ticked.
func (f APIKeyForm) Has(scope string) bool { return slices.Contains(f.Scopes, scope) }

// APIKeyFormPage makes an API key.
type APIKeyFormPage struct {
	layout.Page
	Form      APIKeyForm
	Errors    ui.FieldErrors
	Action    string
	CancelURL string
}

// APIKeyCreatedPage shows the secret, once. It answers the very POST that
// made it.
type APIKeyCreatedPage struct {
	layout.Page
	Name    string
	Powers  []string
	Expires ui.Moment
	// AlreadyShown is the variant for a repeated POST: the secrets are empty
	// then.
	AlreadyShown bool
	Secret       models.Secret
	Curl         models.Secret
	ListURL      string
	RevokeURL    string
}

// APIKeyRevokePage asks before an API key is revoked.
type APIKeyRevokePage struct {
	layout.Page
	Row       APIKeyRow
	Action    string
	CancelURL string
}
