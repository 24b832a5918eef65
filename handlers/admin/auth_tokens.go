package admin

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
)

// AuthTokens serves the list of all auth tokens, their labels and their deletion.
type AuthTokens struct {
	Read   AuthTokenReader
	Tokens AuthTokenService
	Frame  *web.Frame
	Now    func(c echo.Context) time.Time
	// LimitExports counts the exports of an actor.
	LimitExports func(actorID string) error
	// AccessTokenTTL is how long an access token outlives the deletion of its
	// auth token.
	AccessTokenTTL time.Duration
}

// AuthTokenReader reads auth tokens and the registration tokens they came from.
type AuthTokenReader interface {
	AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
	AuthTokens(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.AuthToken], error)
	AuthTokenCounts(ctx context.Context, v seen.Viewer, filters []models.AuthTokenFilter, most int, now time.Time) ([]models.Total, error)
	Remedied(ctx context.Context, v seen.Viewer, registrationTokenID string, kind models.FindingKind, now time.Time) (seen.Remedied, error)
	AuthTokenFilter(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter) (models.AuthTokenFilter, error)
	RegistrationToken(ctx context.Context, v seen.Viewer, id string) (*seen.RegistrationToken, error)
	RegistrationTokensByID(ctx context.Context, v seen.Viewer, ids []string) ([]seen.RegistrationToken, error)
	Exported(ctx context.Context, v seen.Viewer, kind string, narrowed map[string]string) error
	trailReader
}

// AuthTokenService changes and deletes auth tokens.
type AuthTokenService interface {
	UpdateAuthToken(ctx context.Context, actor models.Actor, id string, labels models.AuthTokenLabels) (*models.AuthToken, error)
	DeleteAuthTokens(ctx context.Context, actor models.Actor, d models.AuthTokenDeletion) (models.AuthTokenDeletionResult, error)
}
