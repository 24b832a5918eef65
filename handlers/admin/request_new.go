package admin

import (
	"context"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
)

// requestFields are the fields of a request under the names of its forms.
var requestFields = map[string]string{"remedy.count": "count", "remedy.expirationDate": "expirationDate"}

// New shows the form that asks for a remedy of a registration token, or for the
// deletion of selected auth tokens.
func (h *Requests) New(c echo.Context) error {
	values := c.QueryParams()
	form := views.RequestForm{
		RegistrationToken: values.Get(registrationTokenParam), Remedy: values.Get("remedy"), Finding: values.Get("finding"), IDs: values["id"],
	}
	failed := web.Restore(c, &form)
	return h.renderNew(c, form, failed)
}

// Create asks.
func (h *Requests) Create(c echo.Context) error {
	var form views.RequestForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	var p formParser
	remedy := models.RequestedRemedy{
		Kind: models.RemedyKind(form.Remedy), Finding: models.FindingKind(form.Finding), AuthTokens: selection(form.IDs), Count: p.count(form.Count),
	}
	switch {
	case remedy.Kind == models.RemedyExtend:
		remedy.Count, remedy.ExpiresAt = nil, p.expiry(views.TermsForm{ExpirationDate: form.ExpirationDate, Zone: form.Zone}, h.Now(c))
	case len(remedy.AuthTokens) > 0:
		remedy.ReturnCount = form.ReturnCount == "true" || remedy.Kind == models.RemedyGiveBack
	case remedy.Deletes():
		remedy.ReturnCount = true
	}
	asked := models.NewRequest{
		RegistrationTokenID: form.RegistrationToken, Remedy: remedy,
		Reason: p.Lines("reason", form.Reason, models.MaxReasonLength), Ticket: p.Text("ticket", form.Ticket),
	}
	err := p.Err()
	var made *models.Request
	if err == nil {
		made, err = h.Tokens.AskRequest(c.Request().Context(), web.Actor(c), asked)
	}
	if err != nil {
		return h.renderNew(c, form, err)
	}
	return h.Frame.Done(c, paths.Request(made.ID), "Sent. An administrator decides, and you see here what became of it.")
}

// renderNew shows the form, as typed, with the present numbers.
func (h *Requests) renderNew(c echo.Context, form views.RequestForm, failed error) error {
	p := views.NewRequestPage{Now: h.Now(c), Form: form, ExpiryBounds: expiryBounds(h.Now(c), h.MaxTokenLifetime)}
	if err := h.propose(c.Request().Context(), web.Viewer(c), &p); err != nil {
		return err
	}
	if failed == nil && !web.Restored(c) {
		prefill(&p)
	}
	p.CancelURL = paths.RegistrationToken(p.Token.ID)
	trail := []layout.Link{{Label: p.Token.Identifier, URL: p.CancelURL}, {Label: "Ask"}}
	frame, failure, err := formFrame(c, h.Frame, registrationTokensLink, layout.NavRegistrationTokens, telling.AskTitle(p.Remedy.Kind), failed, requestFields, trail...)
	if err != nil {
		return err
	}
	p.Page, p.Errors = frame, failure.Errors
	return web.RenderQuietly(c, failure.Status, views.NewRequest(p))
}

// propose works out what the form asks for, with its present number.
func (h *Requests) propose(ctx context.Context, v seen.Viewer, p *views.NewRequestPage) (err error) {
	p.Remedy.Kind, p.Remedy.Finding = models.RemedyKind(p.Form.Remedy), models.FindingKind(p.Form.Finding)
	if len(p.Form.IDs) > 0 {
		return h.proposeSelected(ctx, v, p)
	}
	if !telling.CanAsk(p.Remedy.Kind) {
		return listing.Invalid("remedy", "This cannot be asked for.")
	}
	if p.Token, err = h.Read.RegistrationToken(ctx, v, p.Form.RegistrationToken); err != nil {
		return err
	}
	if err := mayBeAskedFor(p.Token, p.Now); err != nil {
		return err
	}
	switch p.Remedy.Kind {
	case models.RemedyRaise:
		verdict, err := h.Read.Verdict(ctx, v, p.Token, p.Now)
		if by := telling.RaiseBy(&verdict); by > 0 {
			p.Remedy.Count = &by
		}
		return err
	case models.RemedyReplace:
		if n := p.Token.RemainingCount(); n > 0 {
			p.Remedy.Count = &n
		}
	case models.RemedyExtend, models.RemedyEnable:
	default:
		return h.proposeFinding(ctx, v, p)
	}
	return nil
}

// prefill fills in what is proposed: the number, or the usual time after the present
// expiry or from now.
func prefill(p *views.NewRequestPage) {
	if p.Remedy.Count != nil {
		p.Form.Count = strconv.Itoa(*p.Remedy.Count)
	}
	expires := p.Now
	if p.Token.ExpiresAt.After(expires) {
		expires = p.Token.ExpiresAt
	}
	p.Form.ExpirationDate = web.FormatDateTime(expires.Add(models.DefaultTokenLifetime).Truncate(time.Minute), p.Now.Location())
}

