package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// publicCache is how long others may keep what is public and seldom changes.
// A new signing key is to be known soon.
const publicCache = "public, max-age=60"

// authorizationServer is RFC 8414 metadata; it names only what there is.
type authorizationServer struct {
	Issuer                        string   `json:"issuer"`
	TokenEndpoint                 string   `json:"token_endpoint"`
	IntrospectionEndpoint         string   `json:"introspection_endpoint"`
	RevocationEndpoint            string   `json:"revocation_endpoint"`
	JWKSURI                       string   `json:"jwks_uri"`
	ResponseTypesSupported        []string `json:"response_types_supported"`
	GrantTypesSupported           []string `json:"grant_types_supported"`
	TokenEndpointAuthMethods      []string `json:"token_endpoint_auth_methods_supported"`
	IntrospectionEndpointAuthMeth []string `json:"introspection_endpoint_auth_methods_supported"`
	RevocationEndpointAuthMethods []string `json:"revocation_endpoint_auth_methods_supported"`
}

func (h *oauthHandler) metadata(c echo.Context) error {
	base := h.config.BaseURL
	c.Response().Header().Set(echo.HeaderCacheControl, publicCache)
	return c.JSON(http.StatusOK, authorizationServer{
		Issuer:                        base,
		TokenEndpoint:                 base + "/oauth2/token",
		IntrospectionEndpoint:         base + "/oauth2/introspect",
		RevocationEndpoint:            base + "/oauth2/revoke",
		JWKSURI:                       base + "/oauth2/jwks",
		ResponseTypesSupported:        []string{}, // required; there is no authorization endpoint
		GrantTypesSupported:           []string{grantRefreshToken, grantRegistrationToken},
		TokenEndpointAuthMethods:      []string{"none"},
		IntrospectionEndpointAuthMeth: []string{"client_secret_basic", "Bearer"},
		RevocationEndpointAuthMethods: []string{"none"},
	})
}

// jwks publishes the keys that verify access tokens (RFC 7517).
func (h *oauthHandler) jwks(c echo.Context) error {
	keys, err := h.tokens.JWKS(c.Request().Context())
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, publicCache)
	return c.Blob(http.StatusOK, "application/jwk-set+json", keys)
}
