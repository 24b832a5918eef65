package admin

import (
	"context"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/ui"
)

// ConfirmSelection asks before selected registration tokens are disabled or
// deleted.
func (h *RegistrationTokens) ConfirmSelection(c echo.Context) error {
	query := c.QueryParams()
	form := views.RegistrationTokenSelectionForm{IDs: query["id"], Action: query.Get("action")}
	form.Choice = views.AuthTokensKept
	failed := web.Restore(c, &form)
	return h.renderSelection(c, form, failed)
}

// ChangeSelection disables or deletes them.
func (h *RegistrationTokens) ChangeSelection(c echo.Context) error {
	var form views.RegistrationTokenSelectionForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	form.IDs = selection(form.IDs)
	notice, err := h.changeSelected(c.Request().Context(), web.Actor(c), form)
	if err != nil {
		return h.renderSelection(c, form, err)
	}
	return h.Frame.Done(c, paths.RegistrationTokens, notice)
}

// changeSelected does what was confirmed and describes the result.
func (h *RegistrationTokens) changeSelected(ctx context.Context, actor models.Actor, form views.RegistrationTokenSelectionForm) (string, error) {
	if form.Action == views.SelectionDisable {
		result, err := h.Tokens.DisableRegistrationTokens(ctx, actor, form.IDs)
		return ui.Plural(result.Changed, "registration token", "registration tokens") + " disabled." + leftAsTheyAre(result), err
	}
	if form.Action != views.SelectionDelete {
		return "", errNoSuchAction()
	}
	deletion, err := parseRegistrationTokenDeletion(form.RegistrationTokenDeleteForm)
	if err != nil {
		return "", err
	}
	result, err := h.Tokens.DeleteRegistrationTokens(ctx, actor, form.IDs, deletion)
	notice := ui.Plural(result.Changed, "registration token", "registration tokens") + " deleted"
	if result.AuthTokens > 0 {
		notice += ", together with " + ui.Plural(result.AuthTokens, "auth token", "auth tokens")
	}
	return notice + "." + leftAsTheyAre(result), err
}

func errNoSuchAction() error {
	return models.InvalidField("action", "Choose whether to disable or delete the selected registration tokens.")
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
	if form.Action != views.SelectionDisable && form.Action != views.SelectionDelete {
		return errNoSuchAction()
	}
	if len(form.IDs) > models.MaxPageSize {
		return models.InvalidField("id", "At most 500 registration tokens can be changed at once.")
	}
	frame, failure, err := formFrame(c, h.Frame, registrationTokensLink, layout.NavRegistrationTokens,
		"Selected registration tokens", failed, nil, layout.Link{Label: "Selected"})
	if err != nil {
		return err
	}
	p := views.RegistrationTokenSelectionPage{Form: form, Errors: failure.Errors}
	if len(form.IDs) > 0 {
		if err := h.countSelection(c, &p); err != nil {
			return err
		}
	}
	question := views.RegistrationTokenSelection(p)
	return web.RenderPart(c, failure.Status, views.Question(frame, question), question)
}

// countSelection counts what would change, and names the first few.
func (h *RegistrationTokens) countSelection(c echo.Context, p *views.RegistrationTokenSelectionPage) error {
	ctx, now := c.Request().Context(), h.Now(c)
	found, err := h.Read.RegistrationTokens(ctx, web.Viewer(c), models.RegistrationTokenFilter{IDs: p.Form.IDs}, models.PageRequest{Size: models.MaxPageSize}, now)
	if err != nil {
		return err
	}
	for i := range found.Items {
		t := &found.Items[i]
		status := t.Status(now)
		if status == models.StatusDeleted || p.Form.Action == views.SelectionDisable && (status == models.StatusDisabled || status == models.StatusExpired) {
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
			p.Preview = append(p.Preview, *t)
		}
	}
	return nil
}
