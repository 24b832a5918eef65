package deletion

import (
	"fmt"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
)

// refuseSeveral refuses to act on auth tokens that a name selects when it is the
// name of several people or devices.
func refuseSeveral(acted *gorm.DB, f models.AuthTokenFilter, rules names.Rules) error {
	if f.SystemUserName == "" && f.FQDN == "" {
		return nil
	}
	var rows []struct {
		CustomerID string
		models.ClaimedIdentity
		models.VerifiedIdentity
	}
	err := acted.Distinct("customer_id", "system_user_name", "fqdn", "mac_address", "verified_issuer", "verified_subject", "verified_email").Scan(&rows).Error
	if err != nil {
		return err
	}
	sightings := map[string][]names.Sighting{}
	for _, r := range rows {
		sightings[r.CustomerID] = append(sightings[r.CustomerID], models.SightingOf(r.VerifiedIdentity, r.ClaimedIdentity))
	}
	people, accounts, devices := 0, 0, 0
	for _, seen := range sightings {
		p, a, d := distinctHolders(rules.Resolve(seen))
		people, accounts, devices = people+p, accounts+a, devices+d
	}
	switch {
	case f.SystemUserName != "" && accounts == 0 && people > 1:
		return severalMatch("systemUserName", people, "people")
	case f.SystemUserName != "" && people+accounts > 1:
		return severalMatch("systemUserName", people+accounts, "people or devices")
	case f.FQDN != "" && devices > 1:
		return severalMatch("fqdn", devices, "devices")
	}
	return nil
}

// distinctHolders counts people, devices of service accounts, and all devices. A
// service account is no person: nobody in particular can be meant by its name, so
// each of its devices counts.
func distinctHolders(holders []names.Identity) (people, ofAccounts, devices int) {
	person, account, device := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, h := range holders {
		if h.Device != "" {
			device[h.Device] = true
		}
		switch {
		case h.Person != "":
			person[h.Person] = true
		case h.Nobody:
			account[h.Device] = true
		}
	}
	return len(person), len(account), len(device)
}

func severalMatch(field string, n int, what string) error {
	e := models.Conflict(models.CodeSeveralMatch, fmt.Sprintf("%s fits %d %s. Nothing was changed.", field, n, what))
	e.NextStep = "Narrow the filter, or give the ids of the auth tokens."
	return e
}
