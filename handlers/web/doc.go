// Package web is what every audience needs of HTTP: who calls, forms, failures,
// rendering, htmx, cookies. Start with context.go, then form.go and render.go;
// failure.go turns an error into a status.
package web
