package handlers

import (
	"cmp"
	"log/slog"

	"github.com/labstack/echo/v4"

	"muster/internal/rp"
	"muster/internal/seal"
	"muster/models"
)

// sealIDToken is the purpose the provider's ID token is sealed for.
const sealIDToken = "session id token"

// callback finishes a login: it takes the flow this browser started, lets the
// relying party check everything, and opens a fresh session.
func (h *authHandler) callback(c echo.Context) error {
	login, err := h.genuineFlow(c)
	if err != nil {
		return err
	}
	clearCookie(c, loginCookie)
	identity, err := h.provider.Exchange(c.Request().Context(), login.Flow, c.QueryParams())
	if err == nil {
		err = h.spendFlow(c, login)
	}
	if err != nil {
		return h.loginFailed(c, err)
	}
	if err := h.openSession(c, identity); err != nil {
		return err
	}
	return redirect(c, returnPath(login.Flow.ReturnTo))
}

// openSession makes a new session; one the browser had before dies with it,
// so that a planted cookie is worth nothing (SECURITY R34).
func (h *authHandler) openSession(c echo.Context, identity *rp.Identity) error {
	if err := h.logins.count(identity.Issuer + " " + identity.Subject); err != nil {
		return err
	}
	ctx, now := c.Request().Context(), h.now().UTC()
	secret, digest := newCookieSecret()
	sealed, err := seal.Seal(secret, sealIDToken, []byte(identity.IDToken))
	if err != nil {
		return err
	}
	session := &models.Session{
		Digest: digest, Issuer: identity.Issuer, Subject: identity.Subject, Email: identity.Email,
		Name: cmp.Or(identity.Name, identity.Email, identity.Subject), Role: identity.Role,
		SealedIDToken: sealed, CreatedAt: now, LastActiveAt: now, ExpiresAt: now.Add(sessionAbsolute),
	}
	setActor(c, models.Actor{
		Kind: models.ActorPerson, ID: session.Issuer + " " + session.Subject, Name: session.Name,
		Role: session.Role, Permissions: session.Role.Permissions(), Origin: originOf(c, models.ChannelPage),
	})
	event := h.auditEvent(c, models.AuditLogin, "person", session.Issuer+" "+session.Subject)
	event.Detail = detail(map[string]string{"role": string(session.Role)})
	if old := sessionOf(c); old != nil {
		if err := h.store.DeleteSession(ctx, old.Digest, h.auditEvent(c, models.AuditLogout, "person", event.ObjectID)); err != nil {
			return err
		}
	}
	if err := h.store.CreateSession(ctx, session, event); err != nil {
		return err
	}
	setCookie(c, sessionCookie, secret, sessionAbsolute)
	return nil
}

// loginFailed records a login that did not work, and passes the reason on.
// Anybody can start a login and spoil it, so the trail takes only so many a
// minute; the log has them all.
func (h *authHandler) loginFailed(c echo.Context, reason error) error {
	ctx := c.Request().Context()
	h.logger.LogAttrs(ctx, slog.LevelWarn, "login failed",
		slog.String(logRequestID, requestID(c)), slog.String(logIP, c.RealIP()), slog.Any(logError, reason))
	if h.failedLogins.count(c.RealIP()) > 0 {
		return reason
	}
	event := h.auditEvent(c, models.AuditLoginFailed, "session", "")
	event.Detail = detail(map[string]string{"code": string(models.ErrorCode(reason))})
	if err := h.store.AppendAudit(ctx, event); err != nil {
		return err
	}
	return reason
}
