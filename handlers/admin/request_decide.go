package admin

import (
	"context"
	"errors"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
)

// Show shows a request, and to who decides what it would do now.
func (h *Requests) Show(c echo.Context) error {
	var answer views.RequestAnswer
	failed := web.Restore(c, &answer)
	return h.render(c, answer, failed)
}

// Approve does what is asked for. The number that the page showed is the one that
// is done: if it has changed since, the page is shown again with the new one.
func (h *Requests) Approve(c echo.Context) error {
	ctx := c.Request().Context()
	var form views.RequestAnswer
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	request, err := h.Read.Request(ctx, web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	changed, invalid := parseApproval(form, request)
	if request.Remedy.Kind == models.RemedyReplace {
		return h.approveReplacement(c, request, form, changed, invalid)
	}
	if invalid != nil {
		return h.render(c, form, invalid)
	}
	if changed != nil && request.Remedy.Kind == models.RemedyRaise {
		if err := h.raisesWhatWasShown(ctx, web.Viewer(c), request, form); err != nil {
			return h.render(c, form, err)
		}
	}
	approved, err := h.Tokens.ApproveRequest(ctx, web.Actor(c), request.ID, changed)
	if err != nil {
		return h.render(c, form, err)
	}
	return h.Frame.Done(c, paths.RegistrationToken(request.RegistrationTokenID), telling.Approved(&request.Remedy, approved.Request.DecidedCount, approved.Deletion, h.Now(c)))
}

// raisesWhatWasShown stops a raise by another number when the count is not the one
// that it was thought out for.
func (h *Requests) raisesWhatWasShown(ctx context.Context, v seen.Viewer, request *seen.Request, form views.RequestAnswer) error {
	t, err := h.Read.RegistrationToken(ctx, v, request.RegistrationTokenID)
	if err != nil || form.Before == strconv.Itoa(t.Count) {
		return err
	}
	return models.Conflict(models.CodeNumbersChanged, "The count has changed since this page was shown. Nothing was changed.")
}

// parseApproval reads the number to approve; nil when it is the one that was asked
// for and shown.
func parseApproval(form views.RequestAnswer, request *seen.Request) (*int, error) {
	if request.Remedy.Count == nil {
		return nil, nil
	}
	var p formParser
	n := p.count(form.Count)
	if n == nil && p.Err() == nil {
		p.Fail("count", "Give the number to approve.")
	}
	if form.Count == form.Shown {
		return nil, p.Err()
	}
	return n, p.Err()
}

// approveReplacement makes the successor and answers with its secret, once.
func (h *Requests) approveReplacement(c echo.Context, request *seen.Request, form views.RequestAnswer, changed *int, invalid error) error {
	old, err := h.Read.RegistrationToken(c.Request().Context(), web.Viewer(c), request.RegistrationTokenID)
	if err != nil {
		return err
	}
	token, secret, earlier, err := h.Forms.registrationToken(c, form.Nonce, invalid, func(ctx context.Context) (*models.RegistrationToken, models.Secret, error) {
		approved, err := h.Tokens.ApproveRequest(ctx, web.Actor(c), request.ID, changed)
		if err != nil {
			return nil, "", err
		}
		return approved.RegistrationToken, approved.Secret, nil
	})
	if err != nil {
		return h.render(c, form, err)
	}
	return h.RegistrationTokens.renderCreated(c, token, secret, earlier, replaced{old.Identifier, telling.PassOn(request)})
}

// Decline turns a request down.
func (h *Requests) Decline(c echo.Context) error {
	var form views.RequestAnswer
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	var p formParser
	reason := p.Lines("reason", form.Reason, models.MaxReasonLength)
	err := p.Err()
	if err == nil {
		_, err = h.Tokens.DeclineRequest(c.Request().Context(), web.Actor(c), c.Param("id"), reason)
	}
	if err != nil {
		return h.render(c, form, err)
	}
	return h.Frame.Done(c, paths.Requests, "Declined. Whoever asked sees your reason.")
}

// Withdraw takes a request back.
func (h *Requests) Withdraw(c echo.Context) error {
	if _, err := h.Tokens.WithdrawRequest(c.Request().Context(), web.Actor(c), c.Param("id")); err != nil {
		return h.render(c, views.RequestAnswer{}, err)
	}
	return h.Frame.Done(c, paths.Request(c.Param("id")), "Withdrawn.")
}

// render shows the request as it is now; failed is why nothing was decided.
func (h *Requests) render(c echo.Context, answer views.RequestAnswer, failed error) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	request, err := h.Read.Request(ctx, v, c.Param("id"))
	if err != nil {
		return err
	}
	rows, err := h.rows(ctx, v, []seen.Request{*request})
	if err != nil {
		return err
	}
	p := views.RequestPage{RequestRow: rows[0], Now: h.Now(c), Answer: answer}
	if p.Token, err = h.Read.RegistrationToken(ctx, v, request.RegistrationTokenID); err != nil {
		return err
	}
	p.Standing = telling.RequestStanding(request, v.Can(models.PermissionRequestDecide), p.Now)
	if id := p.Token.ReplacedByID; id != nil && request.State == models.RequestApproved && request.Remedy.Kind == models.RemedyReplace {
		successor, err := h.Read.RegistrationToken(ctx, v, *id)
		if err != nil {
			return err
		}
		p.Successor = &layout.Link{Label: successor.Identifier, URL: paths.RegistrationToken(successor.ID)}
	}
	if request.State == models.RequestOpen {
		// Only the form that approves has sent a number, which comes back as it was sent.
		if err := h.preview(c, &p, answer.Before == ""); err != nil {
			return err
		}
	}
	title := telling.Requested(request, p.Now)
	frame, failure, err := formFrame(c, h.Frame, requestsLink, layout.NavRequests, title, failed, requestFields, layout.Link{Label: title})
	if err != nil {
		return err
	}
	p.Page, p.Errors = frame, failure.Errors
	if models.ErrorCode(failed) == models.CodeNumbersChanged && p.Changed && p.Left {
		// The numbers stand where they are approved.
		p.Notices = []layout.Notice{{Tone: layout.NoticeDanger, Text: telling.NumbersChangedStop}}
	}
	return web.RenderQuietly(c, failure.Status, views.Request(p))
}

