package tokens

import (
	"context"
	"slices"
	"time"

	"muster/models"
)

// maxRequestedIDs bounds how many auth tokens a request names one by one.
const maxRequestedIDs = 1_000

// AskRequest asks an administrator for a remedy of the verdict of a registration
// token, or to delete auth tokens of it (rule 23). The actor needs PermissionRequestWrite.
// KindInvalid with the fields registrationTokenId, reason, ticket, remedy.kind,
// remedy.count, remedy.request, remedy.expirationDate; KindConflict with
// CodeRequestExists when the same is asked for already, and with the code of a
// registration token whose state forbids it.
func (s *Service) AskRequest(ctx context.Context, actor models.Actor, asked models.NewRequest) (*models.Request, error) {
	if err := actor.Require(models.PermissionRequestWrite); err != nil {
		return nil, err
	}
	if err := checkAsked(&asked); err != nil {
		return nil, err
	}
	now := s.now()
	r := &models.Request{
		RegistrationTokenID: asked.RegistrationTokenID, Remedy: asked.Remedy, Reason: asked.Reason, Ticket: asked.Ticket,
		State: models.RequestOpen, CreatedBy: actor.Name, CreatedByID: actor.ID, CreatedAt: now,
	}
	t, err := s.store.RegistrationToken(ctx, asked.RegistrationTokenID)
	if isKind(err, models.KindNotFound) {
		return nil, models.InvalidField("registrationTokenId", "There is no such registration token.")
	}
	if err != nil {
		return nil, err
	}
	if err := s.settle(ctx, r, t, now); err != nil {
		return nil, err
	}
	if r.ID, err = s.newID(now); err != nil {
		return nil, err
	}
	event, err := s.event(now, actor, models.AuditRequestCreated, models.ObjectRequest, r.ID, requestDetail(r))
	if err != nil {
		return nil, err
	}
	lapsed, err := s.lapseEvent(now, r)
	if err != nil {
		return nil, err
	}
	if err := s.store.CreateRequest(ctx, r, event, lapsed); err != nil {
		return nil, err
	}
	s.notify(Change{RegistrationTokenID: r.RegistrationTokenID, Kind: ChangeRequest})
	return r, nil
}

// checkAsked checks what can be judged without the registration token, and puts the
// ids in order.
func checkAsked(asked *models.NewRequest) error {
	var c checker
	if asked.Reason == "" {
		c.fail("reason", "Say why you ask: whoever decides reads it.")
	}
	c.text("reason", asked.Reason, models.MaxReasonLength, true)
	c.text("ticket", asked.Ticket, models.MaxTicketLength, false)
	r := &asked.Remedy
	r.AuthTokens = slices.Compact(slices.Sorted(slices.Values(r.AuthTokens)))
	deletes := false
	switch r.Kind {
	case models.RemedyGiveBack, models.RemedyDeleteSurplus, models.RemedyDelete:
		deletes = true
		c.deletion(r)
	case models.RemedyRaise:
		if r.Count == nil {
			c.fail("remedy.count", "Say by how many to raise.")
		}
	case models.RemedyEnable, models.RemedyExtend:
		if r.Count != nil {
			c.fail("remedy.count", "This remedy has no number.")
		}
	case models.RemedyReplace:
	case models.RemedyOwnToken, models.RemedyAsk, models.RemedyNone:
		c.fail("remedy.kind", "Nobody can approve this remedy: it is not one act.")
	default:
		c.fail("remedy.kind", "There is no such remedy.")
	}
	if r.Count != nil && (*r.Count < 1 || *r.Count > models.MaxCount) {
		c.fail("remedy.count", "The number must be between 1 and 1,000,000, not %d.", *r.Count)
	}
	if !deletes && (r.Deletes() || r.ReturnCount) {
		c.fail("remedy.request", "This remedy deletes no auth tokens.")
	}
	if r.ExpiresAt != nil && r.Kind != models.RemedyExtend {
		c.fail("remedy.expirationDate", "Only extending takes an expiry.")
	}
	return c.err()
}

// deletion checks which auth tokens are to be deleted.
func (c *checker) deletion(r *models.RequestedRemedy) {
	switch {
	case r.Finding != "" && len(r.AuthTokens) > 0:
		c.fail("remedy.request", "Name a finding or ids, not both.")
	case !r.Deletes():
		c.fail("remedy.request", "Say which auth tokens: take the request of the verdict's remedy, or give ids.")
	case len(r.AuthTokens) > maxRequestedIDs:
		c.fail("remedy.request", "At most 1,000 auth tokens can be named one by one; there are %d.", len(r.AuthTokens))
	case !r.ReturnCount && r.Kind == models.RemedyGiveBack:
		c.fail("remedy.request", "Giving back returns the counts.")
	case slices.ContainsFunc(r.AuthTokens, func(id string) bool { return !ValidID(id) }):
		c.fail("remedy.request", notBelow)
	}
}

const notBelow = "Not all of these ids are auth tokens of the registration token."

