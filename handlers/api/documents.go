package api

import (
	"context"
	_ "embed"
	"net/http"

	"github.com/labstack/echo/v4"
)

// Documents serves what programs read before they call anything else.
type Documents struct {
	// Endpoints asks the login provider. KindUnavailable when it cannot be
	// reached.
	Endpoints func(context.Context) (Endpoints, error)
	// CLIClientID is the public OIDC client for scripts; may be empty.
	CLIClientID string
}

// Endpoints are the addresses of the login provider. Realm and
// TokenEndpointBase may be empty.
type Endpoints struct{ Issuer, TokenURL, Realm, TokenEndpointBase string }

// IDPConfiguration says to scripts where to get an access token.
func (h *Documents) IDPConfiguration(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	endpoints, err := h.Endpoints(c.Request().Context())
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, map[string]any{"idpConfiguration": map[string]any{
		"issuer": endpoints.Issuer, "realm": orNull(endpoints.Realm), "tokenEndpoint": orNull(endpoints.TokenEndpointBase),
		"clientId": orNull(h.CLIClientID), "tokenUrl": endpoints.TokenURL,
	}})
}

// openAPI describes REST and OAuth; the tests check every answer against it.
//
//go:embed openapi.json
var openAPI []byte

// publicCache is for what is public and seldom changes. It is short, so that a new
// signing key is soon known.
const publicCache = "public, max-age=60"

// OpenAPI answers the OpenAPI document.
func (*Documents) OpenAPI(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, publicCache)
	return c.JSONBlob(http.StatusOK, openAPI)
}
