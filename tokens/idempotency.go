package tokens

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"time"

	"muster/internal/seal"
	"muster/models"
	"muster/tokens/secrets"
)

// IdempotencyKeyField is the field name of errors about the key.
const IdempotencyKeyField = "Idempotency-Key"

// Lengths of an idempotency key, in characters.
const (
	minIdempotencyKey = 16
	maxIdempotencyKey = 255
)

const keptAnswerPurpose = "kept answer"

// checkIdempotencyKey checks the key; empty means there is none.
func checkIdempotencyKey(key string) *models.FieldError {
	if key == "" {
		return nil
	}
	fail := func(message string) *models.FieldError {
		return &models.FieldError{Field: IdempotencyKeyField, Message: message}
	}
	if len(key) < minIdempotencyKey || len(key) > maxIdempotencyKey {
		return fail("The Idempotency-Key must have 16 to 255 characters.")
	}
	for _, b := range []byte(key) {
		if b < ' ' || b > '~' {
			return fail("The Idempotency-Key may hold printable ASCII characters only.")
		}
	}
	return nil
}

// keptAnswer is the content of a sealed answer.
type keptAnswer struct {
	AuthTokenID  string    `json:"auth_token_id"`
	AccessToken  string    `json:"access_token"`
	RefreshToken string    `json:"refresh_token"`
	ExpiresAt    time.Time `json:"expires_at"`
}

// keptAnswerKey is the key of a kept answer: nobody can open it without both the
// registration token and the idempotency key. The secret is in its canonical
// spelling.
func keptAnswerKey(r RedeemRequest) ([]byte, error) {
	parsed, err := secrets.Parse(secrets.RegistrationToken, r.Secret.Reveal())
	if err != nil {
		return nil, err
	}
	return []byte(parsed.Secret().Reveal() + "\x00" + r.IdempotencyKey), nil
}

// digestedFields is the number of claimed fields when answers were first kept;
// these are in every digest. Later fields are only if they are not empty, so that
// a new field does not invalidate answers that are kept already.
const digestedFields = 6

// requestDigest is the SHA-256 of the claimed identity, by which a retry is known to
// have the same body. Each field is preceded by its length, so that no two bodies
// look alike.
func requestDigest(claimed models.ClaimedIdentity) []byte {
	h := sha256.New()
	for i, f := range models.ClaimedFields {
		if value := *f.Of(&claimed); value != "" || i < digestedFields {
			_, _ = fmt.Fprintf(h, "%s:%d:%s;", f.Name, len(value), value) // a hash never fails
		}
	}
	return h.Sum(nil)
}

func idempotencyDigest(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

// sealAnswer seals the answer for a retry.
func sealAnswer(r RedeemRequest, registrationTokenID string, issued *IssuedAuthToken, now time.Time) (*models.KeptAnswer, error) {
	plain, err := json.Marshal(keptAnswer{
		AuthTokenID:  issued.AuthToken.ID,
		AccessToken:  issued.AccessToken.Reveal(),
		RefreshToken: issued.RefreshToken.Reveal(),
		ExpiresAt:    now.Add(issued.ExpiresIn).Truncate(time.Second), // as exp says
	})
	if err != nil {
		return nil, fmt.Errorf("write the kept answer: %w", err)
	}
	key, err := keptAnswerKey(r)
	if err != nil {
		return nil, err
	}
	sealed, err := seal.Seal(key, keptAnswerPurpose, plain)
	if err != nil {
		return nil, err
	}
	return &models.KeptAnswer{
		RegistrationTokenID: registrationTokenID,
		KeyDigest:           idempotencyDigest(r.IdempotencyKey),
		RequestDigest:       requestDigest(r.Claimed),
		AuthTokenID:         issued.AuthToken.ID,
		Sealed:              sealed,
	}, nil
}

// replay answers a retry from the kept answer. All results are nil when there is
// none, so that the request is the first one.
func (s *Service) replay(ctx context.Context, r RedeemRequest, token *models.RegistrationToken, now time.Time) (*IssuedAuthToken, *refusal, error) {
	if r.IdempotencyKey == "" {
		return nil, nil, nil
	}
	kept, err := s.store.KeptAnswer(ctx, token.ID, idempotencyDigest(r.IdempotencyKey), now.Add(-models.KeptAnswerLifetime))
	if isKind(err, models.KindNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if token.DeletedAt != nil {
		refused := unknownOrDeleted(token, nil)
		return nil, &refused, nil
	}
	if subtle.ConstantTimeCompare(kept.RequestDigest, requestDigest(r.Claimed)) != 1 {
		return nil, &refusal{reason: models.CodeInvalidRequest, answer: models.Invalid(models.FieldError{
			Field: IdempotencyKeyField, Rule: models.RuleKeyReused,
			Message: "This Idempotency-Key was used with another body; use a new key for another request.",
		})}, nil
	}
	issued, err := s.openKept(ctx, r, token, kept, now)
	if issued == nil && err == nil {
		return nil, refusalOf(models.KindConflict, models.CodeIdempotencyKeySpent, models.Refusal{Reason: models.CodeIdempotencyKeySpent}), nil
	}
	return issued, nil, err
}

// openKept opens a kept answer; nil when it is spent.
func (s *Service) openKept(ctx context.Context, r RedeemRequest, token *models.RegistrationToken, kept *models.KeptAnswer, now time.Time) (*IssuedAuthToken, error) {
	authToken, err := s.store.AuthToken(ctx, kept.AuthTokenID)
	if err != nil {
		return nil, err
	}
	// An emptied answer was spent for good, when its token was disabled.
	if token.DisabledAt != nil || len(kept.Sealed) == 0 || authToken.FirstUsedAt != nil || authToken.State(now) != models.AuthTokenLive {
		return nil, nil
	}
	key, err := keptAnswerKey(r)
	if err != nil {
		return nil, err
	}
	plain, err := seal.Open(key, keptAnswerPurpose, kept.Sealed)
	if err != nil {
		return nil, fmt.Errorf("open the answer kept for auth token %s: %w", kept.AuthTokenID, err)
	}
	var answer keptAnswer
	if err := json.Unmarshal(plain, &answer); err != nil {
		return nil, fmt.Errorf("read the answer kept for auth token %s: %w", kept.AuthTokenID, err)
	}
	// An access token that has expired by now is still returned: the device needs the
	// refresh token that comes with it.
	secrets := IssuedSecrets{models.Secret(answer.AccessToken), models.Secret(answer.RefreshToken), max(0, answer.ExpiresAt.Sub(now).Truncate(time.Second))}
	return &IssuedAuthToken{AuthToken: authToken, IssuedSecrets: secrets, Replayed: true}, nil
}
