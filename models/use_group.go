package models

// Facet is what uses of a registration token have in common.
type Facet string

// The facets: [PersonKey], [DeviceKey], [NetworkOf] and [DomainOf].
const (
	FacetPerson  Facet = "person"
	FacetDevice  Facet = "device"
	FacetNetwork Facet = "network"
	FacetDomain  Facet = "domain"
)

// Facets lists every facet.
var Facets = []Facet{FacetPerson, FacetDevice, FacetNetwork, FacetDomain}

// Like narrows to what shares a facet with one auth token, also when neither
// has any. It names the auth token, so that no address of a page holds a name.
type Like struct {
	Facet       Facet
	AuthTokenID string
}

// UseGroup is the uses of a registration token that share a facet.
type UseGroup struct {
	// Unknown tells that what they share is that they have none.
	Unknown bool
	// Uses is how many there are; Reclaimed of them gave their count back,
	// and Surplus are more than one count for each device.
	Uses, Reclaimed, Surplus int
	// Live, Ended (lapsed ones included) and Deleted are what became of their
	// auth tokens; reclaimed ones are deleted.
	Live, Ended, Deleted int
	People, Devices      int
	// First and Last are their oldest and their newest auth token.
	First, Last AuthToken
}
