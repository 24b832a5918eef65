package models

import "time"

// DefaultCustomerID is the id of the customer every fresh install has.
const DefaultCustomerID = "default"

// Customer is the organisation a registration token belongs to.
type Customer struct {
	ID         string `gorm:"primaryKey"`
	Identifier string
	Name       string
	CreatedAt  time.Time
}
