package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models/store/books"
	"muster/models/store/search"
)

// Check proves the books, as package books says, and that the desk finds rows by their
// words: it returns every inconsistent row, reads one state of the database and blocks nobody.
func (s *Store) Check(ctx context.Context) ([]books.Finding, error) {
	var findings []books.Finding
	err := s.snapshot(ctx, func(tx *gorm.DB) (err error) {
		if findings, err = books.Check(tx, s.dialect == SQLite); err != nil {
			return err
		}
		words, err := search.Check(tx)
		for _, f := range words {
			findings = append(findings, books.Finding(f))
		}
		return err
	})
	return findings, s.failure(err, "database")
}
