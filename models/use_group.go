package models

// Facet is what uses of a registration token have in common.
type Facet string

// The facets: who and which device it is by [names.Identity], [NetworkOf] and
// [DomainOf].
const (
	FacetPerson  Facet = "person"
	FacetDevice  Facet = "device"
	FacetNetwork Facet = "network"
	FacetDomain  Facet = "domain"
)

// Facets lists every facet.
var Facets = []Facet{FacetPerson, FacetDevice, FacetNetwork, FacetDomain}

// Like narrows to what shares a facet with one auth token, or lacks it like that
// one. It names the auth token, so that no page address contains a name.
type Like struct {
	Facet       Facet
	AuthTokenID string
}

// UseGroup is the uses of a registration token that share a facet.
type UseGroup struct {
	// Unknown is true when what they share is that they lack the facet.
	Unknown bool
	// Uses is their number. Reclaimed of them gave their count back; Surplus is
	// how many counts go beyond one for each device.
	Uses, Reclaimed, Surplus int
	// Live, Ended (expired ones included) and Deleted count their auth tokens;
	// reclaimed ones are deleted.
	Live, Ended, Deleted int
	People, Devices      int
	// First and Last are their oldest and their newest auth token.
	First, Last AuthToken
}
