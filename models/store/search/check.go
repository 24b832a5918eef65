package search

import (
	"fmt"

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
		wanted := Of(rows...).rows
		missing, err := k.words().Missing(tx, wanted)
		if err != nil {
			return nil, err
		}
		there += len(wanted) - len(missing)
		for _, id := range idsOf(missing) {
			findings = append(findings, Finding{k.table(), id, "it is not found by all of its words; " + repair})
		}
		if len(rows) < rowsAtOnce {
			break
		}
		after = objectOf(&rows[len(rows)-1]).id
	}
	var all int64
	err := tx.Table(k.words().Name).Where("kind = ?", int(k)).Count(&all).Error
	if stray := int(all) - there; stray > 0 {
		findings = append(findings, Finding{"search_words", k.table(), fmt.Sprintf("%d words belong to no row; %s", stray, repair)})
	}
	return findings, err
}
