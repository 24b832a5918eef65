package crowd

import (
	"slices"

	"muster/models/store/database"
)

// index is one that is taken away while rows come: made at once it is quicker.
type index struct{ Name, SQL string }

// asked are indexes that the projector needs while it works.
var asked = []string{
	"auth_tokens_changed", "desk_uses_sighting", "desk_uses_device_alone", "desk_uses_device_several", "desk_uses_person_alone", "desk_uses_person_several",
}

const (
	sqliteIndexes   = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ?"
	postgresIndexes = `SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN ?
	AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)`
)

// without drops the indexes of tables.
func (f *filler) without(tables ...string) ([]index, error) {
	query := sqliteIndexes
	if f.db.Dialect == database.PostgreSQL {
		query = postgresIndexes
	}
	var all []index
	if err := f.write.Raw(query, tables).Scan(&all).Error; err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(i index) bool { return slices.Contains(asked, i.Name) })
	for _, i := range all {
		if err := f.write.Exec("DROP INDEX " + i.Name).Error; err != nil {
			return nil, err
		}
	}
	return all, nil
}

// again makes them.
func (f *filler) again(bare []index) error {
	for n, i := range bare {
		f.report(Progress{"indexes", n, len(bare)})
		if err := f.write.Exec(i.SQL).Error; err != nil {
			return err
		}
	}
	return nil
}
