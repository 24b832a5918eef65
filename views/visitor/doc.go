// Package visitor holds the pages for everybody, in the visitor's language:
// home, redeem, one's own auth tokens, signed out. Each page has a view model
// that says all it shows.
package visitor
