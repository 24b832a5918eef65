package tokens

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"muster/models"

	"muster/tokens/secrets"
)

// Redeem exchanges a registration token for an auth token. The order is that of
// rule 2: credential, body, idempotency replay, state; a count is taken last, by
// one guarded statement. Errors say what the caller may know (rule 12) and carry
// a support code: KindUnauthenticated (see [IsGuess]), KindForbidden, KindGone,
// KindConflict, and KindInvalid with the fields of the body and
// [IdempotencyKeyField]. KindUnavailable says whether a count may have been
// taken.
func (s *Service) Redeem(ctx context.Context, r RedeemRequest) (*IssuedAuthToken, error) {
	now := s.now()
	token, wrong, err := s.find(ctx, r.Secret, s.redeemable)
	if err != nil {
		return nil, err
	}
	if token == nil || token.DeletedAt != nil {
		return nil, s.refuse(ctx, r, token, unknownOrDeleted(token, wrong), now)
	}
	if err := r.Check(); err != nil {
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

// findRegistrationToken finds the registration token of a presented secret, even if
// deleted. When there is none, wrong says what was wrong with the secret; err is a
// failure of the store.
func (s *Service) findRegistrationToken(ctx context.Context, secret models.Secret) (token *models.RegistrationToken, wrong, err error) {
	return s.find(ctx, secret, s.store.RegistrationTokenByDigest)
}

// redeemable is what many present at once. A registration token that was active a
// moment ago need not be read again: the statement that takes the count decides
// what it is now. Whatever else it was may have changed since.
func (s *Service) redeemable(ctx context.Context, digest []byte) (*models.RegistrationToken, error) {
	now := s.now()
	token, err := s.registrationTokens.Read(string(digest), now, func() (*models.RegistrationToken, error) {
		return s.store.RegistrationTokenByDigest(ctx, digest)
	})
	if err != nil || token.Status(now) == models.StatusActive {
		return token, err
	}
	return s.store.RegistrationTokenByDigest(ctx, digest)
}

func (s *Service) find(ctx context.Context, secret models.Secret, byDigest func(ctx context.Context, digest []byte) (*models.RegistrationToken, error)) (token *models.RegistrationToken, wrong, err error) {
	parsed, err := secrets.Parse(secrets.RegistrationToken, secret.Reveal())
	if err != nil {
		return nil, err, nil
	}
	digest := parsed.Digest()
	token, err = byDigest(ctx, digest)
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

// Check checks body and idempotency key, all fields at once, but not the
// registration token. [Service.Redeem] calls it once the credential is found.
// KindInvalid, or Malformed.
func (r RedeemRequest) Check() error {
	if r.Malformed != nil {
		return r.Malformed
	}
	own := checker{fields: r.Claimed.Check()}
	for _, f := range models.ClaimedFields {
		own.add(checkNoSecret(f.Name, *f.Of(&r.Claimed)))
	}
	own.add(checkIdempotencyKey(r.IdempotencyKey))
	all := checker{fields: slices.Clone(r.Faults)}
	for _, found := range own.fields {
		if !slices.ContainsFunc(r.Faults, func(known models.FieldError) bool { return known.Field == found.Field }) {
			all.add(&found)
		}
	}
	return all.err()
}

// redeem replays, refuses or consumes. Each attempt decides on a fresh reading;
// another one is needed only when the row changed in the meantime, for example by
// a reclaim.
func (s *Service) redeem(ctx context.Context, r RedeemRequest, token *models.RegistrationToken) (*IssuedAuthToken, *refusal, error) {
	for range maxAttempts {
		now := s.now() // an attempt may have waited for the database
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
		away, notAllowed := errors.AsType[*models.NotAdmitted](err)
		if !notAllowed && !errors.Is(err, models.ErrNotConsumed) && !errors.Is(err, models.ErrAnswerKept) {
			return nil, nil, err
		}
		if token, err = s.store.RegistrationToken(ctx, token.ID); err != nil {
			return nil, nil, err
		}
		// Who may redeem is judged last: there may be nothing to redeem any more.
		if notAllowed && stateRefusal(token, now) == nil {
			return nil, notAdmitted(away.Rule), nil
		}
	}
	return nil, nil, errContended()
}

// consume takes one count and issues the auth token. Ids, secrets, the signature
// and the sealed answer are made beforehand, so that others do not have to wait for
// them.
func (s *Service) consume(ctx context.Context, r RedeemRequest, token *models.RegistrationToken, now time.Time) (*IssuedAuthToken, error) {
	issued, rows, err := s.prepare(ctx, r, token, now)
	if err != nil {
		return nil, err
	}
	if r.IdempotencyKey != "" {
		if rows.Kept, err = sealAnswer(r, token.ID, issued, now); err != nil {
			return nil, err
		}
	}
	stored, err := s.store.Redeem(ctx, token.ID, func() models.Consumption { return withTime(*rows, s.now(), s.cfg.RefreshIdle) })
	if err != nil {
		return nil, withRetryAdvice(err, r.IdempotencyKey)
	}
	issued.AuthToken = &stored.AuthToken
	s.notify(Change{RegistrationTokenID: token.ID, AuthTokenID: issued.AuthToken.ID, Kind: ChangeRedeemed})
	return issued, nil
}

// withTime sets the time of the rows; it is called again when the transaction is
// repeated.
func withTime(rows models.Consumption, now time.Time, refreshIdle time.Duration) models.Consumption {
	rows.Redemption.RedeemedAt = now
	rows.AuthToken.CreatedAt, rows.AuthToken.LastSeenAt = now, now
	rows.AuthToken.IdleExpiresAt = now.Add(refreshIdle)
	if rows.Kept != nil {
		kept := *rows.Kept
		kept.CreatedAt = now
		rows.Kept = &kept
	}
	return rows
}

// prepare makes the secrets of a redemption, and its rows except for their time.
func (s *Service) prepare(ctx context.Context, r RedeemRequest, token *models.RegistrationToken, now time.Time) (*IssuedAuthToken, *models.Consumption, error) {
	redemptionID, err := s.newID(now)
	if err != nil {
		return nil, nil, err
	}
	authTokenID, err := s.newID(now)
	if err != nil {
		return nil, nil, err
	}
	family, err := secrets.Family(s.random)
	if err != nil {
		return nil, nil, err
	}
	refresh, err := secrets.Make(s.random, secrets.RefreshToken, authTokenID, family)
	if err != nil {
		return nil, nil, err
	}
	origin := cleanOrigin(r.Origin)
	authToken := models.AuthToken{
		ID: authTokenID, RegistrationTokenID: token.ID, RedemptionID: redemptionID,
		CustomerID: token.CustomerID, Customer: token.Customer,
		ClaimedIdentity: r.Claimed, VerifiedIdentity: r.Verified,
		IP: origin.IP, UserAgent: origin.UserAgent, LastSeenIP: origin.IP,
		Generation: 1, FamilyDigest: refresh.FamilyDigest(), RefreshDigest: refresh.Digest(),
	}
	access, expiresIn, err := s.keys.Sign(ctx, authTokenID, token.Customer.Identifier, now)
	if err != nil {
		return nil, nil, err
	}
	rows := &models.Consumption{
		Redemption: models.Redemption{
			ID: redemptionID, RegistrationTokenID: token.ID, AuthTokenID: authTokenID,
			ClaimedIdentity: r.Claimed, VerifiedIdentity: r.Verified,
			IP: origin.IP, UserAgent: origin.UserAgent, Channel: origin.Channel, RequestID: origin.RequestID,
		},
		AuthToken: authToken,
	}
	issued := &IssuedAuthToken{AuthToken: &authToken, IssuedSecrets: IssuedSecrets{AccessToken: access, RefreshToken: refresh.Secret(), ExpiresIn: expiresIn}}
	return issued, rows, nil
}
