package handlers

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"time"

	"muster/handlers/listing"
	"muster/models"
	"muster/views/ui"
)

// narrowing picks some of the uses of a registration token, or of the auth
// tokens, by parameters that hold nobody's name: they name another use.
type narrowing struct {
	// by and of are what they share, and with which auth token. Without of,
	// a list of uses is grouped by it.
	by models.Facet
	of string
	// from and to bound when they were redeemed.
	from, to time.Time
	// elsewhere is the domain or network that they are not of.
	elsewhere string
	// days is how long silent or unrefreshed; zero for the usual.
	days int
}

// readNarrowing reads the parameters; what is not understood is an error, like
// an unknown state of a list.
func readNarrowing(values url.Values) (narrowing, error) {
	n, err := listing.ReadNarrowing(values)
	return narrowing{by: n.By, of: n.Of, from: n.From, to: n.To, elsewhere: n.Elsewhere, days: n.Days}, err
}

// values are the parameters again.
func (n narrowing) values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{"by": string(n.by), "of": n.of, "elsewhere": n.elsewhere} {
		if value != "" {
			values.Set(name, value)
		}
	}
	for name, at := range map[string]time.Time{"from": n.from, "to": n.to} {
		if !at.IsZero() {
			values.Set(name, at.UTC().Format(time.RFC3339))
		}
	}
	if n.days > 0 {
		values.Set("days", strconv.Itoa(n.days))
	}
	return values
}

// addTo makes the filter select no others.
func (n narrowing) addTo(f *models.AuthTokenFilter) {
	f.From, f.To, f.Elsewhere, f.LensAge = n.from, n.to, n.elsewhere, time.Duration(n.days)*day
	if n.of != "" {
		f.Like = models.Like{Facet: n.by, AuthTokenID: n.of}
	}
}

// narrowingChips say what narrows, each with the way to take it off. Where the
// list is that of one registration token, KindNotFound when they should be like
// an auth token of another: the viewer may be shown the people of this one only.
func (h *adminHandler) narrowingChips(ctx context.Context, n narrowing, registrationTokenID string, actor models.Actor, address func(narrowing) string) ([]ui.Chip, error) {
	var chips []ui.Chip
	off := func(label string, without narrowing) {
		chips = append(chips, ui.Chip{Label: label, On: true, URL: address(without)})
	}
	if !n.from.IsZero() || !n.to.IsZero() {
		without := n
		without.from, without.to = time.Time{}, time.Time{}
		off(stretchWords(n.from, n.to), without)
	}
	if n.elsewhere != "" {
		if masker(actor)(n.elsewhere) != n.elsewhere {
			return nil, models.InvalidField("elsewhere", "You see networks masked, so a list cannot be narrowed by one.")
		}
		without := n
		without.elsewhere = ""
		off("Not of "+n.elsewhere, without)
	}
	if n.of != "" {
		like, err := h.store.AuthToken(ctx, n.of)
		if err != nil {
			return nil, err
		}
		if registrationTokenID != "" && like.RegistrationTokenID != registrationTokenID {
			return nil, models.NotFound("auth token")
		}
		without := n
		without.of = ""
		off(facetWords[n.by]+" "+facetValue(n.by, masked(actor, like)), without)
	}
	return chips, nil
}

// stretchWords say between which times.
func stretchWords(from, to time.Time) string {
	switch {
	case to.IsZero():
		return "Since " + inSentence(from)
	case from.IsZero():
		return "Before " + inSentence(to)
	}
	const clock = "15:04:05"
	from, to = from.UTC(), to.UTC()
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return from.Format("2 Jan 2006, ") + from.Format(clock) + " to " + to.Format(clock+" MST")
	}
	return from.Format("2 Jan 2006, 15:04") + " to " + inSentence(to)
}

var facetWords = map[models.Facet]string{
	models.FacetPerson: "Person", models.FacetDevice: "Device", models.FacetNetwork: "Network", models.FacetDomain: "Domain",
}

// facetValue is what an auth token, masked where it must be, has of a facet.
func facetValue(by models.Facet, t *models.AuthToken) string {
	value := ""
	switch by {
	case models.FacetPerson:
		value = personOf(t.VerifiedIdentity, t.ClaimedIdentity).Name
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
