package handlers

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"muster/handlers/admin"
	"muster/handlers/api"
	"muster/handlers/desk"
	"muster/handlers/trail"
	"muster/handlers/visitor"
	"muster/handlers/web"
	"muster/models"
	"muster/static"
	"muster/tokens"
	"muster/views/paths"
)

// route is one line of the table: who may call it, how they prove who they are, and
// what errors look like.
type route struct {
	method, path string
	permission   models.Permission
	audience     web.Audience
	handler      echo.HandlerFunc
	credential   credential
}

// credential is what a route takes as proof of who calls. API routes never read
// cookies, pages never accept bearer tokens.
type credential int

const (
	credentialNone    credential = iota // the handler decides
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
		readAsked  = models.PermissionRequestRead
		ask        = models.PermissionRequestWrite
		decide     = models.PermissionRequestDecide
	)
	guess, now := web.Guess(s.guesses.count), web.ViewersClock(s.now)
	var (
		home   = &visitor.Home{Frame: s.frame}
		guide  = &visitor.Guide{Frame: s.frame}
		redeem = &visitor.Redeem{Tokens: s.tokens, JudgeGuess: guess.Judge, HelpText: s.config.HelpText, Frame: s.frame, Now: now}
		my     = &visitor.My{Reader: s.read, Tokens: s.tokens, Frame: s.frame, Now: now, AccessTokenTTL: s.config.AccessTokenTTL}
		login  = &visitor.Login{
			Provider: s.provider, Sessions: s.store, EndStreams: s.live.EndSession,
			CountLogins:   s.logins.count,
			TooManyFailed: func(ip string) bool { return s.failedLogins.count(ip) != nil },
			Base:          s.base, MasterKey: s.config.MasterKey, SessionLife: sessionAbsolute, Frame: s.frame, Now: s.now, Logger: s.logger,
		}
		audit = &trail.Trail{Read: s.read, Frame: s.frame, Now: now, LimitExports: s.exports.count}
		get   = http.MethodGet
		post  = http.MethodPost
	)
	var (
		forms              = &admin.OneTimeForms{Store: s.store, Life: sessionAbsolute, Now: s.now, Logger: s.logger}
		registrationTokens = &admin.RegistrationTokens{
			Read: s.read, Figures: s.store, Tokens: s.tokens, Forms: forms, Frame: s.frame, Now: now,
			LimitExports: s.exports.count, BaseURL: s.config.BaseURL, MaxTokenLifetime: s.config.MaxTokenLifetime,
		}
		recipients = &admin.Recipients{
			Read: s.read, Tokens: s.tokens, Forms: forms, Frame: s.frame, Now: now,
			BaseURL: s.config.BaseURL, MaxTokenLifetime: s.config.MaxTokenLifetime,
		}
		admission  = &admin.Admission{Read: s.read, Tokens: s.tokens, Frame: s.frame, Now: now}
		authTokens = &admin.AuthTokens{
			Read: s.read, Tokens: s.tokens, Frame: s.frame, Now: now, LimitExports: s.exports.count, AccessTokenTTL: s.config.AccessTokenTTL,
		}
		apiKeys = &admin.APIKeys{Read: s.read, Tokens: s.tokens, Forms: forms, Frame: s.frame, Now: now, BaseURL: s.config.BaseURL}
	)
	var (
		tickets  = web.TicketLinks(s.config.TicketURL)
		requests = &admin.Requests{
			Read: s.read, Tokens: s.tokens, Forms: forms, RegistrationTokens: registrationTokens, Frame: s.frame, Now: now,
			Tickets: tickets, MaxTokenLifetime: s.config.MaxTokenLifetime,
		}
		notes             = &desk.Notes{Read: s.read, Tokens: s.tokens, Frame: s.frame}
		overview          = &desk.Overview{Read: s.read, Figures: s.store, Frame: s.frame, Now: now}
		registrationToken = &desk.RegistrationToken{Read: s.read, Figures: s.store, Parts: &s.live.Parts, Frame: s.frame, Now: now, Tickets: tickets}
		authToken         = &desk.AuthToken{Read: s.read, Frame: s.frame, Now: now, Tickets: tickets}
		investigate       = &desk.Investigate{
			Read: s.read, Tokens: s.tokens, Frame: s.frame, Now: now, Tickets: tickets, CountLookup: s.lookups.count, Guess: guess,
		}
		tester = &desk.Tester{Read: s.read, Tokens: s.tokens, Frame: s.frame, Now: now}
		unmask = &desk.Unmask{Read: s.read, Grants: s.store, Count: s.unmasks.count, Now: now}
	)
	var (
		apiRegistrationTokens = &api.RegistrationTokens{
			Read: s.read, Tokens: s.tokens, Now: s.now, MaxLifetime: s.config.MaxTokenLifetime,
			CountLookup: s.lookups.count, Guess: guess,
		}
		apiAuthTokens = &api.AuthTokens{Read: s.read, Tokens: s.tokens, Now: s.now}
		apiRequests   = &api.Requests{Read: s.read, Tokens: s.tokens, Now: s.now}
		apiNotes      = &api.Notes{Read: s.read, Tokens: s.tokens}
		apiRedeem     = &api.Redeem{Tokens: s.tokens, Now: s.now, Guess: guess}
		oauth         = &api.OAuth{Tokens: s.tokens, BaseURL: s.config.BaseURL, Guess: guess}
		documents     = &api.Documents{Endpoints: s.endpoints, CLIClientID: s.config.CLIClientID}
	)
	page := func(method, path string, p models.Permission, h echo.HandlerFunc) route {
		return route{method, path, p, web.AudiencePage, h, credentialSession}
	}
	rest := func(method, path string, p models.Permission, h echo.HandlerFunc) route {
		return route{method, path, p, web.AudienceAPI, h, credentialBearer}
	}
	open := func(method, path string, a web.Audience, h echo.HandlerFunc) route {
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
		page(get, paths.Guide, public, guide.Index),
		page(get, paths.GuideTo(":name"), public, guide.Show),
		page(get, paths.Changes, public, guide.Changes),
		open(get, "/static/*", web.AudiencePage, asset),
		open(get, "/favicon.ico", web.AudiencePage, favicon),
		open(get, paths.VendorLogo, web.AudiencePage, s.vendorLogo),

		// Administration and helpdesk.
		page(get, paths.Overview, readReg, overview.Show),
		page(get, paths.Events, readReg, s.live.Events),
		page(get, paths.RegistrationTokens, readReg, registrationTokens.List),
		page(get, paths.NewRegistrationToken, writeReg, registrationTokens.New),
		page(get, paths.NewRecipients, writeReg, recipients.New),
		page(post, paths.NewRecipients, writeReg, recipients.Check),
		page(post, paths.CreateRecipients, writeReg, recipients.Create),
		page(get, paths.ReplaceRecipients, writeReg, recipients.ConfirmReplace),
		page(post, paths.ReplaceRecipients, writeReg, recipients.Replace),
		page(post, paths.RegistrationTokens, writeReg, registrationTokens.Create),
		page(get, paths.RegistrationTokenSelection, writeReg, registrationTokens.ConfirmSelection),
		page(post, paths.RegistrationTokenSelection, writeReg, registrationTokens.ChangeSelection),
		page(post, paths.RegistrationTokenColumns, readReg, registrationTokens.ChooseColumns),
		page(post, paths.RegistrationTokensExport, readReg, registrationTokens.Export),
		page(get, paths.RegistrationToken(":id"), readReg, registrationToken.Show),
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
		page(post, paths.AdmissionClaims(":id"), writeReg, admission.SettleClaims),
		page(post, paths.AdmissionTry(":id"), readReg, tester.Try),
		page(get, paths.Investigate, readReg, investigate.Show),
		page(post, paths.Investigate, readReg, investigate.Find),
		page(post, paths.ShowAddresses, models.PermissionPersonalDataUnmask, unmask.Show),
		page(post, paths.HideAddresses, models.PermissionPersonalDataUnmask, unmask.Hide),
		page(get, paths.AuthTokens, readAuth, authTokens.List),
		page(get, paths.AuthTokensDelete, editAuth, authTokens.ConfirmDelete),
		page(post, paths.AuthTokensDelete, editAuth, authTokens.Delete),
		page(post, paths.AuthTokensExport, readAuth, authTokens.Export),
		page(get, paths.AuthToken(":id"), readAuth, authToken.Show),
		page(get, paths.Requests, readAsked, requests.List),
		page(post, paths.Requests, ask, requests.Create),
		page(get, paths.NewRequest, ask, requests.New),
		page(get, paths.Request(":id"), readAsked, requests.Show),
		page(post, paths.RequestApprove(":id"), decide, requests.Approve),
		page(post, paths.RequestDecline(":id"), decide, requests.Decline),
		page(post, paths.RequestWithdraw(":id"), ask, requests.Withdraw),
		page(post, paths.Notes, ask, notes.Add),
		page(get, paths.Audit, models.PermissionAuditRead, audit.List),
		page(post, paths.AuditExport, models.PermissionAuditRead, audit.Export),
		page(get, paths.APIKeys, manageKeys, apiKeys.List),
		page(get, paths.NewAPIKey, manageKeys, apiKeys.New),
		page(post, paths.APIKeys, manageKeys, apiKeys.Create),
		page(get, paths.APIKeyRevoke(":id"), manageKeys, apiKeys.ConfirmRevoke),
		page(post, paths.APIKeyRevoke(":id"), manageKeys, apiKeys.Revoke),

		// REST.
		open(get, paths.APIIDPConfigurations, web.AudienceAPI, documents.IDPConfiguration),
		rest(post, paths.APIRegistrationTokens, writeReg, apiRegistrationTokens.Create),
		rest(get, paths.APIRegistrationTokens, readReg, apiRegistrationTokens.List),
		rest(post, paths.APIRegistrationTokensLookup, readReg, apiRegistrationTokens.Lookup),
		rest(get, paths.APIRegistrationToken(":id"), readReg, apiRegistrationTokens.Show),
		rest(http.MethodPatch, paths.APIRegistrationToken(":id"), writeReg, apiRegistrationTokens.Patch),
		rest(http.MethodPut, paths.APIRegistrationToken(":id"), writeReg, apiRegistrationTokens.Put),
		rest(http.MethodDelete, paths.APIRegistrationToken(":id"), writeReg, apiRegistrationTokens.Delete),
		rest(post, paths.APIRegistrationTokenReplace(":id"), writeReg, apiRegistrationTokens.Replace),
		rest(get, paths.APIRegistrationTokenVerdict(":id"), readReg, apiRegistrationTokens.Verdict),
		open(post, paths.APIAuthTokens, web.AudienceAPI, apiRedeem.Create),
		rest(get, paths.APIAuthTokens, readAuth, apiAuthTokens.List),
		rest(post, paths.APIAuthTokensDelete, editAuth, apiAuthTokens.DeleteMany),
		rest(get, paths.APIAuthToken(":id"), readAuth, apiAuthTokens.Show),
		rest(http.MethodPatch, paths.APIAuthToken(":id"), editAuth, apiAuthTokens.Patch),
		rest(http.MethodDelete, paths.APIAuthToken(":id"), editAuth, apiAuthTokens.Delete),
		rest(post, paths.APIRequests, ask, apiRequests.Create),
		rest(get, paths.APIRequests, readAsked, apiRequests.List),
		rest(get, paths.APIRequest(":id"), readAsked, apiRequests.Show),
		rest(post, paths.APIRequestApprove(":id"), decide, apiRequests.Approve),
		rest(post, paths.APIRequestDecline(":id"), decide, apiRequests.Decline),
		rest(post, paths.APIRequestWithdraw(":id"), ask, apiRequests.Withdraw),
		rest(post, paths.APIRegistrationTokenNotes(":id"), ask, apiNotes.Add(models.ObjectRegistrationToken, "id")),
		rest(get, paths.APIRegistrationTokenNotes(":id"), readAsked, apiNotes.List(models.ObjectRegistrationToken, "id")),
		rest(post, paths.APIAuthTokenNotes(":id"), ask, apiNotes.Add(models.ObjectAuthToken, "id")),
		rest(get, paths.APIAuthTokenNotes(":id"), readAsked, apiNotes.List(models.ObjectAuthToken, "id")),
		rest(post, paths.APIRefusedAttemptNotes(":code"), ask, apiNotes.Add(models.ObjectRefusedAttempt, "code")),
		rest(get, paths.APIRefusedAttemptNotes(":code"), readAsked, apiNotes.List(models.ObjectRefusedAttempt, "code")),
		open(get, paths.OpenAPI, web.AudienceAPI, documents.OpenAPI),

		// OAuth.
		open(post, paths.OAuthToken, web.AudienceOAuth, oauth.Token),
		open(post, paths.OAuthIntrospect, web.AudienceOAuth, oauth.Introspect),
		open(post, paths.OAuthRevoke, web.AudienceOAuth, oauth.Revoke),
		open(get, paths.OAuthJWKS, web.AudienceOAuth, oauth.JWKS),
		open(get, paths.OAuthMetadata, web.AudienceOAuth, oauth.Metadata),

		// Operation.
		open(get, paths.Healthz, web.AudienceAPI, s.healthz),
		open(get, paths.Readyz, web.AudienceAPI, s.readyz),
	}
	if s.config.DevProvider != nil {
		provider := echo.WrapHandler(s.config.DevProvider)
		table = append(table,
			page(get, paths.Gallery, public, s.gallery),
			page(get, paths.Gallery+"/:name", public, s.galleryPage),
			open(get, "/realms/*", web.AudiencePage, provider),
			open(post, "/realms/*", web.AudiencePage, provider))
	}
	return table
}

