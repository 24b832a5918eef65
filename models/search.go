package models

import "net/netip"

// SearchField is what the investigation desk compares a text with.
type SearchField string

// The fields. Not every kind of row has all of them.
const (
	SearchID         SearchField = "id"         // public id, or its beginning
	SearchPerson     SearchField = "person"     // user name as reported by the device
	SearchHost       SearchField = "host"       // host name as reported by the device
	SearchEmail      SearchField = "email"      // verified e-mail
	SearchMAC        SearchField = "mac"        // in any notation
	SearchIP         SearchField = "ip"         // as observed
	SearchLabel      SearchField = "label"      // identifier
	SearchReference1 SearchField = "reference1" // refId1
	SearchReference2 SearchField = "reference2" // refId2
	SearchNote       SearchField = "note"       // of a registration token; only criteria name it
	SearchCreator    SearchField = "creator"    // who created a registration token; likewise
)

// Search asks for rows by one of three: a field that equals a text, the words of a
// text, or a network.
type Search struct {
	Text string
	// Fields are those that may equal Text, in any spelling.
	Fields []SearchField
	// ByWords finds the rows that have all words of Text instead; with Begun the last
	// one may go on.
	ByWords, Begun bool
	// Network, if valid, is looked in instead.
	Network netip.Prefix
	// AsMasked finds words only where readers who see e-mail and IP addresses masked
	// see them.
	AsMasked bool
	// Limit is the largest number of rows; positive.
	Limit int
}

// Hits are the newest rows that a search fits, and how many there are in all.
type Hits[T any] struct {
	Rows  []T
	Total Total
}

// MaxCounted is how many rows that a search fits are counted.
const MaxCounted = 10_000

// Total is how many rows a search or a list has.
type Total struct {
	// Number is how many were counted, at most [MaxCounted].
	Number int
	// More says that there are more than that.
	More bool
	// TooMany says that there are too many to know the newest or their number: no
	// row is shown. A longer text fits fewer.
	TooMany bool
}
