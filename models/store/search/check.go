package search

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"muster/models"
)

// Finding is what is wrong with the words of a row, or that words of a table have no
// row.
type Finding struct{ Table, ID, Problem string }

const repair = "`muster reindex` repairs this"

// Check compares the index with the rows.
func Check(tx *gorm.DB) ([]Finding, error) {
	var findings []Finding
	for _, check := range []func(*gorm.DB) ([]Finding, error){check[models.RegistrationToken], check[models.RefusedAttempt], check[models.Note]} {
		more, err := check(tx)
		if err != nil {
			return nil, err
		}
		findings = append(findings, more...)
	}
	return findings, nil
}

func check[R Row](tx *gorm.DB) ([]Finding, error) {
	k, after, there := kindOf[R](), "", 0
	var findings []Finding
	for {
		var rows []R
		if err := tx.Where("id > ?", after).Order("id").Limit(rowsAtOnce).Find(&rows).Error; err != nil {
			return nil, err
		}
		wanted := Of(rows...)
		missing, err := missingOf(tx, wanted)
		if err != nil {
			return nil, err
		}
		there += len(wanted) - len(missing)
		ids := make([]string, len(missing))
		for i, e := range missing {
			ids[i] = e.ID
		}
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			findings = append(findings, Finding{k.table(), id, "it is not found by all of its words; " + repair})
		}
		if len(rows) < rowsAtOnce {
			break
		}
		after = objectOf(&rows[len(rows)-1]).id
	}
	var all int64
	err := tx.Model(&entryRow{}).Where("kind = ?", int(k)).Count(&all).Error
	if stray := int(all) - there; stray > 0 {
		findings = append(findings, Finding{"search_words", k.table(), fmt.Sprintf("%d words belong to no row; %s", stray, repair)})
	}
	return findings, err
}

func missingOf(tx *gorm.DB, wanted []entryRow) ([]entryRow, error) {
	var missing []entryRow
	for part := range slices.Chunk(wanted, atOnce) {
		text, err := asJSON(part)
		if err != nil {
			return nil, err
		}
		var some []entryRow
		err = tx.Raw("SELECT kind, form, word, id FROM ("+given(tx)+`) AS given WHERE NOT EXISTS (SELECT 1 FROM search_words AS s
			WHERE s.kind = given.kind AND s.form = given.form AND s.word = given.word AND s.id = given.id)`, text).Scan(&some).Error
		if err != nil {
			return nil, err
		}
		missing = append(missing, some...)
	}
	return missing, nil
}
