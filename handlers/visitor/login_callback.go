package visitor

import (
	"cmp"
	"log/slog"
	"net/url"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/internal/rp"
	"muster/models"
	"muster/views/paths"
	"muster/views/telling"
)

// sealIDToken is the purpose for which the provider's ID token is sealed.
const sealIDToken = "session id token"

// Callback finishes the login that this browser started: the relying party checks
// everything, then a new session opens.
func (h *Login) Callback(c echo.Context) error {
	login, err := h.genuineFlow(c)
	switch {
	case web.SessionOf(c) != nil && (err != nil || login.Spent):
		// Reloaded, or gone back to, or a tab came first and its login was dropped.
		return web.Redirect(c, web.ReturnPath(login.Flow.ReturnTo))
	case len(web.CookieNames(c, web.LoginCookie)) == 0:
		return h.withoutFlow(c)
	case err != nil:
		return err
	case login.Spent:
		return lostLogin()
	}
	identity, err := h.Provider.Exchange(c.Request().Context(), login.Flow, c.QueryParams())
	if err == nil {
		err = h.spendFlow(c, login)
	}
	session := web.SessionOf(c)
	if silent := login.Flow.Silent && session != nil; silent && notConfirmed(err) || silent && err == nil && identity.Subject != session.Subject {
		web.ClearCookie(c, flowCookie(login.Flow.State))
		if err := h.EndSession(c, session, models.EndedUnchecked); err != nil {
			return err
		}
		return web.Redirect(c, paths.Login+"?"+url.Values{"return_to": {login.Flow.ReturnTo}}.Encode())
	}
	if err != nil {
		web.ClearCookie(c, flowCookie(login.Flow.State))
		return h.loginFailed(c, err)
	}
	if err := h.keepSpent(c, login); err != nil {
		return err
	}
	if login.Flow.Silent {
		confirmed, err := h.confirmedSilently(c, session, identity)
		if err != nil {
			return err
		}
		if confirmed {
			return web.Redirect(c, web.ReturnPath(login.Flow.ReturnTo))
		}
	}
	if err := h.openSession(c, identity); err != nil {
		return err
	}
	return web.Redirect(c, web.ReturnPath(login.Flow.ReturnTo))
}

// notConfirmed reports that the provider answered, and did not confirm who it is.
func notConfirmed(err error) bool {
	return err != nil && models.ErrorKind(err) == models.KindUnauthenticated
}

// openSession opens a new session. It ends the one the browser had before, so
// that a planted cookie is worthless.
func (h *Login) openSession(c echo.Context, identity *rp.Identity) error {
	if err := h.CountLogins(identity.Issuer + " " + identity.Subject); err != nil {
		return err
	}
	ctx, now := c.Request().Context(), h.Now().UTC()
	secret, digest := web.NewSecret()
	idToken, refreshToken, err := sealedTokens(secret, identity)
	if err != nil {
		return err
	}
	checkAt := now.Add(h.Recheck)
	session := &models.Session{
		Digest: digest, Issuer: identity.Issuer, Subject: identity.Subject, Email: identity.Email,
		Name: cmp.Or(identity.Name, identity.Email, identity.Subject), Role: identity.Role, RoleFinding: identity.RoleFinding,
		ProviderSession: identity.Session, SealedIDToken: idToken, SealedRefreshToken: refreshToken, CheckAt: &checkAt,
		CreatedAt: now, LastActiveAt: now, ExpiresAt: now.Add(h.SessionLife),
	}
	actor := session.Actor(web.Origin(c, models.ChannelPage))
	web.SetActor(c, actor)
	event := web.AuditEvent(c, now, models.AuditLogin, "person", actor.ID, map[string]any{"role": session.Role})
	if old := web.SessionOf(c); old != nil {
		if err := h.Sessions.DeleteSession(ctx, old.Digest, web.AuditEvent(c, now, models.AuditLogout, "person", actor.ID, nil)); err != nil {
			return err
		}
	}
	ended := web.AuditEvent(c, now, models.AuditLogout, "person", actor.ID, map[string]any{"reason": models.EndedByLimit})
	if err := h.Sessions.CreateSession(ctx, session, event, ended); err != nil {
		return err
	}
	h.noteMissingRole(c, identity)
	web.SetSecretCookie(c, web.SessionCookie, secret, h.SessionLife)
	return nil
}

// noteMissingRole writes to the log why somebody has no role; who should have none is
// there, too.
func (h *Login) noteMissingRole(c echo.Context, identity *rp.Identity) {
	claim := h.Provider.RoleClaim()
	found, change := telling.MissingRole(identity.RoleFinding, claim, h.Provider.AsksFor(claim))
	if found == "" {
		return
	}
	h.Logger.LogAttrs(c.Request().Context(), slog.LevelWarn, "signed in without a role",
		slog.String(web.LogRequestID, web.RequestID(c)), slog.String(web.LogActor, web.Actor(c).ID),
		slog.String("claim", claim), slog.String("finding", string(identity.RoleFinding)),
		slog.String("found", found), slog.String("change", change))
}

// loginFailed records a failed login and returns the reason. Anybody can start a
// login and make it fail, so the audit trail takes only a few a minute; the log
// has them all.
func (h *Login) loginFailed(c echo.Context, reason error) error {
	ctx := c.Request().Context()
	h.Logger.LogAttrs(ctx, slog.LevelWarn, "login failed",
		slog.String(web.LogRequestID, web.RequestID(c)), slog.String(web.LogIP, c.RealIP()), slog.Any(web.LogError, reason))
	if h.TooManyFailed(c.RealIP()) {
		return reason
	}
	event := web.AuditEvent(c, h.Now(), models.AuditLoginFailed, "session", "", map[string]any{"code": models.ErrorCode(reason)})
	if err := h.Sessions.AppendAudit(ctx, event); err != nil {
		return err
	}
	return reason
}
