// Package migrations holds the steps that made the schema what it is, and
// imports nothing of this repository: a step that was released does for good
// what it did then, however the rest changes. Most are SQL, a file for each
// dialect; what SQL would have to be taught is Go.
package migrations

import (
	"embed"

	"github.com/pressly/goose/v3"
)

// Files are the steps in SQL, in a directory named for each dialect.
//
//go:embed sqlite postgres
var Files embed.FS

// Postgres is the directory of PostgreSQL's steps.
const Postgres = "postgres"

// InGo are the steps in Go.
func InGo(dialect string) []*goose.Migration {
	return []*goose.Migration{fillUseKeys(dialect)}
}
