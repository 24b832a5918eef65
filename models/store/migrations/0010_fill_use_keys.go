package migrations

import (
	"context"
	"database/sql"
	"net/netip"
	"strings"

	"github.com/pressly/goose/v3"
)

// fillUseKeys is the step after use_keys: it gives existing auth tokens the network
// and domain keys that new ones got when it was written.
func fillUseKeys(dialect string) *goose.Migration {
	const batch = 1000
	read := "SELECT id, ip, fqdn, verified_email FROM auth_tokens WHERE id > ? ORDER BY id LIMIT ?"
	write := "UPDATE auth_tokens SET network_key = ?, domain_key = ? WHERE id = ?"
	if dialect == postgres {
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
			for _, u := range found {
				if _, err := tx.ExecContext(ctx, write, networkOf(u.ip), domainOf(u.fqdn, u.email), u.id); err != nil {
					return err
				}
			}
			last = found[len(found)-1].id
		}
	}}, nil)
}

type use struct{ id, ip, fqdn, email string }

func readUses(ctx context.Context, tx *sql.Tx, query, after string, limit int) ([]use, error) {
	rows, err := tx.QueryContext(ctx, query, after, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []use
	for rows.Next() {
		var u use
		if err := rows.Scan(&u.id, &u.ip, &u.fqdn, &u.email); err != nil {
			return nil, err
		}
		found = append(found, u)
	}
	return found, rows.Err()
}

// domainOf was the domain of the host name without its subdomains, else that
// of the e-mail.
func domainOf(fqdn, email string) string {
	if _, domain, ok := strings.Cut(strings.Trim(fqdn, ". "), "."); ok {
		return registrable(domain)
	}
	if _, domain, ok := strings.Cut(email, "@"); ok {
		return registrable(domain)
	}
	return ""
}

// registrable guessed at public suffixes: two labels, three below a country's
// short second level.
func registrable(domain string) string {
	labels := strings.Split(strings.ToLower(strings.Trim(domain, ".")), ".")
	keep := 2
	if n := len(labels); n > 2 && len(labels[n-1]) == 2 && len(labels[n-2]) <= 3 {
		keep = 3
	}
	return strings.Join(labels[max(0, len(labels)-keep):], ".")
}

// networkOf was the /16 of an address, or its /48 for IPv6.
func networkOf(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	bits := 16
	if address = address.Unmap(); address.Is6() {
		bits = 48
	}
	return netip.PrefixFrom(address.WithZone(""), bits).Masked().String()
}
