//go:build nextrelease

package migrations

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// next is what the next release might add: the test of upgrades without a pause runs
// it while this release serves.
var next = []*goose.Migration{
	goose.NewGoMigration(9001, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		for _, statement := range []string{
			"ALTER TABLE registration_tokens ADD COLUMN next_text VARCHAR(20) NOT NULL DEFAULT ''",
			"ALTER TABLE auth_tokens ADD COLUMN next_text VARCHAR(20) NOT NULL DEFAULT ''",
			"ALTER TABLE redemptions ADD COLUMN next_time TIMESTAMP",
			"CREATE TABLE next_things (id VARCHAR(26) PRIMARY KEY, registration_token_id VARCHAR(26) NOT NULL REFERENCES registration_tokens (id))",
			"CREATE INDEX auth_tokens_next ON auth_tokens (next_text)",
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}}, nil),
}
