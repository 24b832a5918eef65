package handlers

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens/secrets"
	"muster/views/paths"
)

// The largest bodies (rule 16), without and with a credential: a note of 4,000
// characters, percent-encoded, and 1,000 ids must fit into the latter.
const (
	maxBody              = 16 << 10
	maxAuthenticatedBody = 64 << 10
)

// useMiddleware adds what every request passes through, outermost first.
func (s *Server) useMiddleware(e *echo.Echo) {
	e.Use(s.identify, s.logRequests, s.secureHeaders, openToOtherSites)
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{
		DisableErrorHandler: true, DisableStackAll: true, LogErrorFunc: panicked,
	}))
	e.Use(s.refuseForeignHosts, refuseSecretsInURL, limitBody, s.refuseCrossOrigin)
}

// panicked turns a panic into an internal error, whatever was thrown: not even a
// typed error was meant as an answer. Its text and stack are for the log.
func panicked(_ echo.Context, thrown error, stack []byte) error {
	return fmt.Errorf("panic: %v\n%s", thrown, stack) //nolint:errorlint // wrapped, its message would be shown
}

// identify gives the request an id and, from its path, the audience of an error
// before routing.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := web.NewRequestID()
		web.SetRequestID(c, id)
		web.SetDevelopment(c, s.config.Dev)
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		c.SetRequest(c.Request().WithContext(models.WithAsOf(c.Request().Context())))
		switch path := c.Request().URL.Path; {
		case strings.HasPrefix(path, "/token/"), path == paths.Healthz, path == paths.Readyz, path == paths.OpenAPI:
			web.SetAudience(c, web.AudienceAPI)
		case strings.HasPrefix(path, "/oauth2/"), strings.HasPrefix(path, "/.well-known/"), path == paths.BackChannelLogout:
			web.SetAudience(c, web.AudienceOAuth)
		}
		return next(c)
	}
}

// secureHeaders sets what every answer carries, errors included (rule 19).
func (s *Server) secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	// A form that leads to the login provider is answered with a page that moves on:
	// nobody knows on how many origins a provider lies.
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"font-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"
	https := strings.HasPrefix(s.config.BaseURL, "https://")
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("X-Robots-Tag", "noindex, nofollow")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		return next(c)
	}
}

// refuseForeignHosts keeps a development server to loopback host names, so
// that no website can reach it through its own name (DNS rebinding).
func (s *Server) refuseForeignHosts(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.config.Dev && !loopbackHost(c.Request().Host) {
			return &models.Error{
				Kind: models.KindForbidden, Code: models.CodeForbidden,
				Message:  "This is a development server; it answers to loopback host names only.",
				NextStep: "Open " + s.config.BaseURL + " on the machine it runs on.",
			}
		}
		return next(c)
	}
}

func loopbackHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// secretParameters are names under which secrets are sent by mistake, in any case.
var secretParameters = []string{"token", "access_token", "refresh_token", "id_token", "registration_token", "api_key", "apikey"}

// refuseSecretsInURL answers 400 to a query string that holds a secret or a
// parameter named token or the like, on every path (rule 10): URLs end up in
// logs, histories and referrers.
func refuseSecretsInURL(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		raw := c.Request().URL.RawQuery
		if raw == "" {
			return next(c)
		}
		query, err := url.ParseQuery(raw)
		refused := secrets.Within(raw)
		for name, values := range query {
			refused = refused || slices.Contains(secretParameters, strings.ToLower(name))
			for _, value := range values {
				refused = refused || secrets.Within(value)
			}
		}
		if refused {
			if web.AudienceOf(c) != web.AudiencePage {
				c.Response().Header().Set(echo.HeaderWWWAuthenticate, challengeInvalidRequest) // RFC 6750 section 3.1
			}
			return web.SecretInAddress()
		}
		if err != nil {
			return web.BadRequest("The query string cannot be read.")
		}
		return next(c)
	}
}

// listPaths take lists of recipients or expected lists.
var listPaths = []string{
	paths.NewRecipients, paths.CreateRecipients, paths.ReplaceRecipients, paths.RegistrationTokens, paths.Admission(":id"),
}

func limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		// Judged when the body is read, after the credential (rule 2): the
		// length that the request states is not looked at before.
		request, limit := c.Request(), int64(maxBody)
		if path := c.Path(); strings.HasPrefix(path, "/admin/") ||
			strings.HasPrefix(path, paths.API+"/") && path != paths.APIAuthTokens {
			limit = maxAuthenticatedBody
			if slices.Contains(listPaths, path) {
				limit = web.MaxListBody
			}
		}
		request.Body = http.MaxBytesReader(c.Response(), request.Body, limit)
		return next(c)
	}
}

// refuseCrossOrigin turns away forms that another site sent (rule 19). REST and
// OAuth take no cookies, so they need no such check.
func (s *Server) refuseCrossOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		if web.AudienceOf(c) == web.AudiencePage && !strings.HasPrefix(c.Request().URL.Path, "/realms/") {
			if err := protection.Check(c.Request()); err != nil {
				return models.Forbidden("This form was sent from another site, so nothing was done. Open the page here and try again.").WithCause(err)
			}
		}
		return next(c)
	}
}
