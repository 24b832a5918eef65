package store

import (
	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
	"muster/models/store/search"
)

var registrationTokenFields = map[models.SearchField]string{
	models.SearchLabel: "identifier", models.SearchReference1: "ref_id_1", models.SearchReference2: "ref_id_2",
	models.SearchNote: "note", models.SearchCreator: "created_by",
}

var deskFields = map[models.SearchField]string{
	models.SearchPerson: "system_user_name", models.SearchHost: "fqdn", models.SearchMAC: "mac_address", models.SearchEmail: "verified_email",
	models.SearchIP: "ip", models.SearchLabel: "identifier", models.SearchReference1: "ref_id_1", models.SearchReference2: "ref_id_2",
}

// columnOf is the column that a criterion compares; KindInvalid with the field where.
func columnOf(fields map[models.SearchField]string, c models.Criterion) (string, error) {
	column, ok := fields[c.Field]
	if !ok || c.Text == "" {
		return "", models.InvalidField("where", "The list cannot be narrowed by that.")
	}
	return column, nil
}

// narrowRegistrationTokens keeps those that meet all criteria.
func (s *Store) narrowRegistrationTokens(db *gorm.DB, where []models.Criterion, asMasked bool) (*gorm.DB, error) {
	for _, c := range where {
		column, err := columnOf(registrationTokenFields, c)
		if err != nil {
			return nil, err
		}
		if c.Comparison == models.ComparisonExact && c.Field != models.SearchNote && c.Field != models.SearchCreator {
			condition, args := search.HavingValue(c.Field, c.Text)
			db = db.Where(condition, args...)
			continue
		}
		db = s.texts.Compare(db, column, c, asMasked, false)
	}
	return db, nil
}

// narrowDesk keeps what meets all criteria. What is to be equal is looked up in an
// index.
func (s *Store) narrowDesk(db *gorm.DB, where []models.Criterion, asMasked bool) (*gorm.DB, error) {
	for _, c := range where {
		column, err := columnOf(deskFields, c)
		if err != nil {
			return nil, err
		}
		if c.Comparison != models.ComparisonExact {
			if c.Field == models.SearchMAC {
				c.Text = names.MACPart(c.Text)
			}
			db = s.texts.Compare(db, column, c, asMasked, c.Field == models.SearchEmail || c.Field == models.SearchIP)
			continue
		}
		if db, err = whereDesk(db, column, c.Text, asMasked); err != nil {
			return nil, err
		}
	}
	return db, nil
}

// whereDesk keeps what has the text in a column, in any spelling.
func whereDesk(db *gorm.DB, column, text string, asMasked bool) (*gorm.DB, error) {
	values, err := search.DeskValues(db.Session(&gorm.Session{NewDB: true}), column, text, asMasked)
	if err != nil {
		return nil, err
	}
	// The second half allows a partial index to be used; one value is looked up
	// in the order of its index.
	db = db.Where(column + " <> ''")
	if len(values) == 1 {
		return db.Where(column+" = ?", values[0]), nil
	}
	return db.Where(column+" IN ?", values), nil
}
