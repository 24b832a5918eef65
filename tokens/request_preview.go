package tokens

import (
	"context"
	"fmt"
	"time"

	"muster/models"
)

// RequestPreview is what approving a request would do now.
type RequestPreview struct {
	Request *models.Request
	// Count is the number of now; nil where the remedy has none, and when the request
	// is not open.
	Count *int
	// TokenCount is the count of the registration token now.
	TokenCount int
	// Changed tells that numbers differ from those that the request was made on; then
	// only a number approves it.
	Changed bool
	// Left tells whether anything is left to do.
	Left bool
	// Deletion is what would be deleted and given back; nil for other remedies.
	Deletion *models.AuthTokenDeletionResult

	token    *models.RegistrationToken
	proposed *int
}

// PreviewRequest works out what approving a request would do now. The actor needs
// PermissionRequestRead. KindNotFound; KindUnavailable while the desk is behind.
func (s *Service) PreviewRequest(ctx context.Context, actor models.Actor, id string) (RequestPreview, error) {
	if err := actor.Require(models.PermissionRequestRead); err != nil {
		return RequestPreview{}, err
	}
	now := s.now()
	p, err := s.preview(ctx, id, now)
	if err == nil && p.Request.State == models.RequestOpen && !p.Left {
		open, lapsed := p.Request, *p.Request
		lapsed.State = models.RequestLapsed
		p.Request = &lapsed
		s.background.Do(ctx, models.ObjectRequest, id, func(ctx context.Context) error {
			_, err := s.lapse(ctx, open, now)
			return err
		})
	}
	return p, err
}

func (s *Service) preview(ctx context.Context, id string, now time.Time) (RequestPreview, error) {
	r, err := s.store.Request(ctx, id, now)
	if err != nil {
		return RequestPreview{}, err
	}
	p := RequestPreview{Request: r}
	if p.token, err = s.store.RegistrationToken(ctx, r.RegistrationTokenID); err != nil {
		return p, err
	}
	p.TokenCount = p.token.Count
	if r.State != models.RequestOpen {
		return p, nil
	}
	if err := s.count(ctx, &p, now); err != nil {
		return p, err
	}
	// Deciding it changes the numbers: what counts is whether it was open after they
	// were read.
	if r, err = s.store.Request(ctx, id, now); err != nil || r.State == models.RequestOpen {
		return p, err
	}
	return RequestPreview{Request: r, TokenCount: p.token.Count, token: p.token}, nil
}

// count works out the numbers of an open request.
func (s *Service) count(ctx context.Context, p *RequestPreview, now time.Time) error {
	r := p.Request
	p.Left = true
	if r.Remedy.Deletes() {
		counted, _, err := s.store.DeleteAuthTokens(ctx, s.asked(r, now, true), now, "", models.AuditEvent{})
		n := counted.Acted()
		p.Count, p.Deletion, p.Left = &n, &counted, n > 0
		p.Changed = n != *r.Remedy.Count || !same(&counted.Deleted, r.ProposedBefore)
		return err
	}
	if r.Remedy.Count == nil {
		return nil
	}
	proposed, err := s.proposed(ctx, r, p.token, now)
	moved := !same(proposed, r.ProposedBefore)
	p.proposed, p.Count = proposed, r.Remedy.Count
	p.Changed = moved || r.Remedy.Kind == models.RemedyRaise && p.token.Count != r.CountBefore
	if moved && proposed != nil {
		p.Count = proposed
	}
	return err
}

func same(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }

// errNumbersChanged says both numbers.
func (p *RequestPreview) errNumbersChanged() error {
	r := p.Request
	var message string
	switch r.Remedy.Kind {
	case models.RemedyRaise:
		message = fmt.Sprintf("When this was asked for, the count was %d%s; now it is %d%s.",
			r.CountBefore, proposing(r.ProposedBefore), p.token.Count, proposing(p.proposed))
	case models.RemedyReplace:
		message = fmt.Sprintf("When this was asked for, the successor was to get %d counts; now it would get %d.", *r.Remedy.Count, *p.Count)
	default:
		message = fmt.Sprintf("When this was asked for, it was about %d auth tokens, %d of them to be deleted; now it is about %d, %d of them to be deleted.",
			*r.Remedy.Count, *r.ProposedBefore, *p.Count, p.Deletion.Deleted)
	}
	e := models.Conflict(models.CodeNumbersChanged, message+" Nothing was changed.")
	e.NextStep = "Look at the request again, and approve it with the number that is right now."
	return e
}

func proposing(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf(", with %d more proposed", *n)
}
