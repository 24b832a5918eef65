package tokens

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"muster/models"
)

// Approved is what approving a request did.
type Approved struct {
	Request *models.Request
	// RegistrationToken is the changed one, or the successor of a replacement, whose
	// secret, to be shown once, is Secret. It is nil where auth tokens were deleted.
	RegistrationToken *models.RegistrationToken
	Secret            models.Secret
	Deletion          *models.AuthTokenDeletionResult
}

// ApproveRequest does what an open request asks for, once, as of now: both happen or
// neither (rule 23). changed is the number to do it with, nil for the one that was asked for. The
// actor needs PermissionRequestDecide, and the permission of the act. KindConflict with
// CodeNumbersChanged when numbers are not those of the request and changed is nil, or
// when another number of auth tokens would be deleted; with CodeRequestDecided or
// CodeRequestLapsed when the request is not open any more; with the code of a
// registration token whose state forbids it. KindInvalid with the field remedy.count;
// KindNotFound.
func (s *Service) ApproveRequest(ctx context.Context, actor models.Actor, id string, changed *int) (*Approved, error) {
	if err := actor.Require(models.PermissionRequestDecide); err != nil {
		return nil, err
	}
	now := s.now()
	p, err := s.preview(ctx, id, now)
	if err != nil {
		return nil, err
	}
	r := p.Request
	if err := actor.Require(neededFor(&r.Remedy)); err != nil {
		return nil, err
	}
	switch {
	case r.State != models.RequestOpen:
		return nil, errNotOpen(r, actor)
	case !p.Left:
		return nil, s.nothingLeft(ctx, r, actor, now)
	case changed != nil && r.Remedy.Count == nil:
		return nil, models.InvalidField("remedy.count", "This remedy has no number.")
	case changed != nil && (*changed < 1 || *changed > models.MaxCount):
		return nil, models.InvalidField("remedy.count", "The number must be between 1 and 1,000,000.")
	case changed != nil && r.Remedy.Kind == models.RemedyRaise && p.TokenCount+*changed > models.MaxCount:
		return nil, models.InvalidField("remedy.count", fmt.Sprintf("The count is %d; it cannot be raised above 1,000,000.", p.TokenCount))
	case changed == nil && p.Changed:
		return nil, p.errNumbersChanged()
	}
	a := approval{Service: s, actor: actor, now: now, preview: &p, changed: changed, count: cmp.Or(changed, r.Remedy.Count)}
	event, err := s.event(now, actor, models.AuditRequestApproved, models.ObjectRequest, id, a.detail())
	if err != nil {
		return nil, err
	}
	decision := models.RequestDecision{ID: id, State: models.RequestApproved, By: actor.Name, At: now, Count: a.count}
	ended, err := s.store.EndRequest(ctx, decision, event, a.act)
	if err != nil {
		if code := models.ErrorCode(err); code == models.CodeNumbersChanged || code == models.CodeUnexpectedNumber {
			return nil, s.moved(ctx, id, actor, now)
		}
		return nil, notEnded(ended, err, actor)
	}
	a.done.Request = ended
	a.tell()
	return &a.done, nil
}

// neededFor is the permission that the act of a remedy takes.
func neededFor(r *models.RequestedRemedy) models.Permission {
	if r.Deletes() {
		return models.PermissionAuthTokenWrite
	}
	return models.PermissionRegistrationTokenWrite
}

// approval is one in the making.
type approval struct {
	*Service
	actor   models.Actor
	now     time.Time
	preview *RequestPreview
	// changed and count are the number given, and the one to act with.
	changed, count *int

	done        Approved
	reclaimedOf []string
}

// act does what is asked for, in the transaction that ends the request.
func (a *approval) act(ctx context.Context) (err error) {
	r := a.preview.Request
	id, settings := r.RegistrationTokenID, models.RegistrationTokenSettings{Reason: r.Reason}
	a.done, a.reclaimedOf = Approved{}, nil
	switch r.Remedy.Kind {
	case models.RemedyReplace:
		settings.Count = a.count
		a.done.RegistrationToken, a.done.Secret, err = a.replaceQuietly(ctx, a.actor, id, settings, a.sameRemaining, a.now)
		return err
	case models.RemedyRaise:
		settings.Raise = *a.count
	case models.RemedyEnable:
		enabled := true
		settings.Enabled = &enabled
	case models.RemedyExtend:
		settings.ExpiresAt = r.Remedy.ExpiresAt
	default:
		return a.delete(ctx)
	}
	a.done.RegistrationToken, _, err = a.editQuietly(ctx, a.actor, id, settings, present, a.sameCount, a.now)
	return err
}

