// Package admin is what administrators create, list and change: registration
// tokens, lists of recipients, who may redeem, auth tokens, API keys. A struct
// for each group of pages declares what it needs.
//
// It imports handlers/web, handlers/listing, seen, tokens, models and views.
// Start with registration_tokens.go; forms.go reads what was typed,
// one_time_form.go keeps a form that answers with a secret from making two.
package admin
