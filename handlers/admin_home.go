package handlers

import (
	"github.com/labstack/echo/v4"

	"muster/views/layout"
)

// adminHandler serves the pages of administrators and the helpdesk.
type adminHandler struct{ *Server }

// Where the lists are.
const (
	registrationTokensURL = "/admin/registration-tokens"
	authTokensURL         = "/admin/auth-tokens"
)

func registrationTokenURL(id string) string { return registrationTokensURL + "/" + id }

func authTokenURL(id string) string { return authTokensURL + "/" + id }

// registrationTokenPage starts a page below the list; trail leads there.
func (h *adminHandler) registrationTokenPage(c echo.Context, title string, trail ...layout.Link) (layout.Page, error) {
	p, err := h.page(c, title, layout.NavRegistrationTokens)
	p.Breadcrumbs = append([]layout.Link{{Label: "Registration tokens", URL: registrationTokensURL}}, trail...)
	return p, err
}

// authTokenPage starts a page below the list; trail leads there.
func (h *adminHandler) authTokenPage(c echo.Context, title string, trail ...layout.Link) (layout.Page, error) {
	p, err := h.page(c, title, layout.NavAuthTokens)
	p.Breadcrumbs = append([]layout.Link{{Label: "Auth tokens", URL: authTokensURL}}, trail...)
	return p, err
}
