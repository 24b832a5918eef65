package admin

import (
	"context"
	"net/url"
	"slices"
	"time"

	"muster/handlers/listing"
	"muster/models"
	"muster/seen"
	"muster/views/paths"
)

// authTokenTab is a tab of the list: a state, or a lens.
type authTokenTab struct {
	// value is the value of the parameter state.
	value, label string
	state        models.AuthTokenState
	lens         models.AuthTokenLens
	// order is the usual order of the rows; the zero one is newest first.
	order listing.Sort
	// together says that the rows are kept together by what they share.
	together bool
}

// authTokenTabs are the tabs, in their order.
var authTokenTabs = []authTokenTab{
	{label: "All"},
	{value: "live", label: "Live", state: models.AuthTokenLive},
	{value: "surplus", label: "Surplus", lens: models.LensSurplus, together: true},
	{value: "silent", label: "Silent", lens: models.LensSilent, order: listing.Sort{Value: "seen", By: "lastSeenAt"}},
	{value: "never_refreshed", label: "Never refreshed", lens: models.LensNeverRefreshed, order: listing.Sort{Value: "redeemed", By: "creationDate"}},
	{value: "several_on_device", label: "Same device", lens: models.LensSharedDevice, together: true},
	{value: "several_of_person", label: "Same person", lens: models.LensSharedPerson, together: true},
	{value: "unexpected", label: "Unexpected", lens: models.LensUnexpected},
	{value: "idle_expired", label: "Expired unused", state: models.AuthTokenIdleExpired},
	{value: "ended", label: "Ended", state: models.AuthTokenEnded},
	{value: "deleted", label: "Deleted", state: models.AuthTokenDeleted},
}

// authTokenList is the list of all auth tokens.
var authTokenList = func() listing.List {
	list := listing.List{Path: paths.AuthTokens, StateName: "state"}
	for _, tab := range authTokenTabs {
		list.States = append(list.States, tab.value)
	}
	return list
}()

// authTokenSorts are the orders; those by a name only for whom nothing in it is hidden.
var (
	authTokenSorts = []listing.Sort{
		{Value: "redeemed", By: "creationDate", Descending: true},
		{Value: "seen", By: "lastSeenAt", Descending: true},
	}
	authTokenSortsByName = []listing.Sort{{Value: "person", By: "systemUserName"}, {Value: "host", By: "fqdn"}}
)

// registrationTokenParam narrows the list to the auth tokens of one
// registration token.
const registrationTokenParam = "registrationToken"

// authTokenQuery is what the address asks for, and the filter that selects it.
type authTokenQuery struct {
	listing.Query
	listing.Narrowing
	filter   models.AuthTokenFilter
	criteria listing.Criteria
	// of is the registration token whose auth tokens are shown; nil for all.
	of *seen.RegistrationToken
}

// query reads the parameters of the list, times in a zone.
func (h *AuthTokens) query(ctx context.Context, v seen.Viewer, values url.Values, zone *time.Location) (q authTokenQuery, err error) {
	list := authTokenList
	tab := slices.IndexFunc(authTokenTabs, func(t authTokenTab) bool { return t.value == values.Get("state") })
	if tab < 0 || !authTokenTabs[tab].together {
		if list.Sorts = authTokenSorts; !v.Masked() {
			list.Sorts = append(slices.Clone(authTokenSorts), authTokenSortsByName...)
		}
	}
	if q.Query, err = list.Read(values); err != nil {
		return q, err
	}
	if q.Narrowing, err = listing.ReadNarrowing(values, zone); err != nil {
		return q, err
	}
	if q.criteria, err = listing.ReadCriteria(values, models.AuthTokenCriteria); err != nil {
		return q, err
	}
	q.filter.Search, q.filter.Where = q.Search, q.criteria
	q.AddTo(&q.filter)
	if id := values.Get(registrationTokenParam); id != "" {
		if q.of, err = h.Read.RegistrationToken(ctx, v, id); err != nil {
			return q, err
		}
		q.filter.RegistrationTokenID = q.of.ID
	}
	// No index covers these across registration tokens.
	if q.of == nil && (q.Of != "" || q.Finding != "") {
		return q, listing.Invalid(registrationTokenParam, "Choose a registration token first.")
	}
	part := slices.IndexFunc(authTokenTabs, func(t authTokenTab) bool { return t.value == q.State })
	return q.narrowed(q.Narrowing).part(authTokenTabs[part]), nil
}

// part is the list under another tab.
func (q authTokenQuery) part(t authTokenTab) authTokenQuery {
	q.State, q.filter.State, q.filter.Lens = t.value, t.state, t.lens
	if t.order != (listing.Sort{}) {
		q.Query = q.Usually(t.order)
	}
	return q
}

// narrowed is the list with other filters.
func (q authTokenQuery) narrowed(n listing.Narrowing) authTokenQuery {
	q.More = n.Values()
	if q.of != nil {
		q.More.Set(registrationTokenParam, q.of.ID)
	}
	q.criteria.Set(q.More)
	return q
}

// deletable reports whether all that the list shows may be deleted at once: it
// is chosen by a finding, or by a state or lens that excludes deleted ones.
func (q authTokenQuery) deletable() bool {
	return q.Finding != "" || q.State != "" && q.filter.State != models.AuthTokenDeleted
}
