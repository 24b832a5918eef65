package database

import "database/sql"

// Pool is what a pool of connections is doing.
type Pool struct {
	Name string // of what it is for
	sql.DBStats
}

// pool is one of the database.
type pool struct {
	name string
	*sql.DB
}

// Pools are those of the database: on SQLite one that writes and two that read, on
// PostgreSQL two that do both. The one that is called hot is for what devices ask.
func (d *Database) Pools() []Pool {
	pools := make([]Pool, len(d.pools))
	for i, p := range d.pools {
		pools[i] = Pool{p.name, p.Stats()}
	}
	return pools
}
