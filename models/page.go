package models

// Page sizes of every list.
const (
	DefaultPageSize = 50
	MaxPageSize     = 500
)

// PageRequest asks for one page of a list. Lists are paged by key, never by
// offset, so that a page does not shift while rows arrive.
type PageRequest struct {
	// Size is 1 to MaxPageSize; 0 means DefaultPageSize.
	Size int
	// Token is a NextToken of the same list with the same filter and sort;
	// empty means the first page.
	Token string
	// SortBy is an API field name of the list's allow-list; empty means
	// newest first.
	SortBy string
	// Descending turns the order of SortBy round.
	Descending bool
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T
	// NextToken asks for the following page; empty on the last one.
	NextToken string
}
