package store

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"

	"muster/models"
)

// Customer finds one by id or by identifier; KindNotFound.
func (s *Store) Customer(ctx context.Context, idOrIdentifier string) (*models.Customer, error) {
	var c models.Customer
	// An id wins over an identifier that happens to look like it.
	err := s.reading(ctx).Where("id = ? OR identifier = ?", idOrIdentifier, idOrIdentifier).
		Order(gorm.Expr("CASE WHEN id = ? THEN 0 ELSE 1 END", idOrIdentifier)).Limit(1).Take(&c).Error
	if err != nil {
		return nil, s.failure(err, "customer")
	}
	return &c, nil
}

// Customers lists all, by name.
func (s *Store) Customers(ctx context.Context) ([]models.Customer, error) {
	var all []models.Customer
	err := s.read.WithContext(ctx).Order("name, id").Find(&all).Error
	return all, s.failure(err, "customer")
}

func (s *Store) fillRegistrationTokenCustomers(tx *gorm.DB, rows []models.RegistrationToken) error {
	return fillCustomers(tx, s, rows, func(t *models.RegistrationToken) (string, *models.Customer) { return t.CustomerID, &t.Customer })
}

func (s *Store) fillAuthTokenCustomers(tx *gorm.DB, rows []models.AuthToken) error {
	return fillCustomers(tx, s, rows, func(t *models.AuthToken) (string, *models.Customer) { return t.CustomerID, &t.Customer })
}

// takeWithCustomer reads one row with its Customer.
func takeWithCustomer[T any](tx *gorm.DB, fill func(*gorm.DB, []T) error, condition string, arg any) (*T, error) {
	rows := make([]T, 1)
	if err := tx.Where(condition, arg).Take(&rows[0]).Error; err != nil {
		return nil, err
	}
	return &rows[0], fill(tx, rows)
}

// fillCustomers reads the customers of all rows at once.
func fillCustomers[T any](tx *gorm.DB, s *Store, rows []T, of func(*T) (id string, into *models.Customer)) error {
	if len(rows) == 0 {
		return nil
	}
	into := map[string][]*models.Customer{}
	for i := range rows {
		id, customer := of(&rows[i])
		into[id] = append(into[id], customer)
	}
	var found []models.Customer
	if err := tx.Where(s.oneOf("id", slices.Collect(maps.Keys(into)))).Find(&found).Error; err != nil {
		return err
	}
	for _, c := range found {
		for _, customer := range into[c.ID] {
			*customer = c
		}
	}
	return nil
}