// preview says what approving the request would do now, and fills in the form that
// does it: at first, and when the number is another one.
func (h *Requests) preview(c echo.Context, p *views.RequestPage, first bool) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	p.MayDecide, p.MayWithdraw = v.Can(models.PermissionRequestDecide), v.Can(models.PermissionRequestWrite) && p.Mine
	now, err := h.Tokens.PreviewRequest(ctx, v.Actor, p.ID)
	if errors.Is(err, models.ErrDeskBuilding) {
		p.Building = true
		return nil
	}
	if err != nil {
		return err
	}
	p.Count, p.Changed, p.Left, p.Deletion = now.Count, now.Changed, now.Left, now.Deletion
	verdict, err := h.Read.Verdict(ctx, v, p.Token, p.Now)
	switch {
	case err == nil:
		p.Verdict = telling.VerdictSentence(&verdict, p.Token, p.Now)
		p.Waiting = len(verdict.Waiting)
	case !errors.Is(err, models.ErrDeskBuilding):
		return err
	}
	if p.Left {
		p.Effect = effectOf(p, now)
		if err := h.affected(ctx, v, p); err != nil {
			return err
		}
	}
	p.Answer.Shown, p.Answer.Before = "", strconv.Itoa(now.TokenCount)
	if asked := p.Remedy.Count; asked != nil {
		if p.Count == nil {
			p.Count = asked
		}
		if !p.Changed {
			p.Answer.Shown = strconv.Itoa(*asked)
		}
		if first || p.Changed {
			p.Answer.Count = strconv.Itoa(*p.Count)
		}
	}
	if p.MayDecide && p.Remedy.Kind == models.RemedyReplace {
		p.Answer.Nonce, err = h.Forms.nonce(c)
	}
	return err
}

func effectOf(p *views.RequestPage, now tokens.RequestPreview) string {
	if now.Deletion != nil {
		return telling.DeletionEffect(now.Deletion)
	}
	n := 0
	if now.Count != nil {
		n = *now.Count
	}
	return telling.Effect(&p.Remedy, p.Token, n, p.Now)
}

// affected reads the first of those that a deletion would act on.
func (h *Requests) affected(ctx context.Context, v seen.Viewer, p *views.RequestPage) (err error) {
	number := 0
	if p.Count != nil {
		number = *p.Count
	}
	switch {
	case p.Remedy.Finding != "":
		p.Affected, err = h.affectedBy(ctx, v, p.Token.ID, p.Remedy.Finding, number, p.Now)
	case len(p.Remedy.AuthTokens) > 0:
		ids := p.Remedy.AuthTokens[:min(previewRows, len(p.Remedy.AuthTokens))]
		found, err := h.Read.AuthTokens(ctx, v, models.AuthTokenFilter{IDs: ids}, models.PageRequest{Size: previewRows}, p.Now)
		p.Acted, p.ActedNumber = found.Items, len(p.Remedy.AuthTokens)
		return err
	}
	return err
}
