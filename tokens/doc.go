// Package tokens is the token service: it issues and redeems registration
// tokens, refreshes, introspects and ends auth tokens, and takes and decides requests.
// The same rules apply to admin pages, the self-service page, REST and commands, so they
// are here and nowhere else.
//
// It imports models, internal/seal, secrets and signing; it knows neither Echo nor GORM.
// Start with service.go, then redeem.go and refresh.go; secrets has the format of every
// secret.
package tokens
