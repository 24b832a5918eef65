package listing

import (
	"cmp"
	"context"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/telling"
	"muster/views/ui"
)

// AuthTokenReader finds the auth token that others are compared with.
type AuthTokenReader interface {
	AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
}

// Chips say what narrows the list, each with a link that removes it. In the list
// of one registration token, KindNotFound when Of is an auth token of another:
// the viewer may be shown the people of this one only. Times are in the zone of now.
func (n Narrowing) Chips(ctx context.Context, read AuthTokenReader, v seen.Viewer, registrationTokenID string, now time.Time, address func(Narrowing) string) ([]ui.Chip, error) {
	var chips []ui.Chip
	add := func(label string, remove func(*Narrowing)) {
		without := n
		remove(&without)
		chips = append(chips, ui.Chip{Label: label, On: true, URL: address(without)})
	}
	if !n.From.IsZero() || !n.To.IsZero() {
		add(telling.Period(n.From, n.To, now), func(n *Narrowing) { n.From, n.To = time.Time{}, time.Time{} })
	}
	if n.Finding != "" {
		add("Found: "+telling.FindingTitle(n.Finding), func(n *Narrowing) { n.Finding = "" })
	}
	if n.Of != "" {
		like, err := read.AuthToken(ctx, v, n.Of)
		if err != nil {
			return nil, err
		}
		if registrationTokenID != "" && like.RegistrationTokenID != registrationTokenID {
			return nil, models.NotFound("auth token")
		}
		add(FacetLabel(n.By)+" "+FacetValue(n.By, like), func(n *Narrowing) { n.Of = "" })
	}
	return chips, nil
}

var facetLabels = map[models.Facet]string{
	models.FacetPerson: "Person", models.FacetDevice: "Device", models.FacetNetwork: "Network", models.FacetDomain: "Domain",
}

// FacetLabel names a facet.
func FacetLabel(by models.Facet) string { return facetLabels[by] }

// FacetValue is the value of a facet for an auth token.
func FacetValue(by models.Facet, t *seen.AuthToken) string {
	value := ""
	switch by {
	case models.FacetPerson:
		value = t.Person().Name
	case models.FacetDevice:
		value = cmp.Or(t.FQDN, t.MACAddress)
	case models.FacetNetwork:
		if value = models.NetworkOf(t.IP); value == "" {
			value = t.IP // masked: only its network is left
		}
	case models.FacetDomain:
		value = models.DomainOf(t.VerifiedIdentity, t.ClaimedIdentity)
	}
	return cmp.Or(value, "unknown")
}
