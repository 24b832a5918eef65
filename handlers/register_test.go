package handlers

import (
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"muster/models"
)

func TestRegister_RefusesARouteThatDoesNotSayWhoMayCall(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		route   route
		refusal string
	}{
		"no permission":                {route{http.MethodGet, "/x", "", audiencePage, echo.NotFoundHandler, credentialSession}, "declares no permission"},
		"permission, no credential":    {route{http.MethodGet, "/x", models.PermissionRegistrationTokenRead, audienceAPI, echo.NotFoundHandler, credentialNone}, "but for no credential"},
		"public without a credential":  {route{http.MethodGet, "/x", models.PermissionPublic, audienceAPI, echo.NotFoundHandler, credentialNone}, ""},
		"permission with a session":    {route{http.MethodGet, "/x", models.PermissionAuthTokenRead, audiencePage, echo.NotFoundHandler, credentialSession}, ""},
		"permission with a bearer key": {route{http.MethodGet, "/x", models.PermissionAuthTokenWrite, audienceAPI, echo.NotFoundHandler, credentialBearer}, ""},
	} {
		err := (&Server{}).register(echo.New(), []route{c.route})
		if c.refusal == "" && err != nil || c.refusal != "" && (err == nil || !strings.Contains(err.Error(), c.refusal) || !strings.Contains(err.Error(), "GET /x")) {
			t.Errorf("%s: %v, want %q", name, err, c.refusal)
		}
	}
}
