package store_test

import (
	"strings"
	"testing"

	"muster/models/store/storetest"
)

// SQLite looks for the children of a row whenever a row is written that a deferred
// foreign key points to, and when one is deleted: without an index it reads their
// whole table each time. Redeeming once fell to five a second so.
func TestSchema_ForeignKeysHaveAnIndex(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	without, err := s.Strings(t.Context(), `SELECT t.name || '.' || f."from"
		FROM sqlite_master AS t, pragma_foreign_key_list(t.name) AS f
		WHERE t.type = 'table' AND NOT EXISTS (
			SELECT 1 FROM pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c WHERE c.seqno = 0 AND c.name = f."from")
		AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) AS p WHERE p.pk = 1 AND p.name = f."from")
		ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	// A customer comes with no trigger, so nobody looks for its auth tokens then; and
	// none is ever deleted.
	if got := strings.Join(without, ", "); got != "auth_tokens.customer_id" {
		t.Errorf("these foreign keys are found by reading the whole table: %s", got)
	}
}
