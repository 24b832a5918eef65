package store

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
	"muster/models/store/bulk"
	"muster/models/store/database"
	"muster/models/store/evidence"
	"muster/models/store/group"
	"muster/models/store/listing"
	"muster/models/store/projection"
	"muster/models/store/redeeming"
	"muster/models/store/refreshing"
	"muster/models/store/usegroups"
)

// Dialect names the database behind a [Store].
type Dialect = database.Dialect

// The dialects.
const (
	SQLite     = database.SQLite
	PostgreSQL = database.PostgreSQL
)

// Store is the database. It is safe for concurrent use; [Store.Close] it.
type Store struct {
	db *database.Database
	// dialect, write and read are those of db.
	dialect     Dialect
	write, read *gorm.DB
	texts       listing.Texts

	opts            database.Options
	patience        time.Duration
	serviceAccounts []string
	rules           names.Rules // with the service accounts
	redemptions     *group.Changes[*redeeming.Redemption]
	refresher       refreshing.Writer
	refreshes       *group.Changes[*refreshing.Change]
	standings       *group.Changes[*wanted[models.Standing]]
	families        *group.Changes[*wanted[models.Family]]
	projector       *projection.Projector
	evidence        *evidence.Reader
	useGroups       *usegroups.Reader
	committed       func(of string, changes int, took time.Duration)

	randomMu sync.Mutex
	random   io.Reader
}

// Option changes how [Open] works.
type Option func(*Store)

// WithLogger makes the store log each statement at debug level, with
// placeholders and never with bound values. The default logs nothing.
func WithLogger(log *slog.Logger) Option { return func(s *Store) { s.opts.Log = log } }

// WithRandom sets the source of the ids the store makes itself (audit events
// and reclaims of a deletion). The default is crypto/rand.
func WithRandom(r io.Reader) Option { return func(s *Store) { s.random = r } }

// WithMaxConns sets the largest number of connections: for the reading of pages on
// SQLite (default 4), in total on PostgreSQL (default 20; see [database.Database.Pools]).
func WithMaxConns(n int) Option { return func(s *Store) { s.opts.MaxConns = n } }

// WithBusyTimeout sets how long a change waits for others: in total for the one
// writer of SQLite, for each lock on PostgreSQL; default 5 s.
func WithBusyTimeout(d time.Duration) Option { return func(s *Store) { s.opts.Busy = d } }

// Open connects to the database of databaseURL and checks that it answers. It
// does not migrate. A SQLite file and its directory are created, readable by
// their owner alone. KindInvalid, naming the fix, for a URL that cannot be
// used; KindUnavailable when the database does not answer.
func Open(ctx context.Context, databaseURL string, opts ...Option) (*Store, error) {
	s := &Store{random: rand.Reader, opts: database.Options{Busy: 5 * time.Second, Now: time.Now}, patience: deskPatience}
	for _, opt := range opts {
		opt(s)
	}
	var err error
	if s.db, err = database.Open(ctx, databaseURL, s.opts); err != nil {
		return nil, errors.Join(s.failure(err, "database"), s.Close())
	}
	s.dialect, s.write, s.read, s.texts = s.db.Dialect, s.db.Write, s.db.Read, listing.NewTexts(s.db)
	var numbered []bulk.Column
	if s.dialect == SQLite { // PostgreSQL numbers a row before it is written
		numbered = []bulk.Column{{Name: "changed", Value: "(SELECT COALESCE(MAX(changed), 0) + 1 FROM auth_tokens)"}}
	}
	w := redeeming.Writer{Locks: s.dialect == PostgreSQL, Redeemable: string(redeemable), Numbered: numbered}
	s.redemptions = group.New(s.hot, w.One, w.Together)
	s.refresher = refreshing.Writer{Locks: s.dialect == PostgreSQL, Live: string(live), Numbered: numbered}
	s.refreshes = group.New(s.hot, s.refresher.Unlocked, s.refresher.Together)
	s.standings = lookUps(s, standings, func(t *models.Standing) string { return t.ID })
	s.families = lookUps(s, families, func(t *models.Family) string { return t.ID })
	s.rules = names.New(s.serviceAccounts...)
	s.projector = projection.New(deskDatabase{s}, s.serviceAccounts, s.opts.Now)
	s.projector.Crowded = s.crowded
	s.evidence = evidence.NewReader(s.rules)
	s.useGroups = usegroups.NewReader()
	s.watchGroups()
	return s, nil
}

// Close ends all connections.
func (s *Store) Close() error { return s.db.Close() }

// Dialect tells which database this is.
func (s *Store) Dialect() Dialect { return s.dialect }

// Ping checks that the database answers; KindUnavailable. It does not queue
// for SQLite's writer: a busy database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.failure(s.read.WithContext(ctx).Raw("SELECT 1").Scan(&one).Error, "database")
}

// newID makes a lower-case ULID of the operation's time.
func (s *Store) newID(now time.Time) (string, error) {
	s.randomMu.Lock()
	defer s.randomMu.Unlock()
	id, err := ulid.New(ulid.Timestamp(now), s.random)
	if err != nil {
		return "", err
	}
	return strings.ToLower(id.String()), nil
}
