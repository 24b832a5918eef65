// Package visitor serves the pages for everybody: home, redeem, one's own auth
// tokens, login and logout. They speak the visitor's language.
//
// It imports handlers/web, seen, tokens, views and models, and for the login
// internal/rp and internal/seal. Start with redeem.go; login.go begins a login
// that login_callback.go finishes.
package visitor
