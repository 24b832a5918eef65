package handlers

import (
	"context"
	"errors"
	"slices"

	"muster/models"
	"muster/tokens"
)

// Operation is what devices, and those who verify them, ask for.
type Operation string

// The operations.
const (
	Redemption   Operation = "redemption"
	Refresh      Operation = "refresh"
	Verification Operation = "verification"
)

// What an operation can come to, apart from a refusal, which is named by its code.
const (
	outcomeGranted     = "granted"
	outcomeReplayed    = "replayed" // the answer was kept
	outcomeActive      = "active"
	outcomeInactive    = "inactive"
	outcomeUnavailable = "unavailable"
	outcomeError       = "error"
)

// Outcomes are all that an operation can come to.
func Outcomes(of Operation) []string {
	failures := []string{outcomeUnavailable, outcomeError}
	switch of {
	case Redemption:
		for _, reason := range models.RefusalReasons {
			failures = append(failures, string(reason))
		}
		return append([]string{outcomeGranted, outcomeReplayed}, failures...)
	case Refresh:
		return append([]string{outcomeGranted, string(models.CodeRefreshTokenInvalid), string(models.CodeRefreshTokenReused)}, failures...)
	case Verification:
		return append([]string{outcomeActive, outcomeInactive}, failures...)
	}
	return nil
}

// counted is the token service, which says what became of what is asked of it.
type counted struct {
	*tokens.Service
	count func(of Operation, outcome string)
}

// Redeem is [tokens.Service.Redeem].
func (c counted) Redeem(ctx context.Context, r tokens.RedeemRequest) (*tokens.IssuedAuthToken, error) {
	issued, err := c.Service.Redeem(ctx, r)
	outcome := outcomeGranted
	if err == nil && issued.Replayed {
		outcome = outcomeReplayed
	}
	c.count(Redemption, failedOr(outcome, Redemption, err))
	return issued, err
}

// Refresh is [tokens.Service.Refresh].
func (c counted) Refresh(ctx context.Context, refreshToken models.Secret, origin models.Origin) (*tokens.IssuedSecrets, error) {
	issued, err := c.Service.Refresh(ctx, refreshToken, origin)
	c.count(Refresh, failedOr(outcomeGranted, Refresh, err))
	return issued, err
}

// Introspect is [tokens.Service.Introspect].
func (c counted) Introspect(ctx context.Context, actor models.Actor, token models.Secret, hint string) (tokens.Introspection, error) {
	found, err := c.Service.Introspect(ctx, actor, token, hint)
	outcome := outcomeInactive
	if found.Active {
		outcome = outcomeActive
	}
	c.count(Verification, failedOr(outcome, Verification, err))
	return found, err
}

// failedOr is the outcome, unless there was an error: then its name, if an operation
// can end with it.
func failedOr(outcome string, of Operation, err error) string {
	if err == nil {
		return outcome
	}
	name := models.ErrorCode(err)
	if e, ok := errors.AsType[*models.Error](err); ok && e.Refusal != nil {
		name = e.Refusal.Reason
	}
	if slices.Contains(Outcomes(of), string(name)) {
		return string(name)
	}
	return outcomeError
}
