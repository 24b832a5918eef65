// Package admin holds the pages of what administrators create, list and
// change: one view model and one component each. View models hold rows of
// package seen and the time to look at them; a fragment is the very component
// the page uses. Inputs of a form are raw strings, so that bad input comes back
// as it was typed.
//
// It imports seen, models and the packages of views below it. Start with
// registration_token_list.templ.
package admin
