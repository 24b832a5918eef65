package models

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
)

// Search asks for rows whose field equals a text, or begins with it.
type Search struct {
	Field SearchField
	Text  string
	// Beginning also finds what begins with the text, for id, person, host and
	// the label of a registration token.
	Beginning bool
	// AsMasked excludes texts that may contain an e-mail or IP address from
	// Beginning: it would reveal the rest to readers who see them masked.
	// OnlyMasked finds nothing but those, in their order.
	AsMasked, OnlyMasked bool
	// Limit is the largest number of rows; positive.
	Limit int
}

// Total is how many rows a search fits.
type Total struct {
	// Number is how many were counted.
	Number int
	// More says that there are more than that.
	More bool
	// TooMany says that a word that was only begun fits so much that neither the
	// newest nor their number is known: no row is shown.
	TooMany bool
}
