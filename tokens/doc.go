// Package tokens is the token service: it issues and redeems registration
// tokens, refreshes, introspects and ends auth tokens, and signs access
// tokens. Admin pages, the self-service page, REST and commands all obey its
// rules, so the rules live here and nowhere else.
//
// It imports models and internal/seal; it knows neither Echo nor GORM. Start
// with service.go, then redeem.go and refresh.go; secret.go has the format of
// every secret.
package tokens
