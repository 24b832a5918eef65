// Package views holds the pages: one view model ([RegistrationTokenDetailPage])
// and one component ([RegistrationTokenDetail]) each. View models are ready to
// show; no component reads a clock, a database or a permission. A fragment is
// the very component the page uses. Inputs of a form are raw strings, so that
// bad input comes back as it was typed.
package views
