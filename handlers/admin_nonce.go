package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// A form that answers with a secret carries a nonce that is good for one
// creation (PRODUCT rule 10). It is bound to the session that opened the form.
const formNonceLife = sessionAbsolute

// codeFormSpent marks a form whose nonce is not good any more.
const codeFormSpent models.Code = "form_spent"

// madeBefore is the outcome of a form that was sent a second time: what it
// made, whose secret is not shown again.
type madeBefore struct{ id string }

func (*madeBefore) Error() string { return "the form was sent before" }

// newFormNonce makes the nonce of a fresh form.
func (h *adminHandler) newFormNonce(c echo.Context) (string, error) {
	secret, _ := newCookieSecret()
	nonce := base64.RawURLEncoding.EncodeToString(secret)
	return nonce, h.store.CreateFormNonce(c.Request().Context(), formNonceDigest(c, nonce), h.now().UTC().Add(formNonceLife).Truncate(time.Microsecond))
}

func formNonceDigest(c echo.Context, nonce string) []byte {
	var session []byte
	if s := sessionOf(c); s != nil {
		session = s.Digest
	}
	sum := sha256.Sum256(append([]byte("form nonce "+nonce+" "), session...))
	return sum[:]
}

// maker makes a registration token and its secret; after an error nothing was
// made.
type maker func(ctx context.Context) (*models.RegistrationToken, models.Secret, error)

// makeOnce is once for work that makes one registration token.
func (h *adminHandler) makeOnce(c echo.Context, nonce string, invalid error, work maker) (*models.RegistrationToken, models.Secret, error) {
	var token *models.RegistrationToken
	var secret models.Secret
	err := h.once(c, nonce, invalid, func(ctx context.Context) (string, error) {
		var err error
		if token, secret, err = work(ctx); err != nil {
			return "", err
		}
		return token.ID, nil
	})
	return token, secret, err
}

// once lets work run once for a nonce. Input that is found wrong,
// before (invalid) or by work, does not burn it; work returns the id of what
// it made. A form sent again is [*madeBefore]; a nonce that is unknown or too
// old is a conflict.
func (h *adminHandler) once(c echo.Context, nonce string, invalid error, work func(context.Context) (string, error)) error {
	ctx, digest := c.Request().Context(), formNonceDigest(c, nonce)
	if err := h.checkMadeBefore(ctx, digest); err != nil {
		return err
	}
	if invalid != nil {
		return invalid
	}
	if err := h.store.TakeFormNonce(ctx, digest, h.now().UTC()); err != nil {
		if before := h.checkMadeBefore(ctx, digest); before != nil {
			return before
		}
		return formSpent(err)
	}
	made, err := work(ctx)
	if err != nil {
		return errors.Join(err, h.store.ReleaseFormNonce(ctx, digest))
	}
	if err := h.store.FinishFormNonce(ctx, digest, made); err != nil {
		// The secret is shown now or never; the nonce stays burnt.
		h.logger.LogAttrs(ctx, slog.LevelError, "form nonce not finished",
			slog.String(logRequestID, requestID(c)), slog.Any(logError, err))
	}
	return nil
}

func (h *adminHandler) checkMadeBefore(ctx context.Context, digest []byte) error {
	kept, err := h.store.FormNonce(ctx, digest)
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
