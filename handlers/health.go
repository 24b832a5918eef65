package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

// healthz says that the process answers.
func (s *Server) healthz(c echo.Context) error {
	web.NoStore(c)
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// readyz says that requests may come: the database answers, its schema is current,
// a signing key is published, and the server is not stopping.
func (s *Server) readyz(c echo.Context) error {
	ctx := c.Request().Context()
	if s.draining.Load() {
		return models.Unavailable(nil)
	}
	for _, ready := range []func(context.Context) error{s.store.Ping, s.store.SchemaCurrent, s.keyPublished} {
		if err := ready(ctx); err != nil {
			return models.Unavailable(err)
		}
	}
	web.NoStore(c)
	return c.JSON(http.StatusOK, map[string]string{"status": "ready"})
}

// keyPublished is nil when resource servers find a key to verify with.
func (s *Server) keyPublished(ctx context.Context) error {
	raw, err := s.tokens.JWKS(ctx)
	if err != nil {
		return err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		return err
	}
	if len(set.Keys) == 0 {
		return errors.New("no signing key is published")
	}
	return nil
}
