package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/static"
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
		admin   = &adminHandler{Server: s}
		redeem  = &redeemHandler{Server: s}
		my      = &myHandler{Server: s}
		api     = &apiHandler{Server: s}
		oauth   = &oauthHandler{Server: s}
		get     = http.MethodGet
		post    = http.MethodPost
		regs    = "/admin/registration-tokens"
		auths   = "/admin/auth-tokens"
		apiRegs = "/token/api/v5/registrationTokens"
		apiAuth = "/token/api/v5/authTokens"
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
		page(get, "/admin", readReg, admin.overview),
		page(get, eventsPath, readReg, admin.events),
		page(get, regs, readReg, admin.listRegistrationTokens),
		page(get, regs+"/new", writeReg, admin.newRegistrationToken),
		page(get, recipientsURL, writeReg, admin.newRecipients),
		page(post, recipientsURL, writeReg, admin.checkRecipients),
		page(post, createRecipientURL, writeReg, admin.createRecipients),
		page(post, regs, writeReg, admin.createRegistrationToken),
		page(get, registrationTokenSelectionURL, writeReg, admin.confirmRegistrationTokenSelection),
		page(post, registrationTokenSelectionURL, writeReg, admin.changeRegistrationTokenSelection),
		page(post, registrationTokenColumnsURL, readReg, admin.chooseColumns),
		page(post, regs+exportSuffix, readReg, admin.exportRegistrationTokens),
		page(get, regs+"/:id", readReg, admin.showRegistrationToken),
		page(get, regs+"/:id/edit", writeReg, admin.editRegistrationToken),
		page(post, regs+"/:id/edit", writeReg, admin.updateRegistrationToken),
		page(post, regs+"/:id/enable", writeReg, admin.enableRegistrationToken),
		page(get, regs+"/:id/disable", writeReg, admin.confirmDisableRegistrationToken),
		page(post, regs+"/:id/disable", writeReg, admin.disableRegistrationToken),
		page(post, regs+"/:id/raise", writeReg, admin.raiseRegistrationToken),
		page(get, regs+"/:id/replace", writeReg, admin.confirmReplaceRegistrationToken),
		page(post, regs+"/:id/replace", writeReg, admin.replaceRegistrationToken),
		page(get, regs+"/:id/delete", writeReg, admin.confirmDeleteRegistrationToken),
		page(post, regs+"/:id/delete", writeReg, admin.deleteRegistrationToken),
		page(get, admissionPath, writeReg, admin.editAdmission),
		page(post, admissionPath, writeReg, admin.updateAdmission),
		page(post, admissionPath+"/try", readReg, admin.tryAdmission),
		page(get, investigateURL, readReg, admin.showInvestigate),
		page(post, investigateURL, readReg, admin.investigate),
		page(post, showAddressesURL, models.PermissionPersonalDataUnmask, admin.showAddresses),
		page(post, hideAddressesURL, models.PermissionPersonalDataUnmask, admin.hideAddresses),
		page(get, auths, readAuth, admin.listAuthTokens),
		page(get, auths+"/delete", editAuth, admin.confirmDeleteAuthTokens),
		page(post, auths+"/delete", editAuth, admin.deleteAuthTokens),
		page(post, auths+exportSuffix, readAuth, admin.exportAuthTokens),
		page(get, auths+"/:id", readAuth, admin.showAuthToken),
		page(get, auditURL, models.PermissionAuditRead, admin.listAudit),
		page(post, auditURL+"/export", models.PermissionAuditRead, admin.exportAudit),
		page(get, apiKeysURL, manageKeys, admin.listAPIKeys),
		page(get, apiKeysURL+"/new", manageKeys, admin.newAPIKey),
		page(post, apiKeysURL, manageKeys, admin.createAPIKey),
		page(get, apiKeysURL+"/:id/revoke", manageKeys, admin.confirmRevokeAPIKey),
		page(post, apiKeysURL+"/:id/revoke", manageKeys, admin.revokeAPIKey),

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
