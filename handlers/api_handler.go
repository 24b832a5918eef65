package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// apiHandler answers REST (PRODUCT section 5).
type apiHandler struct{ *Server }

// Names of the things REST is about, as wrappers and in messages.
const (
	wrapRegistrationToken = "registrationToken"
	wrapAuthToken         = "authToken"
	thingRegistration     = "registration token"
	thingAuth             = "auth token"
)

// The collections.
const (
	apiRegistrationTokensPath = "/token/api/v5/registrationTokens"
	apiAuthTokensPath         = "/token/api/v5/authTokens"
)

// maxParameter bounds a filter value, in characters; no field is longer.
const maxParameter = models.MaxNameLength

// answer writes JSON that no cache may keep: it holds secrets, or says who
// works where.
func answer(c echo.Context, status int, body any) error {
	noStore(c)
	return c.JSON(status, body)
}

// created answers 201 with the address of what was made.
func created(c echo.Context, location string, body any) error {
	c.Response().Header().Set(echo.HeaderLocation, location)
	return answer(c, http.StatusCreated, body)
}

// renamed gives the fields of an error the names the caller used.
func renamed(err error, names map[string]string) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	copied := *e
	copied.Fields = make([]models.FieldError, len(e.Fields))
	for i, field := range e.Fields {
		if name, ok := names[field.Field]; ok {
			field.Field = name
		}
		copied.Fields[i] = field
	}
	return &copied
}

// showIDPConfiguration tells scripts where to get an access token.
func (h *apiHandler) showIDPConfiguration(c echo.Context) error {
	var f faults
	readQuery(c, &f)
	if err := f.err(); err != nil {
		return err
	}
	endpoints, err := h.provider.Endpoints(c.Request().Context())
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, apiIDPConfigurationAnswer{apiIDPConfiguration{
		Issuer: endpoints.Issuer, Realm: orNull(endpoints.Realm), TokenEndpoint: orNull(endpoints.TokenEndpointBase),
		ClientID: orNull(h.config.CLIClientID), TokenURL: endpoints.TokenURL,
	}})
}
