// Package models holds Muster's domain: the types, their rules, who may do
// what, and the one error type everything else speaks.
//
// It imports the standard library, and golang.org/x/net for what organisation.go
// has to know of domains; GORM tags on the table types are plain strings. Start
// with registration_token.go and auth_token.go, then error.go.
package models
