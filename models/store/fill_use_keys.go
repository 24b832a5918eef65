package store

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"

	"muster/models"
)

// fillUseKeys is the migration after use_keys: it gives the auth tokens there
// are the keys that new ones get when they are stored. Go knows networks and
// domains, and SQL would have to be taught.
func fillUseKeys(dialect Dialect) *goose.Migration {
	const batch = 1000
	read := "SELECT id, ip, fqdn, verified_email FROM auth_tokens WHERE id > ? ORDER BY id LIMIT ?"
	write := "UPDATE auth_tokens SET network_key = ?, domain_key = ? WHERE id = ?"
	if dialect == PostgreSQL {
		read = "SELECT id, ip, fqdn, verified_email FROM auth_tokens WHERE id > $1 ORDER BY id LIMIT $2"
		write = "UPDATE auth_tokens SET network_key = $1, domain_key = $2 WHERE id = $3"
	}
	return goose.NewGoMigration(10, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		last := ""
		for {
			found, err := readUses(ctx, tx, read, last, batch)
			if err != nil || len(found) == 0 {
				return err
			}
			for i := range found {
				t := &found[i]
				_, err := tx.ExecContext(ctx, write, models.NetworkOf(t.IP), models.DomainOf(t.VerifiedIdentity, t.ClaimedIdentity), t.ID)
				if err != nil {
					return err
				}
			}
			last = found[len(found)-1].ID
		}
	}}, nil)
}

func readUses(ctx context.Context, tx *sql.Tx, query, after string, limit int) ([]models.AuthToken, error) {
	rows, err := tx.QueryContext(ctx, query, after, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []models.AuthToken
	for rows.Next() {
		var t models.AuthToken
		if err := rows.Scan(&t.ID, &t.IP, &t.FQDN, &t.Email); err != nil {
			return nil, err
		}
		found = append(found, t)
	}
	return found, rows.Err()
}
