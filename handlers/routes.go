package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"muster/handlers/admin"
	"muster/models"
	"muster/static"
	"muster/views/paths"
)

// route is one line of the table: who may call it, how errors look, and how
// large a body may be.
type route struct {
	method, path string
	permission   models.Permission
	audience     audience
	handler      echo.HandlerFunc
	// credential is how the route finds out who calls.
	credential credential
}

// credential says what a route takes as proof of who calls. API routes never
// read cookies, pages never accept bearers.
type credential int

const (
	credentialNone    credential = iota // the handler judges for itself
	credentialSession                   // the session cookie; none is fine where the permission is public
	credentialBearer                    // provider access token or API key
)

// routes lists the whole surface. An entry without a permission does not
// start the server.
func (s *Server) routes() []route {
	const (
		public   = models.PermissionPublic
		readReg  = models.PermissionRegistrationTokenRead
		writeReg = models.PermissionRegistrationTokenWrite
		readAuth = models.PermissionAuthTokenRead
		editAuth = models.PermissionAuthTokenWrite

		manageKeys = models.PermissionAPIKeyManage
	)
	var (
		auth    = &authHandler{Server: s}
		desk    = &adminHandler{Server: s}
		redeem  = &redeemHandler{Server: s}
		my      = &myHandler{Server: s}
		api     = &apiHandler{Server: s}
		oauth   = &oauthHandler{Server: s}
		get     = http.MethodGet
		post    = http.MethodPost
		apiRegs = "/token/api/v5/registrationTokens"
		apiAuth = "/token/api/v5/authTokens"

		forms              = &admin.OneTimeForms{Store: s.store, Life: sessionAbsolute, Now: s.now, Logger: s.logger}
		registrationTokens = &admin.RegistrationTokens{
			Read: s.read, Figures: s.store, Tokens: s.tokens, Forms: forms, Frame: s.frame, Now: s.now,
			LimitExports: s.exports.count, BaseURL: s.config.BaseURL, MaxTokenLifetime: s.config.MaxTokenLifetime,
		}
		recipients = &admin.Recipients{
			Tokens: s.tokens, Forms: forms, Frame: s.frame, Now: s.now, BaseURL: s.config.BaseURL, MaxTokenLifetime: s.config.MaxTokenLifetime,
		}
		admission  = &admin.Admission{Read: s.read, Tokens: s.tokens, Frame: s.frame}
		authTokens = &admin.AuthTokens{
			Read: s.read, Tokens: s.tokens, Frame: s.frame, Now: s.now, LimitExports: s.exports.count, AccessTokenTTL: s.config.AccessTokenTTL,
		}
		apiKeys = &admin.APIKeys{Read: s.read, Tokens: s.tokens, Forms: forms, Frame: s.frame, Now: s.now, BaseURL: s.config.BaseURL}
	)
	page := func(method, path string, p models.Permission, h echo.HandlerFunc) route {
		return route{method, path, p, audiencePage, h, credentialSession}
	}
	rest := func(method, path string, p models.Permission, h echo.HandlerFunc) route {
		return route{method, path, p, audienceAPI, h, credentialBearer}
	}
	open := func(method, path string, a audience, h echo.HandlerFunc) route {
		return route{method, path, public, a, h, credentialNone}
	}
	table := []route{
		// Public pages.
		page(get, "/", public, spoken(auth.home)),
		page(get, "/redeem", public, spoken(redeem.show)),
		page(post, "/redeem", public, spoken(redeem.create)),
		page(get, myURL, models.PermissionSession, spoken(my.list)),
		page(get, myURL+"/auth-tokens/:id/delete", models.PermissionSession, spoken(my.confirmDelete)),
		page(post, myURL+"/auth-tokens/:id/delete", models.PermissionSession, spoken(my.delete)),
		page(get, "/auth/login", public, auth.login),
		page(post, "/auth/login", public, auth.login),
		page(get, "/auth/callback", public, auth.callback),
		page(post, "/auth/logout", public, auth.logout),
		page(get, "/auth/signed-out", public, auth.signedOut),
		open(get, "/static/*", audiencePage, asset),
		open(get, "/favicon.ico", audiencePage, favicon),
		open(get, vendorLogoURL, audiencePage, s.vendorLogo),

		// Administration and helpdesk.
		page(get, "/admin", readReg, desk.overview),
		page(get, eventsPath, readReg, s.live.Events),
		page(get, paths.RegistrationTokens, readReg, registrationTokens.List),
		page(get, paths.NewRegistrationToken, writeReg, registrationTokens.New),
		page(get, paths.NewRecipients, writeReg, recipients.New),
		page(post, paths.NewRecipients, writeReg, recipients.Check),
		page(post, paths.CreateRecipients, writeReg, recipients.Create),
		page(post, paths.RegistrationTokens, writeReg, registrationTokens.Create),
		page(get, paths.RegistrationTokenSelection, writeReg, registrationTokens.ConfirmSelection),
		page(post, paths.RegistrationTokenSelection, writeReg, registrationTokens.ChangeSelection),
		page(post, paths.RegistrationTokenColumns, readReg, registrationTokens.ChooseColumns),
		page(post, paths.RegistrationTokensExport, readReg, registrationTokens.Export),
		page(get, paths.RegistrationToken(":id"), readReg, desk.showRegistrationToken),
		page(get, paths.RegistrationTokenEdit(":id"), writeReg, registrationTokens.Edit),
		page(post, paths.RegistrationTokenEdit(":id"), writeReg, registrationTokens.Update),
		page(post, paths.RegistrationTokenEnable(":id"), writeReg, registrationTokens.Enable),
		page(get, paths.RegistrationTokenDisable(":id"), writeReg, registrationTokens.ConfirmDisable),
		page(post, paths.RegistrationTokenDisable(":id"), writeReg, registrationTokens.Disable),
		page(post, paths.RegistrationTokenRaise(":id"), writeReg, registrationTokens.Raise),
		page(get, paths.RegistrationTokenReplace(":id"), writeReg, registrationTokens.ConfirmReplace),
		page(post, paths.RegistrationTokenReplace(":id"), writeReg, registrationTokens.Replace),
		page(get, paths.RegistrationTokenDelete(":id"), writeReg, registrationTokens.ConfirmDelete),
		page(post, paths.RegistrationTokenDelete(":id"), writeReg, registrationTokens.Delete),
		page(get, paths.Admission(":id"), writeReg, admission.Edit),
		page(post, paths.Admission(":id"), writeReg, admission.Update),
		page(post, paths.AdmissionTry(":id"), readReg, desk.tryAdmission),
		page(get, investigateURL, readReg, desk.showInvestigate),
		page(post, investigateURL, readReg, desk.investigate),
		page(post, showAddressesURL, models.PermissionPersonalDataUnmask, desk.showAddresses),
		page(post, hideAddressesURL, models.PermissionPersonalDataUnmask, desk.hideAddresses),
		page(get, paths.AuthTokens, readAuth, authTokens.List),
		page(get, paths.AuthTokensDelete, editAuth, authTokens.ConfirmDelete),
		page(post, paths.AuthTokensDelete, editAuth, authTokens.Delete),
		page(post, paths.AuthTokensExport, readAuth, authTokens.Export),
		page(get, paths.AuthToken(":id"), readAuth, desk.showAuthToken),
		page(get, auditURL, models.PermissionAuditRead, desk.listAudit),
		page(post, auditURL+"/export", models.PermissionAuditRead, desk.exportAudit),
		page(get, paths.APIKeys, manageKeys, apiKeys.List),
		page(get, paths.NewAPIKey, manageKeys, apiKeys.New),
		page(post, paths.APIKeys, manageKeys, apiKeys.Create),
		page(get, paths.APIKeyRevoke(":id"), manageKeys, apiKeys.ConfirmRevoke),
		page(post, paths.APIKeyRevoke(":id"), manageKeys, apiKeys.Revoke),

		// REST.
		open(get, "/token/api/v5/idpConfigurations", audienceAPI, api.showIDPConfiguration),
		rest(post, apiRegs, writeReg, api.createRegistrationToken),
		rest(get, apiRegs, readReg, api.listRegistrationTokens),
		rest(post, apiRegs+"/lookup", readReg, api.lookupRegistrationToken),
		rest(get, apiRegs+"/:id", readReg, api.showRegistrationToken),
		rest(http.MethodPatch, apiRegs+"/:id", writeReg, api.patchRegistrationToken),
		rest(http.MethodPut, apiRegs+"/:id", writeReg, api.putRegistrationToken),
		rest(http.MethodDelete, apiRegs+"/:id", writeReg, api.deleteRegistrationToken),
		rest(post, apiRegs+"/:id/replace", writeReg, api.replaceRegistrationToken),
		open(post, apiAuth, audienceAPI, api.redeem),
		rest(get, apiAuth, readAuth, api.listAuthTokens),
		rest(post, apiAuth+"/delete", editAuth, api.deleteAuthTokens),
		rest(get, apiAuth+"/:id", readAuth, api.showAuthToken),
		rest(http.MethodPatch, apiAuth+"/:id", editAuth, api.patchAuthToken),
		rest(http.MethodDelete, apiAuth+"/:id", editAuth, api.deleteAuthToken),
		open(get, "/openapi.json", audienceAPI, api.showOpenAPI),

		// OAuth.
		open(post, "/oauth2/token", audienceOAuth, oauth.token),
		open(post, "/oauth2/introspect", audienceOAuth, oauth.introspect),
		open(post, "/oauth2/revoke", audienceOAuth, oauth.revoke),
		open(get, "/oauth2/jwks", audienceOAuth, oauth.jwks),
		open(get, "/.well-known/oauth-authorization-server", audienceOAuth, oauth.metadata),

		// Operation.
		open(get, "/healthz", audienceAPI, s.healthz),
		open(get, "/readyz", audienceAPI, s.readyz),
	}
	if s.config.DevProvider != nil {
		provider := echo.WrapHandler(s.config.DevProvider)
		table = append(table,
			page(get, galleryURL, public, s.gallery),
			page(get, galleryURL+"/:name", public, s.galleryPage),
			open(get, "/realms/*", audiencePage, provider),
			open(post, "/realms/*", audiencePage, provider))
	}
	return table
}

