package api

import (
	"net/netip"
	"slices"

	"muster/models"
	"muster/tokens"
)

// authTokenParameters are the filters of a list and of a bulk deletion.
var authTokenParameters = slices.Concat([]string{"registrationToken"}, claimedNames, []string{"ip", "state"})

// authTokenFilter makes a filter from the values that text reads by name.
func authTokenFilter(f *faults, text func(name string) string) models.AuthTokenFilter {
	filter := models.AuthTokenFilter{RegistrationTokenID: text("registrationToken")}
	for _, field := range models.ClaimedFields {
		*field.Of(&filter.ClaimedIdentity) = text(field.Name)
	}
	filter.State = models.AuthTokenState(text("state"))
	if id := filter.RegistrationTokenID; id != "" && !tokens.ValidID(id) {
		f.add("registrationToken", "registrationToken must be the id of a registration token, never its secret.")
	}
	if filter.State != "" && !slices.Contains(models.AuthTokenStates, filter.State) {
		f.add("state", "state must be one of: "+list(models.AuthTokenStates)+".")
	}
	if ip := text("ip"); ip != "" {
		address, err := netip.ParseAddr(ip)
		if err != nil {
			f.add("ip", "ip must be one IP address.")
		}
		filter.IP = address.Unmap().String() // as it is stored
	}
	return filter
}

// decodeFilter reads the filter of a deletion, which alone can choose the auth
// tokens of a finding. A blank or null member is an error: if it were ignored, more
// would be deleted than was meant.
func decodeFilter(o *jsonObject) models.AuthTokenFilter {
	before := len(o.faults.fields)
	text := func(name string) string {
		text := o.text(name)
		if text == nil {
			return ""
		}
		if *text == "" {
			o.fail(name, o.path+name+" has no value.")
			return ""
		}
		if !o.faults.checkText(o.path+name, *text, maxParameter, false) {
			return ""
		}
		return *text
	}
	filter := authTokenFilter(o.faults, text)
	filter.Finding = models.FindingKind(text("finding"))
	switch {
	case filter.Finding == "":
	case !slices.Contains(models.FindingKinds, filter.Finding):
		o.faults.add("finding", "finding must be one of: "+list(models.FindingKinds)+".")
	case filter.RegistrationTokenID == "":
		o.faults.add("finding", "A finding is about one registration token; give registrationToken too.")
	}
	o.finish()
	if filter.Empty() && len(o.faults.fields) == before {
		o.faults.add("filter", "The filter must name at least one field; without any, every auth token would be deleted.")
	}
	return filter
}
