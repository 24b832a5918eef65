package store

import (
	"context"

	"gorm.io/gorm"
)

const instance = "instance value"

// Instance reads a value that belongs to the database as a whole, such as
// whether it is for development or production; KindNotFound.
func (s *Store) Instance(ctx context.Context, name string) (string, error) {
	return s.instanceValue(s.read.WithContext(ctx), name)
}

// ClaimInstance sets a value unless one is set, and returns the value that is
// set.
func (s *Store) ClaimInstance(ctx context.Context, name, value string) (string, error) {
	current := ""
	err := s.change(ctx, instance, func(tx *gorm.DB) error {
		err := tx.Exec("INSERT INTO instance (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", name, value).Error
		if err != nil {
			return err
		}
		current, err = s.instanceValue(tx, name)
		return err
	})
	return current, err
}

func (s *Store) instanceValue(tx *gorm.DB, name string) (string, error) {
	var values []string
	err := tx.Raw("SELECT value FROM instance WHERE name = ?", name).Scan(&values).Error
	if err == nil && len(values) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return "", s.failure(err, instance)
	}
	return values[0], nil
}
