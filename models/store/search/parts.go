package search

import (
	"strings"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/listing"
	"muster/models/store/projection"
)

// mostSearched is how many auth tokens are looked through for a part of a text: the
// newest.
const mostSearched = 20_000

// Desk keeps the rows of the version of the desk that is read that a search fits: as [Narrow] does or, where nothing
// fits so, those of the newest that have a part of the text in one of their values.
func Desk(rows *gorm.DB, texts listing.Texts, f models.AuthTokenFilter) (*gorm.DB, error) {
	narrowed, there, err := Narrow(rows, f.Search, f.AsMasked)
	if err != nil || there {
		return narrowed, err
	}
	since, err := newestUses(rows, f.RegistrationTokenID)
	if err != nil {
		return nil, err
	}
	var columns []string
	for _, field := range models.ClaimedFields {
		columns = append(columns, field.Column)
	}
	addresses := []string{"verified_email", "ip"}
	part := func(text string, columns, addresses []string) *gorm.DB {
		fresh := rows.Session(&gorm.Session{NewDB: true})
		if f.AsMasked {
			return texts.ContainsAsMasked(fresh, text, columns, addresses)
		}
		return texts.Contains(fresh, text, append(columns, addresses...)...)
	}
	found := part(f.Search, columns, addresses)
	// Hardware addresses have no separators here.
	if digits := macSeparators.Replace(f.Search); digits != f.Search && strings.Trim(strings.ToLower(digits), "0123456789abcdef") == "" && digits != "" {
		found = found.Or(part(digits, []string{"mac_address"}, nil))
	}
	return rows.Where("desk_uses."+projection.Current).Where(found).Where("desk_uses.created_at >= ?", since), nil
}

// newestUses is since when there are mostSearched.
func newestUses(db *gorm.DB, registrationTokenID string) (time.Time, error) {
	var since []time.Time
	newest := db.Session(&gorm.Session{NewDB: true}).Table("desk_uses").Where(projection.Current)
	if registrationTokenID != "" {
		newest = newest.Where("registration_token_id = ?", registrationTokenID)
	}
	err := newest.Order("created_at DESC, id DESC").Offset(mostSearched-1).Limit(1).Pluck("created_at", &since).Error
	if err != nil || len(since) == 0 {
		return time.Time{}, err
	}
	return since[0], nil
}

var macSeparators = strings.NewReplacer(":", "", "-", "", ".", "")
