package admin

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/words"
)

// RegistrationTokens serves the list of registration tokens and their forms.
type RegistrationTokens struct {
	Read    RegistrationTokenReader
	Figures RegistrationTokenFigures
	Tokens  RegistrationTokenService
	Forms   *OneTimeForms
	Frame   *web.Frame
	Now     func(c echo.Context) time.Time
	// LimitExports counts the exports of an actor.
	LimitExports func(actorID string) error
	// BaseURL is the public address, for links and commands with a secret.
	BaseURL string
	// MaxTokenLifetime bounds the expiry; zero for no bound.
	MaxTokenLifetime time.Duration
}

// RegistrationTokenReader reads registration tokens.
type RegistrationTokenReader interface {
	RegistrationToken(ctx context.Context, v seen.Viewer, id string) (*seen.RegistrationToken, error)
	RegistrationTokens(ctx context.Context, v seen.Viewer, f models.RegistrationTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.RegistrationToken], error)
	SeveralCustomers(ctx context.Context) (bool, error)
	Exported(ctx context.Context, v seen.Viewer, kind string, narrowed map[string]string) error
	trailReader
}

// RegistrationTokenFigures counts registration tokens and their auth tokens.
type RegistrationTokenFigures interface {
	RegistrationTokenStatusCounts(ctx context.Context, now time.Time) (map[models.Status]int, error)
	AttentionCount(ctx context.Context, now time.Time) (int, error)
	LiveAuthTokenCount(ctx context.Context, registrationTokenID string, now time.Time) (int, error)
}

// RegistrationTokenService creates and changes registration tokens.
type RegistrationTokenService interface {
	CreateRegistrationToken(ctx context.Context, actor models.Actor, settings models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error)
	UpdateRegistrationToken(ctx context.Context, actor models.Actor, id string, settings models.RegistrationTokenSettings) (*models.RegistrationToken, error)
	ReplaceRegistrationToken(ctx context.Context, actor models.Actor, id string, settings models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error)
	DeleteRegistrationToken(ctx context.Context, actor models.Actor, id string, d models.RegistrationTokenDeletion) (deletedAuthTokens int, err error)
	EditRegistrationTokens(ctx context.Context, actor models.Actor, ids []string, change models.SelectionChange, expected int) (models.SelectionEdit, error)
	UndoRegistrationTokens(ctx context.Context, actor models.Actor, requestID string) (models.SelectionEdit, error)
	DisableRegistrationTokens(ctx context.Context, actor models.Actor, ids []string) (models.SelectionResult, error)
	DeleteRegistrationTokens(ctx context.Context, actor models.Actor, ids []string, d models.RegistrationTokenDeletion) (models.SelectionResult, error)
}

// token reads the registration token that the address names.
func (h *RegistrationTokens) token(c echo.Context) (*seen.RegistrationToken, error) {
	return h.Read.RegistrationToken(c.Request().Context(), web.Viewer(c), c.Param("id"))
}

var registrationTokensLink = layout.Link{Label: "Registration tokens", URL: paths.RegistrationTokens}

// registrationTokenForm is [formFrame] below the page of a registration token.
func registrationTokenForm(
	c echo.Context, frame *web.Frame, t *seen.RegistrationToken, action string, failed error, renamed map[string]string,
) (layout.Page, web.FormFailure, error) {
	trail := []layout.Link{{Label: t.Identifier, URL: paths.RegistrationToken(t.ID)}, {Label: action}}
	return formFrame(c, frame, registrationTokensLink, layout.NavRegistrationTokens, action+" "+t.Identifier, failed, renamed, trail...)
}

// errDeleted refuses to change a registration token that is deleted.
func errDeleted(t *seen.RegistrationToken, consequence string, now time.Time) error {
	return models.Conflict(models.CodeRegistrationTokenDeleted,
		"This registration token was deleted on "+words.InSentence(*t.DeletedAt, now)+"; "+consequence)
}
