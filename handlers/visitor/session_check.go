package visitor

import (
	"context"
	"net/url"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/internal/rp"
	"muster/internal/seal"
	"muster/models"
	"muster/views/paths"
)

// sealRefreshToken is the purpose for which the provider's refresh token is sealed.
const sealRefreshToken = "session refresh token"

// paramSilent asks for a login that the person does not see.
const paramSilent = "silent"

// SilentLogin is the address of a login that confirms a session and leads back to a path.
func SilentLogin(returnTo string) string {
	return paths.Login + "?" + url.Values{"return_to": {returnTo}, paramSilent: {"1"}}.Encode()
}

// sealedTokens are the provider's tokens under the session's own secret.
func sealedTokens(secret []byte, who *rp.Identity) (idToken, refreshToken []byte, err error) {
	if idToken, err = seal.Seal(secret, sealIDToken, []byte(who.IDToken)); err != nil || who.RefreshToken == "" {
		return idToken, nil, err
	}
	refreshToken, err = seal.Seal(secret, sealRefreshToken, []byte(who.RefreshToken))
	return idToken, refreshToken, err
}

// Refresh asks the provider about a session by its refresh token.
func (h *Login) Refresh(ctx context.Context, session *web.Session) (*rp.Identity, error) {
	idToken, err := seal.Open(session.Secret, sealIDToken, session.SealedIDToken)
	if err != nil {
		return nil, lostLogin().WithCause(err)
	}
	refreshToken, err := seal.Open(session.Secret, sealRefreshToken, session.SealedRefreshToken)
	if err != nil {
		return nil, lostLogin().WithCause(err)
	}
	return h.Provider.Refresh(ctx, string(refreshToken), string(idToken))
}

// Renew keeps what the provider said about a session that it confirms.
func (h *Login) Renew(ctx context.Context, session *web.Session, who *rp.Identity) error {
	idToken, refreshToken, err := sealedTokens(session.Secret, who)
	if err != nil {
		return err
	}
	return h.Sessions.RenewSession(ctx, session.Digest, models.SessionProof{
		SealedIDToken: idToken, SealedRefreshToken: refreshToken, CheckAt: h.Now().UTC().Add(h.Recheck),
	})
}

// EndSession ends a session that nobody logged out of.
func (h *Login) EndSession(c echo.Context, session *web.Session, reason string) error {
	caller, person := web.Actor(c), session.Actor(web.Origin(c, models.ChannelPage))
	web.SetActor(c, person)
	event := web.AuditEvent(c, h.Now(), models.AuditLogout, "person", person.ID, map[string]any{"reason": reason})
	web.SetActor(c, caller) // nobody any more
	if err := h.Sessions.DeleteSession(context.WithoutCancel(c.Request().Context()), session.Digest, event); err != nil {
		return err
	}
	h.EndStreams(session.Digest)
	return nil
}

// confirmedSilently finishes a login that the person did not see. The session goes on if
// it is still theirs, in the same role.
func (h *Login) confirmedSilently(c echo.Context, session *web.Session, who *rp.Identity) (bool, error) {
	if session == nil || session.Role != who.Role || session.Issuer != who.Issuer || session.Subject != who.Subject {
		return false, nil
	}
	return true, h.Renew(c.Request().Context(), session, who)
}
