package store

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"muster/models"
)

// BackupTo writes a complete copy of a SQLite database to path, which must not
// exist, while others write. The copy gets its name only when it is complete and
// on disk. KindInvalid for an existing path, and on PostgreSQL, where it names
// pg_dump.
func (s *Store) BackupTo(ctx context.Context, path string) error {
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
	return s.failure(s.db.CopyTo(ctx, path), "backup")
}
