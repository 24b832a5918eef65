package admin

import (
	"context"
	"net/http"
	"slices"
	"time"

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

// Requests serves what the helpdesk asks for: the queue, the form that asks, and the
// decision.
type Requests struct {
	Read   RequestReader
	Tokens RequestService
	Forms  *OneTimeForms
	// RegistrationTokens show the secret of a successor.
	RegistrationTokens *RegistrationTokens
	Frame              *web.Frame
	Now                func(c echo.Context) time.Time
	Tickets            web.TicketLinks
	// MaxTokenLifetime bounds the expiry; zero for no bound.
	MaxTokenLifetime time.Duration
}

// RequestReader reads requests, and what they are about.
type RequestReader interface {
	Request(ctx context.Context, v seen.Viewer, id string) (*seen.Request, error)
	Requests(ctx context.Context, v seen.Viewer, f models.RequestFilter, p models.PageRequest) (seen.Page[seen.Request], error)
	OpenRequests(ctx context.Context) (int, error)
	RegistrationToken(ctx context.Context, v seen.Viewer, id string) (*seen.RegistrationToken, error)
	RegistrationTokensByID(ctx context.Context, v seen.Viewer, ids []string) ([]seen.RegistrationToken, error)
	AuthTokens(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.AuthToken], error)
	Verdict(ctx context.Context, v seen.Viewer, t *seen.RegistrationToken, now time.Time) (seen.Verdict, error)
	Remedied(ctx context.Context, v seen.Viewer, registrationTokenID string, kind models.FindingKind, now time.Time) (seen.Remedied, error)
}

// RequestService asks and decides.
type RequestService interface {
	AskRequest(ctx context.Context, actor models.Actor, asked models.NewRequest) (*models.Request, error)
	PreviewRequest(ctx context.Context, actor models.Actor, id string) (tokens.RequestPreview, error)
	ApproveRequest(ctx context.Context, actor models.Actor, id string, changed *int) (*tokens.Approved, error)
	DeclineRequest(ctx context.Context, actor models.Actor, id, reason string) (*models.Request, error)
	WithdrawRequest(ctx context.Context, actor models.Actor, id string) (*models.Request, error)
}

// The tabs of the queue: values of the parameter state.
const (
	requestsDecided = "decided"
	requestsMine    = "mine"
	// requestsAny is no tab: the page of a registration token leads there.
	requestsAny = "any"
)

var requestList = listing.List{Path: paths.Requests, StateName: "state", States: []string{requestsDecided, requestsMine, requestsAny}, Sorts: []listing.Sort{{Value: "created", By: "createdAt", Descending: true}}}

// List shows what waits for a decision, or what was decided.
func (h *Requests) List(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	q, err := requestList.Read(c.QueryParams())
	if err != nil {
		return err
	}
	changes, err := listing.ReadChanges(c.QueryParams())
	if err != nil {
		return err
	}
	q.Size = web.PageSize(c)
	p := views.RequestListPage{Now: h.Now(c), Open: q.State == "", MayDecide: v.Can(models.PermissionRequestDecide)}
	var filter models.RequestFilter
	if id := c.QueryParam(registrationTokenParam); id != "" {
		if p.RegistrationToken, err = h.Read.RegistrationToken(ctx, v, id); err != nil {
			return err
		}
		q.More.Set(registrationTokenParam, id)
		filter.RegistrationTokenID = id
	}
	switch q.State {
	case requestsDecided:
		filter.Decided = true
	case requestsMine:
		filter.CreatedByID = v.ID
	case requestsAny:
	default:
		filter.State = models.RequestOpen
	}
	if p.Tabs, err = h.tabs(ctx, q); err != nil {
		return err
	}
	if changes != nil {
		return h.changes(c, p, q, filter, *changes)
	}
	found, err := h.Read.Requests(ctx, v, filter, q.Request())
	if err != nil {
		return err
	}
	if p.Rows, err = h.rows(ctx, v, found.Items); err != nil {
		return err
	}
	p.URL, p.Paging, p.Sorting = q.Self(), listing.Paged(q, found), q.Sorting()
	if p.Page, err = h.Frame.Page(c, "Requests", layout.NavRequests); err != nil {
		return err
	}
	return web.RenderPart(c, http.StatusOK, views.RequestList(p), views.RequestResults(p))
}

// changes answers what changed in an open list. Its rows stay where they are, whatever
// was decided.
func (h *Requests) changes(c echo.Context, p views.RequestListPage, q listing.Query, filter models.RequestFilter, changes listing.Changes) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	shown, err := h.Read.Requests(ctx, v, models.RequestFilter{IDs: changes.IDs}, models.PageRequest{Size: models.MaxPageSize})
	if err != nil {
		return err
	}
	if p.Rows, err = h.rows(ctx, v, shown.Items); err != nil {
		return err
	}
	filter.CreatedAfter = changes.Since
	came, err := h.Read.Requests(ctx, v, filter, listing.Counted())
	if err != nil {
		return err
	}
	p.New = q.New(came.Total)
	return web.Render(c, http.StatusOK, views.RequestChanges(p))
}

// tabs are those of the queue; only what is open is counted.
func (h *Requests) tabs(ctx context.Context, q listing.Query) ([]ui.Tab, error) {
	open, err := h.Read.OpenRequests(ctx)
	narrowed := len(q.More) > 0
	tabs := []ui.Tab{{Label: "Open", Count: open, NoCount: narrowed}, {Label: "Decided", NoCount: true}, {Label: "Mine", NoCount: true}}
	if narrowed {
		tabs = append(tabs, ui.Tab{Label: "All", NoCount: true})
	}
	for i, state := range []string{"", requestsDecided, requestsMine, requestsAny}[:len(tabs)] {
		tabs[i].URL, tabs[i].Current = q.In(state), q.State == state
	}
	return tabs, err
}

// rows adds to requests where their tickets and registration tokens are.
func (h *Requests) rows(ctx context.Context, v seen.Viewer, found []seen.Request) ([]views.RequestRow, error) {
	var ids []string
	for i := range found {
		if id := found[i].RegistrationTokenID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	about, err := h.Read.RegistrationTokensByID(ctx, v, ids)
	rows := make([]views.RequestRow, len(found))
	for i := range found {
		id := found[i].RegistrationTokenID
		rows[i] = views.RequestRow{
			Request: found[i], Ticket: h.Tickets.Link(found[i].Ticket, found[i].TicketMasked), RegistrationToken: layout.Link{Label: id, URL: paths.RegistrationToken(id)},
		}
		if at := slices.IndexFunc(about, func(t seen.RegistrationToken) bool { return t.ID == id }); at >= 0 {
			rows[i].RegistrationToken.Label = about[at].Identifier
		}
	}
	return rows, err
}

var requestsLink = layout.Link{Label: "Requests", URL: paths.Requests}
