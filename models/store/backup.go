package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"muster/models"
)

// BackupTo writes a complete copy of a SQLite database to path, which must not
// exist, while others write. The copy gets its name only when it is complete and
// on disk. KindInvalid for an existing path, and on PostgreSQL, where it names
// pg_dump.
func (s *Store) BackupTo(ctx context.Context, path string) (err error) {
	if s.dialect == PostgreSQL {
		return &models.Error{
			Kind: models.KindInvalid, Code: models.CodeInvalidRequest,
			Message:  "Muster makes backups of SQLite databases only.",
			NextStep: "Use pg_dump --format=custom with the same database URL.",
		}
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return models.InvalidField("path", "The backup file already exists; choose another name.")
	}
	// VACUUM INTO accepts an empty file, so others can never open the copy.
	f, err := os.CreateTemp(filepath.Dir(path), ".muster-backup-*")
	if err != nil {
		return models.InvalidField("path", fmt.Sprintf("The backup file cannot be made: %v.", errors.Unwrap(err)))
	}
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = models.Unavailable(e)
		}
		if err != nil {
			_ = os.Remove(f.Name()) // gone already once renamed
		}
	}()
	// A connection of its own, because the writer must stay free and the readers
	// may not write.
	conn := s.db.Reopen()
	_, err = conn.ExecContext(ctx, "VACUUM INTO ?", f.Name())
	if err = errors.Join(err, conn.Close()); err != nil {
		return s.failure(err, "backup")
	}
	if err := f.Sync(); err != nil {
		return models.Unavailable(err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return models.Unavailable(err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return models.Unavailable(err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return models.Unavailable(err)
	}
	return nil
}
