package group

import "gorm.io/gorm"

// Each is a [Run] that makes one change after the other.
func Each[T any](change func(tx *gorm.DB, of T) error) Run[T] {
	return func(tx *gorm.DB, together []T) ([]error, error) {
		failures := make([]error, len(together))
		if len(together) == 1 {
			// Alone, its failure is that of the transaction.
			failures[0] = try(func() error { return change(tx, together[0]) })
			return failures, failures[0]
		}
		for i, of := range together {
			var err error
			if failures[i], err = Within(tx, func() error { return change(tx, of) }); err != nil {
				return nil, err
			}
		}
		return failures, nil
	}
}

// Within runs fn in a transaction, and undoes what it did when it fails; err ends the
// transaction.
func Within(tx *gorm.DB, fn func() error) (failure, err error) {
	if err := tx.Exec("SAVEPOINT member").Error; err != nil {
		return nil, err
	}
	if failure = try(fn); failure != nil {
		if err := tx.Exec("ROLLBACK TO SAVEPOINT member").Error; err != nil {
			return nil, err
		}
	}
	return failure, tx.Exec("RELEASE SAVEPOINT member").Error
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
