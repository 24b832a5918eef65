// Package handlers is the HTTP server: its routes, sessions, limits, headers and
// error answers. The packages below it hold one audience each, and web, listing
// and live what these share. Start with routes.go, which lists every route with its
// permission, then server.go. errors.go is the only place that maps an error to an
// answer.
package handlers
