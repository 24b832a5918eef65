// Package search finds rows for the desk: by a whole value, by words and by network.
// It keeps the index of words of registration tokens, refused attempts and notes; that
// of auth tokens belongs to the projection. Each search reads a bounded part of an
// index, however many rows there are.
package search
