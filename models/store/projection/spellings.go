package projection

import (
	"slices"

	"gorm.io/gorm"

	"muster/models/names"
)

// UserSpellings are the folded texts with which uses report the user that somebody
// asks for: CONTOSO\anna also finds anna@contoso.example and, where no other could
// be meant, anna. A name without a domain finds it with each. Only domains that
// a use reports in a spelling that is shown are considered; shown is nil for all.
func UserSpellings(tx *gorm.DB, text string, shown func(spelling string) bool) ([]string, error) {
	user := names.ParseUser(text, "")
	var domains []string
	err := tx.Raw("SELECT DISTINCT domain FROM desk_names WHERE "+ofAnyCustomer+" AND local = ? LIMIT ?", names.Bound(user.Local), names.Cap+1).Scan(&domains).Error
	if err != nil {
		return nil, err
	}
	spellings := user.Spellings()
	// Of many domains nothing is concluded.
	if len(domains) <= names.Cap {
		if shown != nil {
			if domains, err = shownDomains(tx, user.Local, domains, shown); err != nil {
				return nil, err
			}
		}
		for _, meant := range user.Meant(domains) {
			spellings = append(spellings, meant.Spellings()...)
		}
	}
	return occurring(tx, "system_user_name", Fold(text), spellings)
}

// shownDomains are the domains with which a use reports the local name in a spelling
// that is shown.
func shownDomains(tx *gorm.DB, local string, domains []string, shown func(string) bool) ([]string, error) {
	var kept []string
	for _, domain := range domains {
		spellings := slices.DeleteFunc(names.User{Local: local, Domain: domain}.Spellings(), func(s string) bool { return !shown(s) })
		found, err := reported(tx, "system_user_name", spellings)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			kept = append(kept, domain)
		}
	}
	return kept, nil
}

// HostSpellings are the folded texts with which uses report the host that somebody
// asks for, in the same way: LAPTOP-7 also finds laptop-7.corp.example.com.
func HostSpellings(tx *gorm.DB, text string) ([]string, error) {
	host := names.ParseHost(text)
	var full []string
	err := tx.Raw("SELECT host FROM desk_sightings WHERE "+ofAnyCustomer+" AND label = ? AND label <> '' LIMIT ?", names.Bound(host.Label), maxSeenAtLabel).Scan(&full).Error
	if err != nil {
		return nil, err
	}
	many := len(full) == maxSeenAtLabel
	slices.Sort(full)
	full = slices.DeleteFunc(slices.Compact(full), func(host string) bool { return host == "" })
	spellings := host.Spellings()
	if !many && len(full) <= names.Cap {
		for _, meant := range host.Meant(full) {
			spellings = append(spellings, meant.Spellings()...)
		}
	}
	return occurring(tx, "fqdn", Fold(text), spellings)
}

// ofAnyCustomer is every customer, so that an index that begins with one is used.
const ofAnyCustomer = Current + " AND customer_id IN (SELECT id FROM customers)"

// maxSeenAtLabel is how many sightings at a label are looked at: of more nothing is
// concluded.
const maxSeenAtLabel = 1_000

// occurring are those of the spellings that uses have, after the text itself.
func occurring(tx *gorm.DB, column, text string, spellings []string) ([]string, error) {
	others := slices.DeleteFunc(spellings, func(spelling string) bool { return names.Bound(spelling) == text })
	found, err := reported(tx, column, others)
	return append([]string{text}, found...), err
}

// reported are those of the spellings that uses have.
func reported(tx *gorm.DB, column string, spellings []string) ([]string, error) {
	var all []string
	for _, spelling := range spellings {
		var found []string
		err := tx.Table("desk_uses").Where(Current).Where(column+" = ? AND "+column+" <> ''", names.Bound(spelling)).Limit(1).Pluck(column, &found).Error
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
