package store

import (
	"context"
	"crypto/rand"
	"database/sql"
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
	"muster/models/store/evidence"
	"muster/models/store/projection"
)

// Dialect names the database behind a [Store].
type Dialect string

// The dialects.
const (
	SQLite     Dialect = "sqlite"
	PostgreSQL Dialect = "postgres"
)

// Store is the database. It is safe for concurrent use; [Store.Close] it.
type Store struct {
	dialect Dialect
	// write is the only handle that changes anything; on SQLite it has one
	// connection, so inside a transaction only the transaction's handle may
	// be used. On PostgreSQL both are the same pool.
	write, read *gorm.DB
	pools       []*sql.DB
	path        string // of the SQLite file
	log         *slog.Logger
	lowerFormat string // how a column is folded for searching
	maxConns    int    // 0 for the default
	busy        time.Duration

	patience        time.Duration
	serviceAccounts []string
	projector       *projection.Projector
	evidence        *evidence.Reader

	randomMu sync.Mutex
	random   io.Reader
}

// Option changes how [Open] works.
type Option func(*Store)

// WithLogger makes the store log each statement at debug level, with
// placeholders and never with bound values. The default logs nothing.
func WithLogger(log *slog.Logger) Option { return func(s *Store) { s.log = log } }

// WithRandom sets the source of the ids the store makes itself (audit events
// and reclaims of a deletion). The default is crypto/rand.
func WithRandom(r io.Reader) Option { return func(s *Store) { s.random = r } }

// WithMaxConns sets the largest number of connections: for reading on SQLite
// (default 4), in total on PostgreSQL (default 16).
func WithMaxConns(n int) Option { return func(s *Store) { s.maxConns = n } }

// WithBusyTimeout sets how long a change waits for others: in total for the one
// writer of SQLite, for each lock on PostgreSQL; default 5 s.
func WithBusyTimeout(d time.Duration) Option { return func(s *Store) { s.busy = d } }

const urlHelp = "Use sqlite:///absolute/path/muster.db (three slashes) or postgres://user:password@host:5432/database."

// Open connects to the database of databaseURL and checks that it answers. It
// does not migrate. A SQLite file and its directory are created, readable by
// their owner alone. KindInvalid, naming the fix, for a URL that cannot be
// used; KindUnavailable when the database does not answer.
func Open(ctx context.Context, databaseURL string, opts ...Option) (*Store, error) {
	s := &Store{random: rand.Reader, busy: 5 * time.Second, patience: deskPatience}
	for _, opt := range opts {
		opt(s)
	}
	scheme, _, _ := strings.Cut(databaseURL, ":")
	var err error
	switch scheme {
	case "sqlite":
		err = s.openSQLite(ctx, databaseURL)
	case "postgres", "postgresql":
		err = s.openPostgres(ctx, databaseURL)
	case "":
		err = models.InvalidField("databaseURL", "No database URL is given. "+urlHelp)
	default:
		err = models.InvalidField("databaseURL", "The database URL has an unknown scheme. "+urlHelp)
	}
	if err != nil {
		return nil, errors.Join(s.failure(err, "database"), s.Close())
	}
	s.projector = projection.New(deskDatabase{s}, s.serviceAccounts)
	s.evidence = evidence.NewReader(names.New(s.serviceAccounts...))
	return s, nil
}

// Close ends all connections.
func (s *Store) Close() error {
	var errs []error
	for _, pool := range s.pools {
		errs = append(errs, pool.Close())
	}
	return errors.Join(errs...)
}

// Dialect tells which database this is.
func (s *Store) Dialect() Dialect { return s.dialect }

// Ping checks that the database answers; KindUnavailable. It does not queue
// for SQLite's writer: a busy database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.failure(s.read.WithContext(ctx).Raw("SELECT 1").Scan(&one).Error, "database")
}

func (s *Store) gorm(dialector gorm.Dialector) (*gorm.DB, error) {
	return gorm.Open(dialector, &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true, // transactions are explicit
		QueryFields:            true, // a column added by a newer release must not break an older one
		NowFunc:                func() time.Time { return time.Now().UTC() },
		Logger:                 statementLogger{log: s.log},
	})
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
