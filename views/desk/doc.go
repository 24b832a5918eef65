// Package desk holds the pages of package handlers/desk: a view model and a
// component each. View models hold rows as their viewer may see them; times,
// addresses and sentences are made from those in the templates.
//
// It imports views/layout, views/ui, views/paths, views/telling, seen and
// models. Start with registration_token.go.
package desk
