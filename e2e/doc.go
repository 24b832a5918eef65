// Package e2e drives the real program as its users do: the binary in a
// process of its own, a real Chromium, real REST clients. Start with
// journey_test.go; program_test.go starts the binary, browser_test.go the
// browser.
package e2e
