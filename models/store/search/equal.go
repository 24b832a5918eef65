package search

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
	"muster/models/store/projection"
	"muster/models/words"
)

// desk finds auth tokens whose field equals a text.
type desk struct {
	tx       *gorm.DB
	version  int64
	asMasked bool
}

var deskColumns = map[models.SearchField]struct{ column, order string }{
	models.SearchPerson: {"system_user_name", byID}, models.SearchHost: {"fqdn", byID}, models.SearchEmail: {"verified_email", byID},
	models.SearchMAC: {"mac_address", byTime}, models.SearchIP: {"ip", byTime}, models.SearchLabel: {"identifier", byTime},
	models.SearchReference1: {"ref_id_1", byTime}, models.SearchReference2: {"ref_id_2", byTime},
}

// The orders of indexes. Ids sort by time, too.
const (
	byID   = "id DESC"
	byTime = "created_at DESC, id DESC"
)

func (d desk) equal(field models.SearchField, text string) ([]part, error) {
	of, ok := deskColumns[field]
	if !ok {
		return nil, nil
	}
	values, err := DeskValues(d.tx, of.column, text, d.asMasked)
	if err == nil && len(values) > 1 {
		// Whoever looks for a name that is there also finds its other spellings; one
		// that is not there is looked for by its words.
		var there []string
		if there, err = d.ids(of.column, values[0]); len(there) == 0 {
			values = nil
		}
	}
	var parts []part
	for _, value := range values {
		p := d.having(of.column, value)
		p.sql, p.args = p.sql+" ORDER BY "+of.order+" LIMIT ?", append(p.args, models.MaxCounted+1)
		parts = append(parts, p)
	}
	return parts, err
}

// having has a second half that allows a partial index to be used.
func (d desk) having(column, value string) part {
	return part{"SELECT id FROM desk_uses WHERE version = ? AND " + column + " = ? AND " + column + " <> ''", []any{d.version, value}}
}

func (d desk) ids(column, value string) ([]string, error) {
	var ids []string
	p := d.having(column, value)
	return ids, d.tx.Raw(p.sql+" LIMIT 1", p.args...).Scan(&ids).Error
}

// DeskValues are the ways in which the desk may have the text of a column. Who sees
// addresses masked finds a name that is written as one only by asking for one; nor does
// any other answer depend on such names.
func DeskValues(tx *gorm.DB, column, text string, asMasked bool) (values []string, err error) {
	var shown func(string) bool
	if asMasked && (!models.MayHoldAddress(text) || column == "system_user_name" && !namesDomain(text)) {
		shown = func(spelling string) bool { return !models.MayHoldAddress(spelling) }
	}
	switch column {
	case "system_user_name":
		values, err = projection.UserSpellings(tx, text, shown)
	case "fqdn":
		values, err = projection.HostSpellings(tx, text)
	case "mac_address":
		values = []string{projection.FoldMAC(text)}
	case "ip":
		values = []string{text}
	default:
		values = []string{projection.Fold(text)}
	}
	if shown != nil {
		values = slices.DeleteFunc(values, models.MayHoldAddress)
	}
	return values, err
}

// namesDomain tells anna@contoso.example from anna@, which would be anna of any domain.
func namesDomain(text string) bool {
	return !strings.Contains(text, "@") || names.ParseUser(text, "").Domain != ""
}

func equalAttempts(field models.SearchField, text string) ([]part, error) {
	switch field {
	case models.SearchIP:
		return []part{attemptsBy("ip", text)}, nil
	case models.SearchMAC:
		var parts []part
		for _, spelling := range append(names.MACSpellings(text), text) {
			parts = append(parts, attemptsBy("mac_address", spelling))
		}
		return parts, nil
	case models.SearchPerson, models.SearchHost, models.SearchEmail:
		return indexOf(refusedAttempts).whole(field, text), nil
	default:
		return nil, nil
	}
}

func attemptsBy(column, text string) part {
	return part{"SELECT id FROM refused_attempts WHERE " + column + " = ? AND " + column + " <> '' ORDER BY id DESC LIMIT ?", []any{text, models.MaxCounted + 1}}
}

func equalTokens(field models.SearchField, text string) ([]part, error) {
	switch field {
	case models.SearchID:
		return []part{{"SELECT id FROM registration_tokens WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?", []any{text, text + highestRune, models.MaxCounted + 1}}}, nil
	case models.SearchLabel, models.SearchReference1, models.SearchReference2:
		return indexOf(registrationTokens).whole(field, text), nil
	default:
		return nil, nil
	}
}

// whole finds rows whose field has a value.
func (x wordIndex) whole(field models.SearchField, text string) []part {
	value := whole(field, text)
	if value == "" {
		return nil
	}
	return x.entries(term{Word: words.Word{value}}, []words.Form{words.Whole}, models.MaxCounted+1)
}

// HavingValue is the condition that a registration token's field has a value, in any
// spelling.
func HavingValue(field models.SearchField, text string) (condition string, args []any) {
	return "id IN (SELECT id FROM search_words WHERE kind = ? AND form = ? AND word = ?)", []any{int(registrationTokens), int(words.Whole), whole(field, text)}
}
