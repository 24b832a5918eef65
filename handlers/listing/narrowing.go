package listing

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
	"muster/views/paths"
	"muster/views/ui"
)

// Narrowing selects some of the uses of a registration token, or some auth
// tokens, by parameters that hold nobody's name: they name another use.
type Narrowing struct {
	// By is what they share, and Of the auth token they share it with. Without
	// Of, a list of uses is grouped by By.
	By models.Facet
	Of string
	// From and To bound when they were redeemed.
	From, To time.Time
	// Finding has those that the remedy of a finding of the verdict acts on.
	Finding models.FindingKind
	// Days is how long they have been silent or unrefreshed; zero for the
	// default.
	Days int
}

// maxDays is longer than any auth token lives.
const maxDays = 3650

// ReadNarrowing reads the parameters, times without their own zone in that of the form
// (parameter zone) or the given one; what is not understood is KindInvalid, like
// an unknown state of a list.
func ReadNarrowing(values url.Values, zone *time.Location) (Narrowing, error) {
	if named, err := models.LoadZone(values.Get(ui.ZoneField)); err == nil {
		zone = named
	}
	n := Narrowing{By: models.Facet(values.Get("by")), Of: values.Get("of"), Finding: models.FindingKind(values.Get("finding"))}
	if n.Finding != "" && !slices.Contains(models.FindingKinds, n.Finding) {
		return n, Invalid("finding", "There is no such finding.")
	}
	if n.By != "" && !slices.Contains(models.Facets, n.By) {
		return n, Invalid("by", "Uses cannot be grouped by that.")
	}
	if n.Of != "" && (n.By == "" || !tokens.ValidID(n.Of)) {
		return n, Invalid("of", "This is not the id of an auth token.")
	}
	for field, at := range map[string]*time.Time{"from": &n.From, "to": &n.To} {
		if raw := strings.TrimSpace(values.Get(field)); raw != "" {
			first, last, ok := web.ParseDateTime(raw, zone)
			if !ok {
				return n, Invalid(field, web.DateTimeFault(raw, zone))
			}
			if *at = first; field == "to" {
				*at = last
			}
		}
	}
	if !n.From.IsZero() && !n.To.IsZero() && !n.From.Before(n.To) {
		return n, Invalid("to", "The end must be after the beginning.")
	}
	if raw := strings.TrimSpace(values.Get("days")); raw != "" {
		var err error
		if n.Days, err = strconv.Atoi(raw); err != nil || n.Days < 1 || n.Days > maxDays {
			return n, Invalid("days", "Give the number of days, a whole number between 1 and 3,650.")
		}
	}
	return n, nil
}

// Values are the parameters again.
func (n Narrowing) Values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{"by": string(n.By), "of": n.Of, "finding": string(n.Finding)} {
		if value != "" {
			values.Set(name, value)
		}
	}
	for name, at := range map[string]time.Time{"from": n.From, "to": n.To} {
		if !at.IsZero() {
			values.Set(name, at.UTC().Format(time.RFC3339))
		}
	}
	if n.Days > 0 {
		values.Set("days", strconv.Itoa(n.Days))
	}
	return values
}

// Grouped reports whether uses are shown as groups.
func (n Narrowing) Grouped() bool { return n.By != "" && n.Of == "" }

// Narrows reports whether some are left out.
func (n Narrowing) Narrows() bool {
	n.Days = 0
	return n != Narrowing{By: n.By} || n.Of != ""
}

// AddTo restricts the filter to them.
func (n Narrowing) AddTo(f *models.AuthTokenFilter) {
	f.Finding, f.From, f.To, f.LensAge = n.Finding, n.From, n.To, time.Duration(n.Days)*web.Day
	if n.Of != "" {
		f.Like = models.Like{Facet: n.By, AuthTokenID: n.Of}
	}
}

// Within narrows to the period of a finding, widened to whole seconds.
func Within(from, to time.Time) Narrowing {
	return Narrowing{From: from.UTC().Truncate(time.Second), To: to.UTC().Truncate(time.Second).Add(time.Second)}
}

// UsesURL is the section of uses on the page of a registration token, narrowed.
func (n Narrowing) UsesURL(registrationTokenID string) string {
	return paths.RegistrationTokenSection(registrationTokenID, "uses", n.Values())
}

// AuthTokensURL is the narrowed list of a registration token's auth tokens in a
// state or under a lens: to look at, and to delete all at once.
func (n Narrowing) AuthTokensURL(registrationTokenID, state string) string {
	values := n.Values()
	if n.Of == "" {
		values.Del("by")
	}
	values.Set("registrationToken", registrationTokenID)
	values.Set("state", state)
	return withQuery(paths.AuthTokens, values)
}

// FindingQuestionURL asks before the remedy of a finding deletes auth tokens, or
// gives their counts back: exactly those.
func FindingQuestionURL(registrationTokenID string, kind models.FindingKind) string {
	match := Narrowing{Finding: kind}.Values()
	match.Set("registrationToken", registrationTokenID)
	return withQuery(paths.AuthTokensDelete, url.Values{"match": {match.Encode()}})
}
