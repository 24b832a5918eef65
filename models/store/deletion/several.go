package deletion

import (
	"fmt"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/projection"
)

// refuseSeveral refuses to act on auth tokens that a name selects when it is the
// name of several people or devices.
func refuseSeveral(acted *gorm.DB, f models.AuthTokenFilter) error {
	if f.SystemUserName == "" && f.FQDN == "" {
		return nil
	}
	var holders []holder
	known := acted.Session(&gorm.Session{NewDB: true}).Table("desk_uses").Where("desk_uses."+projection.Current).Where("id IN (?)", acted.Select("id"))
	if err := known.Distinct("customer_id", "person", "device", "nobody").Scan(&holders).Error; err != nil {
		return err
	}
	people, accounts, devices := distinct(holders)
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

// holder is whose some of the auth tokens are.
type holder struct {
	CustomerID, Person, Device string
	Nobody                     bool
}

// distinct counts people, devices of service accounts, and all devices. A service
// account is no person: nobody in particular can be meant by its name, so each of
// its devices counts.
func distinct(holders []holder) (people, ofAccounts, devices int) {
	person, account, device := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, h := range holders {
		if h.Device != "" {
			device[h.CustomerID+" "+h.Device] = true
		}
		switch {
		case h.Person != "":
			person[h.CustomerID+" "+h.Person] = true
		case h.Nobody:
			account[h.CustomerID+" "+h.Device] = true
		}
	}
	return len(person), len(account), len(device)
}

func severalMatch(field string, n int, what string) error {
	e := models.Conflict(models.CodeSeveralMatch, fmt.Sprintf("%s fits %d %s. Nothing was changed.", field, n, what))
	e.NextStep = "Narrow the filter, or give the ids of the auth tokens."
	return e
}
