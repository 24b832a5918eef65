package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// healthz says that the process answers.
func (s *Server) healthz(c echo.Context) error {
	noStore(c)
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// readyz says that requests may come: the database answers, its schema is
// ours, a signing key is published, and no stop is under way.
func (s *Server) readyz(c echo.Context) error {
	ctx := c.Request().Context()
	if s.draining.Load() {
		return models.Unavailable(nil)
	}
	if err := s.store.Ping(ctx); err != nil {
		return models.Unavailable(err)
	}
	if err := s.store.SchemaCurrent(ctx); err != nil {
		return models.Unavailable(err)
	}
	if _, err := s.tokens.JWKS(ctx); err != nil {
		return models.Unavailable(err)
	}
	noStore(c)
	return c.JSON(http.StatusOK, map[string]string{"status": "ready"})
}
