package handlers

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"muster/handlers/api"
	"muster/handlers/trail"
	"muster/handlers/visitor"
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
		home   = &visitor.Home{Frame: s.frame}
		redeem = &visitor.Redeem{Reader: s.read, Tokens: s.tokens, JudgeGuess: s.judgeGuess, HelpText: s.config.HelpText, Frame: s.frame, Now: s.now}
		my     = &visitor.My{Reader: s.read, Tokens: s.tokens, Frame: s.frame, Now: s.now}
		login  = &visitor.Login{
			Provider: s.provider, Sessions: s.store, EndStreams: s.live.EndSession,
			TooManyFailed: func(ip string) bool { return s.failedLogins.count(ip) > 0 },
			Base:          s.base, MasterKey: s.config.MasterKey, SessionLife: sessionAbsolute, Frame: s.frame, Now: s.now, Logger: s.logger,
		}
		admin = &adminHandler{Server: s}
		audit = &trail.Trail{Read: s.read, Frame: s.frame, Now: s.now}
		get   = http.MethodGet
		post  = http.MethodPost
		regs  = "/admin/registration-tokens"
		auths = "/admin/auth-tokens"
	)
	var (
		apiRegistrationTokens = &api.RegistrationTokens{
			Read: s.read, Tokens: s.tokens, Now: s.now, MaxLifetime: s.config.MaxTokenLifetime,
			CountLookup: s.lookups.lookup, Guess: s.guesses.guess,
		}
		apiAuthTokens = &api.AuthTokens{Read: s.read, Tokens: s.tokens, Now: s.now}
		apiRedeem     = &api.Redeem{Tokens: s.tokens, Now: s.now, Guess: s.guesses.guess}
		oauth         = &api.OAuth{Tokens: s.tokens, BaseURL: s.config.BaseURL, Guess: s.guesses.guess}
		documents     = &api.Documents{Endpoints: s.endpoints, CLIClientID: s.config.CLIClientID}
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
		page(get, paths.Home, public, visitor.Localized(home.Show)),
		page(get, paths.Redeem, public, visitor.Localized(redeem.Show)),
		page(post, paths.Redeem, public, visitor.Localized(redeem.Create)),
		page(get, paths.My, models.PermissionSession, visitor.Localized(my.List)),
		page(get, paths.MyAuthTokenDelete(":id"), models.PermissionSession, visitor.Localized(my.ConfirmDelete)),
		page(post, paths.MyAuthTokenDelete(":id"), models.PermissionSession, visitor.Localized(my.Delete)),
		page(get, paths.Login, public, login.Start),
		page(post, paths.Login, public, login.Start),
		page(get, paths.Callback, public, login.Callback),
		page(post, paths.Logout, public, login.Logout),
		page(get, paths.SignedOut, public, login.SignedOut),
		open(get, "/static/*", audiencePage, asset),
		open(get, "/favicon.ico", audiencePage, favicon),
		open(get, vendorLogoURL, audiencePage, s.vendorLogo),

		// Administration and helpdesk.
		page(get, "/admin", readReg, admin.overview),
		page(get, eventsPath, readReg, s.live.Events),
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
		page(get, paths.Audit, models.PermissionAuditRead, audit.List),
		page(post, paths.AuditExport, models.PermissionAuditRead, audit.Export),
		page(get, apiKeysURL, manageKeys, admin.listAPIKeys),
		page(get, apiKeysURL+"/new", manageKeys, admin.newAPIKey),
		page(post, apiKeysURL, manageKeys, admin.createAPIKey),
		page(get, apiKeysURL+"/:id/revoke", manageKeys, admin.confirmRevokeAPIKey),
		page(post, apiKeysURL+"/:id/revoke", manageKeys, admin.revokeAPIKey),

		// REST.
		open(get, paths.APIIDPConfigurations, audienceAPI, documents.IDPConfiguration),
		rest(post, paths.APIRegistrationTokens, writeReg, apiRegistrationTokens.Create),
		rest(get, paths.APIRegistrationTokens, readReg, apiRegistrationTokens.List),
		rest(post, paths.APIRegistrationTokensLookup, readReg, apiRegistrationTokens.Lookup),
		rest(get, paths.APIRegistrationToken(":id"), readReg, apiRegistrationTokens.Show),
		rest(http.MethodPatch, paths.APIRegistrationToken(":id"), writeReg, apiRegistrationTokens.Patch),
		rest(http.MethodPut, paths.APIRegistrationToken(":id"), writeReg, apiRegistrationTokens.Put),
		rest(http.MethodDelete, paths.APIRegistrationToken(":id"), writeReg, apiRegistrationTokens.Delete),
		rest(post, paths.APIRegistrationTokenReplace(":id"), writeReg, apiRegistrationTokens.Replace),
		open(post, paths.APIAuthTokens, audienceAPI, apiRedeem.Create),
		rest(get, paths.APIAuthTokens, readAuth, apiAuthTokens.List),
		rest(post, paths.APIAuthTokensDelete, editAuth, apiAuthTokens.DeleteMany),
		rest(get, paths.APIAuthToken(":id"), readAuth, apiAuthTokens.Show),
		rest(http.MethodPatch, paths.APIAuthToken(":id"), editAuth, apiAuthTokens.Patch),
		rest(http.MethodDelete, paths.APIAuthToken(":id"), editAuth, apiAuthTokens.Delete),
		open(get, paths.OpenAPI, audienceAPI, documents.OpenAPI),

		// OAuth.
		open(post, paths.OAuthToken, audienceOAuth, oauth.Token),
		open(post, paths.OAuthIntrospect, audienceOAuth, oauth.Introspect),
		open(post, paths.OAuthRevoke, audienceOAuth, oauth.Revoke),
		open(get, paths.OAuthJWKS, audienceOAuth, oauth.JWKS),
		open(get, paths.OAuthMetadata, audienceOAuth, oauth.Metadata),

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

// endpoints are the addresses of the login provider, for programs.
func (s *Server) endpoints(ctx context.Context) (api.Endpoints, error) {
	endpoints, err := s.provider.Endpoints(ctx)
	return api.Endpoints(endpoints), err
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