// settle checks the request against its registration token as it is, and keeps the
// numbers that it is made on.
func (s *Service) settle(ctx context.Context, r *models.Request, t *models.RegistrationToken, now time.Time) error {
	switch {
	case t.DeletedAt != nil:
		return errDeletedToken(t)
	case t.ReplacedByID != nil:
		return errReplacedToken(t)
	case edits(r.Remedy.Kind) && !now.Before(t.ExpiresAt):
		return errExpiredToken(t)
	}
	r.CountBefore = t.Count
	if r.Remedy.Deletes() {
		return s.settleDeletion(ctx, r, t, now)
	}
	var c checker
	switch r.Remedy.Kind {
	case models.RemedyEnable:
		if t.DisabledAt == nil {
			c.fail("remedy.kind", "The registration token is enabled.")
		}
	case models.RemedyExtend:
		s.settleExpiry(&r.Remedy, t, now, &c)
	default:
		proposed, err := s.proposed(ctx, r, t, now)
		if err != nil {
			return err
		}
		if r.ProposedBefore = proposed; r.Remedy.Count == nil {
			r.Remedy.Count = proposed
		}
		switch {
		case *r.Remedy.Count < 1:
			c.fail("remedy.count", "This registration token has no counts left; say how many the successor should have.")
		case r.Remedy.Kind == models.RemedyRaise && t.Count+*r.Remedy.Count > models.MaxCount:
			c.fail("remedy.count", "The count is %d; raised by %d it would be above 1,000,000.", t.Count, *r.Remedy.Count)
		}
	}
	return c.err()
}

// edits tells whether a remedy is an edit of its registration token.
func edits(kind models.RemedyKind) bool {
	return kind == models.RemedyRaise || kind == models.RemedyExtend || kind == models.RemedyEnable
}

func (s *Service) settleExpiry(r *models.RequestedRemedy, t *models.RegistrationToken, now time.Time, c *checker) {
	expires := s.defaultExpiry(now)
	if r.ExpiresAt != nil {
		expires = r.ExpiresAt.UTC().Truncate(time.Second)
	}
	r.ExpiresAt = &expires
	var expiry checker
	expiry.expiry(expires, now, s.cfg.MaxTokenLifetime)
	for _, f := range expiry.fields {
		c.fail("remedy."+f.Field, "%s", f.Message)
	}
	if len(expiry.fields) == 0 && !expires.After(t.ExpiresAt) {
		c.fail("remedy.expirationDate", "The registration token expires on %s, which is no earlier.", formatTime(t.ExpiresAt))
	}
}

// settleDeletion checks that the verdict gives this remedy now, or that the auth
// tokens belong to the registration token. It says nothing about others.
func (s *Service) settleDeletion(ctx context.Context, r *models.Request, t *models.RegistrationToken, now time.Time) error {
	remedy := &r.Remedy
	fail := func(message string) error { return models.InvalidField("remedy.request", message) }
	if remedy.Finding != "" {
		given, err := s.remedyOf(ctx, t, now, func(f *models.Finding) bool { return f.Kind == remedy.Finding && f.Remedy.Deletes() })
		if err != nil {
			return err
		}
		if given == nil || given.Kind != remedy.Kind || given.ReturnCount != remedy.ReturnCount || len(given.AuthTokens) == 0 {
			return fail("The verdict of this registration token does not give this remedy now. Read it again.")
		}
	}
	counted, _, err := s.store.DeleteAuthTokens(ctx, s.asked(r, now, true), now, "", models.AuditEvent{})
	if err != nil {
		return err
	}
	switch number := counted.Acted(); {
	case remedy.Finding == "" && counted.Matched != len(remedy.AuthTokens):
		return fail(notBelow)
	case number == 0:
		return fail("Nothing is left to do: these auth tokens are deleted already.")
	case remedy.Count != nil && *remedy.Count != number:
		return fail("The number is not the one of now. Read the verdict again.")
	default:
		remedy.Count, r.ProposedBefore = &number, &counted.Deleted
		return nil
	}
}

// asked is the deletion that a request asks for.
func (s *Service) asked(r *models.Request, now time.Time, dryRun bool) models.AuthTokenDeletion {
	return models.AuthTokenDeletion{
		Filter: models.AuthTokenFilter{
			RegistrationTokenID: r.RegistrationTokenID, Finding: r.Remedy.Finding, IDs: r.Remedy.AuthTokens,
		},
		Reason: r.Reason, ReturnCount: r.Remedy.ReturnCount, DryRun: dryRun, Judge: s.judgeAt(now),
	}
}

// remedyOf is the remedy that the verdict of now gives for a finding; nil when there
// is no such finding.
func (s *Service) remedyOf(ctx context.Context, t *models.RegistrationToken, now time.Time, is func(*models.Finding) bool) (*models.Remedy, error) {
	evidence, err := s.store.Evidence(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	judged := s.judgeAt(now)(t, evidence)
	for i := range judged.Findings {
		if f := &judged.Findings[i]; is(f) {
			return &f.Remedy, nil
		}
	}
	return nil, nil
}

// proposed is the number that a request to raise or to replace is made on, as of now.
func (s *Service) proposed(ctx context.Context, r *models.Request, t *models.RegistrationToken, now time.Time) (*int, error) {
	given, err := s.remedyOf(ctx, t, now, func(f *models.Finding) bool { return f.Remedy.Kind == r.Remedy.Kind })
	switch {
	case err != nil:
		return nil, err
	case given != nil:
		return given.Count, nil
	case r.Remedy.Kind == models.RemedyReplace:
		remaining := t.RemainingCount()
		return &remaining, nil
	}
	return nil, nil
}
