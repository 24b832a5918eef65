package tokens

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"muster/models"

	"muster/tokens/secrets"
)

// refusedOfToken bounds the refused attempts stored for one registration token and
// minute (rule 11); further ones are only counted. The bound for secrets that match
// nothing, which anybody can make up, is much lower.
var (
	refusedOfToken = models.RefusedCaps{Total: 1000}
	refusedUnknown = models.RefusedCaps{Total: 60, PerAddress: 10}
)

// refusal is a refused redemption: the true reason, which is recorded, and the
// answer, which may say less.
type refusal struct {
	reason models.Code
	answer error
}

// refusalOf is a refusal whose answer has facts and no text: the text is written
// where it is shown, in the reader's language.
func refusalOf(kind models.Kind, code models.Code, facts models.Refusal) *refusal {
	return &refusal{reason: code, answer: &models.Error{Kind: kind, Code: code, Refusal: &facts}}
}

// unknownOrDeleted is the answer to everybody who did not present the whole secret
// of an existing registration token (rule 12). wrong is nil for a deleted one,
// whose holder is told nothing more either.
func unknownOrDeleted(token *models.RegistrationToken, wrong error) refusal {
	facts := models.Refusal{Reason: models.CodeRegistrationTokenInvalid}
	if errors.Is(wrong, secrets.ErrMistyped) {
		facts.Reason = models.CodeRegistrationTokenMistyped
	}
	e := &models.Error{Kind: models.KindUnauthenticated, Code: models.CodeRegistrationTokenInvalid, Refusal: &facts}
	if token != nil {
		return refusal{reason: models.CodeRegistrationTokenDeleted, answer: e}
	}
	return refusal{reason: models.CodeRegistrationTokenInvalid, answer: e.WithCause(wrong)}
}

// stateRefusal names why a token cannot be redeemed at now; nil when it can.
func stateRefusal(t *models.RegistrationToken, now time.Time) *refusal {
	switch t.Status(now) {
	case models.StatusDeleted:
		deleted := unknownOrDeleted(t, nil)
		return &deleted
	case models.StatusDisabled:
		facts := models.Refusal{Reason: models.CodeRegistrationTokenDisabled, At: *t.DisabledAt}
		if t.ReplacedByID != nil {
			facts = models.Refusal{Reason: models.CodeRegistrationTokenReplaced, At: *cmp.Or(t.ReplacedAt, t.DisabledAt)}
		}
		return refusalOf(models.KindForbidden, models.CodeRegistrationTokenDisabled, facts)
	case models.StatusExpired:
		return refusalOf(models.KindGone, models.CodeRegistrationTokenExpired, models.Refusal{Reason: models.CodeRegistrationTokenExpired, At: t.ExpiresAt})
	case models.StatusExhausted:
		return refusalOf(models.KindConflict, models.CodeRegistrationTokenExhausted,
			models.Refusal{Reason: models.CodeRegistrationTokenExhausted, Count: t.Count, LastRedeemedAt: t.LastRedeemedAt})
	case models.StatusActive:
	}
	return nil
}

// refuse records the attempt and returns the answer with its support code. A
// failure to record it does not change the answer, unless the database is
// unavailable: then the caller should simply try again.
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
	const draws = 3 // a collision of 40 random bits is rare, three in a row are not credible
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

// cleanOrigin does the same for the part of an origin that a client can choose.
func cleanOrigin(o models.Origin) models.Origin {
	o.UserAgent = cleanText(o.UserAgent, models.MaxUserAgentLength)
	return o
}

// cleanText drops what models.CheckText forbids, cuts to limit characters and hides
// a secret that was put into the wrong field.
func cleanText(value string, limit int) string {
	if secrets.Within(value) {
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
