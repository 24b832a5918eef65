// Package listing is what the lists of pages have in common: what their
// address asks for, which of the uses it picks, how one page leads to the next,
// and how a whole list becomes a file.
//
// It imports handlers/web, seen, views and models. Start with query.go; picking
// uses is in narrowing.go, files in export.go.
package listing
