package tokens_test

import (
	"context"
	"path/filepath"
	"testing"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"muster/models"
	"muster/models/store"
	"muster/tokens"
)

// naiveStore is what a first draft would do: one connection for everything,
// GORM as it comes, and a change is read the row, decide in Go, save it whole.
// The tables and the rows written are ours, so that the service above it
// makes the same secrets, signatures, ledger and trail. Keys, which are kept
// in memory after the first use, come from the embedded store.
type naiveStore struct {
	*store.Store
	db *gorm.DB
}

// naiveOptions are how the one connection is opened.
const (
	// sqliteDefaults is a rollback journal and BEGIN DEFERRED, as SQLite and
	// its driver come; only the foreign keys are switched on.
	sqliteDefaults = "_journal_mode=DELETE&_foreign_keys=on&_loc=UTC"
	// ourPragmas are those of models/store.
	ourPragmas = "_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=5000&_foreign_keys=on&_loc=UTC"
)

// newNaiveRig is the service over a naive store.
func newNaiveRig(b *testing.B, options string) *rig {
	b.Helper()
	r := newRig(b)
	path := filepath.Join(b.TempDir(), "naive.db")
	schema, err := store.Open(b.Context(), "sqlite://"+path)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := schema.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := schema.Close(); err != nil {
		b.Fatal(err)
	}
	db, err := gorm.Open(sqlite.Open("file:"+path+"?"+options), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		b.Fatal(err)
	}
	pool, err := db.DB()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = pool.Close() })
	pool.SetMaxOpenConns(1)
	r.Service = r.service(naiveStore{r.db, db})
	return r
}

var _ tokens.Store = naiveStore{}

func (s naiveStore) CreateRegistrationToken(ctx context.Context, token *models.RegistrationToken, event models.AuditEvent, _ ...models.Expectation) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(token).Error; err != nil {
			return err
		}
		return tx.Create(&event).Error
	})
}

func (s naiveStore) RegistrationToken(ctx context.Context, id string) (*models.RegistrationToken, error) {
	return s.registrationToken(ctx, "id = ?", id)
}

func (s naiveStore) RegistrationTokenByDigest(ctx context.Context, digest []byte) (*models.RegistrationToken, error) {
	return s.registrationToken(ctx, "secret_digest = ?", digest)
}

func (s naiveStore) registrationToken(ctx context.Context, condition string, arg any) (*models.RegistrationToken, error) {
	var t models.RegistrationToken
	if err := s.db.WithContext(ctx).First(&t, condition, arg).Error; err != nil {
		return nil, err
	}
	return &t, s.db.WithContext(ctx).First(&t.Customer, "id = ?", t.CustomerID).Error
}

func (s naiveStore) Customer(ctx context.Context, id string) (*models.Customer, error) {
	var c models.Customer
	return &c, s.db.WithContext(ctx).First(&c, "id = ?", id).Error
}

// Redeem reads, decides and writes in one transaction.
func (s naiveStore) Redeem(ctx context.Context, id string, rows func() models.Consumption) (*models.Consumption, error) {
	r := rows()
	return &r, s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var t models.RegistrationToken
		if err := tx.First(&t, "id = ?", id).Error; err != nil {
			return err
		}
		now := r.Redemption.RedeemedAt
		if t.DeletedAt != nil || t.DisabledAt != nil || !now.Before(t.ExpiresAt) || t.UsedCount >= t.Count {
			return models.ErrNotConsumed
		}
		t.UsedCount++
		t.RedemptionCount++
		t.LastRedeemedAt = &now
		if err := tx.Save(&t).Error; err != nil {
			return err
		}
		r.Redemption.UseNumber = t.RedemptionCount
		if err := tx.Create(&r.Redemption).Error; err != nil {
			return err
		}
		if err := tx.Create(&r.AuthToken).Error; err != nil {
			return err
		}
		return tx.Create(&r.Event).Error
	})
}

func (s naiveStore) AuthToken(ctx context.Context, id string) (*models.AuthToken, error) {
	var t models.AuthToken
	if err := s.db.WithContext(ctx).First(&t, "id = ?", id).Error; err != nil {
		return nil, err
	}
	return &t, s.db.WithContext(ctx).First(&t.Customer, "id = ?", t.CustomerID).Error
}

// RotateRefreshToken reads, decides and writes in one transaction.
func (s naiveStore) RotateRefreshToken(ctx context.Context, id string, rotation func() models.Rotation) (done bool, err error) {
	r := rotation()
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var t models.AuthToken
		if err := tx.First(&t, "id = ?", id).Error; err != nil {
			return err
		}
		if string(t.RefreshDigest) != string(r.Presented) || t.State(r.At) != models.AuthTokenLive {
			return nil
		}
		t.PreviousDigest, t.RefreshDigest, t.SealedSuccessor = r.Presented, r.Successor, r.SealedSuccessor
		t.Generation++
		t.RotatedAt, t.IdleExpiresAt = &r.At, r.IdleExpiresAt
		t.LastSeenAt, t.LastSeenIP = r.At, r.IP
		if t.FirstUsedAt == nil {
			t.FirstUsedAt = &r.At
		}
		done = true
		return tx.Save(&t).Error
	})
	return done, err
}
