package handlers

import (
	"cmp"

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
	flow, err := h.takeFlow(c)
	if err != nil {
		return h.loginFailed(c, err)
	}
	identity, err := h.provider.Exchange(c.Request().Context(), flow, c.QueryParams())
	if err != nil {
		return h.loginFailed(c, err)
	}
	if err := h.openSession(c, identity); err != nil {
		return err
	}
	return redirect(c, returnPath(flow.ReturnTo))
}

// openSession makes a new session; one the browser had before dies with it,
// so that a planted cookie is worth nothing (SECURITY R34).
func (h *authHandler) openSession(c echo.Context, identity *rp.Identity) error {
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
func (h *authHandler) loginFailed(c echo.Context, reason error) error {
	event := h.auditEvent(c, models.AuditLoginFailed, "session", "")
	event.Detail = detail(map[string]string{"code": string(models.ErrorCode(reason))})
	if err := h.store.AppendAudit(c.Request().Context(), event); err != nil {
		return err
	}
	return reason
}
