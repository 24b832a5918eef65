package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/live"
	"muster/handlers/web"
	"muster/models"
)

// LimitStreams sets how many live streams are open at a time.
func (s *Server) LimitStreams(limits live.Limits) { s.live.Limit(limits) }

// LimitPages makes every page of a list, a REST list or an export hold that many
// rows at most.
func (s *Server) LimitPages(rows int) { s.read.LimitPages(rows) }

// Route is a line of the route table, for tests.
type Route struct {
	Method, Path string
	Permission   models.Permission
	// Bearer tells that the route takes a provider access token or API key,
	// Page that it is a page.
	Bearer, Page bool
}

// Routes is the whole route table.
func (s *Server) Routes() []Route {
	var all []Route
	for _, r := range s.routes() {
		all = append(all, Route{
			Method: r.method, Path: r.path, Permission: r.permission,
			Bearer: r.credential == credentialBearer, Page: r.audience == web.AudiencePage,
		})
	}
	return all
}

// PanicAt adds an address whose handler panics with the reason.
func (s *Server) PanicAt(path string, reason any) {
	s.echo.Add(http.MethodGet, path, func(echo.Context) error { panic(reason) })
}

// HandleAt adds an address with a handler of its own.
func (s *Server) HandleAt(path string, handler echo.HandlerFunc) {
	s.echo.Add(http.MethodGet, path, handler)
}
