package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/paths"
	"muster/views/telling"
)

// How many rows of a kind the results show, and all of one kind.
const (
	searchShown = 15
	searchAll   = 500
)

// statusNothing is the status of a page that found nothing.
const statusNothing = http.StatusNotFound

// results answers a result address: a single hit is opened, of several none is.
// Whoever opens it sees what they may see, and it counts as their own look-up.
func (h *Investigate) results(c echo.Context, text string) error {
	q := recognise(text)
	switch q.kind {
	case queryRegistrationToken, queryRefreshToken, queryAccessToken, queryAPIKey, queryMistyped:
		return web.SecretInAddress()
	case queryNothing:
		return h.notFound(c, telling.InvestigateAnswer(telling.AnswerNothing))
	case queryResult:
		return web.Redirect(c, paths.Results(url.Values{paths.ParamRef: {q.text}}))
	default:
		return h.resultsOf(c, q)
	}
}

func (h *Investigate) resultsOf(c echo.Context, q query) error {
	if bad := models.CheckText("query", q.spelled(), models.MaxNameLength, false); bad != nil {
		return h.notFound(c, telling.InvestigateAnswer(telling.AnswerUnreadable))
	}
	all, limit := views.ResultKind(c.QueryParam(paths.ParamAll)), searchAll
	if !slices.Contains(views.ResultKinds, all) {
		all, limit = "", searchShown
	}
	v := web.Viewer(c)
	found, err := h.find(c.Request().Context(), v, q, limit)
	if err != nil {
		return err
	}
	page := views.InvestigatePage{ReadAs: q.words(), Others: q.others, Typed: q.spelled()}
	switch {
	case found.TooNarrow:
		page.Typed = v.Typed(q.network.String())
	case q.kind != queryNetwork:
		page.Typed = v.Typed(page.Typed)
	}
	if page.Typed == q.spelled() {
		page.Query = page.Typed
	}
	if hit := onlyHit(found); hit.id != "" && all == "" {
		remember(c, hit.kind, hit.id)
		return web.Redirect(c, views.ObjectPage(hit.kind, hit.id))
	}
	if found.Number() == 0 && len(q.ids) == 1 {
		_, err := h.Read.Request(c.Request().Context(), v, q.ids[0])
		if err == nil {
			return web.Redirect(c, paths.Request(q.ids[0]))
		}
		if models.ErrorKind(err) != models.KindNotFound {
			return err
		}
	}
	if found.Number() == 0 {
		page.Error = h.nothing(q, found, page.Typed)
		return h.render(c, statusNothing, page)
	}
	if page.Results, err = h.shown(c, v, found, all); err != nil {
		return err
	}
	return h.render(c, http.StatusOK, page)
}

// nothing says why nothing is shown.
func (*Investigate) nothing(q query, found *seen.Found, typed string) string {
	switch {
	case found.TooNarrow:
		return telling.NetworkTooNarrow
	case slices.ContainsFunc(found.Totals.All(), func(t models.Total) bool { return t.TooMany }):
		return telling.TooManyBegin
	case q.kind == querySupportCode && q.says && len(q.codes) > 0:
		return telling.UnknownSupportCode(q.codes, "")
	case q.kind == querySupportCode:
		return telling.UnknownSupportCode(q.codes, strconv.Quote(typed))
	case q.kind == queryID:
		return telling.UnknownID
	}
	return telling.NothingFound(q.words())
}

// shown is what was found for the page.
func (h *Investigate) shown(c echo.Context, v seen.Viewer, found *seen.Found, all views.ResultKind) (*views.Results, error) {
	ids := make([]string, len(found.AuthTokens))
	for i := range found.AuthTokens {
		ids[i] = found.AuthTokens[i].RegistrationTokenID
	}
	labels, err := labelsOf(c.Request().Context(), h.Read, v, ids)
	address := url.Values{}
	for _, name := range []string{paths.ParamQuery, paths.ParamRef} {
		if value := c.QueryParam(name); value != "" {
			address.Set(name, value)
		}
	}
	noted := make([]views.Note, len(found.Notes))
	for i := range found.Notes {
		noted[i] = views.Note{Note: found.Notes[i], Ticket: h.Tickets.Link(found.Notes[i].Ticket, found.Notes[i].TicketMasked)}
	}
	return &views.Results{Found: *found, Noted: noted, All: all, Address: address, Most: searchAll, Labels: labels}, err
}

