package tokens

import (
	"context"
	"fmt"
	"time"

	"muster/models"
	"muster/models/verdict"
)

// UpdateAuthToken changes the labels that are not nil. The actor needs
// PermissionAuthTokenWrite. KindInvalid with the fields identifier, refId1,
// refId2; KindConflict with CodeAuthTokenDeleted; KindStale; KindNotFound.
func (s *Service) UpdateAuthToken(ctx context.Context, actor models.Actor, id string, labels models.AuthTokenLabels) (*models.AuthToken, error) {
	if err := actor.Require(models.PermissionAuthTokenWrite); err != nil {
		return nil, err
	}
	now := s.now()
	t, err := s.store.AuthToken(ctx, id)
	if err != nil {
		return nil, err
	}
	var c checker
	changed := map[string]fieldChange{}
	for _, f := range []struct {
		name string
		from string
		to   *string
	}{
		{"identifier", t.Identifier, labels.Identifier},
		{"refId1", t.RefID1, labels.RefID1},
		{"refId2", t.RefID2, labels.RefID2},
	} {
		if f.to == nil {
			continue
		}
		c.text(f.name, *f.to, models.MaxIdentifierLength, false)
		if *f.to != f.from {
			changed[f.name] = fieldChange{From: f.from, To: *f.to}
		}
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	if t.DeletedAt != nil {
		return nil, models.Conflict(models.CodeAuthTokenDeleted,
			fmt.Sprintf("This auth token was deleted on %s.", formatTime(*t.DeletedAt)))
	}
	if len(changed) == 0 {
		return t, labels.IfVersion.Require(t.Version())
	}
	event, err := s.event(now, actor, models.AuditAuthTokenUpdated, models.ObjectAuthToken, id, changed)
	if err != nil {
		return nil, err
	}
	updated, err := s.store.UpdateAuthTokenLabels(ctx, id, labels, event)
	if err != nil {
		return nil, err
	}
	s.notify(Change{RegistrationTokenID: updated.RegistrationTokenID, AuthTokenID: id, Kind: ChangeAuthToken})
	return updated, nil
}

// DeleteAuthToken deletes one, and gives its count back if asked. Deleting it again
// changes nothing (rule 7); DeleteAuthTokens gives a count back later. The actor
// needs PermissionAuthTokenWrite. KindInvalid with the field reason; KindStale unless
// it has one of the versions, if any are given; KindNotFound.
func (s *Service) DeleteAuthToken(ctx context.Context, actor models.Actor, id, reason string, returnCount bool, ifVersion ...string) error {
	if err := actor.Require(models.PermissionAuthTokenWrite); err != nil {
		return err
	}
	now := s.now()
	if err := checkReason(reason); err != nil {
		return err
	}
	t, err := s.store.AuthToken(ctx, id)
	if err != nil {
		return err
	}
	if t.DeletedAt != nil {
		return models.Versions(ifVersion).Require(t.Version())
	}
	_, err = s.deleteAuthTokens(ctx, actor, actor.Name, models.AuthTokenDeletion{
		Filter: models.AuthTokenFilter{IDs: []string{id}}, Reason: reason, ReturnCount: returnCount, IfVersion: ifVersion,
	}, Change{RegistrationTokenID: t.RegistrationTokenID, AuthTokenID: id, Kind: ChangeAuthTokenDeleted}, now)
	return err
}

// DeleteAuthTokens deletes what a filter, which must not be empty, selects, and
// gives counts back if asked, late ones too: all of it or nothing. The actor needs
// PermissionAuthTokenWrite. KindInvalid with the fields filter, finding, reason,
// expected; KindConflict with CodeUnexpectedNumber, and with CodeSeveralMatch when a
// name in the filter fits several people or devices.
func (s *Service) DeleteAuthTokens(ctx context.Context, actor models.Actor, d models.AuthTokenDeletion) (models.AuthTokenDeletionResult, error) {
	if err := actor.Require(models.PermissionAuthTokenWrite); err != nil {
		return models.AuthTokenDeletionResult{}, err
	}
	if d.Filter.Empty() {
		return models.AuthTokenDeletionResult{}, models.InvalidField("filter", "Give ids or at least one field of the filter; without any, every auth token would be deleted.")
	}
	if d.Filter.Finding != "" && d.Filter.RegistrationTokenID == "" {
		return models.AuthTokenDeletionResult{}, models.InvalidField("finding", "A finding is about one registration token; name it in the filter too.")
	}
	if err := checkReason(d.Reason); err != nil {
		return models.AuthTokenDeletionResult{}, err
	}
	if d.Expected != nil && *d.Expected < 0 {
		return models.AuthTokenDeletionResult{}, models.InvalidField("expected", "The expected number cannot be negative.")
	}
	now := s.now()
	d.Judge = s.judgeAt(now)
	change := Change{RegistrationTokenID: d.Filter.RegistrationTokenID, Kind: ChangeAuthTokenDeleted}
	return s.deleteAuthTokens(ctx, actor, actor.Name, d, change, now)
}

// DeleteOwnAuthToken deletes one that the actor, a signed-in person of any role,
// redeemed; deleting it again changes nothing. The count is not given back. The
// actor needs PermissionSession. KindInvalid with the field reason; KindNotFound
// for other people's.
func (s *Service) DeleteOwnAuthToken(ctx context.Context, actor models.Actor, id, reason string) error {
	if err := actor.Require(models.PermissionSession); err != nil {
		return err
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	t, err := s.store.AuthToken(ctx, id)
	if err != nil {
		return err
	}
	if !t.BelongsTo(actor) {
		return models.NotFound("auth token")
	}
	if t.DeletedAt != nil {
		return nil
	}
	_, err = s.deleteAuthTokens(ctx, actor, actor.Name, models.AuthTokenDeletion{
		// The condition names the owner too (rule 15).
		Filter: models.AuthTokenFilter{IDs: []string{id}, Owner: &t.VerifiedIdentity}, Reason: reason,
	}, Change{RegistrationTokenID: t.RegistrationTokenID, AuthTokenID: id, Kind: ChangeAuthTokenDeleted}, s.now())
	return err
}

// judgeAt judges as of a time.
func (s *Service) judgeAt(now time.Time) func(*models.RegistrationToken, *models.Evidence) models.Verdict {
	return func(t *models.RegistrationToken, e *models.Evidence) models.Verdict {
		return verdict.Judge(s.cfg.Verdict, t, e, now)
	}
}

// deleteQuietly is used by every deletion of auth tokens; it tells nobody. It returns
// also the registration tokens whose used count changed.
func (s *Service) deleteQuietly(ctx context.Context, actor models.Actor, by string, d models.AuthTokenDeletion, now time.Time) (models.AuthTokenDeletionResult, []string, error) {
	event, err := s.event(now, actor, models.AuditAuthTokenDeleted, models.ObjectAuthToken, "",
		map[string]any{"reason": d.Reason, "returnCount": d.ReturnCount})
	if err != nil {
		return models.AuthTokenDeletionResult{}, nil, err
	}
	return s.store.DeleteAuthTokens(ctx, d, now, by, event)
}

func (s *Service) deleteAuthTokens(ctx context.Context, actor models.Actor, by string, d models.AuthTokenDeletion, change Change, now time.Time) (models.AuthTokenDeletionResult, error) {
	result, reclaimedOf, err := s.deleteQuietly(ctx, actor, by, d, now)
	if err != nil {
		return result, err
	}
	if d.DryRun || result.Acted() == 0 {
		return result, nil
	}
	s.notify(change)
	for _, id := range reclaimedOf {
		s.notify(Change{RegistrationTokenID: id, Kind: ChangeRegistrationToken})
	}
	return result, nil
}

// checkReason checks the reason of a deletion; it may be empty.
func checkReason(reason string) error {
	var c checker
	c.text("reason", reason, models.MaxReasonLength, true)
	return c.err()
}
