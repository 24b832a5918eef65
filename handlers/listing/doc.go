// Package listing is what the lists on pages have in common: what an address asks
// for, which uses it selects, how one page leads to the next, and how a whole list
// becomes a file.
//
// It imports handlers/web, seen, views and models. Start with query.go; selecting
// uses is in narrowing.go, files in export.go.
package listing
