package tokens

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"muster/models"
)

// refusedOfToken bounds the refused attempts stored for one registration token
// and minute (PRODUCT rule 11); further ones are counted. Secrets that match
// nothing, which anybody can make up, are given far less room.
var (
	refusedOfToken = models.RefusedCaps{InAll: 1000}
	refusedUnknown = models.RefusedCaps{InAll: 60, PerAddress: 10}
)

// refusal is a redemption turned away: the true reason, for the record, and
// the answer, which may say less.
type refusal struct {
	reason models.Code
	answer error
}

// refusalError is the answer of a refusal, with its facts.
func refusalError(kind models.Kind, code models.Code, facts models.Refusal) *models.Error {
	return &models.Error{Kind: kind, Code: code, Refusal: &facts}
}

// unknownOrDeleted is the one answer to everybody who did not present the
// whole secret of an existing token (PRODUCT rule 12). wrong is nil for a
// deleted token, whose holder is told nothing more either.
func unknownOrDeleted(token *models.RegistrationToken, wrong error) refusal {
	e := refusalError(models.KindUnauthenticated, models.CodeRegistrationTokenInvalid, models.Refusal{Reason: models.CodeRegistrationTokenInvalid})
	e.Message = "This registration token is not valid."
	e.NextStep = "Check that you copied all of it. If it still does not work, ask the person who gave it to you and name the support code."
	if token != nil {
		return refusal{reason: models.CodeRegistrationTokenDeleted, answer: e}
	}
	if errors.Is(wrong, ErrSecretMistyped) {
		e.Refusal.Reason = models.CodeRegistrationTokenMistyped
		e.Message = "This registration token is not valid; it looks mistyped: a character is missing, too many or wrong."
	}
	return refusal{reason: models.CodeRegistrationTokenInvalid, answer: e.WithCause(wrong)}
}

// stateRefusal names why a token cannot be redeemed at now; nil when it can.
func stateRefusal(t *models.RegistrationToken, now time.Time) *refusal {
	const ask = "Ask the person who gave it to you for a new one and name the support code."
	var e *models.Error
	switch t.Status(now) {
	case models.StatusActive:
		return nil
	case models.StatusDeleted:
		deleted := unknownOrDeleted(t, nil)
		return &deleted
	case models.StatusDisabled:
		facts := models.Refusal{Reason: models.CodeRegistrationTokenDisabled, At: *t.DisabledAt}
		if t.ReplacedByID != nil {
			facts.Reason = models.CodeRegistrationTokenReplaced
			if t.ReplacedAt != nil {
				facts.At = *t.ReplacedAt
			}
		}
		e = refusalError(models.KindForbidden, models.CodeRegistrationTokenDisabled, facts)
		e.Message = fmt.Sprintf("This registration token was disabled on %s.", formatTime(facts.At))
		e.NextStep = "Ask the person who gave it to you why, and name the support code."
		if facts.Reason == models.CodeRegistrationTokenReplaced {
			e.Message = fmt.Sprintf("This registration token was replaced on %s.", formatTime(facts.At))
			e.NextStep = "Ask the person who gave it to you for the one that replaces it, and name the support code."
		}
	case models.StatusExpired:
		e = refusalError(models.KindGone, models.CodeRegistrationTokenExpired, models.Refusal{Reason: models.CodeRegistrationTokenExpired, At: t.ExpiresAt})
		e.Message = fmt.Sprintf("This registration token expired on %s.", formatTime(t.ExpiresAt))
		e.NextStep = ask
	case models.StatusExhausted:
		e = refusalError(models.KindConflict, models.CodeRegistrationTokenExhausted,
			models.Refusal{Reason: models.CodeRegistrationTokenExhausted, Count: t.Count, LastRedeemedAt: t.LastRedeemedAt})
		e.Message = fmt.Sprintf("This registration token is used up: it could be redeemed %d times, and was.", t.Count)
		if t.Count == 1 {
			e.Message = "This registration token is used up: it could be redeemed once, and was."
		}
		if t.LastRedeemedAt != nil {
			e.Message = fmt.Sprintf("%s The last time was on %s.", e.Message, formatTime(*t.LastRedeemedAt))
		}
		// A retry without its key looks like this too.
		e.NextStep = "If you redeemed it before, use the auth token you got. Otherwise ask the person who gave it to you to raise the count, and name the support code."
	}
	return &refusal{reason: e.Code, answer: e}
}