// errMoved ends an act that finds other numbers than the preview did; the answer says
// which.
func errMoved() error {
	return models.Conflict(models.CodeNumbersChanged, "The numbers changed since they were counted.")
}

// sameCount refuses to raise a count that is not the one of the preview any more,
// unless the number is given.
func (a *approval) sameCount(t *models.RegistrationToken) error {
	if a.changed == nil && a.preview.Request.Remedy.Kind == models.RemedyRaise && t.Count != a.preview.token.Count {
		return errMoved()
	}
	return nil
}

// sameRemaining is sameCount for a replacement.
func (a *approval) sameRemaining(old *models.RegistrationToken) error {
	if a.changed == nil && old.RemainingCount() != a.preview.token.RemainingCount() {
		return errMoved()
	}
	return nil
}

func (a *approval) delete(ctx context.Context) error {
	d := a.asked(a.preview.Request, a.now, false)
	d.Expected = a.count
	result, reclaimedOf, err := a.deleteQuietly(ctx, a.actor, a.actor.Name, d, a.now)
	a.done.Deletion, a.reclaimedOf = &result, reclaimedOf
	if err == nil && a.changed == nil && result.Deleted != a.preview.Deletion.Deleted {
		return errMoved()
	}
	return err
}

// detail is what the audit trail records about it.
func (a *approval) detail() map[string]any {
	r := a.preview.Request
	detail := requestDetail(r)
	delete(detail, "reason") // it is that of the request and of the act
	if d := a.preview.Deletion; d != nil && d.Deleted != *r.ProposedBefore {
		detail["deleted"] = fieldChange{From: *r.ProposedBefore, To: d.Deleted}
	}
	if a.changed != nil && *a.changed != *r.Remedy.Count {
		detail["count"] = fieldChange{From: *r.Remedy.Count, To: *a.changed}
	}
	return detail
}

// tell tells the live pages, once all of it is committed.
func (a *approval) tell() {
	id := a.preview.Request.RegistrationTokenID
	a.notify(Change{RegistrationTokenID: id, Kind: ChangeRequest})
	if a.done.Deletion != nil {
		a.notify(Change{RegistrationTokenID: id, Kind: ChangeAuthTokenDeleted})
		a.notifyEach(a.reclaimedOf, ChangeRegistrationToken)
		return
	}
	a.notify(Change{RegistrationTokenID: id, Kind: ChangeRegistrationToken})
	if t := a.done.RegistrationToken; t.ID != id {
		a.notify(Change{RegistrationTokenID: t.ID, Kind: ChangeRegistrationToken})
	}
}

// DeclineRequest ends an open request without doing anything, for a reason that who
// asked will read. The actor needs PermissionRequestDecide. KindInvalid with the field
// reason; KindConflict as for [Service.ApproveRequest]; KindNotFound.
func (s *Service) DeclineRequest(ctx context.Context, actor models.Actor, id, reason string) (*models.Request, error) {
	if err := actor.Require(models.PermissionRequestDecide); err != nil {
		return nil, err
	}
	var c checker
	if reason == "" {
		c.fail("reason", "Say why: whoever asked will read it.")
	}
	c.text("reason", reason, models.MaxReasonLength, true)
	if err := c.err(); err != nil {
		return nil, err
	}
	return s.end(ctx, actor, id, models.RequestDeclined, models.AuditRequestDeclined, reason)
}

// WithdrawRequest takes back what the actor asked for. The actor needs
// PermissionRequestWrite, and to be who asked (KindForbidden). KindConflict as for
// [Service.ApproveRequest]; KindNotFound.
func (s *Service) WithdrawRequest(ctx context.Context, actor models.Actor, id string) (*models.Request, error) {
	if err := actor.Require(models.PermissionRequestWrite); err != nil {
		return nil, err
	}
	r, err := s.store.Request(ctx, id, s.now())
	if err != nil {
		return nil, err
	}
	if r.CreatedByID != actor.ID {
		return nil, models.Forbidden("Only who asked can withdraw a request.")
	}
	return s.end(ctx, actor, id, models.RequestWithdrawn, models.AuditRequestWithdrawn, "")
}

