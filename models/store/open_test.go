package store_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

func TestOpen_RefusesOtherURLsAndNamesTheFix(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "muster.db", "sqlite:muster.db", "sqlite://muster.db", "sqlite://relative/muster.db", "sqlite:///dir/", "sqlite:///a.db?mode=ro",
		"sqlite://:memory:", "mysql://localhost/muster", "postgres://user:hunter2@host:port/db", "/var/lib/muster.db",
	} {
		s, err := store.Open(t.Context(), url)
		if s != nil || models.ErrorKind(err) != models.KindInvalid || err == nil {
			t.Errorf("%q: %v", url, err)
			continue
		}
		if !strings.Contains(err.Error(), "sqlite:///") && !strings.Contains(err.Error(), "postgres://") {
			t.Errorf("%q does not name the fix: %v", url, err)
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error holds the password: %v", err)
		}
	}
}

func TestOpen_UnreachablePostgreSQLIsUnavailable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(t.Context(), "postgres://muster:hunter2@"+address+"/muster")
	if models.ErrorKind(err) != models.KindUnavailable || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a server that is not there: %v", err)
	}
}

func TestOpen_SQLiteFileIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new dir #1", "muster 100%.db")
	_, err := store.Open(t.Context(), "sqlite://"+path)
	if models.ErrorKind(err) != models.KindInvalid { // no # in a URL of ours
		t.Errorf("a path with #: %v", err)
	}
	path = filepath.Join(t.TempDir(), "new dir", "muster 100%.db")
	s := storetest.Open(t, "sqlite://"+path)
	fill(t, s)
	for name, want := range map[string]fs.FileMode{filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, %v; want %v", name, info.Mode(), err, want)
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"} {
		got, err := s.Strings(t.Context(), "PRAGMA "+pragma)
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s is %v, %v; want %s", pragma, got, err, want)
		}
	}
}

func TestWrites_BusySQLiteIsUnavailableAndChangesNothing(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	s := storetest.Open(t, url, store.WithBusyTimeout(50*time.Millisecond))
	fill(t, s)
	other := storetest.Open(t, url)
	if err := other.Exec(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	err := redeem(t.Context(), s, newConsumption("t", "4"))
	if models.ErrorKind(err) != models.KindUnavailable {
		t.Errorf("a busy database: %v", err)
	}
	if _, err := s.RegistrationToken(t.Context(), "t"); err != nil {
		t.Errorf("reading while another writes: %v", err)
	}
	if err := other.Exec(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := redeem(t.Context(), s, newConsumption("t", "4")); err != nil {
		t.Errorf("after the other is done: %v", err)
	}
}

func TestWrites_FullDatabaseIsUnavailableThenRecovers(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	fill(t, s)
	pages, err := s.Strings(t.Context(), "PRAGMA page_count")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Exec(t.Context(), "PRAGMA max_page_count = "+pages[0]); err != nil {
		t.Fatal(err)
	}
	token := newToken("large", 5)
	token.Note = strings.Repeat("note ", 200_000)
	err = s.CreateRegistrationToken(t.Context(), token, newEvent("full"))
	if models.ErrorKind(err) != models.KindUnavailable {
		t.Errorf("a full database: %v", err)
	}
	if findings, err := s.Check(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("check on a full database: %v, %v", findings, err)
	}
	if err := s.Exec(t.Context(), "PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	if err := s.CreateRegistrationToken(t.Context(), token, newEvent("full")); err != nil {
		t.Errorf("with space again: %v", err)
	}
}

func TestWrites_WaitForTheWriterEndsWithTheContext(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	fill(t, s)
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	err := redeem(ctx, s, newConsumption("t", "4"))
	if models.ErrorKind(err) != models.KindUnavailable || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("past the deadline: %v", err)
	}
}

func TestErrors_NoneOfADriverLeavesTheStore(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	for _, c := range []struct {
		err  error
		want models.Kind
	}{
		{gorm.ErrRecordNotFound, models.KindNotFound},
		{gorm.ErrDuplicatedKey, models.KindConflict},
		{gorm.ErrForeignKeyViolated, models.KindConflict},
		{gorm.ErrCheckConstraintViolated, models.KindInternal},
		{sqlite3.Error{Code: sqlite3.ErrBusy}, models.KindUnavailable},
		{sqlite3.Error{Code: sqlite3.ErrLocked}, models.KindUnavailable},
		{sqlite3.Error{Code: sqlite3.ErrFull}, models.KindUnavailable},
		{sqlite3.Error{Code: sqlite3.ErrIoErr}, models.KindUnavailable},
		{sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintUnique}, models.KindConflict},
		{sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintCheck}, models.KindInternal},
		{&pgconn.PgError{Code: "57P01"}, models.KindUnavailable},
		{&pgconn.PgError{Code: "53100"}, models.KindUnavailable},
		{&pgconn.PgError{Code: "40P01"}, models.KindUnavailable},
		{&pgconn.PgError{Code: "23505"}, models.KindConflict},
		{&pgconn.PgError{Code: "23503"}, models.KindConflict},
		{&pgconn.PgError{Code: "42601"}, models.KindInternal},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, models.KindUnavailable},
		{context.Canceled, models.KindUnavailable},
		{errors.New("odd"), models.KindInternal},
	} {
		err := s.Failure(c.err, "thing")
		if models.ErrorKind(err) != c.want {
			t.Errorf("%v became %v; want kind %s", c.err, err, c.want)
		}
		if errors.Is(err, c.err) && !errors.Is(c.err, context.Canceled) {
			t.Errorf("%v can still be reached through %v", c.err, err)
		}
	}
	known := models.NotFound("thing")
	if got := s.Failure(known, "other"); !errors.Is(got, known) {
		t.Errorf("an error of ours became %v", got)
	}
}

