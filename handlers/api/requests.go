package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	"muster/views/paths"
)

const wrapRequest = "request"

// Requests serves what helpdesk asks for, and administrators decide.
type Requests struct {
	Read   RequestReader
	Tokens RequestService
	Now    func() time.Time
}

// RequestReader reads requests as their viewer may see them; see [seen.Reader].
type RequestReader interface {
	Request(ctx context.Context, v seen.Viewer, id string) (*seen.Request, error)
	Requests(ctx context.Context, v seen.Viewer, f models.RequestFilter, p models.PageRequest) (seen.Page[seen.Request], error)
}

// RequestService changes requests; see the token service.
type RequestService interface {
	AskRequest(ctx context.Context, actor models.Actor, asked models.NewRequest) (*models.Request, error)
	ApproveRequest(ctx context.Context, actor models.Actor, id string, changed *int) (*tokens.Approved, error)
	DeclineRequest(ctx context.Context, actor models.Actor, id, reason string) (*models.Request, error)
	WithdrawRequest(ctx context.Context, actor models.Actor, id string) (*models.Request, error)
}

type approvedJSON struct {
	Request requestJSON `json:"request"`
	// RegistrationToken is the successor, with its secret, once.
	RegistrationToken *registrationTokenJSON `json:"registrationToken,omitempty"`
}

// Create asks for a remedy.
func (h *Requests) Create(c echo.Context) error {
	asked, err := readJSON(c, decodeRequest)
	if err != nil {
		return err
	}
	r, err := h.Tokens.AskRequest(c.Request().Context(), web.Actor(c), asked)
	if err != nil {
		return err
	}
	return created(c, paths.APIRequest(r.ID), h.wrapped(c, r))
}

// List answers those that the query selects, newest first.
func (h *Requests) List(c echo.Context) error {
	var f faults
	q := readQuery(c, &f, "state", "registrationToken", "pageSize", "pageToken", "total")
	filter := models.RequestFilter{
		State: choice(q, "state", models.RequestStates), RegistrationTokenID: q.text("registrationToken", maxParameter),
	}
	if id := filter.RegistrationTokenID; id != "" && !tokens.ValidID(id) {
		f.add("registrationToken", "registrationToken must be the id of a registration token, never its secret.")
	}
	page := q.page(nil)
	if err := f.err(); err != nil {
		return err
	}
	found, err := h.Read.Requests(c.Request().Context(), web.Viewer(c), filter, page)
	if err != nil {
		return err
	}
	return answerPage(c, wrapRequest, page, found, requestJSONOf)
}

// Show answers one.
func (h *Requests) Show(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	r, err := h.Read.Request(c.Request().Context(), web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	setETag(c, r.Version())
	return answer(c, http.StatusOK, map[string]requestJSON{wrapRequest: requestJSONOf(r)})
}

// Approve does what is asked for, once.
func (h *Requests) Approve(c echo.Context) error {
	changed, err := readJSON(c, decodeApproval)
	if err != nil {
		return err
	}
	approved, err := h.Tokens.ApproveRequest(c.Request().Context(), web.Actor(c), c.Param("id"), changed)
	if err != nil {
		return err
	}
	v := web.Viewer(c)
	shown := v.Request(approved.Request)
	body := approvedJSON{Request: requestJSONOf(&shown)}
	if approved.Secret != "" {
		successor := v.RegistrationToken(approved.RegistrationToken)
		row := registrationTokenJSONOf(&successor, approved.Secret, h.Now().UTC())
		body.RegistrationToken = &row
	}
	return answer(c, http.StatusOK, body)
}

// Decline ends one without doing anything, for a reason.
func (h *Requests) Decline(c echo.Context) error {
	reason, err := readJSON(c, decodeReason)
	if err != nil {
		return err
	}
	r, err := h.Tokens.DeclineRequest(c.Request().Context(), web.Actor(c), c.Param("id"), reason)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, h.wrapped(c, r))
}

// Withdraw takes back what the caller asked for.
func (h *Requests) Withdraw(c echo.Context) error {
	if _, err := readJSON(c, decodeNothing); err != nil {
		return err
	}
	r, err := h.Tokens.WithdrawRequest(c.Request().Context(), web.Actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, h.wrapped(c, r))
}

func (h *Requests) wrapped(c echo.Context, r *models.Request) map[string]requestJSON {
	shown := web.Viewer(c).Request(r)
	return map[string]requestJSON{wrapRequest: requestJSONOf(&shown)}
}
