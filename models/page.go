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
	// empty means the first page. The store's tokens are plain and may hold
	// personal data of the row a page ended with: whoever takes one out of
	// the process seals it.
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

// InvalidPageToken is the KindInvalid error for a token that is none of the
// list, filter and order it is presented for.
func InvalidPageToken() *Error {
	return InvalidField("pageToken", "The pageToken does not belong to this list with this filter and order. Start again from the first page.")
}
