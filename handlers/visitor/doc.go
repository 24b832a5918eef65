// Package visitor serves the pages for everybody, in the visitor's language:
// home, redeem, a person's own auth tokens, login and logout.
//
// Start with redeem.go; login.go begins a login, login_callback.go finishes it.
package visitor
