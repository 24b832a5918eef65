package tokens

import (
	"context"
	"crypto/subtle"
	"fmt"
	"time"

	"muster/internal/seal"
	"muster/models"
	"muster/tokens/secrets"
)

// refreshGrace is how long after a rotation the previous refresh token may be
// presented again, by a device that never got the answer (rule 9).
const refreshGrace = 30 * time.Second

const successorPurpose = "refresh successor"

// reuseReason is the end reason of a family whose old refresh token came back.
const reuseReason = "refresh_token_reused"

// standing is the position of a presented refresh token in its family.
type standing int

const (
	standingGuess    standing = iota // wrong family tag: invented
	standingDead                     // the auth token is deleted, ended or idle-expired
	standingCurrent                  // the newest one
	standingPrevious                 // the previous one, in grace, successor unused
	standingReused                   // an older one
)

// standingOf compares a presented refresh token with its row. PreviousDigest changes
// as soon as the successor is used, so a match means that the successor is still
// unused.
func standingOf(p secrets.Parsed, t *models.Family, now time.Time) standing {
	digest := p.Digest()
	switch {
	case subtle.ConstantTimeCompare(t.FamilyDigest, p.FamilyDigest()) != 1:
		return standingGuess
	case t.State(now) != models.AuthTokenLive:
		return standingDead
	case subtle.ConstantTimeCompare(t.RefreshDigest, digest) == 1:
		return standingCurrent
	case t.RotatedAt != nil && now.Before(t.RotatedAt.Add(refreshGrace)) &&
		subtle.ConstantTimeCompare(t.PreviousDigest, digest) == 1:
		return standingPrevious
	default:
		return standingReused
	}
}

// Refresh rotates the refresh token (rule 9). It decides on the row as read; the
// store rotates only if the row still holds the presented token, otherwise the row
// is read and compared again. KindUnauthenticated with
// CodeRefreshTokenInvalid (see [IsGuess]) or CodeRefreshTokenReused.
func (s *Service) Refresh(ctx context.Context, refreshToken models.Secret, origin models.Origin) (*IssuedSecrets, error) {
	parsed, err := secrets.Parse(secrets.RefreshToken, refreshToken.Reveal())
	if err != nil {
		return nil, errRefreshInvalid().WithCause(err)
	}
	origin = cleanOrigin(origin)
	for range maxAttempts {
		now := s.now() // an attempt may have waited for the database
		t, err := s.store.Family(ctx, parsed.ID)
		if isKind(err, models.KindNotFound) {
			return nil, errRefreshInvalid().WithCause(errGuess)
		}
		if err != nil {
			return nil, err
		}
		switch standingOf(parsed, t, now) {
		case standingGuess:
			return nil, errRefreshInvalid().WithCause(errGuess)
		case standingDead:
			return nil, errRefreshInvalid()
		case standingReused:
			return nil, s.endReused(ctx, t.ID, origin, now)
		case standingPrevious:
			issued, err := s.repeat(ctx, parsed, t, origin, now)
			if issued != nil || err != nil {
				return issued, err
			}
		case standingCurrent:
			issued, err := s.rotate(ctx, parsed, t, origin, now)
			if issued != nil || err != nil {
				return issued, err
			}
		}
	}
	return nil, errContended()
}

// rotate moves the family to its next generation; both results are nil when
// another request was first.
func (s *Service) rotate(ctx context.Context, presented secrets.Parsed, t *models.Family, origin models.Origin, now time.Time) (*IssuedSecrets, error) {
	successor, err := secrets.Make(s.random, secrets.RefreshToken, t.ID, presented.FamilyTag())
	if err != nil {
		return nil, err
	}
	sealed, err := seal.Seal([]byte(presented.Secret().Reveal()), successorPurpose, []byte(successor.Secret().Reveal()))
	if err != nil {
		return nil, err
	}
	access, expiresIn, err := s.keys.Sign(ctx, t.ID, t.CustomerIdentifier, now)
	if err != nil {
		return nil, err
	}
	r := models.Rotation{IP: origin.IP, Presented: presented.Digest(), Successor: successor.Digest(), SealedSuccessor: sealed}
	done, err := s.store.RotateRefreshToken(ctx, t.ID, func() models.Rotation {
		r.At = s.now()
		r.IdleExpiresAt = r.At.Add(s.cfg.RefreshIdle)
		return r
	})
	if err != nil || !done {
		return nil, err
	}
	s.notify(Change{RegistrationTokenID: t.RegistrationTokenID, AuthTokenID: t.ID, Kind: ChangeAuthToken})
	return &IssuedSecrets{AccessToken: access, RefreshToken: successor.Secret(), ExpiresIn: expiresIn}, nil
}

// repeat returns the same successor again, with a fresh access token; both results
// are nil when the family has moved on.
func (s *Service) repeat(ctx context.Context, presented secrets.Parsed, t *models.Family, origin models.Origin, now time.Time) (*IssuedSecrets, error) {
	plain, err := seal.Open([]byte(presented.Secret().Reveal()), successorPurpose, t.SealedSuccessor)
	if err != nil {
		return nil, fmt.Errorf("open the successor of auth token %s: %w", t.ID, err)
	}
	successor := models.Secret(plain)
	if subtle.ConstantTimeCompare(secrets.Digest(successor), t.RefreshDigest) != 1 {
		return nil, fmt.Errorf("auth token %s: the sealed successor is not the current refresh token", t.ID)
	}
	access, expiresIn, err := s.keys.Sign(ctx, t.ID, t.CustomerIdentifier, now)
	if err != nil {
		return nil, err
	}
	r := models.Repetition{Grace: refreshGrace, Presented: presented.Digest(), IP: origin.IP}
	done, err := s.store.RepeatRotation(ctx, t.ID, func() models.Repetition {
		r.At = s.now()
		return r
	})
	if err != nil || !done {
		return nil, err
	}
	s.notify(Change{RegistrationTokenID: t.RegistrationTokenID, AuthTokenID: t.ID, Kind: ChangeAuthToken})
	return &IssuedSecrets{AccessToken: access, RefreshToken: successor, ExpiresIn: expiresIn}, nil
}

// endReused ends the family: two parties hold its refresh tokens, and nobody
// can tell which of them is the device.
func (s *Service) endReused(ctx context.Context, id string, origin models.Origin, now time.Time) error {
	t, err := s.store.AuthToken(ctx, id)
	if err != nil {
		return err
	}
	event, err := s.event(now, deviceActor(t.ID, t.ClaimedIdentity, origin), models.AuditAuthTokenEnded,
		models.ObjectAuthToken, t.ID, map[string]any{"reason": reuseReason, "generation": t.Generation})
	if err != nil {
		return err
	}
	if err := s.store.EndAuthToken(ctx, t.ID, reuseReason, now, event); err != nil {
		return err
	}
	s.notify(Change{RegistrationTokenID: t.RegistrationTokenID, AuthTokenID: t.ID, Kind: ChangeAuthToken})
	return &models.Error{
		Kind: models.KindUnauthenticated, Code: models.CodeRefreshTokenReused,
		Message:  "This refresh token was used before; its auth token has been ended, because somebody else may hold a copy.",
		NextStep: "Redeem a registration token again, and tell an administrator.",
	}
}

func errRefreshInvalid() *models.Error {
	return &models.Error{
		Kind: models.KindUnauthenticated, Code: models.CodeRefreshTokenInvalid,
		Message:  "This refresh token is not valid.",
		NextStep: "Redeem a registration token again.",
	}
}
