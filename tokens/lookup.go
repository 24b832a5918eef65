package tokens

import (
	"context"
	"crypto/subtle"
	"time"

	"muster/models"

	"muster/tokens/secrets"
)

// LookupRegistrationToken finds one by its secret. Every look-up is audited, even
// if it finds nothing. The actor needs PermissionRegistrationTokenRead.
// KindNotFound; see [IsGuess].
func (s *Service) LookupRegistrationToken(ctx context.Context, actor models.Actor, secret models.Secret) (*models.RegistrationToken, error) {
	if err := actor.Require(models.PermissionRegistrationTokenRead); err != nil {
		return nil, err
	}
	now := s.now()
	token, notFound, err := s.findRegistrationToken(ctx, secret)
	if err != nil {
		return nil, err
	}
	objectID := ""
	if token != nil {
		objectID = token.ID
	}
	err = s.audit(ctx, now, actor, models.AuditRegistrationTokenLookedUp, models.ObjectRegistrationToken, objectID, map[string]any{"found": token != nil})
	if err != nil {
		return nil, err
	}
	if token == nil {
		return nil, models.NotFound("registration token").WithCause(notFound)
	}
	return token, nil
}

// SecretStanding is what kind of secret of an auth token was presented.
type SecretStanding string

// The standings. They do not say whether the auth token is live.
const (
	SecretCurrentRefreshToken SecretStanding = "current_refresh_token"
	SecretOldRefreshToken     SecretStanding = "old_refresh_token"
	SecretAccessToken         SecretStanding = "access_token"
	SecretExpiredAccessToken  SecretStanding = "expired_access_token"
)

// LookupAuthToken finds an auth token by any refresh token of its family, however
// old, or by an access token, even an expired one, and says which it was. It is
// audited and changes nothing else. The actor needs PermissionAuthTokenRead.
// KindNotFound; see [IsGuess].
func (s *Service) LookupAuthToken(ctx context.Context, actor models.Actor, secret models.Secret) (*models.AuthToken, SecretStanding, error) {
	if err := actor.Require(models.PermissionAuthTokenRead); err != nil {
		return nil, "", err
	}
	now := s.now()
	token, standing, err := s.findAuthToken(ctx, secret, now)
	if err != nil && !isKind(err, models.KindNotFound) {
		return nil, "", err
	}
	objectID, detail := "", map[string]any{"found": token != nil}
	if token != nil {
		objectID, detail["secret"] = token.ID, standing
	}
	if failure := s.audit(ctx, now, actor, models.AuditAuthTokenLookedUp, models.ObjectAuthToken, objectID, detail); failure != nil {
		return nil, "", failure
	}
	return token, standing, err
}

// findAuthToken finds an auth token by one of its secrets, in any state. A look-up
// is not a use: an old refresh token ends nothing here.
func (s *Service) findAuthToken(ctx context.Context, secret models.Secret, now time.Time) (*models.AuthToken, SecretStanding, error) {
	parsed, err := secrets.Parse(secrets.RefreshToken, secret.Reveal())
	if err != nil {
		return s.findByAccessToken(ctx, secret, now)
	}
	token, err := s.store.AuthToken(ctx, parsed.ID)
	if isKind(err, models.KindNotFound) || err == nil && standingOf(parsed, token.Family(), now) == standingGuess {
		return nil, "", models.NotFound("auth token").WithCause(errGuess)
	}
	if err != nil {
		return nil, "", err
	}
	if subtle.ConstantTimeCompare(token.RefreshDigest, parsed.Digest()) == 1 {
		return token, SecretCurrentRefreshToken, nil
	}
	return token, SecretOldRefreshToken, nil
}

func (s *Service) findByAccessToken(ctx context.Context, secret models.Secret, now time.Time) (*models.AuthToken, SecretStanding, error) {
	claims, ok, err := s.keys.Signed(ctx, secret, now)
	if err != nil {
		return nil, "", err
	}
	if !ok {
		return nil, "", models.NotFound("auth token")
	}
	token, err := s.store.AuthToken(ctx, claims.Subject)
	if err != nil {
		return nil, "", err
	}
	if now.Before(claims.Expiry.Time()) {
		return token, SecretAccessToken, nil
	}
	return token, SecretExpiredAccessToken, nil
}
