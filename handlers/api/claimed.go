package api

import "muster/models"

// claimedJSON is what the device reported about itself.
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

// claimedNames are the names of its members.
var claimedNames = func() (names []string) {
	for _, field := range models.ClaimedFields {
		names = append(names, field.Name)
	}
	return names
}()