func (s *Service) end(ctx context.Context, actor models.Actor, id string, state models.RequestState, action models.AuditAction, reason string) (*models.Request, error) {
	now := s.now()
	r, err := s.store.Request(ctx, id, now)
	if err != nil {
		return nil, err
	}
	detail := requestDetail(r)
	delete(detail, "reason")
	if reason != "" {
		detail["reason"] = reason
	}
	event, err := s.event(now, actor, action, models.ObjectRequest, id, detail)
	if err != nil {
		return nil, err
	}
	ended, err := s.store.EndRequest(ctx, models.RequestDecision{ID: id, State: state, By: actor.Name, At: now, Reason: reason}, event, nil)
	if err != nil {
		return nil, notEnded(ended, err, actor)
	}
	s.notify(Change{RegistrationTokenID: r.RegistrationTokenID, Kind: ChangeRequest})
	return ended, nil
}

// moved is the answer when the numbers changed while it was approved: those of now.
func (s *Service) moved(ctx context.Context, id string, actor models.Actor, now time.Time) error {
	p, err := s.preview(ctx, id, now)
	switch {
	case err != nil:
		return err
	case p.Request.State != models.RequestOpen:
		return errNotOpen(p.Request, actor)
	case !p.Left:
		return s.nothingLeft(ctx, p.Request, actor, now)
	}
	return p.errNumbersChanged()
}

// nothingLeft stores that a request has lapsed, and is the answer to who approves it.
func (s *Service) nothingLeft(ctx context.Context, r *models.Request, actor models.Actor, now time.Time) error {
	ended, err := s.lapse(ctx, r, now)
	if err != nil {
		return err
	}
	return errNotOpen(ended, actor)
}

// lapse stores that nothing is left to do, unless the request has ended meanwhile, and
// returns what became of it.
func (s *Service) lapse(ctx context.Context, r *models.Request, now time.Time) (*models.Request, error) {
	event, err := s.lapseEvent(now, r)
	if err != nil {
		return nil, err
	}
	ended, err := s.store.EndRequest(ctx, models.RequestDecision{ID: r.ID, State: models.RequestLapsed, At: now}, event, nil)
	if models.ErrorCode(err) == models.CodeRequestDecided {
		return ended, nil
	}
	if err == nil {
		s.notify(Change{RegistrationTokenID: r.RegistrationTokenID, Kind: ChangeRequest})
	}
	return ended, err
}

func (s *Service) lapseEvent(now time.Time, r *models.Request) (models.AuditEvent, error) {
	return s.event(now, muster, models.AuditRequestLapsed, models.ObjectRequest, r.ID, map[string]any{"registrationTokenId": r.RegistrationTokenID})
}

// notEnded is the error of a request that could not be ended: err, or what became of
// it meanwhile.
func notEnded(r *models.Request, err error, actor models.Actor) error {
	if models.ErrorCode(err) == models.CodeRequestDecided && r != nil {
		return errNotOpen(r, actor)
	}
	return err
}

// errNotOpen says what became of a request. The name of who decided may be an e-mail
// address, so only those learn it who decide.
func errNotOpen(r *models.Request, actor models.Actor) error {
	if r.State == models.RequestLapsed {
		return models.Conflict(models.CodeRequestLapsed, "This request has lapsed: nobody decided in time, or nothing is left to do.")
	}
	by := ""
	if actor.Can(models.PermissionRequestDecide) {
		by = " by " + r.DecidedBy
	}
	if r.DecidedAt == nil {
		return models.Unavailable(errors.New("a request that could not be ended is open"))
	}
	return models.Conflict(models.CodeRequestDecided, fmt.Sprintf("This request was %s%s on %s.", r.State, by, formatTime(*r.DecidedAt)))
}

// requestDetail is what the audit trail records about a request.
func requestDetail(r *models.Request) map[string]any {
	d := map[string]any{"registrationTokenId": r.RegistrationTokenID, "remedy": string(r.Remedy.Kind), "reason": r.Reason}
	if r.Ticket != "" {
		d["ticket"] = r.Ticket
	}
	if r.Remedy.Count != nil {
		d["count"] = *r.Remedy.Count
	}
	if r.Remedy.Finding != "" {
		d["finding"] = string(r.Remedy.Finding)
	}
	if len(r.Remedy.AuthTokens) > 0 {
		d["authTokens"] = len(r.Remedy.AuthTokens)
	}
	if r.Remedy.Deletes() {
		d["returnCount"], d["deleted"] = r.Remedy.ReturnCount, *r.ProposedBefore
	}
	if r.Remedy.ExpiresAt != nil {
		d["expirationDate"] = r.Remedy.ExpiresAt.UTC().Format(time.RFC3339)
	}
	return d
}