// register mounts the table, and beside each GET its HEAD; a route that says nothing of who may call it,
// or that asks for a permission without asking who calls, is refused.
func (s *Server) register(e *echo.Echo, routes []route) error {
	for _, r := range routes {
		if r.permission == "" {
			return fmt.Errorf("handlers: route %s %s declares no permission", r.method, r.path)
		}
		if r.credential == credentialNone && r.permission != models.PermissionPublic {
			return fmt.Errorf("handlers: route %s %s asks for %s but for no credential", r.method, r.path, r.permission)
		}
		e.Add(r.method, r.path, r.handler, s.guard(r))
		if r.method == http.MethodGet && r.path != eventsPath {
			// net/http leaves the body out (RFC 9110 section 9.3.2). The live
			// stream is nothing but its body.
			r.method = http.MethodHead
			e.Add(r.method, r.path, r.handler, s.guard(r))
		}
	}
	return nil
}

// guard finds out who calls and turns away who may not.
func (s *Server) guard(r route) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			setAudience(c, r.audience)
			var err error
			switch r.credential {
			case credentialSession:
				err = s.authenticateSession(c, r.permission)
			case credentialBearer:
				err = s.authenticateBearer(c)
			case credentialNone:
			}
			if err != nil {
				return err
			}
			if c.Response().Committed {
				return nil
			}
			if r.permission != models.PermissionPublic {
				if err := actorOf(c).Require(r.permission); err != nil {
					return s.denied(c, r, err)
				}
			}
			// Nothing is named so, and PostgreSQL refuses the question.
			if slices.ContainsFunc(c.ParamValues(), notText) {
				return echo.ErrNotFound
			}
			return next(c)
		}
	}
}

// notText reports what is not UTF-8 or holds control characters.
func notText(value string) bool {
	return models.CheckText("path", value, len(value), false) != nil
}

// denied records that somebody known was turned away.
func (s *Server) denied(c echo.Context, r route, refusal error) error {
	event := s.auditEvent(c, models.AuditAccessDenied, "route", r.method+" "+r.path)
	if err := s.store.AppendAudit(c.Request().Context(), event); err != nil {
		return fmt.Errorf("audit a denied access: %w", err)
	}
	return refusal
}

// asset serves an embedded file; what is none is told like any other page.
func asset(c echo.Context) error {
	if !static.Has(c.Request().URL.Path) {
		return echo.ErrNotFound
	}
	return echo.WrapHandler(static.Handler())(c)
}

// favicon answers browsers that ask without being told where it is.
func favicon(c echo.Context) error {
	// Not for ever: the next build may have another one.
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=86400")
	return c.Redirect(http.StatusFound, static.URL("img/favicon.svg"))
}
