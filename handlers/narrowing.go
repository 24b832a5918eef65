package handlers

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/models"
	"muster/tokens"
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

// maxDays is longer than any auth token lives.
const maxDays = 3650

// readNarrowing reads the parameters; what is not understood is an error, like
// an unknown state of a list.
func readNarrowing(values url.Values) (narrowing, error) {
	n := narrowing{by: models.Facet(values.Get("by")), of: values.Get("of"), elsewhere: values.Get("elsewhere")}
	var p formParser
	if n.by != "" && !slices.Contains(models.Facets, n.by) || n.by == "" && n.of != "" {
		p.fail("by", "There is no such thing to group uses by.")
	}
	if n.of != "" && !tokens.ValidID(n.of) {
		p.fail("of", "The auth token that they should be like has no such id.")
	}
	n.from, n.to = p.instant("from", values.Get("from")), p.instant("to", values.Get("to"))
	if !n.from.IsZero() && !n.to.IsZero() && !n.from.Before(n.to) {
		p.fail("to", "The end must lie after the beginning.")
	}
	if f := models.CheckText("elsewhere", n.elsewhere, models.MaxNameLength, false); f != nil {
		p.fields = append(p.fields, *f)
	}
	if raw := strings.TrimSpace(values.Get("days")); raw != "" {
		var err error
		if n.days, err = strconv.Atoi(raw); err != nil || n.days < 1 || n.days > maxDays {
			p.fail("days", "Say for how many days, a whole number between 1 and 3,650.")
		}
	}
	if len(p.fields) > 0 {
		return n, listError(p.fields[0])
	}
	return n, nil
}

// instant reads a time of an address or a form; zero when blank.
func (p *formParser) instant(field, raw string) time.Time {
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, dateTimeLocal, dateTimeLocalSeconds} {
		if t, err := time.Parse(layout, raw); err == nil && t.Year() > 0 && t.Year() < 10_000 {
			return t.UTC()
		}
	}
	p.fail(field, "Give a date and time, like 2026-12-31T23:59 (UTC).")
	return time.Time{}
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

// grouped tells whether uses are shown as groups.
func (n narrowing) grouped() bool { return n.by != "" && n.of == "" }

// narrows tells whether fewer are shown than there are.
func (n narrowing) narrows() bool {
	n.days = 0
	return n != narrowing{by: n.by} || n.of != ""
}

// addTo makes the filter select no others.
func (n narrowing) addTo(f *models.AuthTokenFilter) {
	f.From, f.To, f.Elsewhere, f.LensAge = n.from, n.to, n.elsewhere, time.Duration(n.days)*day
	if n.of != "" {
		f.Like = models.Like{Facet: n.by, AuthTokenID: n.of}
	}
}

// within is the stretch of a finding: whole seconds around it.
func within(from, to time.Time) narrowing {
	return narrowing{from: from.UTC().Truncate(time.Second), to: to.UTC().Truncate(time.Second).Add(time.Second)}
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
		without := n
		without.elsewhere = ""
		off("Not of "+masker(actor)(n.elsewhere), without)
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