// refuse records the attempt and returns the answer with its support code. A
// failing record does not change the answer, unless the database is not
// there: then the caller should simply try again.
func (s *Service) refuse(ctx context.Context, r RedeemRequest, token *models.RegistrationToken, why refusal, now time.Time) error {
	code, err := s.record(ctx, r, token, why, now)
	if isKind(err, models.KindUnavailable) {
		return err
	}
	if err != nil {
		s.cfg.Logger.LogAttrs(ctx, slog.LevelError, "refused attempt not recorded",
			slog.String("reason", string(why.reason)), slog.String("request_id", r.Origin.RequestID),
			slog.String("error", err.Error()))
	} else if token != nil {
		s.notify(Change{RegistrationTokenID: token.ID, Kind: ChangeRefused})
	}
	if e, ok := errors.AsType[*models.Error](why.answer); ok {
		answer := *e
		answer.SupportCode = code
		if answer.Refusal == nil { // of the request, not of the registration token
			answer.Refusal = &models.Refusal{Reason: why.reason}
		}
		return &answer
	}
	return why.answer
}

// record stores the attempt; the support code is empty past the cap.
func (s *Service) record(ctx context.Context, r RedeemRequest, token *models.RegistrationToken, why refusal, now time.Time) (string, error) {
	origin := cleanOrigin(r.Origin)
	attempt := models.RefusedAttempt{
		Reason: why.reason, AttemptedAt: now,
		ClaimedIdentity: cleanClaimed(r.Claimed), VerifiedIdentity: r.Verified,
		IP: origin.IP, UserAgent: origin.UserAgent, Channel: origin.Channel, RequestID: origin.RequestID,
	}
	if e, ok := errors.AsType[*models.Error](why.answer); ok && e.Refusal != nil {
		attempt.AdmissionRule = e.Refusal.Rule
	}
	caps := refusedUnknown
	if token != nil {
		attempt.RegistrationTokenID, caps = &token.ID, refusedOfToken
	}
	const draws = 3 // a collision of 40 random bits is rare, three are not believable
	var err error
	for range draws {
		if attempt.ID, err = s.newID(now); err != nil {
			return "", err
		}
		if attempt.SupportCode, err = s.newSupportCode(); err != nil {
			return "", err
		}
		var stored bool
		stored, err = s.store.RecordRefusedAttempt(ctx, &attempt, caps)
		if isKind(err, models.KindConflict) {
			continue
		}
		if err != nil || !stored {
			return "", err
		}
		return attempt.SupportCode, nil
	}
	return "", err
}

// cleanClaimed makes an unchecked claimed identity fit to be stored.
func cleanClaimed(c models.ClaimedIdentity) models.ClaimedIdentity {
	for _, f := range models.ClaimedFields {
		value := f.Of(&c)
		*value = cleanText(*value, f.MaxLength)
	}
	return c
}

// cleanOrigin does the same for what a client can choose of its origin.
func cleanOrigin(o models.Origin) models.Origin {
	o.UserAgent = cleanText(o.UserAgent, models.MaxUserAgentLength)
	return o
}

// cleanText drops what models.CheckText forbids, cuts to limit characters and
// hides a secret somebody put into the wrong field.
func cleanText(value string, limit int) string {
	if LooksLikeSecret(value) {
		return "[redacted]"
	}
	value = strings.Map(func(r rune) rune {
		if models.CheckText("", string(r)+"x", 2, false) != nil {
			return -1
		}
		return r
	}, strings.ToValidUTF8(value, ""))
	if utf8.RuneCountInString(value) > limit {
		value = string([]rune(value)[:limit])
	}
	if models.Blank(value) {
		return ""
	}
	return value
}
