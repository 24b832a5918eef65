package deletion

import (
	"fmt"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/projection"
)

// refuseSeveral refuses to act on auth tokens that a name selects when it is the
// name of several people or devices. The desk has everything by then.
func refuseSeveral(acted *gorm.DB, f models.AuthTokenFilter) error {
	if f.SystemUserName == "" && f.FQDN == "" {
		return nil
	}
	var holders []holder
	err := acted.Session(&gorm.Session{NewDB: true}).Table("desk_uses").Distinct("customer_id", "person", "device", "nobody").
		Where(projection.Current+" AND id IN (?)", acted.Select("id")).Scan(&holders).Error
	if err != nil {
		return err
	}
	people, accounts, devices := distinctHolders(holders)
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

// holder is whose an auth token is, as the desk knows. Keys are of a customer.
type holder struct {
	CustomerID, Person, Device string
	Nobody                     bool
}

// distinctHolders counts people, devices of service accounts, and all devices. A
// service account is no person: nobody in particular can be meant by its name, so
// each of its devices counts.
func distinctHolders(holders []holder) (people, ofAccounts, devices int) {
	person, account, device := map[holder]bool{}, map[holder]bool{}, map[holder]bool{}
	for _, h := range holders {
		on := holder{CustomerID: h.CustomerID, Device: h.Device}
		if h.Device != "" {
			device[on] = true
		}
		switch {
		case h.Person != "":
			person[holder{CustomerID: h.CustomerID, Person: h.Person}] = true
		case h.Nobody:
			account[on] = true
		}
	}
	return len(person), len(account), len(device)
}

func severalMatch(field string, n int, what string) error {
	e := models.Conflict(models.CodeSeveralMatch, fmt.Sprintf("%s fits %d %s. Nothing was changed.", field, n, what))
	e.NextStep = "Narrow the filter, or give the ids of the auth tokens."
	return e
}
