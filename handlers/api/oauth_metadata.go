package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/views/paths"
)

// authorizationServer is RFC 8414 metadata, of what is supported.
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

// Metadata answers the metadata of the authorization server.
func (h *OAuth) Metadata(c echo.Context) error {
	base := h.BaseURL
	c.Response().Header().Set(echo.HeaderCacheControl, publicCache)
	return c.JSON(http.StatusOK, authorizationServer{
		Issuer:                        base,
		TokenEndpoint:                 base + paths.OAuthToken,
		IntrospectionEndpoint:         base + paths.OAuthIntrospect,
		RevocationEndpoint:            base + paths.OAuthRevoke,
		JWKSURI:                       base + paths.OAuthJWKS,
		ResponseTypesSupported:        []string{}, // required; there is no authorization endpoint
		GrantTypesSupported:           []string{grantRefreshToken, grantRegistrationToken},
		TokenEndpointAuthMethods:      []string{"none"},
		IntrospectionEndpointAuthMeth: []string{"client_secret_basic", "Bearer"},
		RevocationEndpointAuthMethods: []string{"none"},
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
