package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models"
)

// Customer finds one by id or by identifier; KindNotFound.
func (s *Store) Customer(ctx context.Context, idOrIdentifier string) (*models.Customer, error) {
	var c models.Customer
	// An id wins over an identifier that happens to look like it.
	err := s.read.WithContext(ctx).Where("id = ? OR identifier = ?", idOrIdentifier, idOrIdentifier).
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

// customersByID reads the customers with these ids.
func (s *Store) customersByID(tx *gorm.DB, ids []string) (map[string]models.Customer, error) {
	byID := map[string]models.Customer{}
	if len(ids) == 0 {
		return byID, nil
	}
	condition, arg := s.oneOf("id", ids)
	var found []models.Customer
	if err := tx.Where(condition, arg).Find(&found).Error; err != nil {
		return nil, err
	}
	for _, c := range found {
		byID[c.ID] = c
	}
	return byID, nil
}

func (s *Store) fillRegistrationTokenCustomers(tx *gorm.DB, rows []models.RegistrationToken) error {
	return fillCustomers(tx, s, rows, func(t *models.RegistrationToken) (string, *models.Customer) { return t.CustomerID, &t.Customer })
}

func (s *Store) fillAuthTokenCustomers(tx *gorm.DB, rows []models.AuthToken) error {
	return fillCustomers(tx, s, rows, func(t *models.AuthToken) (string, *models.Customer) { return t.CustomerID, &t.Customer })
}

func fillCustomers[T any](tx *gorm.DB, s *Store, rows []T, of func(*T) (id string, into *models.Customer)) error {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i], _ = of(&rows[i])
	}
	customers, err := s.customersByID(tx, ids)
	for i := range rows {
		id, into := of(&rows[i])
		*into = customers[id]
	}
	return err
}
