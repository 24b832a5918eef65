package admin

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

// NonceStore keeps the nonces of one-time forms, by their digests.
type NonceStore interface {
	CreateFormNonce(ctx context.Context, digest []byte, expires time.Time) error
	TakeFormNonce(ctx context.Context, digest []byte, now time.Time) error
	ReleaseFormNonce(ctx context.Context, digest []byte) error
	FinishFormNonce(ctx context.Context, digest []byte, objectID string) error
	FormNonce(ctx context.Context, digest []byte) (*models.FormNonce, error)
}

// OneTimeForms are forms whose answer holds a secret. Each has a nonce that is
// good for one creation and bound to the session that opened the form.
type OneTimeForms struct {
	Store NonceStore
	// Life is how long a form may stay open.
	Life   time.Duration
	Now    func() time.Time
	Logger *slog.Logger
}

// codeFormSpent marks a form whose nonce is no longer good.
const codeFormSpent models.Code = "form_spent"

// nonce makes the nonce of a new form.
func (f *OneTimeForms) nonce(c echo.Context) (string, error) {
	secret, _ := web.NewSecret()
	nonce := base64.RawURLEncoding.EncodeToString(secret)
	return nonce, f.Store.CreateFormNonce(c.Request().Context(), nonceDigest(c, nonce), f.Now().UTC().Add(f.Life).Truncate(time.Microsecond))
}

func nonceDigest(c echo.Context, nonce string) []byte {
	var session []byte
	if s := web.SessionOf(c); s != nil {
		session = s.Digest
	}
	sum := sha256.Sum256(append([]byte("form nonce "+nonce+" "), session...))
	return sum[:]
}

// registrationToken is [OneTimeForms.create] for work that creates one
// registration token and its secret.
func (f *OneTimeForms) registrationToken(c echo.Context, nonce string, invalid error, work func(context.Context) (*models.RegistrationToken, models.Secret, error)) (token *models.RegistrationToken, secret models.Secret, earlier string, err error) {
	earlier, err = f.create(c, nonce, invalid, func(ctx context.Context) (string, error) {
		var err error
		if token, secret, err = work(ctx); err != nil {
			return "", err
		}
		return token.ID, nil
	})
	return token, secret, earlier, err
}

// create runs work once for a nonce. Invalid input, found before (invalid) or
// by work, does not use the nonce up. work returns the id of what it created; if
// it fails, it has created nothing. When the form is sent again, earlier is that
// id. A nonce that is unknown or too old is KindConflict.
func (f *OneTimeForms) create(c echo.Context, nonce string, invalid error, work func(context.Context) (string, error)) (earlier string, err error) {
	ctx, digest := c.Request().Context(), nonceDigest(c, nonce)
	if earlier, err = f.createdBy(ctx, digest); err != nil || earlier != "" {
		return earlier, err
	}
	if invalid != nil {
		return "", invalid
	}
	if err := f.Store.TakeFormNonce(ctx, digest, f.Now().UTC()); err != nil {
		if earlier, failed := f.createdBy(ctx, digest); failed != nil || earlier != "" {
			return earlier, failed
		}
		return "", formSpent(err)
	}
	id, err := work(ctx)
	if err != nil {
		return "", errors.Join(err, f.Store.ReleaseFormNonce(ctx, digest))
	}
	if err := f.Store.FinishFormNonce(ctx, digest, id); err != nil {
		// The secret is shown now or never; the nonce stays used.
		f.Logger.LogAttrs(ctx, slog.LevelError, "form nonce not finished",
			slog.String(web.LogRequestID, web.RequestID(c)), slog.Any(web.LogError, err))
	}
	return "", nil
}

// createdBy is the id of what the form with that nonce created; empty if
// nothing yet.
func (f *OneTimeForms) createdBy(ctx context.Context, digest []byte) (string, error) {
	kept, err := f.Store.FormNonce(ctx, digest)
	if err != nil && models.ErrorKind(err) == models.KindNotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return kept.ObjectID, nil
}

// formSpent explains a nonce that could not be taken; a failure of the store
// stays as it is.
func formSpent(err error) error {
	switch models.ErrorKind(err) {
	case models.KindNotFound, models.KindConflict, models.KindGone, models.KindInvalid:
	default:
		return err
	}
	e := models.Conflict(codeFormSpent, "This form was open too long or is already being sent. This click created nothing.")
	e.NextStep = "Check whether it is already in the list; if not, open the form again."
	return e.WithCause(err)
}
