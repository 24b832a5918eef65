// Package desk is what the helpdesk and administrators look at to find out what
// happened: the overview, the search of the desk, the page of one registration
// token with its uses, refusals and expected list, that of one auth token, notes
// about them, and the grants that show masked addresses.
//
// Each group of pages is a struct that declares what it reads. The package
// imports handlers/web, handlers/listing, seen, views/desk, tokens and models.
// Start with registration_token.go; package telling has the words, remedy.go the
// addresses they lead to.
package desk
