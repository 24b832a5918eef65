package tokens

import (
	"context"
	"time"

	"muster/models"
	"muster/tokens/secrets"
	"muster/tokens/signing"
)

// touchInterval is how often introspection records that an auth token was seen.
const touchInterval = time.Minute

// ClientID is the only client there is, a public one.
const ClientID = signing.ClientID

// HintRefreshToken is the token_type_hint (RFC 7009 section 2.1) without which no
// refresh token is active.
const HintRefreshToken = "refresh_token"

// Introspect follows RFC 7662: anything that is not live is inactive, which is not
// an error. A refresh token is active only for who asks for one by the hint: a resource
// server that lets in whatever is active must not take it for an access token. The actor
// needs PermissionIntrospect.
func (s *Service) Introspect(ctx context.Context, actor models.Actor, token models.Secret, hint string) (Introspection, error) {
	if err := actor.Require(models.PermissionIntrospect); err != nil {
		return Introspection{}, err
	}
	now := s.now()
	if parsed, err := secrets.Parse(secrets.RefreshToken, token.Reveal()); err == nil {
		return s.introspectRefreshToken(ctx, parsed, hint == HintRefreshToken, now)
	}
	return s.introspectAccessToken(ctx, token, now)
}

func (s *Service) introspectAccessToken(ctx context.Context, token models.Secret, now time.Time) (Introspection, error) {
	claims, ok, err := s.keys.Verify(ctx, token, now)
	if err != nil || !ok {
		return Introspection{}, err
	}
	t, err := s.store.Standing(ctx, claims.Subject)
	if isKind(err, models.KindNotFound) {
		return Introspection{}, nil
	}
	if err != nil || t.State(now) != models.AuthTokenLive {
		return Introspection{}, err
	}
	if err := s.touch(ctx, t); err != nil {
		return Introspection{}, err
	}
	return Introspection{
		Active: true, TokenType: "access_token",
		Subject: claims.Subject, ClientID: claims.ClientID, Issuer: claims.Issuer, Audience: s.cfg.Audience,
		Customer: claims.Customer, JTI: claims.JTI,
		ExpiresAt: claims.Expiry.Time().UTC(), IssuedAt: claims.IssuedAt.Time().UTC(),
		Holder: t,
	}, nil
}

func (s *Service) introspectRefreshToken(ctx context.Context, parsed secrets.Parsed, askedFor bool, now time.Time) (Introspection, error) {
	t, err := s.store.Family(ctx, parsed.ID)
	if isKind(err, models.KindNotFound) {
		return Introspection{Guess: true}, nil
	}
	if err != nil {
		return Introspection{}, err
	}
	// Introspecting an old refresh token is not using it, so nothing is ended here.
	switch standingOf(parsed, t, now) {
	case standingCurrent, standingPrevious:
	case standingGuess:
		return Introspection{Guess: true}, nil
	default:
		return Introspection{}, nil
	}
	if !askedFor {
		return Introspection{}, nil
	}
	if err := s.touch(ctx, &t.Standing); err != nil {
		return Introspection{}, err
	}
	issuedAt := t.CreatedAt
	if t.RotatedAt != nil {
		issuedAt = *t.RotatedAt
	}
	return Introspection{
		Active: true, TokenType: "refresh_token",
		Subject: t.ID, ClientID: signing.ClientID, Issuer: s.cfg.Issuer, // no Audience: it is for us alone
		Customer: t.CustomerIdentifier, ExpiresAt: t.IdleExpiresAt, IssuedAt: issuedAt,
		Holder: &t.Standing,
	}, nil
}

// Revoke follows RFC 7009: either token deletes its auth token, and an unknown one
// is no error. guess is true if it was a guess (rule 11): the answer hides that,
// but the limit on guesses needs it.
func (s *Service) Revoke(ctx context.Context, token models.Secret, origin models.Origin) (guess bool, err error) {
	now := s.now()
	var id string
	parsed, err := secrets.Parse(secrets.RefreshToken, token.Reveal())
	isRefresh := err == nil
	if isRefresh {
		id = parsed.ID
	} else {
		claims, ok, err := s.keys.Verify(ctx, token, now)
		if err != nil || !ok {
			return false, err
		}
		id = claims.Subject
	}
	t, err := s.store.AuthToken(ctx, id)
	if isKind(err, models.KindNotFound) {
		return isRefresh, nil
	}
	if err != nil {
		return false, err
	}
	// Any refresh token of the family is accepted: the holder of an old one could
	// end the auth token anyway, by refreshing.
	if isRefresh && standingOf(parsed, t.Family(), now) == standingGuess {
		return true, nil
	}
	if t.DeletedAt != nil {
		return false, nil
	}
	actor := deviceActor(t.ID, t.ClaimedIdentity, cleanOrigin(origin))
	const reason = "revoked by its holder"
	_, err = s.deleteAuthTokens(ctx, actor, "its holder", models.AuthTokenDeletion{
		Filter: models.AuthTokenFilter{IDs: []string{t.ID}}, Reason: reason,
	}, Change{RegistrationTokenID: t.RegistrationTokenID, AuthTokenID: t.ID, Kind: ChangeAuthTokenDeleted}, now)
	return false, err
}
