// Package visitor holds the pages for everybody, in the visitor's language.
package visitor
