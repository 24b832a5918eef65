// Package live keeps open pages up to date. The token service reports every
// change, the hub gathers them for a moment, renders the changed fragments
// once, and hands the same bytes to every open stream. What many browsers then
// reload is rendered once as well.
//
// It imports handlers/web, seen, tokens and views. Start with hub.go; stream.go
// is what a browser has open, parts.go what it reloads.
package live
