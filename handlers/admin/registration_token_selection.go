package admin

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
	"muster/views/ui"
)

// ConfirmSelection asks before selected registration tokens are changed or deleted.
func (h *RegistrationTokens) ConfirmSelection(c echo.Context) error {
	query := c.QueryParams()
	form := views.RegistrationTokenSelectionForm{
		IDs: query["id"], Action: query.Get("action"), Days: query.Get("days"), ExpirationDate: query.Get("expirationDate"), Zone: query.Get("zone"), By: query.Get("by"),
	}
	form.Choice = views.AuthTokensKept
	if !query.Has("days") && !query.Has("by") {
		form.Days, form.By = "30", "10"
	}
	failed := web.Restore(c, &form)
	return h.renderSelection(c, form, failed)
}

// ChangeSelection changes or deletes them.
func (h *RegistrationTokens) ChangeSelection(c echo.Context) error {
	var form views.RegistrationTokenSelectionForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	form.IDs = selection(form.IDs)
	var err error
	switch form.Action {
	case views.SelectionDisable:
		err = h.disableSelected(c, form)
	case views.SelectionDelete:
		err = h.deleteSelected(c, form)
	case views.SelectionExtend, views.SelectionRaise:
		err = h.editSelected(c, form)
	default:
		return errNoSuchAction()
	}
	if err != nil {
		return h.renderSelection(c, form, err)
	}
	return nil
}

func (h *RegistrationTokens) disableSelected(c echo.Context, form views.RegistrationTokenSelectionForm) error {
	result, err := h.Tokens.DisableRegistrationTokens(c.Request().Context(), web.Actor(c), form.IDs)
	if err != nil {
		return err
	}
	notice := ui.Plural(result.Changed, "registration token", "registration tokens") + " disabled." + leftAsTheyAre(result)
	if result.Changed == 0 {
		return h.Frame.Done(c, paths.RegistrationTokens, notice)
	}
	return h.Frame.DoneUndoably(c, paths.RegistrationTokens, notice)
}

func (h *RegistrationTokens) deleteSelected(c echo.Context, form views.RegistrationTokenSelectionForm) error {
	deletion, err := parseRegistrationTokenDeletion(form.RegistrationTokenDeleteForm)
	if err != nil {
		return err
	}
	result, err := h.Tokens.DeleteRegistrationTokens(c.Request().Context(), web.Actor(c), form.IDs, deletion)
	if err != nil {
		return err
	}
	notice := ui.Plural(result.Changed, "registration token", "registration tokens") + " deleted"
	if result.AuthTokens > 0 {
		notice += ", together with " + ui.Plural(result.AuthTokens, "auth token", "auth tokens")
	}
	return h.Frame.Done(c, paths.RegistrationTokens, notice+"."+leftAsTheyAre(result))
}

// editSelected extends or raises them.
func (h *RegistrationTokens) editSelected(c echo.Context, form views.RegistrationTokenSelectionForm) error {
	var p formParser
	change := p.selectionChange(form, h.Now(c))
	expected, err := strconv.Atoi(form.Expected)
	if err != nil || expected < 1 {
		p.Fail("expected", "The number of registration tokens is missing; look at what changes first.")
	}
	if err := p.Err(); err != nil {
		return err
	}
	change.IfVersion = models.Versions{form.Version}
	result, err := h.Tokens.EditRegistrationTokens(c.Request().Context(), web.Actor(c), form.IDs, change, expected)
	if models.ErrorKind(err) == models.KindStale {
		// The form shows what it would change now, as when there are more or fewer.
		return models.Conflict(models.CodeUnexpectedNumber, "One of the registration tokens was changed in the meantime. Nothing was changed.")
	}
	if err != nil {
		return err
	}
	notice := ui.Plural(result.Changed, "registration token", "registration tokens") + form.Done() + ". " + telling.LeftOut(result.Left)
	return h.Frame.DoneUndoably(c, paths.RegistrationTokens, notice)
}

