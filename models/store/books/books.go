// Package books proves that the rows of the database fit each other.
package books

import (
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// Finding is an inconsistent row; see [Check].
type Finding struct {
	Table   string
	ID      string
	Problem string
}

// checkQuery is SQL that selects the id and the problem of each inconsistent row.
type checkQuery struct{ table, sql string }

const ledgerQuery = `SELECT t.id AS id,
	'used count ' || t.used_count || ', redemption count ' || t.redemption_count || ', count ' || t.count ||
	'; the ledger has ' || COALESCE(r.n, 0) || ' redemptions up to number ' || COALESCE(r.highest, 0) ||
	' and ' || COALESCE(c.n, 0) || ' reclaims' AS problem
FROM registration_tokens t
LEFT JOIN (SELECT registration_token_id, COUNT(*) AS n, MIN(use_number) AS lowest, MAX(use_number) AS highest
	FROM redemptions GROUP BY registration_token_id) r ON r.registration_token_id = t.id
LEFT JOIN (SELECT registration_token_id, COUNT(*) AS n FROM reclaims GROUP BY registration_token_id) c
	ON c.registration_token_id = t.id
WHERE t.used_count <> COALESCE(r.n, 0) - COALESCE(c.n, 0)
	OR t.redemption_count <> COALESCE(r.n, 0)
	OR COALESCE(r.highest, 0) <> COALESCE(r.n, 0)
	OR COALESCE(r.lowest, 1) <> 1
	OR t.used_count < 0 OR t.used_count > t.count`

var checkQueries = []checkQuery{
	{"registration_tokens", ledgerQuery},
	{"registration_tokens", `SELECT t.id AS id, 'its customer ' || t.customer_id || ' does not exist' AS problem
FROM registration_tokens t LEFT JOIN customers c ON c.id = t.customer_id WHERE c.id IS NULL`},
	{"registration_tokens", `SELECT t.id AS id, 'it names the successor ' || t.replaced_by_id || ', which does not refer back to it' AS problem
FROM registration_tokens t LEFT JOIN registration_tokens n ON n.id = t.replaced_by_id AND n.replaces_id = t.id
WHERE t.replaced_by_id IS NOT NULL AND n.id IS NULL`},
	{"registration_tokens", `SELECT t.id AS id, 'it replaces ' || t.replaces_id || ', which does not refer back to it' AS problem
FROM registration_tokens t LEFT JOIN registration_tokens p ON p.id = t.replaces_id AND p.replaced_by_id = t.id
WHERE t.replaces_id IS NOT NULL AND p.id IS NULL`},
	{"redemptions", `SELECT r.id AS id, 'its auth token ' || r.auth_token_id || ' does not exist or belongs to another redemption' AS problem
FROM redemptions r LEFT JOIN auth_tokens a ON a.id = r.auth_token_id
	AND a.redemption_id = r.id AND a.registration_token_id = r.registration_token_id
WHERE a.id IS NULL`},
	{"redemptions", `SELECT r.id AS id, 'its registration token ' || r.registration_token_id || ' does not exist' AS problem
FROM redemptions r LEFT JOIN registration_tokens t ON t.id = r.registration_token_id WHERE t.id IS NULL`},
	{"auth_tokens", `SELECT a.id AS id, 'its redemption ' || a.redemption_id || ' does not exist or belongs to another auth token' AS problem
FROM auth_tokens a LEFT JOIN redemptions r ON r.id = a.redemption_id AND r.auth_token_id = a.id
WHERE r.id IS NULL`},
	{"auth_tokens", `SELECT a.id AS id, 'its count is marked reclaimed, but the ledger has no reclaim' AS problem
FROM auth_tokens a LEFT JOIN reclaims c ON c.auth_token_id = a.id
WHERE a.count_reclaimed AND c.id IS NULL`},
	{"reclaims", `SELECT c.id AS id, 'its auth token ' || c.auth_token_id || ' is not a deleted one marked reclaimed, of the same redemption' AS problem
FROM reclaims c LEFT JOIN auth_tokens a ON a.id = c.auth_token_id AND a.deleted_at IS NOT NULL AND a.count_reclaimed
	AND a.redemption_id = c.redemption_id AND a.registration_token_id = c.registration_token_id
WHERE a.id IS NULL`},
}

// Check proves the books: used = redemptions - reclaims for each registration
// token, use numbers without gaps, an auth token for each redemption and a
// redemption for each auth token, reclaims for deleted auth tokens only, and
// valid references; on SQLite also the file itself. It returns every inconsistent
// row.
func Check(tx *gorm.DB, sqlite bool) ([]Finding, error) {
	var findings []Finding
	for _, q := range checkQueries {
		var rows []Finding
		if err := tx.Raw(q.sql).Scan(&rows).Error; err != nil {
			return nil, err
		}
		for _, row := range rows {
			findings = append(findings, Finding{Table: q.table, ID: row.ID, Problem: row.Problem})
		}
	}
	if !sqlite {
		return findings, nil
	}
	more, err := checkSQLiteFile(tx)
	return append(findings, more...), err
}

func checkSQLiteFile(tx *gorm.DB) ([]Finding, error) {
	var findings []Finding
	var dangling []struct {
		Table  string
		RowID  *int64 `gorm:"column:rowid"`
		Parent string
	}
	if err := tx.Raw("PRAGMA foreign_key_check").Scan(&dangling).Error; err != nil {
		return nil, err
	}
	for _, d := range dangling {
		id := "unknown"
		if d.RowID != nil {
			id = fmt.Sprintf("rowid %d", *d.RowID)
		}
		findings = append(findings, Finding{Table: d.Table, ID: id, Problem: "it refers to a row of " + d.Parent + " that does not exist"})
	}
	var lines []string
	if err := tx.Raw("PRAGMA integrity_check").Scan(&lines).Error; err != nil {
		return nil, err
	}
	if text := strings.Join(lines, "; "); text != "ok" {
		findings = append(findings, Finding{Table: "sqlite", ID: "file", Problem: text})
	}
	return findings, nil
}
