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

// OneTimeForms are forms that answer with a secret: each carries a nonce that
// is good for one creation and bound to the session that opened the form.
type OneTimeForms struct {
	Store NonceStore
	// Life is how long a form may stay open.
	Life   time.Duration
	Now    func() time.Time
	Logger *slog.Logger
}

// codeFormSpent marks a form whose nonce is not good any more.
const codeFormSpent models.Code = "form_spent"

// madeBefore is the outcome of a form that was sent a second time: what it
// made, whose secret is not shown again.
type madeBefore struct{ id string }

func (*madeBefore) Error() string { return "the form was sent before" }

// nonce makes the nonce of a fresh form.
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

// registrationToken is once for work that makes one registration token and its
// secret.
func (f *OneTimeForms) registrationToken(c echo.Context, nonce string, invalid error, work func(context.Context) (*models.RegistrationToken, models.Secret, error)) (token *models.RegistrationToken, secret models.Secret, err error) {
	err = f.once(c, nonce, invalid, func(ctx context.Context) (string, error) {
		var err error
		if token, secret, err = work(ctx); err != nil {
			return "", err
		}
		return token.ID, nil
	})
	return token, secret, err
}

// once lets work run once for a nonce. Input that is found wrong, before
// (invalid) or by work, does not burn it; work returns the id of what it made,
// and has made nothing after an error. A form sent again is [*madeBefore]; a
// nonce that is unknown or too old is KindConflict.
func (f *OneTimeForms) once(c echo.Context, nonce string, invalid error, work func(context.Context) (string, error)) error {
	ctx, digest := c.Request().Context(), nonceDigest(c, nonce)
	if err := f.checkMadeBefore(ctx, digest); err != nil {
		return err
	}
	if invalid != nil {
		return invalid
	}
	if err := f.Store.TakeFormNonce(ctx, digest, f.Now().UTC()); err != nil {
		if before := f.checkMadeBefore(ctx, digest); before != nil {
			return before
		}
		return formSpent(err)
	}
	made, err := work(ctx)
	if err != nil {
		return errors.Join(err, f.Store.ReleaseFormNonce(ctx, digest))
	}
	if err := f.Store.FinishFormNonce(ctx, digest, made); err != nil {
		// The secret is shown now or never; the nonce stays burnt.
		f.Logger.LogAttrs(ctx, slog.LevelError, "form nonce not finished",
			slog.String(web.LogRequestID, web.RequestID(c)), slog.Any(web.LogError, err))
	}
	return nil
}

func (f *OneTimeForms) checkMadeBefore(ctx context.Context, digest []byte) error {
	kept, err := f.Store.FormNonce(ctx, digest)
	switch {
	case models.ErrorKind(err) == models.KindNotFound && err != nil:
		return nil
	case err != nil:
		return err
	case kept.ObjectID != "":
		return &madeBefore{id: kept.ObjectID}
	}
	return nil
}

// formSpent turns a nonce that could not be taken into words; a failure of
// the store stays what it is.
func formSpent(err error) error {
	switch models.ErrorKind(err) {
	case models.KindNotFound, models.KindConflict, models.KindGone, models.KindInvalid:
	default:
		return err
	}
	e := models.Conflict(codeFormSpent, "This form was open for too long, or is being sent already. Nothing was made by this click.")
	e.NextStep = "Look whether it is in the list already; if it is not, open the form again."
	return e.WithCause(err)
}
