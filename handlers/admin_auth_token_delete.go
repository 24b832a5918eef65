package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
	"muster/views"
	"muster/views/layout"
)

// deletePreview is how many of the affected a confirmation names.
const deletePreview = 15

// mostDeleted is how many a list may delete at once: a second or two, in which
// others wait who redeem; they give up after five (models/store).
const mostDeleted = 10_000

func (h *adminHandler) confirmDeleteAuthTokens(c echo.Context) error {
	form := views.AuthTokenDeleteForm{IDs: c.QueryParams()["id"], Match: c.QueryParam("match")}
	if form.Match != "" {
		form.ReturnCount = "true" // a remedy: the counts are what is missing
	}
	return h.renderDeleteAuthTokens(c, form, formFailure{status: http.StatusOK})
}

func (h *adminHandler) deleteAuthTokens(c echo.Context) error {
	var form views.AuthTokenDeleteForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	form.IDs = selection(form.IDs)
	deletion, err := parseAuthTokenDeletion(form)
	var result models.AuthTokenDeletionResult
	if err == nil {
		deletion.Filter, err = h.filterToDelete(c.Request().Context(), form, actorOf(c))
	}
	if err == nil {
		result, err = h.tokens.DeleteAuthTokens(c.Request().Context(), actorOf(c), deletion)
	}
	if err != nil {
		failure, ok := asFormFailure(c, err, nil)
		if models.ErrorCode(err) == models.CodeUnexpectedNumber {
			failure, ok = h.recounted(c, err), true
		}
		if !ok {
			return err
		}
		return h.renderDeleteAuthTokens(c, form, failure)
	}
	return h.done(c, afterDeletion(form), deletionNotice(result))
}

// filterToDelete is what was chosen: some auth tokens, or all that a list
// shows.
func (h *adminHandler) filterToDelete(ctx context.Context, form views.AuthTokenDeleteForm, actor models.Actor) (models.AuthTokenFilter, error) {
	if form.Match == "" {
		return models.AuthTokenFilter{IDs: form.IDs}, nil
	}
	values, err := url.ParseQuery(form.Match)
	if err != nil {
		return models.AuthTokenFilter{}, noSuchList()
	}
	q, err := h.readAuthTokenQuery(ctx, values, actor)
	if err == nil && !deletable(q) {
		err = noSuchList()
	}
	return q.filter, err
}

func noSuchList() error {
	return listError(models.FieldError{Field: "match", Message: "All of a list can be deleted only where a state is chosen."})
}

// selection is the ids of a form without doubles, and without what is no id.
func selection(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return !tokens.ValidID(id) })
}

// recounted shows the question again with the numbers as they are now. htmx
// swaps no other refusal than 422, and the new numbers must be seen.
func (*adminHandler) recounted(c echo.Context, err error) formFailure {
	failure := formFailure{status: http.StatusConflict, notices: []layout.Notice{{
		Tone: layout.NoticeWarning, Text: "Something changed in the meantime, so nothing was deleted. These are the numbers now.",
		Next: "Check them and confirm again.",
	}}}
	failure.errors = fieldErrors(models.InvalidField("expected", "The number of auth tokens changed meanwhile: check it and confirm again."), nil)
	if wantsPart(c) && asFailure(err).Kind == models.KindConflict {
		failure.status = http.StatusUnprocessableEntity
	}
	return failure
}

// afterDeletion is where a deletion leads: to the one that is gone, or to the
// list.
func afterDeletion(form views.AuthTokenDeleteForm) string {
	switch {
	case form.Match != "":
		return authTokensURL + "?" + form.Match
	case len(form.IDs) == 1:
		return authTokenURL(form.IDs[0])
	}
	return authTokensURL
}

func deletionNotice(r models.AuthTokenDeletionResult) string {
	if r.Deleted == 0 {
		return "Nothing changed: what you selected was deleted already."
	}
	text := plural(r.Deleted, "auth token") + " deleted."
	if r.Reclaimed > 0 {
		text += " " + plural(r.Reclaimed, "count") + " given back."
	}
	return text
}

// renderDeleteAuthTokens asks, with numbers counted now.
func (h *adminHandler) renderDeleteAuthTokens(c echo.Context, form views.AuthTokenDeleteForm, failure formFailure) error {
	ctx := c.Request().Context()
	form.IDs = selection(form.IDs)
	frame, err := h.authTokenPage(c, "Delete auth tokens", layout.Link{Label: "Delete"})
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	p := views.AuthTokenDeletePage{
		Page: frame, Form: form, Errors: failure.errors,
		Action: authTokensURL + "/delete", CancelURL: afterDeletion(form),
	}
	if form.Match != "" || len(form.IDs) > 0 {
		if err := h.countDeletion(ctx, &p, actorOf(c)); err != nil {
			return err
		}
	}
	p.NoReclaim = p.Number == 0
	return renderPart(c, failure.status, views.AuthTokenDelete(p), views.AuthTokenDeleteConfirm(p))
}

// countDeletion fills in how many would be deleted, and names some.
func (h *adminHandler) countDeletion(ctx context.Context, p *views.AuthTokenDeletePage, actor models.Actor) error {
	if len(p.Form.IDs) > models.MaxPageSize {
		return models.InvalidField("id", "At most 500 auth tokens can be deleted at once.")
	}
	filter, err := h.filterToDelete(ctx, p.Form, actor)
	if err != nil {
		return err
	}
	p.OneStays = filter.Lens == models.LensSurplus
	result, err := h.tokens.DeleteAuthTokens(ctx, actor, models.AuthTokenDeletion{Filter: filter, DryRun: true})
	if err != nil {
		return err
	}
	if result.Matched == 0 && p.Form.Match == "" {
		return models.NotFound("auth token")
	}
	p.TooMany = result.Deleted > mostDeleted
	p.Number, p.AlreadyDeleted, p.People, p.Devices = result.Deleted, result.AlreadyDeleted, result.People, result.Devices
	if last, now := result.LastSeenAt.Add(h.config.AccessTokenTTL), h.now().UTC(); last.After(now) {
		p.LastAccess = momentOf(last, now)
	}
	// A list shows no deleted ones; those that were selected may be, and are
	// few.
	size := models.MaxPageSize
	if p.Form.Match != "" {
		size = deletePreview
	}
	found, err := h.store.AuthTokens(ctx, filter, models.PageRequest{Size: size}, h.now().UTC())
	if err != nil {
		return err
	}
	for i := range found.Items {
		if t := masked(actor, &found.Items[i]); t.DeletedAt == nil && len(p.Names) < deletePreview {
			p.Names = append(p.Names, views.AuthTokenName{Person: personOf(t.VerifiedIdentity, t.ClaimedIdentity), Host: t.FQDN})
		}
	}
	p.More = max(0, p.Number-len(p.Names))
	return nil
}
