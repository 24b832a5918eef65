package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/views/gallery"
	"muster/views/layout"
)

// gallery shows every component in every state; the route exists only in
// development.
func (s *Server) gallery(c echo.Context) error {
	frame, err := s.frame.Page(c, "Component gallery", layout.NavNone)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, gallery.Gallery(frame))
}

// galleryPage shows one page in one state, drawn from made-up data.
func (*Server) galleryPage(c echo.Context) error {
	pages := gallery.Pages()
	i := slices.IndexFunc(pages, func(p gallery.Page) bool { return p.Name == c.Param("name") })
	if i < 0 {
		return echo.ErrNotFound
	}
	return web.Render(c, http.StatusOK, pages[i].Component)
}
