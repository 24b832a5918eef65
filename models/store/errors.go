package store

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/database"
	"muster/models/store/group"
	"muster/models/store/refreshing"
)

// failure is the one place where an error of GORM, of a driver or of a
// context becomes a [models.Error]. thing says what was looked for
// ("registration token"). Driver errors are kept only as text, so that no caller
// can depend on them.
func (s *Store) failure(err error, thing string) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*models.Error](err); ok {
		return e
	}
	if e, ok := errors.AsType[*models.NotAdmitted](err); ok {
		return e
	}
	switch {
	case errors.Is(err, models.ErrNotConsumed), errors.Is(err, models.ErrAnswerKept), errors.Is(err, refreshing.ErrLocked):
		return err
	case errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, sql.ErrNoRows):
		return models.NotFound(thing)
	case database.Unstorable(err):
		// No row can hold such a text.
		return models.NotFound(thing).WithCause(textOf(err))
	case database.NotSQLite(err):
		return models.InvalidField("databaseURL", s.db.Path()+" is not a SQLite database.")
	case errors.Is(err, group.ErrFull):
		return models.Unavailable(group.ErrFull)
	case errors.Is(err, context.DeadlineExceeded):
		return models.Unavailable(context.DeadlineExceeded)
	case errors.Is(err, context.Canceled):
		return models.Unavailable(context.Canceled)
	case database.Unreachable(err):
		return models.Unavailable(textOf(err))
	case database.Duplicate(err):
		return models.Conflict(models.CodeConflict, "This "+thing+" already exists.").WithCause(textOf(err))
	case database.Dangling(err):
		return models.Conflict(models.CodeConflict, "The "+thing+" refers to something that does not exist.").WithCause(textOf(err))
	}
	return (&models.Error{
		Kind: models.KindInternal, Code: models.CodeInternal, Message: "Something went wrong on our side.",
	}).WithCause(textOf(err))
}

func textOf(err error) error { return errors.New("database: " + err.Error()) }
