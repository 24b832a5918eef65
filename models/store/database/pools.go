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

// Pools are those of the database: one that writes, one that reads for pages, and one
// that is called hot, for what devices ask (which on PostgreSQL writes as well). Of
// all connections to PostgreSQL, devices have a quarter, and what writes another one and the
// two by which replicas hear of each other.
func (d *Database) Pools() []Pool {
	pools := make([]Pool, len(d.pools))
	for i, p := range d.pools {
		pools[i] = Pool{p.name, p.Stats()}
	}
	return pools
}
