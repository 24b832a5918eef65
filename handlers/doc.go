// Package handlers is everything that knows HTTP and Echo: pages, REST, the
// OAuth endpoints, sessions and the live stream. It imports views, tokens,
// models, internal/rp and static; never GORM, SQL or models/store.
//
// Start with routes.go, which lists every route with its permission, then
// server.go. errors.go is the only place that maps an error to an answer.
package handlers
