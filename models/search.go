package models

import "strings"

// SearchField is what the investigation desk compares a text with.
type SearchField string

// The fields. Each kind of row has those that it can have.
const (
	SearchID         SearchField = "id"         // public id; its beginning will do
	SearchPerson     SearchField = "person"     // user name as reported by the device
	SearchHost       SearchField = "host"       // host name as reported by the device
	SearchEmail      SearchField = "email"      // verified e-mail
	SearchMAC        SearchField = "mac"        // in any notation
	SearchIP         SearchField = "ip"         // as observed
	SearchLabel      SearchField = "label"      // identifier
	SearchReference1 SearchField = "reference1" // refId1
	SearchReference2 SearchField = "reference2" // refId2
)

// Search asks for rows whose field is a text, or begins with it.
type Search struct {
	Field SearchField
	Text  string
	// Beginning finds what begins with the text too; id, person, host and
	// label of a registration token only.
	Beginning bool
	// AsMasked finds by a beginning only what may hold no e-mail or IP address:
	// for who sees those masked it would spell out the rest.
	AsMasked bool
	// Limit is how many rows at most; positive.
	Limit int
}

// MACSpellings are the ways in which devices write a hardware address of 48
// bits: colons, dashes, dots or nothing, in small and in capital letters. It
// is nil for what is no such address.
func MACSpellings(text string) []string {
	digits := strings.ToLower(strings.NewReplacer(":", "", "-", "", ".", "", " ", "").Replace(strings.TrimSpace(text)))
	if len(digits) != 12 || strings.Trim(digits, "0123456789abcdef") != "" {
		return nil
	}
	grouped := func(size int, separator string) string {
		var groups []string
		for i := 0; i < len(digits); i += size {
			groups = append(groups, digits[i:i+size])
		}
		return strings.Join(groups, separator)
	}
	small := []string{grouped(2, ":"), grouped(2, "-"), grouped(4, "."), digits}
	spellings := small
	for _, spelling := range small {
		if capital := strings.ToUpper(spelling); capital != spelling {
			spellings = append(spellings, capital)
		}
	}
	return spellings
}