// proposeFinding takes the remedy of a finding as the verdict gives it now.
func (h *Requests) proposeFinding(ctx context.Context, v seen.Viewer, p *views.NewRequestPage) error {
	verdict, err := h.Read.Verdict(ctx, v, p.Token, p.Now)
	if err != nil {
		return err
	}
	for i := range verdict.Findings {
		f := &verdict.Findings[i]
		if f.Kind != p.Remedy.Finding || !f.Remedy.Deletes() || len(f.Remedy.AuthTokens) == 0 {
			continue
		}
		p.Remedy.Kind, p.Remedy.Count, p.Remedy.ReturnCount = f.Remedy.Kind, f.Remedy.Count, f.Remedy.ReturnCount
		p.Late = f.Remedy.Late
		p.Form.Count = strconv.Itoa(len(f.Remedy.AuthTokens))
		p.Found = telling.FindingTitle(f.Kind) + ": " + telling.FindingSentence(f, &verdict, p.Token, p.Now)
		p.Affected, err = h.affectedBy(ctx, v, p.Token.ID, f.Kind, len(f.Remedy.AuthTokens), p.Now)
		return err
	}
	e := models.Conflict(models.CodeConflict, "Nothing is left to do about this: it has been mended meanwhile.")
	e.NextStep = "Open the registration token again."
	return e
}

// proposeSelected takes auth tokens that were selected one by one. All must come
// from one registration token, since an administrator decides about one.
func (h *Requests) proposeSelected(ctx context.Context, v seen.Viewer, p *views.NewRequestPage) error {
	p.Form.IDs = selection(p.Form.IDs)
	if len(p.Form.IDs) > models.MaxPageSize {
		return models.InvalidField("id", "At most 500 auth tokens can be asked for at once.")
	}
	found, err := h.Read.AuthTokens(ctx, v, models.AuthTokenFilter{IDs: p.Form.IDs}, models.PageRequest{Size: models.MaxPageSize}, p.Now)
	if err != nil {
		return err
	}
	p.Remedy.Kind = models.RemedyGiveBack
	for i := range found.Items {
		t := &found.Items[i]
		if t.RegistrationTokenID != found.Items[0].RegistrationTokenID {
			return listing.Invalid("id", "These auth tokens come from several registration tokens. Select those of one, and ask for each separately.")
		}
		if t.DeletedAt == nil {
			p.Remedy.Kind = models.RemedyDelete
		}
	}
	if len(found.Items) == 0 {
		return models.NotFound("auth token")
	}
	for i := range found.Items {
		t := &found.Items[i]
		if t.DeletedAt == nil || p.Remedy.Kind == models.RemedyGiveBack && !t.CountReclaimed {
			p.Acted = append(p.Acted, *t)
			p.Remedy.AuthTokens = append(p.Remedy.AuthTokens, t.ID)
		}
	}
	if len(p.Acted) == 0 {
		return models.Conflict(models.CodeConflict, "Nothing is left to do: these are deleted, and their counts were given back.")
	}
	p.ActedNumber = len(p.Acted)
	p.Acted = p.Acted[:min(previewRows, len(p.Acted))]
	p.Remedy.Count, p.Form.IDs, p.Form.Count = &p.ActedNumber, p.Remedy.AuthTokens, strconv.Itoa(p.ActedNumber)
	p.Remedy.ReturnCount = p.Remedy.Kind == models.RemedyGiveBack
	if p.Token, err = h.Read.RegistrationToken(ctx, v, found.Items[0].RegistrationTokenID); err != nil {
		return err
	}
	return mayBeAskedFor(p.Token, p.Now)
}

// mayBeAskedFor refuses before anything is typed what would be refused afterwards.
func mayBeAskedFor(t *seen.RegistrationToken, now time.Time) error {
	switch {
	case t.DeletedAt != nil:
		return errDeleted(t, "nothing can be asked for it.", now)
	case t.ReplacedByID != nil:
		e := models.Conflict(models.CodeRegistrationTokenReplaced, "This registration token was replaced; nothing can be asked for it.")
		e.NextStep = "Work with its successor instead."
		return e
	}
	return nil
}

// affectedBy reads the first of the auth tokens that the remedy of a finding acts on.
func (h *Requests) affectedBy(ctx context.Context, v seen.Viewer, registrationTokenID string, kind models.FindingKind, number int, now time.Time) (views.Affected, error) {
	concerned, err := h.Read.Remedied(ctx, v, registrationTokenID, kind, now)
	return views.Affected{
		Acted: concerned.Acted[:min(previewRows, len(concerned.Acted))], ActedNumber: number,
		Kept: concerned.Kept[:min(previewRows, len(concerned.Kept))], KeptNumber: concerned.KeptNumber,
	}, err
}
