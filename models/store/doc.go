// Package store keeps Muster's data in SQLite or PostgreSQL, using GORM.
//
// It imports models and packages of its own, nothing else of this repository, and
// returns no error of GORM or of a driver: see errors.go. Each method
// that changes something is one transaction, the audit events included, or a part of
// the one that its context carries: see joined.go. Start with open.go, then redeem.go,
// which holds the statement that takes a count; the tables are in migrations, one file
// per step and dialect.
//
// Times are bound in UTC and cut to microseconds on both dialects, because
// SQLite compares them as text.
package store
