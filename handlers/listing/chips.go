package listing

import (
	"cmp"
	"context"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
	"muster/views/words"
)

// AuthTokenReader finds the auth token that others should be like.
type AuthTokenReader interface {
	AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
}

// Chips say what narrows, each with the way to take it off. Where the list is
// that of one registration token, KindNotFound when they should be like an auth
// token of another: the viewer may be shown the people of this one only.
func (n Narrowing) Chips(ctx context.Context, read AuthTokenReader, v seen.Viewer, registrationTokenID string, address func(Narrowing) string) ([]ui.Chip, error) {
	var chips []ui.Chip
	off := func(label string, without Narrowing) {
		chips = append(chips, ui.Chip{Label: label, On: true, URL: address(without)})
	}
	if !n.From.IsZero() || !n.To.IsZero() {
		without := n
		without.From, without.To = time.Time{}, time.Time{}
		off(period(ctx, n.From, n.To), without)
	}
	if n.Elsewhere != "" {
		without := n
		without.Elsewhere = ""
		off("Not of "+n.Elsewhere, without)
	}
	if n.Of != "" {
		like, err := read.AuthToken(ctx, v, n.Of)
		if err != nil {
			return nil, err
		}
		if registrationTokenID != "" && like.RegistrationTokenID != registrationTokenID {
			return nil, models.NotFound("auth token")
		}
		without := n
		without.Of = ""
		off(FacetLabel(n.By)+" "+FacetValue(n.By, like), without)
	}
	return chips, nil
}

// period says between which times.
func period(ctx context.Context, from, to time.Time) string {
	switch {
	case to.IsZero():
		return "Since " + words.Date(ctx, from)
	case from.IsZero():
		return "Before " + words.Date(ctx, to)
	}
	const clock = "15:04:05"
	from, to = from.UTC(), to.UTC()
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return from.Format("2 Jan 2006, ") + from.Format(clock) + " to " + to.Format(clock+" MST")
	}
	return from.Format("2 Jan 2006, 15:04") + " to " + words.Date(ctx, to)
}

var facetLabels = map[models.Facet]string{
	models.FacetPerson: "Person", models.FacetDevice: "Device", models.FacetNetwork: "Network", models.FacetDomain: "Domain",
}

// FacetLabel is a facet in a word.
func FacetLabel(by models.Facet) string { return facetLabels[by] }

// FacetValue is what an auth token has of a facet.
func FacetValue(by models.Facet, t *seen.AuthToken) string {
	value := ""
	switch by {
	case models.FacetPerson:
		value = t.Person().Name
	case models.FacetDevice:
		value = cmp.Or(t.FQDN, t.MACAddress)
	case models.FacetNetwork:
		if value = models.NetworkOf(t.IP); value == "" {
			value = t.IP // masked: its network is what is left of it
		}
	case models.FacetDomain:
		value = models.DomainOf(t.VerifiedIdentity, t.ClaimedIdentity)
	}
	return cmp.Or(value, "unknown")
}
