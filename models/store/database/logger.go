package database

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm/logger"
)

// statementLogger hands GORM's statements to slog at debug level, without
// their bound values.
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

// The dialectors below explain a statement without its bound values. A filter in
// the logger is not enough: GORM's Scan bypasses it.
type (
	sqliteDialector   struct{ *sqlite.Dialector }
	postgresDialector struct{ *postgres.Dialector }
)

// Explain implements gorm.Dialector.
func (sqliteDialector) Explain(statement string, _ ...any) string { return statement }

// Explain implements gorm.Dialector.
func (postgresDialector) Explain(statement string, _ ...any) string { return statement }