// find looks for all that a query may mean. A support code that is one needs no
// search; a text that may be a name is searched for as well.
func (h *Investigate) find(ctx context.Context, v seen.Viewer, q query, limit int) (*seen.Found, error) {
	known := &seen.Found{}
	for _, code := range q.codes {
		if err := h.addAttempt(ctx, v, known, code); err != nil {
			return nil, err
		}
	}
	for _, id := range q.ids {
		if err := h.addByID(ctx, v, known, id); err != nil {
			return nil, err
		}
	}
	searched := q.kind != querySupportCode || q.text != "" && len(q.codes) > 0
	if known.Number() > 0 && (q.says || q.kind == queryID) || !searched || len(q.ids) > 1 {
		return known, nil
	}
	found, err := h.Read.Search(ctx, v, q.search(limit))
	if err != nil {
		return nil, err
	}
	return known.With(found, limit), nil
}

// ifFound ignores that something is not there.
func ifFound(err error, add func()) error {
	if err == nil {
		add()
	} else if models.ErrorKind(err) == models.KindNotFound {
		return nil
	}
	return err
}

func (h *Investigate) addAttempt(ctx context.Context, v seen.Viewer, into *seen.Found, code string) error {
	attempt, err := h.Read.RefusedAttempt(ctx, v, code)
	return ifFound(err, func() {
		into.Refused = append(into.Refused, *attempt)
		into.Totals.Refused.Number++
	})
}

func (h *Investigate) addAuthToken(ctx context.Context, v seen.Viewer, into *seen.Found, id string) error {
	t, err := h.Read.AuthToken(ctx, v, id)
	return ifFound(err, func() {
		into.AuthTokens = append(into.AuthTokens, *t)
		into.Totals.AuthTokens.Number++
	})
}

// addByID adds whatever has an id: of a redemption its auth token, of a call the
// attempt that it was or the auth token that it made.
func (h *Investigate) addByID(ctx context.Context, v seen.Viewer, into *seen.Found, id string) error {
	before := into.Number()
	t, err := h.Read.RegistrationToken(ctx, v, id)
	if err := ifFound(err, func() {
		into.RegistrationTokens = append(into.RegistrationTokens, *t)
		into.Totals.RegistrationTokens.Number++
	}); err != nil || into.Number() > before {
		return err
	}
	if err := h.addAuthToken(ctx, v, into, id); err != nil || into.Number() > before {
		return err
	}
	authTokenID, err := h.Read.AuthTokenOf(ctx, id)
	code := ""
	if models.ErrorKind(err) == models.KindNotFound {
		code, authTokenID, err = h.Read.OfCall(ctx, id)
	}
	if err != nil {
		return ifFound(err, nil)
	}
	if code != "" {
		return h.addAttempt(ctx, v, into, code)
	}
	return h.addAuthToken(ctx, v, into, authTokenID)
}

// onlyHit is what the only hit of all kinds is, or is about; nothing when there are
// none or several.
func onlyHit(f *seen.Found) object {
	switch {
	case f.Number() != 1 || slices.ContainsFunc(f.Totals.All(), func(t models.Total) bool { return t.Number > 1 || t.More || t.TooMany }):
		return object{}
	case len(f.RegistrationTokens) == 1:
		return object{models.ObjectRegistrationToken, f.RegistrationTokens[0].ID}
	case len(f.AuthTokens) == 1:
		return object{models.ObjectAuthToken, f.AuthTokens[0].ID}
	case len(f.Refused) == 1:
		return object{models.ObjectRefusedAttempt, f.Refused[0].SupportCode}
	default:
		return object{f.Notes[0].ObjectKind, f.Notes[0].ObjectID}
	}
}
