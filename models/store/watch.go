package store

import (
	"time"

	"muster/models/store/database"
)

// The changes that share transactions, as [WithCommitted] and [Store.Queued] name them.
const (
	Redemptions = "redemptions"
	Refreshes   = "refreshes"
)

// WithCommitted sets what learns of each transaction that redemptions, or refreshes,
// shared: how many did, and how long it took.
func WithCommitted(committed func(of string, changes int, took time.Duration)) Option {
	return func(s *Store) { s.committed = committed }
}

// watchGroups passes on what their transactions tell.
func (s *Store) watchGroups() {
	if s.committed == nil {
		return
	}
	s.redemptions.Committed = func(changes int, took time.Duration) { s.committed(Redemptions, changes, took) }
	s.refreshes.Committed = func(changes int, took time.Duration) { s.committed(Refreshes, changes, took) }
}

// Queued is how many redemptions and refreshes wait for a transaction.
func (s *Store) Queued() map[string]int {
	return map[string]int{Redemptions: s.redemptions.Depth(), Refreshes: s.refreshes.Depth()}
}

// crowd is how many redemptions and refreshes at once make what nobody waits for step
// aside: devices come faster than they are answered.
const crowd = 24

func (s *Store) crowded() bool { return s.redemptions.InHand()+s.refreshes.InHand() >= crowd }

// Pools are the connections to the database, and who waits for one.
func (s *Store) Pools() []database.Pool { return s.db.Pools() }
