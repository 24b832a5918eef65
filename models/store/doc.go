// Package store keeps Muster's data in SQLite or PostgreSQL, using GORM.
//
// It imports models and its own migrations, nothing else of this repository, and
// returns no error of GORM or of a driver: see errors.go. Each method
// that changes something is one transaction, the audit events included. Start
// with open.go, then redeem.go, which holds the statement that takes a count;
// the tables are in migrations, one file per step and dialect.
//
// Times are bound in UTC and cut to microseconds on both dialects, because
// SQLite compares them as text.
package store
