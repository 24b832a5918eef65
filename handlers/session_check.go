package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

const (
	// sessionCheckLease is how long a check may take, and how soon one that brought no
	// answer is tried again.
	sessionCheckLease = 30 * time.Second
	// sessionCheckEarly is how much earlier a form is due than a page, so that the page
	// which it leads to is not: it could not leave for the provider.
	sessionCheckEarly = time.Minute
)

// due reports whether the provider is to be asked about a session by a time.
func due(session *models.Session, at time.Time) bool {
	return session.CheckAt == nil || !at.Before(*session.CheckAt)
}

// confirmed is the session, if the login provider still confirms it: when it is due, one
// request asks by the refresh token. A session has one role from its login to its end;
// another one ends it. A provider that does not answer ends nothing.
func (s *Server) confirmed(c echo.Context, session *web.Session) (*web.Session, error) {
	now := s.now().UTC()
	if !due(session.Session, now) || session.SealedRefreshToken == nil {
		return session, nil
	}
	// A client that goes away must not lose the new refresh token.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), sessionCheckLease)
	defer cancel()
	taken, err := s.store.TakeSessionCheck(ctx, session.Digest, session.CheckAt, now.Add(sessionCheckLease))
	if err != nil || !taken {
		return session, err
	}
	who, err := s.login.Refresh(ctx, session)
	switch {
	case models.ErrorKind(err) == models.KindUnavailable && err != nil:
		s.logger.LogAttrs(ctx, slog.LevelWarn, "session not checked", slog.String(web.LogActor, session.Person().ActorID()), slog.Any(web.LogError, err))
		return session, nil
	case err != nil:
		s.logger.LogAttrs(ctx, slog.LevelInfo, "session not confirmed", slog.String(web.LogActor, session.Person().ActorID()), slog.Any(web.LogError, err))
		return nil, s.login.EndSession(c, session, models.EndedUnchecked)
	case who.Role != session.Role:
		return nil, s.login.EndSession(c, session, models.EndedByRole)
	}
	return session, s.login.Renew(ctx, session, who)
}

// asksSilently reports whether a session is due and only a login can confirm it. One goes
// on while the provider does not answer: who was sent there would be stranded.
func (s *Server) asksSilently(c echo.Context, session *web.Session) (bool, error) {
	now := s.now().UTC()
	at := now
	if c.Request().Method == http.MethodPost {
		at = now.Add(sessionCheckEarly)
	}
	if !due(session.Session, at) || session.SealedRefreshToken != nil {
		return false, nil
	}
	ctx := c.Request().Context()
	if s.provider.Answers(ctx) {
		return true, nil
	}
	_, err := s.store.TakeSessionCheck(ctx, session.Digest, session.CheckAt, now.Add(sessionCheckLease))
	return false, err
}
