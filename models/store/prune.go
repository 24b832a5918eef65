package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/pruning"
)

// Prune removes sessions, logins, forms and grants that have expired at now, kept
// answers older than models.KeptAnswerLifetime, and refused attempts older than
// retention, whose number the trail records. Tokens, the ledger and the trail itself
// are never removed. It works in small transactions, and leaves the work to another
// replica that is at it; KindUnavailable when ctx ends before all is removed.
func (s *Store) Prune(ctx context.Context, now time.Time, retention time.Duration) error {
	p := pruning.Pruner{Change: s.alone, Now: s.opts.Now, Trail: func(tx *gorm.DB, event models.AuditEvent) (err error) {
		if event.ID, err = s.newID(now); err != nil {
			return err
		}
		return appendAudit(tx, event)
	}}
	return s.failure(s.db.OnOneReplica(ctx, "prune", func() error { return p.Prune(ctx, now, now.Add(-retention)) }), "row")
}
