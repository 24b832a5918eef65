package handlers

import (
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

func TestRegister_RefusesARouteThatDoesNotSayWhoMayCall(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		route   route
		refusal string
	}{
		"no permission":                {route{http.MethodGet, "/x", "", web.AudiencePage, echo.NotFoundHandler, credentialSession, nil}, "declares no permission"},
		"permission, no credential":    {route{http.MethodGet, "/x", models.PermissionRegistrationTokenRead, web.AudienceAPI, echo.NotFoundHandler, credentialNone, nil}, "but for no credential"},
		"form without a page":          {route{http.MethodPost, "/x", models.PermissionAuthTokenWrite, web.AudiencePage, echo.NotFoundHandler, credentialSession, nil}, "says of no page"},
		"public without a credential":  {route{http.MethodGet, "/x", models.PermissionPublic, web.AudienceAPI, echo.NotFoundHandler, credentialNone, nil}, ""},
		"permission with a session":    {route{http.MethodGet, "/x", models.PermissionAuthTokenRead, web.AudiencePage, echo.NotFoundHandler, credentialSession, nil}, ""},
		"permission with a bearer key": {route{http.MethodGet, "/x", models.PermissionAuthTokenWrite, web.AudienceAPI, echo.NotFoundHandler, credentialBearer, nil}, ""},
	} {
		err := (&Server{}).register(echo.New(), []route{c.route})
		if c.refusal == "" && err != nil || c.refusal != "" && (err == nil || !strings.Contains(err.Error(), c.refusal) || !strings.Contains(err.Error(), " /x ")) {
			t.Errorf("%s: %v, want %q", name, err, c.refusal)
		}
	}
}
