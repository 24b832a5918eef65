package visitor

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/docs"
	"muster/handlers/web"
	"muster/views/layout"
	"muster/views/paths"
	views "muster/views/visitor"
)

// Guide shows the guides and what is new. They hold nothing that is not public.
type Guide struct{ Frame *web.Frame }

// Index lists the guides with their passages.
func (g *Guide) Index(c echo.Context) error {
	frame, err := g.Frame.Page(c, "Guides", layout.NavNone)
	if err != nil {
		return err
	}
	page := views.GuidesPage{Page: frame}
	for _, d := range docs.All() {
		if d.Name != docs.Changes {
			page.Guides = append(page.Guides, guideOf(d))
		}
	}
	return web.Render(c, http.StatusOK, views.Guides(page))
}

// Show shows one guide.
func (g *Guide) Show(c echo.Context) error {
	d, ok := docs.Find(c.Param("name"))
	if !ok || d.Name == docs.Changes {
		return echo.ErrNotFound
	}
	return g.show(c, d)
}

// Changes shows what is new.
func (g *Guide) Changes(c echo.Context) error {
	d, _ := docs.Find(docs.Changes)
	return g.show(c, d)
}

func (g *Guide) show(c echo.Context, d docs.Document) error {
	frame, err := g.Frame.Below(c, layout.Link{Label: "Guides", URL: paths.Guide}, d.Title, layout.NavNone, layout.Link{Label: d.Title})
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Guide(views.GuidePage{Page: frame, Guide: guideOf(d)}))
}

func guideOf(d docs.Document) views.Guided {
	shown := views.Guided{Title: d.Title, URL: paths.GuideTo(d.Name), Body: d}
	for _, p := range d.Passages {
		shown.Passages = append(shown.Passages, layout.Link{Label: p.Heading, URL: shown.URL + "#" + p.ID})
	}
	return shown
}
