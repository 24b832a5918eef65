package api

import "muster/models"

type (
	claims    = models.ClaimedIdentity
	selection = models.AuthTokenFilter
	labels    = models.AuthTokenLabels
)

// claimedField is a field that a device reports of itself. A new field needs an
// entry in claimedFields, and a line in claimedJSON and in claimedJSONOf.
type claimedField struct {
	name string // in JSON and in queries
	// oauth is the parameter of the registration token grant; empty when it
	// takes none.
	oauth   string
	claimed func(*claims) *string
	filter  func(*selection) *string
	// label is where a change of an auth token sets it; nil when the field is
	// read-only.
	label func(*labels) **string
}

var claimedFields = []claimedField{
	{"systemUserName", "system_user_name", func(c *claims) *string { return &c.SystemUserName }, func(f *selection) *string { return &f.SystemUserName }, nil},
	{"fqdn", "fqdn", func(c *claims) *string { return &c.FQDN }, func(f *selection) *string { return &f.FQDN }, nil},
	{"macAddress", "mac_address", func(c *claims) *string { return &c.MACAddress }, func(f *selection) *string { return &f.MACAddress }, nil},
	{"identifier", "identifier", func(c *claims) *string { return &c.Identifier }, func(f *selection) *string { return &f.Identifier }, func(l *labels) **string { return &l.Identifier }},
	{"refId1", "", func(c *claims) *string { return &c.RefID1 }, func(f *selection) *string { return &f.RefID1 }, func(l *labels) **string { return &l.RefID1 }},
	{"refId2", "", func(c *claims) *string { return &c.RefID2 }, func(f *selection) *string { return &f.RefID2 }, func(l *labels) **string { return &l.RefID2 }},
}

// claimedJSON are the members of an auth token that its device reported.
type claimedJSON struct {
	Identifier     *string `json:"identifier"`
	SystemUserName *string `json:"systemUserName"`
	FQDN           *string `json:"fqdn"`
	MACAddress     *string `json:"macAddress"`
	RefID1         *string `json:"refId1"`
	RefID2         *string `json:"refId2"`
}

func claimedJSONOf(c *models.ClaimedIdentity) claimedJSON {
	return claimedJSON{
		Identifier: orNull(c.Identifier), SystemUserName: orNull(c.SystemUserName), FQDN: orNull(c.FQDN),
		MACAddress: orNull(c.MACAddress), RefID1: orNull(c.RefID1), RefID2: orNull(c.RefID2),
	}
}

// claimedNames are the names of all of them.
var claimedNames = func() (names []string) {
	for _, field := range claimedFields {
		names = append(names, field.name)
	}
	return names
}()
