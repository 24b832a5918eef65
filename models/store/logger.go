package store

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/gorm/logger"
)

// statementLogger hands GORM's statements to slog at debug level. Bound values
// are dropped before the statement is put together.
type statementLogger struct{ log *slog.Logger }

// LogMode implements logger.Interface; the level is slog's business.
func (l statementLogger) LogMode(logger.LogLevel) logger.Interface { return l }

// Info implements logger.Interface. GORM's messages may hold values.
func (l statementLogger) Info(context.Context, string, ...any) {}

// Warn implements logger.Interface. GORM's messages may hold values.
func (l statementLogger) Warn(context.Context, string, ...any) {}

// Error implements logger.Interface. GORM's messages may hold values.
func (l statementLogger) Error(context.Context, string, ...any) {}

// Trace implements logger.Interface.
func (l statementLogger) Trace(ctx context.Context, begin time.Time, fc func() (string, int64), _ error) {
	if l.log == nil || !l.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	statement, rows := fc()
	l.log.DebugContext(ctx, "sql", "statement", statement, "rows", rows, "duration", time.Since(begin))
}

// ParamsFilter implements gorm.ParamsFilter.
func (l statementLogger) ParamsFilter(_ context.Context, statement string, _ ...any) (string, []any) {
	return statement, nil
}
