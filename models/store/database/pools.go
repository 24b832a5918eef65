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

// Pools are those of the database: one that changes what there is (write on SQLite,
// changes on PostgreSQL), one that reads for pages, and one that is called hot, for what
// devices ask, where it also writes on PostgreSQL. Of all connections to PostgreSQL,
// devices have a quarter; changes have another one, and the two that replicas hear of each
// other on.
func (d *Database) Pools() []Pool {
	pools := make([]Pool, len(d.pools))
	for i, p := range d.pools {
		pools[i] = Pool{p.name, p.Stats()}
	}
	return pools
}
