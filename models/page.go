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
	// Token is a NextToken of the same list, filter and order; empty means the
	// first page. The store's page tokens are not encrypted and may contain
	// personal data of the last row, so they are sealed before they leave the
	// process.
	Token string
	// SortBy is an API field name of the list's allow-list; empty means
	// newest first.
	SortBy string
	// Descending reverses the order of SortBy.
	Descending bool
	// Count asks for the Total of the page.
	Count bool
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T
	// NextToken asks for the following page; empty on the last one.
	NextToken string
	// Before is how many rows the pages before this one had.
	Before int
	// Total is how many rows the list has, if it was asked for: of a long one that there
	// are more than were counted.
	Total Total
}

// InvalidPageToken is the KindInvalid error for a page token of another list,
// filter or order.
func InvalidPageToken() *Error {
	return InvalidField("pageToken", "The pageToken does not belong to this list with this filter and order. Start again from the first page.")
}
