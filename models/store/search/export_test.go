package search

import "gorm.io/gorm"

// NarrowAtMost is Narrow with another number of rows that are looked up one by one.
func NarrowAtMost(rows *gorm.DB, text string, asMasked bool, most int) (*gorm.DB, bool, error) {
	return narrow(rows, text, asMasked, most)
}