func TestBackup_WholeCopyUnderLoad(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	fill(t, s)
	done := make(chan error, 1)
	if err := s.CreateRegistrationToken(t.Context(), newToken("load", 100), newEvent("load")); err != nil {
		t.Fatal(err)
	}
	go func() {
		for i := range 100 {
			if err := redeem(t.Context(), s, newConsumption("load", "load "+string(rune('A'+i)))); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := s.BackupTo(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("redeeming during the backup: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy: %v, %v", info, err)
	}
	if err := s.BackupTo(t.Context(), path); models.ErrorKind(err) != models.KindInvalid {
		t.Errorf("over an existing file: %v", err)
	}
	if err := s.BackupTo(t.Context(), filepath.Join(path, "no", "such", "dir")); models.ErrorKind(err) != models.KindInvalid {
		t.Errorf("into a directory that is not there: %v", err)
	}
	restored := storetest.Open(t, "sqlite://"+path)
	if token, err := restored.RegistrationToken(t.Context(), "t"); err != nil || token.UsedCount != 2 {
		t.Errorf("the restored token is %+v, %v", token, err)
	}
	if findings, err := restored.Check(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("check of the copy: %v, %v", findings, err)
	}
}

func TestBackup_PostgreSQLNamesPgDump(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Postgres(t))
	err := s.BackupTo(t.Context(), filepath.Join(t.TempDir(), "copy"))
	if models.ErrorKind(err) != models.KindInvalid || !strings.Contains(nextStep(err), "pg_dump") {
		t.Errorf("%v", err)
	}
}

func TestWrites_LostPostgreSQLConnectionsAreUnavailableThenRecover(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s, other := storetest.Open(t, url), storetest.Open(t, url)
	fill(t, s)
	err := other.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	if err != nil {
		t.Fatal(err)
	}
	// A pool may notice by itself, or the call may be the one to fail.
	_, checked := s.Check(t.Context())
	for _, err := range []error{redeem(t.Context(), s, newConsumption("t", "4")), checked} {
		if err != nil && models.ErrorKind(err) != models.KindUnavailable {
			t.Errorf("over a lost connection: %v", err)
		}
	}
	if err := redeem(t.Context(), s, newConsumption("t", "5")); err != nil {
		t.Errorf("over a new connection: %v", err)
	}
	if findings, err := s.Check(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("check: %v, %v", findings, err)
	}
}

func TestOpen_NamesAFileThatIsNoDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, bytes.Repeat([]byte("not a database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), "sqlite://"+path)
	if err == nil {
		err = s.SchemaCurrent(t.Context())
		_ = s.Close()
	}
	if models.ErrorKind(err) != models.KindInvalid || !strings.Contains(err.Error(), path+" is not a SQLite database") {
		t.Errorf("%v", err)
	}
}
