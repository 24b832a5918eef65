// Package trail has the pages of the audit trail: everything that was done, by
// whom and when, as a list that can be narrowed, and as a file. It changes
// nothing; each event is written where it happens.
//
// It imports handlers/web, handlers/listing, seen, tokens, models and views.
// Start with trail.go; query.go is what narrows the trail.
package trail
