package tokens

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"muster/models"
)

// Redeem trades a registration token for an auth token. The order is PRODUCT
// rule 2: credential, body, idempotency replay, state; a count is taken last, by
// one guarded statement. Errors say what the caller may know (rule 12) and carry
// a support code: KindUnauthenticated (see [IsGuess]), KindForbidden, KindGone,
// KindConflict, and KindInvalid with the fields of the body and
// [IdempotencyKeyField]. KindUnavailable says whether a count may have been
// taken.
func (s *Service) Redeem(ctx context.Context, r RedeemRequest) (*IssuedAuthToken, error) {
	now := s.now()
	token, wrong, err := s.findRegistrationToken(ctx, r.Secret)
	if err != nil {
		return nil, err
	}
	if token == nil || token.DeletedAt != nil {
		return nil, s.refuse(ctx, r, token, unknownOrDeleted(token, wrong), now)
	}
	if err := checkRedeemRequest(r); err != nil {
		return nil, s.refuse(ctx, r, token, refusal{reason: models.CodeInvalidRequest, answer: err}, now)
	}
	issued, refused, err := s.redeem(ctx, r, token)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return nil, s.refuse(ctx, r, token, *refused, s.now())
	}
	return issued, nil
}

// findRegistrationToken finds the token of a presented secret, deleted ones
// included. Without one, wrong says what was wrong with the secret; err is a
// failure of the store.
func (s *Service) findRegistrationToken(ctx context.Context, secret models.Secret) (token *models.RegistrationToken, wrong, err error) {
	parsed, err := ParseSecret(SecretRegistrationToken, secret.Reveal())
	if err != nil {
		return nil, err, nil
	}
	digest := parsed.Digest()
	token, err = s.store.RegistrationTokenByDigest(ctx, digest)
	if isKind(err, models.KindNotFound) {
		return nil, errGuess, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if subtle.ConstantTimeCompare(token.SecretDigest, digest) != 1 {
		return nil, errGuess, nil
	}
	return token, nil, nil
}

// checkRedeemRequest judges body and idempotency key, all fields at once.
func checkRedeemRequest(r RedeemRequest) error {
	if r.Malformed != nil {
		return r.Malformed
	}
	c := checker{fields: r.Claimed.Check()}
	for _, f := range claimedFields(&r.Claimed) {
		c.add(secretHeld(f.name, *f.value))
	}
	c.add(checkIdempotencyKey(r.IdempotencyKey))
	return c.err()
}

// redeem replays, refuses or consumes. Each turn decides on a fresh reading;
// another turn is needed only when the row changed in between, for instance
// by a reclaim.
func (s *Service) redeem(ctx context.Context, r RedeemRequest, token *models.RegistrationToken) (*IssuedAuthToken, *refusal, error) {
	for range maxAttempts {
		now := s.now() // a turn may have waited for the database
		if issued, refused, err := s.replay(ctx, r, token, now); issued != nil || refused != nil || err != nil {
			return issued, refused, err
		}
		if refused := stateRefusal(token, now); refused != nil {
			return nil, refused, nil
		}
		issued, err := s.consume(ctx, r, token, now)
		if err == nil {
			return issued, nil, nil
		}
		if away, ok := errors.AsType[*models.NotAdmitted](err); ok {
			return nil, notAdmitted(away.Rule), nil
		}
		if !errors.Is(err, ErrNotConsumed) && !errors.Is(err, ErrAnswerKept) {
			return nil, nil, err
		}
		if token, err = s.store.RegistrationToken(ctx, token.ID); err != nil {
			return nil, nil, err
		}
	}
	return nil, nil, errContended()
}

// consume takes one count and issues the auth token. Everything that can fail
// without the database, signing included, is done before.
func (s *Service) consume(ctx context.Context, r RedeemRequest, token *models.RegistrationToken, now time.Time) (*IssuedAuthToken, error) {
	consumption, issued, err := s.prepare(ctx, r, token, now)
	if err != nil {
		return nil, err
	}
	if r.IdempotencyKey != "" {
		kept, err := s.keep(r, token.ID, issued, now)
		if err != nil {
			return nil, err
		}
		consumption.Kept, consumption.KeptSince = kept, now.Add(-keptFor)
	}
	if err := s.store.Redeem(ctx, consumption); err != nil {
		return nil, uncertain(err, r.IdempotencyKey)
	}
	customer := issued.AuthToken.Customer
	*issued.AuthToken = consumption.AuthToken
	issued.AuthToken.Customer = customer
	s.notify(Change{RegistrationTokenID: token.ID, AuthTokenID: issued.AuthToken.ID, Kind: ChangeRedeemed})
	return issued, nil
}

// prepare makes the rows of a redemption and the secrets that go with them.
func (s *Service) prepare(ctx context.Context, r RedeemRequest, token *models.RegistrationToken, now time.Time) (*Consumption, *IssuedAuthToken, error) {
	redemptionID, err := s.newID(now)
	if err != nil {
		return nil, nil, err
	}
	authTokenID, err := s.newID(now)
	if err != nil {
		return nil, nil, err
	}
	family, err := s.newFamily()
	if err != nil {
		return nil, nil, err
	}
	refresh, err := s.newRefreshToken(authTokenID, family)
	if err != nil {
		return nil, nil, err
	}
	origin := cleanOrigin(r.Origin)
	authToken := models.AuthToken{
		ID: authTokenID, RegistrationTokenID: token.ID, RedemptionID: redemptionID,
		CustomerID: token.CustomerID, Customer: token.Customer,
		ClaimedIdentity: r.Claimed, VerifiedIdentity: r.Verified,
		IP: origin.IP, UserAgent: origin.UserAgent,
		CreatedAt: now, LastSeenAt: now, LastSeenIP: origin.IP,
		Generation: 1, FamilyDigest: refresh.FamilyDigest(), RefreshDigest: refresh.Digest(),
		IdleExpiresAt: now.Add(s.cfg.RefreshIdle),
	}
	access, expiresIn, err := s.signAccessToken(ctx, &authToken, now)
	if err != nil {
		return nil, nil, err
	}
	event, err := s.event(now, deviceActor(authTokenID, r.Claimed, origin), models.AuditRedeemed,
		objectRegistrationToken, token.ID,
		map[string]any{"authToken": authTokenID, "redemption": redemptionID, "channel": origin.Channel})
	if err != nil {
		return nil, nil, err
	}
	consumption := &Consumption{
		Now: now, Clock: s.now,
		Redemption: models.Redemption{
			ID: redemptionID, RegistrationTokenID: token.ID, AuthTokenID: authTokenID, RedeemedAt: now,
			ClaimedIdentity: r.Claimed, VerifiedIdentity: r.Verified,
			IP: origin.IP, UserAgent: origin.UserAgent, Channel: origin.Channel, RequestID: origin.RequestID,
		},
		AuthToken: authToken,
		Event:     event,
	}
	issued := &IssuedAuthToken{
		AuthToken: &authToken, AccessToken: access, RefreshToken: refresh.Secret(), ExpiresIn: expiresIn,
	}
	return consumption, issued, nil
}
