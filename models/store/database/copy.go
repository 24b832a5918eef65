package database

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"muster/models"
)

// CopyTo writes a complete copy of a SQLite database to a path, which must not exist,
// while others write. The copy gets its name only when it is complete and on disk.
func (d *Database) CopyTo(ctx context.Context, path string) (err error) {
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
	conn := d.Reopen()
	_, err = conn.ExecContext(ctx, "VACUUM INTO ?", f.Name())
	if err = errors.Join(err, conn.Close()); err != nil {
		return err
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
