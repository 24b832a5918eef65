package database

import "database/sql"

// Pool is what a pool of connections is doing.
type Pool struct {
	Name string // of what it is for
	sql.DBStats
}

// Pools are those of the database: on SQLite one that writes and one that reads.
func (d *Database) Pools() []Pool {
	names := []string{"all"}
	if d.Dialect == SQLite {
		names = []string{"write", "read"}
	}
	pools := make([]Pool, len(d.pools))
	for i, pool := range d.pools {
		name := "other"
		if i < len(names) {
			name = names[i]
		}
		pools[i] = Pool{name, pool.Stats()}
	}
	return pools
}
