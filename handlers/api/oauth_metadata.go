package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/views/paths"
)

// Metadata answers the metadata of the authorization server (RFC 8414): what is supported
// and no more. Clients that look for OpenID Connect's address get the same there.
func (h *OAuth) Metadata(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, publicCache)
	return c.JSON(http.StatusOK, map[string]any{
		"issuer":                   h.BaseURL,
		"token_endpoint":           h.BaseURL + paths.OAuthToken,
		"introspection_endpoint":   h.BaseURL + paths.OAuthIntrospect,
		"revocation_endpoint":      h.BaseURL + paths.OAuthRevoke,
		"jwks_uri":                 h.BaseURL + paths.OAuthJWKS,
		"response_types_supported": []string{}, // required; there is no authorization endpoint
		"grant_types_supported":    []string{grantRefreshToken, grantRegistrationToken},

		"token_endpoint_auth_methods_supported":         []string{"none"},
		"introspection_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post", "Bearer"},
		"revocation_endpoint_auth_methods_supported":    []string{"none"},
	})
}

// JWKS publishes the keys that verify access tokens (RFC 7517).
func (h *OAuth) JWKS(c echo.Context) error {
	keys, err := h.Tokens.JWKS(c.Request().Context())
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, publicCache)
	return c.Blob(http.StatusOK, "application/jwk-set+json", keys)
}
