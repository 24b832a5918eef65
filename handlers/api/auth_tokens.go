package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
)

const wrapAuthToken = "authToken"

// AuthTokens serves auth tokens to administrators and the helpdesk.
type AuthTokens struct {
	Read   AuthTokenReader
	Tokens AuthTokenService
	Now    func() time.Time
}

// AuthTokenReader reads auth tokens as their viewer may see them, and adapts a
// filter to the viewer; see [seen.Reader].
type AuthTokenReader interface {
	AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
	AuthTokens(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.AuthToken], error)
	AuthTokenFilter(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter) (models.AuthTokenFilter, error)
}

// AuthTokenService changes auth tokens; see the token service.
type AuthTokenService interface {
	UpdateAuthToken(ctx context.Context, actor models.Actor, id string, labels models.AuthTokenLabels) (*models.AuthToken, error)
	DeleteAuthToken(ctx context.Context, actor models.Actor, id, reason string, returnCount bool, ifVersion ...string) error
	DeleteAuthTokens(ctx context.Context, actor models.Actor, d models.AuthTokenDeletion) (models.AuthTokenDeletionResult, error)
}

func (h *AuthTokens) answer(c echo.Context, t seen.AuthToken) error {
	setETag(c, t.Version())
	return answer(c, http.StatusOK, map[string]authTokenJSON{wrapAuthToken: authTokenJSONOf(&t, h.Now().UTC())})
}

// sortableAuthTokens are the fields that a list can be sorted by.
var sortableAuthTokens = []string{"creationDate", "lastSeenAt", "systemUserName", "fqdn"}

var authTokenListParameters = slices.Concat(authTokenParameters, pagingParameters)

// List answers those that the query selects.
func (h *AuthTokens) List(c echo.Context) error {
	var f faults
	q := readQuery(c, &f, authTokenListParameters...)
	page := q.page(sortableAuthTokens)
	filter := authTokenFilter(&f, func(name string) string { return q.text(name, maxParameter) })
	if err := f.err(); err != nil {
		return err
	}
	now := h.Now().UTC().Truncate(time.Microsecond)
	found, err := h.Read.AuthTokens(c.Request().Context(), web.Viewer(c), filter, page, now)
	if err != nil {
		return refusedOrder(err, page)
	}
	return answerPage(c, wrapAuthToken, page, found, func(t *seen.AuthToken) authTokenJSON { return authTokenJSONOf(t, now) })
}

// refusedOrder names the parameter of an order that the viewer cannot have. One
// that nobody can have was refused before.
func refusedOrder(err error, page models.PageRequest) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok || !slices.ContainsFunc(e.Fields, func(f models.FieldError) bool { return f.Field == "sortBy" }) {
		return err
	}
	parameter := sortByAsc
	if page.Descending {
		parameter = sortByDesc
	}
	return models.InvalidField(parameter, "You see names masked, so you cannot sort by "+page.SortBy+
		": the order would reveal what is hidden. Sort by creationDate or lastSeenAt.")
}

// Show answers one.
func (h *AuthTokens) Show(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	t, err := h.Read.AuthToken(c.Request().Context(), web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	return h.answer(c, *t)
}

// Patch changes the given labels.
func (h *AuthTokens) Patch(c echo.Context) error {
	labels, err := readJSON(c, decodeLabels)
	if err != nil {
		return err
	}
	if labels.IfVersion, err = ifMatch(c); err != nil {
		return err
	}
	t, err := h.Tokens.UpdateAuthToken(c.Request().Context(), web.Actor(c), c.Param("id"), labels)
	if err != nil {
		return err
	}
	return h.answer(c, web.Viewer(c).AuthToken(t))
}

// readOnlyAuthToken are the members of an answer that cannot be changed; the
// labels among them have been taken before.
var readOnlyAuthToken = slices.Concat(claimedNames, madeByServer)

func decodeLabels(body []byte, f *faults) (models.AuthTokenLabels, error) {
	var labels models.AuthTokenLabels
	o, err := parseWrapped(body, wrapAuthToken, f)
	if err != nil {
		return labels, err
	}
	o.nulls = nullClears
	label := func(name string) *string {
		value := o.text(name)
		if value != nil {
			f.checkText(name, *value, models.MaxIdentifierLength, false)
		}
		return value
	}
	labels.Identifier, labels.RefID1, labels.RefID2 = label("identifier"), label("refId1"), label("refId2")
	o.finish(readOnlyAuthToken...)
	return labels, f.err()
}

// Delete deletes one; deleting it again changes nothing.
func (h *AuthTokens) Delete(c echo.Context) error {
	var f faults
	q := readQuery(c, &f, "reason", "returnCount")
	reason, returnCount := q.text("reason", models.MaxReasonLength), q.flag("returnCount")
	if err := noBody(c, &f, "Give reason and returnCount in the query."); err != nil {
		return err
	}
	err := f.err()
	var versions models.Versions
	if err == nil {
		versions, err = ifMatch(c)
	}
	if err != nil {
		return err
	}
	if err := h.Tokens.DeleteAuthToken(c.Request().Context(), web.Actor(c), c.Param("id"), reason, returnCount, versions...); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
