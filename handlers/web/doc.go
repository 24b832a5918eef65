// Package web is what any audience needs of HTTP: who calls, forms, failures,
// rendering, htmx, cookies. It holds no word about tokens.
//
// It imports seen, views, models and internal/seal. Start with context.go,
// then form.go and render.go; failure.go is the only place that turns an error
// into a status.
package web
