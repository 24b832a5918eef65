package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
)

const registrationTokenSelectionURL = registrationTokensURL + "/selection"

// What can be done to selected registration tokens.
const (
	actionDisable = "disable"
	actionDelete  = "delete"
)

func (h *adminHandler) confirmRegistrationTokenSelection(c echo.Context) error {
	query := c.QueryParams()
	form := views.RegistrationTokenSelectionForm{IDs: query["id"], Action: query.Get("action"), Choice: choiceKeep}
	return h.renderRegistrationTokenSelection(c, form, formFailure{status: http.StatusOK})
}

func (h *adminHandler) changeRegistrationTokenSelection(c echo.Context) error {
	var form views.RegistrationTokenSelectionForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	form.IDs = selection(form.IDs)
	notice, err := h.changeSelected(c.Request().Context(), actorOf(c), form)
	if err != nil {
		failure, ok := asFormFailure(c, err, nil)
		if models.ErrorCode(err) == models.CodeUnexpectedNumber {
			failure, ok = h.recounted(c, err), true
		}
		if !ok {
			return err
		}
		return h.renderRegistrationTokenSelection(c, form, failure)
	}
	return h.done(c, registrationTokensURL, notice)
}

// changeSelected does what was confirmed and says what came of it.
func (h *adminHandler) changeSelected(ctx context.Context, actor models.Actor, form views.RegistrationTokenSelectionForm) (string, error) {
	if form.Action == actionDisable {
		result, err := h.tokens.DisableRegistrationTokens(ctx, actor, form.IDs)
		return plural(result.Changed, "registration token") + " disabled." + leftAsTheyAre(result), err
	}
	if form.Action != actionDelete {
		return "", errNoSuchAction()
	}
	deletion, err := parseRegistrationTokenDeletion(registrationTokenDeleteForm{Choice: form.Choice, Reason: form.Reason, Expected: form.Expected})
	if err != nil {
		return "", err
	}
	result, err := h.tokens.DeleteRegistrationTokens(ctx, actor, form.IDs, deletion)
	notice := plural(result.Changed, "registration token") + " deleted"
	if result.AuthTokens > 0 {
		notice += ", and with them " + plural(result.AuthTokens, "auth token")
	}
	return notice + "." + leftAsTheyAre(result), err
}

func errNoSuchAction() error {
	return models.InvalidField("action", "Say whether the selected registration tokens are to be disabled or deleted.")
}

func leftAsTheyAre(r models.SelectionResult) string {
	switch r.Left {
	case 0:
		return ""
	case 1:
		return " 1 stays as it is: it could not be redeemed any more anyway."
	default:
		return " " + plural(r.Left, "other") + " stay as they are: they could not be redeemed any more anyway."
	}
}

// renderRegistrationTokenSelection asks, with numbers counted now.
func (h *adminHandler) renderRegistrationTokenSelection(c echo.Context, form views.RegistrationTokenSelectionForm, failure formFailure) error {
	ids := selection(form.IDs)
	if form.Action != actionDisable && form.Action != actionDelete {
		return errNoSuchAction()
	}
	if len(ids) > models.MaxPageSize {
		return models.InvalidField("id", "At most 500 registration tokens can be changed at once.")
	}
	frame, err := h.registrationTokenPage(c, "Selected registration tokens", layout.Link{Label: "Selected"})
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	p := views.RegistrationTokenSelectionPage{
		Page: frame, IDs: ids, Form: form, Errors: failure.errors,
		Action: registrationTokenSelectionURL, CancelURL: registrationTokensURL,
	}
	if len(ids) > 0 {
		if err := h.countSelection(c, &p); err != nil {
			return err
		}
	}
	return renderPart(c, failure.status, views.RegistrationTokenSelection(p), views.RegistrationTokenSelectionConfirm(p))
}

// countSelection fills in how many there are, and names some.
func (h *adminHandler) countSelection(c echo.Context, p *views.RegistrationTokenSelectionPage) error {
	ctx, now := c.Request().Context(), h.now().UTC()
	found, err := h.store.RegistrationTokens(ctx, models.RegistrationTokenFilter{IDs: p.IDs}, models.PageRequest{Size: models.MaxPageSize}, now)
	if err != nil {
		return err
	}
	for i := range found.Items {
		t := maskedRegistrationToken(actorOf(c), &found.Items[i])
		status := t.Status(now)
		if status == models.StatusDeleted || p.Form.Action == actionDisable && (status == models.StatusDisabled || status == models.StatusExpired) {
			p.Left++
			continue
		}
		p.Number++
		if p.Form.Action == actionDelete {
			live, err := h.store.LiveAuthTokenCount(ctx, t.ID, now)
			if err != nil {
				return err
			}
			p.LiveAuthTokens += live
		}
		if len(p.Names) < deletePreview {
			p.Names = append(p.Names, views.RegistrationTokenName{Identifier: t.Identifier, Usage: usageOf(t, now)})
		}
	}
	p.More = p.Number - len(p.Names)
	return nil
}
