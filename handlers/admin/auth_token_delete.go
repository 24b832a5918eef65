package admin

import (
	"context"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/ui"
)

// previewRows is how many of the affected objects a confirmation names.
const previewRows = 15

// maxDeletion is how many can be deleted at once. It takes a second or two, in
// which redemptions wait; they give up after five (models/store).
const maxDeletion = 10_000

// ConfirmDelete asks before auth tokens are deleted: those selected, or all that
// the list shows. Where all are deleted already, it asks before their counts are
// given back.
func (h *AuthTokens) ConfirmDelete(c echo.Context) error {
	form := views.AuthTokenDeleteForm{IDs: c.QueryParams()["id"], Match: c.QueryParam("match")}
	if form.Match != "" {
		form.ReturnCount = "true" // a whole list is usually deleted to free its counts
	}
	failed := web.Restore(c, &form)
	return h.renderDelete(c, form, failed)
}

// Delete deletes them.
func (h *AuthTokens) Delete(c echo.Context) error {
	ctx := c.Request().Context()
	var form views.AuthTokenDeleteForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	form.IDs = selection(form.IDs)
	deletion, err := parseAuthTokenDeletion(form)
	if err == nil {
		deletion.Filter, err = h.filterToDelete(ctx, web.Viewer(c), form)
	}
	var result models.AuthTokenDeletionResult
	if err == nil {
		result, err = h.Tokens.DeleteAuthTokens(ctx, web.Actor(c), deletion)
	}
	if err != nil {
		return h.renderDelete(c, form, err)
	}
	return h.Frame.Done(c, afterDeletion(form), deletionNotice(result))
}

// parseAuthTokenDeletion reads the confirmation of a deletion.
func parseAuthTokenDeletion(form views.AuthTokenDeleteForm) (models.AuthTokenDeletion, error) {
	var p formParser
	expected := p.expected(form.Expected)
	if form.ReturnCount == "true" && form.Late != "" {
		expected += p.expected(form.Late)
	}
	if expected > maxDeletion {
		p.Fail("expected", "At most 10,000 auth tokens can be deleted at once: narrow the list.")
	}
	d := models.AuthTokenDeletion{
		Reason:      p.Lines("reason", form.Reason, models.MaxReasonLength),
		ReturnCount: form.ReturnCount == "true",
		Expected:    &expected,
	}
	if form.ReturnCount != "" && form.ReturnCount != "true" && form.ReturnCount != "false" {
		p.Fail("returnCount", "Choose whether to give the counts back.")
	}
	return d, p.Err()
}

// filterToDelete selects what was chosen: some auth tokens, or all that the list
// shows. Like the list, it compares with what the viewer sees.
func (h *AuthTokens) filterToDelete(ctx context.Context, v seen.Viewer, form views.AuthTokenDeleteForm) (models.AuthTokenFilter, error) {
	if form.Match == "" {
		return models.AuthTokenFilter{IDs: form.IDs}, nil
	}
	noSuchList := listing.Invalid("match", "A whole list can be deleted only when a state or a finding is chosen.")
	values, err := url.ParseQuery(form.Match)
	if err != nil {
		return models.AuthTokenFilter{}, noSuchList
	}
	q, err := h.query(ctx, v, values, nil)
	if err != nil {
		return models.AuthTokenFilter{}, err
	}
	if !q.deletable() {
		return models.AuthTokenFilter{}, noSuchList
	}
	return h.Read.AuthTokenFilter(ctx, v, q.filter)
}

// afterDeletion is where a deletion leads: to the registration token whose finding
// it was about, to the one deleted auth token, or to the list.
func afterDeletion(form views.AuthTokenDeleteForm) string {
	match, err := url.ParseQuery(form.Match)
	switch id := match.Get(registrationTokenParam); {
	case err == nil && match.Get("finding") != "" && tokens.ValidID(id):
		return paths.RegistrationToken(id)
	case form.Match != "":
		return paths.AuthTokens + "?" + form.Match
	case len(form.IDs) == 1:
		return paths.AuthToken(form.IDs[0])
	}
	return paths.AuthTokens
}

