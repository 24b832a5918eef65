package tokens

import (
	"context"

	"muster/models"
)

// DisableRegistrationTokens disables those of ids, at most models.MaxPageSize, that
// are not deleted, disabled or expired, all of them or none; the others stay as
// they are. The actor needs PermissionRegistrationTokenWrite.
// KindInvalid with the field id; KindNotFound.
func (s *Service) DisableRegistrationTokens(ctx context.Context, actor models.Actor, ids []string) (models.SelectionResult, error) {
	if err := checkSelection(actor, ids); err != nil || len(ids) == 0 {
		return models.SelectionResult{}, err
	}
	now := s.now()
	event, err := s.event(now, actor, models.AuditRegistrationTokenDisabled, models.ObjectRegistrationToken, "",
		map[string]fieldChange{"isEnabled": {From: true, To: false}})
	if err != nil {
		return models.SelectionResult{}, err
	}
	result, changed, err := s.store.DisableRegistrationTokens(ctx, ids, now, actor.Name, event)
	s.notifyEach(changed, ChangeRegistrationToken)
	return result, err
}

// DeleteRegistrationTokens is [Service.DeleteRegistrationToken] for at most
// models.MaxPageSize, all of them or none; d.Expected is the number of live auth
// tokens of all that it deletes. Those already deleted stay as they are, with their
// auth tokens. KindInvalid also with the field id.
func (s *Service) DeleteRegistrationTokens(ctx context.Context, actor models.Actor, ids []string, d models.RegistrationTokenDeletion) (models.SelectionResult, error) {
	if err := checkSelection(actor, ids); err != nil || len(ids) == 0 {
		return models.SelectionResult{}, err
	}
	now := s.now()
	event, err := s.deletionEvent(now, actor, "", &d)
	if err != nil {
		return models.SelectionResult{}, err
	}
	result, changed, err := s.store.DeleteRegistrationTokens(ctx, ids, d, now, actor.Name, event)
	s.notifyEach(changed, ChangeRegistrationToken)
	if result.AuthTokens > 0 {
		s.notifyEach(changed, ChangeAuthTokenDeleted)
	}
	return result, err
}

func checkSelection(actor models.Actor, ids []string) error {
	if err := actor.Require(models.PermissionRegistrationTokenWrite); err != nil {
		return err
	}
	if len(ids) > models.MaxPageSize {
		return models.InvalidField("id", "At most 500 registration tokens can be changed at once.")
	}
	return nil
}

func (s *Service) notifyEach(registrationTokenIDs []string, kind ChangeKind) {
	for _, id := range registrationTokenIDs {
		s.notify(Change{RegistrationTokenID: id, Kind: kind})
	}
}
