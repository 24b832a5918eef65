package visitor

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/views/layout"
	views "muster/views/visitor"
	"muster/views/words"
)

// Onward answers a form whose way leads to the login provider. Browsers let a form go,
// also by redirects, only to the origins of the content security policy, and a provider
// may lie on several; a page of ours moves on to any. says is a key of words. The
// provider of a development server is on our own origin.
func Onward(c echo.Context, frame *web.Frame, target, says string) error {
	if web.IsDevelopment(c) || web.WantsPart(c) {
		return web.Redirect(c, target)
	}
	return web.Render(c, http.StatusOK, views.Onward(layout.Page{
		Title: words.Say(c.Request().Context(), "onward.title"), MovesOn: target,
		DevMode: frame.Dev, VendorName: frame.VendorName, VendorLogoURL: frame.VendorLogoURL,
	}, says))
}
