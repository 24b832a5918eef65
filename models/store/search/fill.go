package search

import (
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
	"muster/models/store/wordtable"
)

// Transactions runs fn in a transaction of its own.
type Transactions func(fn func(tx *gorm.DB) error) error

// Filled reports whether all words were cut by the rules of now.
func Filled(db *gorm.DB) (bool, error) {
	var known int
	err := db.Raw("SELECT rules FROM search_rules").Scan(&known).Error
	return known >= rules, err
}

// Fill makes the index what it is to be: it adds what is missing, then takes out what
// belongs to no row. Each of its transactions does a part; the server may run beside.
func Fill(in Transactions) error {
	for _, work := range []func(Transactions) error{
		fill[models.RegistrationToken], fill[models.RefusedAttempt], fill[models.Note],
		sweep[models.RegistrationToken], sweep[models.RefusedAttempt], sweep[models.Note],
	} {
		if err := work(in); err != nil {
			return err
		}
	}
	return in(func(tx *gorm.DB) error { return tx.Exec("UPDATE search_rules SET rules = ?", rules).Error })
}

// rowsAtOnce is how many rows a transaction reads.
const rowsAtOnce = 500

// locked keeps others from changing what is read.
func locked(tx *gorm.DB) *gorm.DB {
	if tx.Name() == "postgres" {
		return tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
	}
	return tx
}

func fill[R Row](in Transactions) error {
	after := ""
	for {
		var rows []R
		err := in(func(tx *gorm.DB) error {
			rows = nil
			if err := locked(tx).Where("id > ?", after).Order("id").Limit(rowsAtOnce).Find(&rows).Error; err != nil {
				return err
			}
			return Of(rows...).Add(tx)
		})
		if err != nil || len(rows) < rowsAtOnce {
			return err
		}
		after = objectOf(&rows[len(rows)-1]).id
	}
}

func sweep[R Row](in Transactions) error {
	k := kindOf[R]()
	var last wordtable.Row
	for {
		var entries []wordtable.Row
		err := in(func(tx *gorm.DB) error {
			entries = nil
			err := tx.Table(k.words().Name).Where("kind = ? AND (form, word, id) > (?, ?, ?)", int(k), int(last.Form), last.Word, last.ID).
				Order("form, word, id").Limit(wordtable.AtOnce).Find(&entries).Error
			if err != nil {
				return err
			}
			belong := map[wordtable.Row]bool{}
			for some := range slices.Chunk(idsOf(entries), rowsAtOnce) {
				var rows []R
				if err := locked(tx).Where("id IN ?", some).Order("id").Find(&rows).Error; err != nil {
					return err
				}
				for _, e := range Of(rows...).rows {
					belong[e] = true
				}
			}
			stray := slices.DeleteFunc(slices.Clone(entries), func(e wordtable.Row) bool { return belong[e] })
			return k.words().Delete(tx, stray)
		})
		if err != nil || len(entries) < wordtable.AtOnce {
			return err
		}
		last = entries[len(entries)-1]
	}
}