// selectionChange reads by how much selected registration tokens are extended or
// raised.
func (p *formParser) selectionChange(form views.RegistrationTokenSelectionForm, now time.Time) models.SelectionChange {
	var change models.SelectionChange
	if form.Action == views.SelectionRaise {
		if by := p.whole("by", "Say by how many counts to raise each, a whole number between 1 and 1,000,000.", form.By, models.MaxCount); by > 0 {
			change.RaiseBy = by
		}
		return change
	}
	if date := strings.TrimSpace(form.ExpirationDate); date != "" {
		change.ExpiresAt = p.expiryAt(date, web.ZoneOfForm(form.Zone, now))
		return change
	}
	change.ExtendDays = p.whole("days", "Say by how many days to extend each, a whole number between 1 and 3,660.", form.Days, maxExtension)
	return change
}

// maxExtension is the most days that the form takes; how far ahead an expiry may be
// is for the service to say.
const maxExtension = 3660

// whole reads a whole number from 1 to most; 0 when it is none.
func (p *formParser) whole(field, must, raw string, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(raw))
	if err != nil || n < 1 || n > most {
		p.Fail(field, must)
		return 0
	}
	return n
}

func errNoSuchAction() error {
	return models.InvalidField("action", "Choose what to do with the selected registration tokens.")
}

func leftAsTheyAre(r models.SelectionResult) string {
	switch r.Left {
	case 0:
		return ""
	case 1:
		return " 1 was left as it is; it could not be redeemed anyway."
	default:
		return " " + ui.Number(r.Left) + " others were left as they are; they could not be redeemed anyway."
	}
}

// renderSelection asks, with the present numbers.
func (h *RegistrationTokens) renderSelection(c echo.Context, form views.RegistrationTokenSelectionForm, failed error) error {
	form.IDs = selection(form.IDs)
	if !form.Known() {
		return errNoSuchAction()
	}
	if len(form.IDs) > models.MaxPageSize {
		return models.InvalidField("id", "At most 500 registration tokens can be changed at once.")
	}
	var p formParser
	var change models.SelectionChange
	if form.Edits() {
		change = p.selectionChange(form, h.Now(c))
		failed = cmp.Or(failed, p.Err())
	}
	frame, failure, err := formFrame(c, h.Frame, registrationTokensLink, layout.NavRegistrationTokens,
		"Selected registration tokens", failed, nil, layout.Link{Label: "Selected"})
	if err != nil {
		return err
	}
	page := views.RegistrationTokenSelectionPage{Form: form, Errors: failure.Errors, Now: h.Now(c)}
	if len(form.IDs) > 0 && p.Err() == nil {
		if err := h.countSelection(c, &page, change); err != nil {
			return err
		}
	}
	question := views.RegistrationTokenSelection(page)
	return web.RenderPart(c, failure.Status, views.Question(frame, question), question)
}

// countSelection counts what would change, and names the first few.
func (h *RegistrationTokens) countSelection(c echo.Context, p *views.RegistrationTokenSelectionPage, change models.SelectionChange) error {
	ctx, now := c.Request().Context(), h.Now(c)
	found, err := h.Read.RegistrationTokens(ctx, web.Viewer(c), models.RegistrationTokenFilter{IDs: p.Form.IDs}, models.PageRequest{Size: models.MaxPageSize}, now)
	if err != nil {
		return err
	}
	left := map[models.LeftOut]int{}
	versions := make([]string, len(found.Items))
	for i := range found.Items {
		t := &found.Items[i]
		versions[i] = t.Version()
		status := t.Status(now)
		after, why := t.After(change, now, h.MaxTokenLifetime)
		leaves := why != ""
		if !p.Form.Edits() {
			leaves = status == models.StatusDeleted || p.Form.Action == views.SelectionDisable && (status == models.StatusDisabled || status == models.StatusExpired)
		}
		if leaves {
			left[why]++
			p.Left++
			continue
		}
		p.Number++
		if p.Form.Action == views.SelectionDelete {
			live, err := h.Figures.LiveAuthTokenCount(ctx, t.ID, now)
			if err != nil {
				return err
			}
			p.LiveAuthTokens += live
		}
		if len(p.Preview) < previewRows {
			p.Preview = append(p.Preview, views.SelectedRegistrationToken{RegistrationToken: *t, After: after})
		}
	}
	p.Form.Version = models.JointVersion(versions)
	if p.Form.Edits() {
		p.LeftOut = telling.LeftOut(left)
	}
	return nil
}
