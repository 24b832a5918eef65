package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models/store/books"
)

// Check proves the books, as package books says: it returns every inconsistent row,
// reads one state of the database and blocks nobody.
func (s *Store) Check(ctx context.Context) ([]books.Finding, error) {
	var findings []books.Finding
	err := s.snapshot(ctx, func(tx *gorm.DB) (err error) {
		findings, err = books.Check(tx, s.dialect == SQLite)
		return err
	})
	return findings, s.failure(err, "database")
}
