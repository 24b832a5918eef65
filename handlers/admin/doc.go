// Package admin serves the pages on which administrators create, list and change
// things, and of requests, which ask them to. Each group of pages is a struct that declares what it needs.
//
// Start with registration_tokens.go; forms.go has what the forms share.
package admin
