package admin

import (
	"slices"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// APIKeyChoice is a role or a scope with its description.
type APIKeyChoice struct {
	Value string
	Label string
	Hint  string
}

// APIKeyGrantScopes is the value of the field grant with which the scopes
// count; any other value is a role.
const APIKeyGrantScopes = "scopes"

// APIKeyRoles are the roles a key can be given.
var APIKeyRoles = []APIKeyChoice{
	{Value: string(models.RoleHelpdesk), Label: "See everything, addresses masked", Hint: "The helpdesk role: changes nothing."},
	{Value: string(models.RoleAdmin), Label: "Everything an administrator may do", Hint: "For trusted automation only."},
}

// APIKeyScopes are the scopes a key can be given.
var APIKeyScopes = []APIKeyChoice{
	{Value: string(models.ScopeRegistrationTokensRead), Label: "See registration tokens"},
	{Value: string(models.ScopeRegistrationTokensWrite), Label: "Create, change and delete registration tokens"},
	{Value: string(models.ScopeAuthTokensRead), Label: "See auth tokens with their people and addresses"},
	{Value: string(models.ScopeAuthTokensWrite), Label: "Change and delete auth tokens, give counts back"},
	{Value: string(models.ScopeIntrospect), Label: "Ask whether a token is live (introspection)", Hint: "What a licence server needs."},
}

// Values of the field expiryPreset.
const (
	APIKeyExpiryDefault = "90d"
	APIKeyExpiryNever   = "never"
)

// APIKeyExpiries are the expiries to choose from; the value is a number of
// days ahead, or APIKeyExpiryNever.
var APIKeyExpiries = []ui.Option{
	{Value: "30d", Label: "In 30 days"},
	{Value: "90d", Label: "In 90 days"},
	{Value: "365d", Label: "In 1 year"},
	{Value: APIKeyExpiryNever, Label: "Never (not recommended)"},
}

// APIKeyForm is the form as it was sent.
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

// APIKeyCreatedPage shows the secret, once, in the answer to the POST that
// created it.
type APIKeyCreatedPage struct {
	layout.Page
	Key seen.APIKey
	Now time.Time
	// Secret and Curl are empty when the POST was repeated.
	Secret, Curl models.Secret
}

// apiKeyPowers describes what a key may do.
func apiKeyPowers(k *seen.APIKey) []string {
	if k.Role != models.RoleNone {
		return []string{apiKeyLabel(APIKeyRoles, string(k.Role))}
	}
	var powers []string
	for _, scope := range k.Scopes() {
		powers = append(powers, apiKeyLabel(APIKeyScopes, string(scope)))
	}
	return powers
}

func apiKeyLabel(choices []APIKeyChoice, value string) string {
	for _, choice := range choices {
		if choice.Value == value {
			return choice.Label
		}
	}
	return value
}

// apiKeyEndsSoon is how near an expiry is marked.
const apiKeyEndsSoon = 7 * 24 * time.Hour

func endsSoon(k *seen.APIKey, now time.Time) bool {
	return k.ExpiresAt != nil && k.ExpiresAt.Sub(now) <= apiKeyEndsSoon
}
