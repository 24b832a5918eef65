package tokens

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/models"
)

// ReplaceRegistrationTokens creates a successor for each of ids, at most
// models.MaxPageSize, that is replaceable, with its label, settings and remaining
// count: for all of them or for none. The others stay as they are. expires is nil
// for the default expiry; expected is how many will be replaced. The actor needs
// PermissionRegistrationTokenWrite. KindInvalid with the fields id,
// expirationDate; KindConflict with CodeUnexpectedNumber; KindNotFound.
func (s *Service) ReplaceRegistrationTokens(ctx context.Context, actor models.Actor, ids []string, expires *time.Time, expected int) ([]IssuedRegistrationToken, error) {
	if err := checkSelection(actor, ids); err != nil {
		return nil, err
	}
	now := s.now()
	ch := apply(models.RegistrationTokenChange{ExpiresAt: s.defaultExpiry(now)}, models.RegistrationTokenSettings{ExpiresAt: expires})
	var c checker
	c.expiry(ch.ExpiresAt, now, s.cfg.MaxTokenLifetime)
	if err := c.err(); err != nil {
		return nil, err
	}
	var refused error
	for range maxAttempts {
		olds, err := s.replaceable(ctx, ids, now)
		if err != nil {
			return nil, err
		}
		if len(olds) != expected || expected == 0 {
			return nil, models.Conflict(models.CodeUnexpectedNumber,
				fmt.Sprintf("%d registration tokens would be replaced, not the expected %d. Nothing was changed.", len(olds), expected))
		}
		issued, all, err := s.successors(now, actor, olds, ch.ExpiresAt)
		if err != nil {
			return nil, err
		}
		err = s.store.ReplaceRegistrationTokens(ctx, all, now, actor.Name)
		if isKind(err, models.KindConflict) {
			refused = err
			continue
		}
		if err != nil {
			return nil, err
		}
		s.notify(Change{Kind: ChangeRegistrationToken})
		for i := range olds {
			s.notify(Change{RegistrationTokenID: olds[i].ID, Kind: ChangeRegistrationToken})
		}
		return issued, nil
	}
	return nil, refused
}

// replaceable reads the selected ones, by label, and leaves out those that cannot be
// replaced.
func (s *Service) replaceable(ctx context.Context, ids []string, now time.Time) ([]models.RegistrationToken, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := s.store.RegistrationTokens(ctx, models.RegistrationTokenFilter{IDs: ids}, models.PageRequest{Size: models.MaxPageSize}, now)
	if err != nil {
		return nil, err
	}
	if len(found.Items) != len(ids) {
		return nil, models.NotFound("registration token")
	}
	olds := slices.DeleteFunc(found.Items, func(t models.RegistrationToken) bool { return !t.Replaceable() })
	slices.SortFunc(olds, func(a, b models.RegistrationToken) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Identifier), strings.ToLower(b.Identifier)), strings.Compare(a.ID, b.ID))
	})
	return olds, nil
}

// successors makes a successor with a secret for each.
func (s *Service) successors(now time.Time, actor models.Actor, olds []models.RegistrationToken, expires time.Time) ([]IssuedRegistrationToken, []models.Replacement, error) {
	issued, all := make([]IssuedRegistrationToken, len(olds)), make([]models.Replacement, len(olds))
	for i := range olds {
		old := &olds[i]
		ch := old.Unchanged()
		ch.Count, ch.ExpiresAt, ch.Enabled = old.RemainingCount(), expires, true
		successor, secret, err := s.buildRegistrationToken(now, actor, old.Customer, ch)
		if err != nil {
			return nil, nil, err
		}
		successor.ReplacesID = &old.ID
		events, err := s.replaceEvents(now, actor, old, successor)
		if err != nil {
			return nil, nil, err
		}
		issued[i] = IssuedRegistrationToken{Recipient: models.RecipientOf(old.Identifier), RegistrationToken: successor, Secret: secret.Secret()}
		all[i] = models.Replacement{OldID: old.ID, OldUsedCount: old.UsedCount, Successor: successor, Events: events}
	}
	return issued, all, nil
}
