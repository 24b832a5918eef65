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
)

// RegistrationTokens are the pages of registration tokens.
type RegistrationTokens struct {
	Read    RegistrationTokenReader
	Figures RegistrationTokenFigures
	Tokens  RegistrationTokenService
	Forms   *OneTimeForms
	Frame   *web.Frame
	Now     func() time.Time
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
}

// RegistrationTokenFigures counts.
type RegistrationTokenFigures interface {
	RegistrationTokenStatusCounts(ctx context.Context, now time.Time) (map[models.Status]int, error)
	AttentionCount(ctx context.Context, now time.Time) (int, error)
	LiveAuthTokenCount(ctx context.Context, registrationTokenID string, now time.Time) (int, error)
}

// RegistrationTokenService makes and changes registration tokens.
type RegistrationTokenService interface {
	CreateRegistrationToken(ctx context.Context, actor models.Actor, settings models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error)
	UpdateRegistrationToken(ctx context.Context, actor models.Actor, id string, settings models.RegistrationTokenSettings) (*models.RegistrationToken, error)
	ReplaceRegistrationToken(ctx context.Context, actor models.Actor, id string, settings models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error)
	DeleteRegistrationToken(ctx context.Context, actor models.Actor, id string, d models.RegistrationTokenDeletion) (deletedAuthTokens int, err error)
	DisableRegistrationTokens(ctx context.Context, actor models.Actor, ids []string) (models.SelectionResult, error)
	DeleteRegistrationTokens(ctx context.Context, actor models.Actor, ids []string, d models.RegistrationTokenDeletion) (models.SelectionResult, error)
}

// token reads the one of the address.
func (h *RegistrationTokens) token(c echo.Context) (*seen.RegistrationToken, error) {
	return h.Read.RegistrationToken(c.Request().Context(), web.Viewer(c), c.Param("id"))
}

// belowRegistrationTokens starts a page below the list of registration tokens.
func belowRegistrationTokens(c echo.Context, frame *web.Frame, title string, trail ...layout.Link) (layout.Page, error) {
	list := layout.Link{Label: "Registration tokens", URL: paths.RegistrationTokens}
	return frame.Below(c, list, title, layout.NavRegistrationTokens, trail...)
}

// belowRegistrationToken starts a page below that of a registration token: a
// form that may have failed.
func belowRegistrationToken(c echo.Context, frame *web.Frame, t *seen.RegistrationToken, does string, failure web.FormFailure) (layout.Page, error) {
	page, err := belowRegistrationTokens(c, frame, does+" "+t.Identifier, layout.Link{Label: t.Identifier, URL: paths.RegistrationToken(t.ID)}, layout.Link{Label: does})
	page.Notices = append(page.Notices, failure.Notices...)
	return page, err
}