// endpoints are the addresses of the login provider, for scripts.
func (s *Server) endpoints(ctx context.Context) (api.Endpoints, error) {
	endpoints, err := s.provider.Endpoints(ctx)
	return api.Endpoints(endpoints), err
}

// register mounts the table, with a HEAD for each GET. It refuses a route that does
// not say who may call it, or that asks for a permission but for no credential.
func (s *Server) register(e *echo.Echo, routes []route) error {
	for _, r := range routes {
		if r.permission == "" {
			return fmt.Errorf("handlers: route %s %s declares no permission", r.method, r.path)
		}
		if r.credential == credentialNone && r.permission != models.PermissionPublic {
			return fmt.Errorf("handlers: route %s %s asks for %s but for no credential", r.method, r.path, r.permission)
		}
		e.Add(r.method, r.path, r.handler, s.guard(r))
		if r.method == http.MethodGet && r.path != paths.Events {
			// net/http leaves the body out (RFC 9110 section 9.3.2). The live
			// stream is nothing but a body.
			r.method = http.MethodHead
			e.Add(r.method, r.path, r.handler, s.guard(r))
		}
	}
	return nil
}

// guard finds out who calls and turns away those who may not.
func (s *Server) guard(r route) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			web.SetAudience(c, r.audience)
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
				if err := web.Actor(c).Require(r.permission); err != nil {
					return s.denied(c, r, err)
				}
			}
			// No id has another form, and PostgreSQL rejects some texts.
			if slices.Contains(c.ParamNames(), "id") && !tokens.ValidID(c.Param("id")) {
				return echo.ErrNotFound
			}
			return next(c)
		}
	}
}

// asset serves an embedded file; a missing one is answered like a missing page.
func asset(c echo.Context) error {
	if !static.Has(c.Request().URL.Path) {
		return echo.ErrNotFound
	}
	return echo.WrapHandler(static.Handler())(c)
}

// favicon answers browsers that ask for the icon at its usual address.
func favicon(c echo.Context) error {
	// Not for ever: the next build may have a different one.
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=86400")
	return c.Redirect(http.StatusFound, static.URL("img/favicon.svg"))
}
