package handlers

import (
	"context"
	"time"

	"muster/handlers/admin"
	"muster/handlers/desk"
	"muster/handlers/visitor"
	"muster/handlers/web"
	"muster/models"
	"muster/seen"
)

// Store is what the server and its rooms need. Whatever changes a token goes
// through the token service instead.
type Store interface {
	seen.Store
	web.Notices
	visitor.SessionStore
	visitor.PreferenceStore
	admin.NonceStore
	admin.RegistrationTokenFigures
	desk.OverviewFigures
	desk.RegistrationTokenFigures
	desk.Grants

	Session(ctx context.Context, digest []byte) (*models.Session, error)
	TakeSessionCheck(ctx context.Context, digest []byte, due *time.Time, until time.Time) (taken bool, err error)
	TouchSession(ctx context.Context, digest []byte, now time.Time) error
	Ping(ctx context.Context) error
	SchemaCurrent(ctx context.Context) error
}
