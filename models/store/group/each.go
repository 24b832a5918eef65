package group

import "gorm.io/gorm"

// Each is a [Together] that makes one change after the other.
func Each[T any](one One[T]) Together[T] {
	return func(tx *gorm.DB, changes []T) ([]error, error) { return each(tx, changes, one) }
}

// each undoes what a change did that fails; err ends the transaction.
func each[T any](tx *gorm.DB, changes []T, one One[T]) ([]error, error) {
	failures := make([]error, len(changes))
	for i, change := range changes {
		if err := tx.Exec("SAVEPOINT member").Error; err != nil {
			return nil, err
		}
		if failures[i] = try(func() error { return one(tx, change) }); failures[i] != nil {
			if err := tx.Exec("ROLLBACK TO SAVEPOINT member").Error; err != nil {
				return nil, err
			}
		}
		if err := tx.Exec("RELEASE SAVEPOINT member").Error; err != nil {
			return nil, err
		}
	}
	return failures, nil
}

// panicked carries a panic to the goroutine that asked.
type panicked struct{ value any }

// Error implements error.
func (p *panicked) Error() string { return "a change panicked" }

func try(fn func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &panicked{value}
		}
	}()
	return fn()
}
