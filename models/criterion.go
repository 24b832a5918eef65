package models

// Comparison is how a criterion compares, without regard to case.
type Comparison string

// The comparisons.
const (
	ComparisonExact    Comparison = "is" // the whole value, as names are compared
	ComparisonStarts   Comparison = "starts"
	ComparisonContains Comparison = "contains"
)

// Comparisons lists every comparison.
var Comparisons = []Comparison{ComparisonExact, ComparisonStarts, ComparisonContains}

// Criterion narrows a list by one of its fields. All criteria of a list hold.
type Criterion struct {
	Field      SearchField
	Comparison Comparison
	Text       string
}

// The fields that criteria may name, for each list.
var (
	RegistrationTokenCriteria = []SearchField{SearchLabel, SearchReference1, SearchReference2, SearchNote, SearchCreator}
	AuthTokenCriteria         = []SearchField{
		SearchPerson, SearchHost, SearchMAC, SearchEmail, SearchIP, SearchLabel, SearchReference1, SearchReference2,
	}
)