func deletionNotice(r models.AuthTokenDeletionResult) string {
	if r.Acted() == 0 {
		return "Nothing changed: what you selected was already deleted."
	}
	var done []string
	if r.Deleted > 0 {
		done = append(done, ui.Plural(r.Deleted, "auth token", "auth tokens")+" deleted.")
	}
	if r.Reclaimed > 0 {
		done = append(done, ui.Plural(r.Reclaimed, "count", "counts")+" given back.")
	}
	return strings.Join(done, " ")
}

// renderDelete asks, with the present numbers.
func (h *AuthTokens) renderDelete(c echo.Context, form views.AuthTokenDeleteForm, failed error) error {
	form.IDs = selection(form.IDs)
	list := layout.Link{Label: "Auth tokens", URL: paths.AuthTokens}
	frame, failure, err := formFrame(c, h.Frame, list, layout.NavAuthTokens, "Delete auth tokens", failed, nil, layout.Link{Label: "Delete"})
	if err != nil {
		return err
	}
	p := views.AuthTokenDeletePage{Now: h.Now(c), Form: form, Errors: failure.Errors, CancelURL: afterDeletion(form)}
	if form.Match != "" || len(form.IDs) > 0 {
		if err := h.countDeletion(c, &p); err != nil {
			return err
		}
	}
	question := views.AuthTokenDelete(p)
	return web.RenderPart(c, failure.Status, views.Question(frame, question), question)
}

// countDeletion counts what would be deleted, and names the first few.
func (h *AuthTokens) countDeletion(c echo.Context, p *views.AuthTokenDeletePage) error {
	ctx, viewer := c.Request().Context(), web.Viewer(c)
	if len(p.Form.IDs) > models.MaxPageSize {
		return models.InvalidField("id", "At most 500 auth tokens can be deleted at once.")
	}
	filter, err := h.filterToDelete(ctx, viewer, p.Form)
	if err != nil {
		return err
	}
	dryRun := models.AuthTokenDeletion{Filter: filter, DryRun: true}
	p.Counted, err = h.Tokens.DeleteAuthTokens(ctx, viewer.Actor, dryRun)
	if err != nil {
		return err
	}
	if p.Counted.AlreadyDeleted > 0 {
		dryRun.ReturnCount = true
		returning, err := h.Tokens.DeleteAuthTokens(ctx, viewer.Actor, dryRun)
		if err != nil {
			return err
		}
		p.Late = returning.Late
	}
	if p.Counted.Matched == 0 && p.Form.Match == "" {
		return models.NotFound("auth token")
	}
	p.OneStays, p.TooMany = filter.Lens == models.LensSurplus, p.Counted.Deleted+p.Late > maxDeletion
	if last := p.Counted.LastSeenAt.Add(h.AccessTokenTTL); last.After(p.Now) {
		p.LastAccess = last
	}
	found, err := h.affected(ctx, viewer, filter, p)
	if err != nil {
		return err
	}
	for i := range found {
		t := &found[i]
		acted := t.DeletedAt == nil || p.OnlyGivesBack() && !t.CountReclaimed
		if acted && len(p.Preview) < previewRows {
			p.Preview = append(p.Preview, *t)
		}
	}
	return nil
}

// affected reads the first of those that the filter selects, and for a finding who
// keeps what.
func (h *AuthTokens) affected(ctx context.Context, v seen.Viewer, filter models.AuthTokenFilter, p *views.AuthTokenDeletePage) ([]seen.AuthToken, error) {
	if filter.Finding != "" {
		concerned, err := h.Read.Remedied(ctx, v, filter.RegistrationTokenID, filter.Finding, p.Now)
		p.Kept, p.KeptNumber = concerned.Kept[:min(previewRows, len(concerned.Kept))], concerned.KeptNumber
		p.OneStays = p.KeptNumber > 0 && p.KeptNumber >= p.Counted.Devices
		return concerned.Acted, err
	}
	// A list that can be deleted holds no deleted ones. Selected ones may be
	// deleted already, and are few.
	size := models.MaxPageSize
	if p.Form.Match != "" {
		size = previewRows
	}
	found, err := h.Read.AuthTokens(ctx, v, filter, models.PageRequest{Size: size}, p.Now)
	return found.Items, err
}
