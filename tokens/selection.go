package tokens

import (
	"context"

	"muster/models"
)

// DisableRegistrationTokens implements [API].
func (s *Service) DisableRegistrationTokens(ctx context.Context, actor models.Actor, ids []string) (models.SelectionResult, error) {
	off := false
	return s.each(ctx, ids, func(ctx context.Context, t *models.RegistrationToken, result *models.SelectionResult) error {
		if t.DisabledAt != nil {
			result.Left++
			return nil
		}
		_, err := s.UpdateRegistrationToken(ctx, actor, t.ID, models.RegistrationTokenSettings{Enabled: &off})
		if isKind(err, models.KindConflict) { // expired or deleted: it cannot be redeemed anyway
			result.Left++
			return nil
		}
		result.Changed++
		return err
	})
}

// DeleteRegistrationTokens implements [API].
func (s *Service) DeleteRegistrationTokens(ctx context.Context, actor models.Actor, ids []string, d models.RegistrationTokenDeletion) (models.SelectionResult, error) {
	if d.Expected != nil {
		live := 0
		for _, id := range ids {
			n, err := s.store.LiveAuthTokenCount(ctx, id, s.now())
			if err != nil {
				return models.SelectionResult{}, err
			}
			live += n
		}
		if live != *d.Expected {
			return models.SelectionResult{}, models.Conflict(models.CodeUnexpectedNumber,
				"The number of live auth tokens changed meanwhile. Nothing was deleted.")
		}
		d.Expected = nil
	}
	return s.each(ctx, ids, func(ctx context.Context, t *models.RegistrationToken, result *models.SelectionResult) error {
		if t.DeletedAt != nil {
			result.Left++
			return nil
		}
		deleted, err := s.DeleteRegistrationToken(ctx, actor, t.ID, d)
		result.Changed++
		result.AuthTokens += deleted
		return err
	})
}

// each does the same to one registration token after the other, each in its
// own transaction: a thousand in one would keep redemptions waiting. Whoever
// leaves the page meanwhile does not stop it half way.
func (s *Service) each(ctx context.Context, ids []string, do func(context.Context, *models.RegistrationToken, *models.SelectionResult) error) (models.SelectionResult, error) {
	ctx = context.WithoutCancel(ctx)
	var result models.SelectionResult
	if len(ids) > models.MaxPageSize {
		return result, models.InvalidField("id", "At most 500 registration tokens can be changed at once.")
	}
	for _, id := range ids {
		t, err := s.store.RegistrationToken(ctx, id)
		if err != nil {
			return result, err
		}
		if err := do(ctx, t, &result); err != nil {
			return result, err
		}
	}
	return result, nil
}
