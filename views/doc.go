// Package views holds the pages, here those of every audience: one view model
// ([ErrorPage]) and one component ([Error]) each. View models are ready to show;
// no component reads a clock, a database or a permission. A fragment is the very
// component that the page uses. Form inputs are raw strings, so that bad input
// comes back as it was typed.
package views
