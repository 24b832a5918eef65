package handlers

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"

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
	// form is where the form that the route takes has its page; nil where that is
	// told some other way.
	form web.FormPage
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
		home      = &visitor.Home{Frame: s.frame}
		guide     = &visitor.Guide{Frame: s.frame}
		redeem    = &visitor.Redeem{Tokens: s.counted, JudgeGuess: guess.Judge, HelpText: s.config.HelpText, Frame: s.frame, Now: now, NewKey: rand.Text, MasterKey: s.config.MasterKey}
		my        = &visitor.My{Reader: s.read, Tokens: s.tokens, Frame: s.frame, Now: now, AccessTokenTTL: s.config.AccessTokenTTL}
		settings  = &visitor.Settings{Store: s.store, Frame: s.frame, Now: now}
		localized = visitor.Languages{Store: s.store}.Localized
		login     = s.login
		audit     = &trail.Trail{Read: s.read, Frame: s.frame, Now: now, LimitExports: s.exports.count}
		get       = http.MethodGet
		post      = http.MethodPost
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
		apiRedeem     = &api.Redeem{Tokens: s.counted, Now: s.now, Guess: guess}
		oauth         = &api.OAuth{Tokens: s.counted, BaseURL: s.config.BaseURL, Guess: guess}
		documents     = &api.Documents{Endpoints: s.endpoints, CLIClientID: s.config.CLIClientID}
	)
	page := func(method, path string, p models.Permission, h echo.HandlerFunc) route {
		return route{method, path, p, web.AudiencePage, h, credentialSession, nil}
	}
	form := func(path string, p models.Permission, h echo.HandlerFunc, on web.FormPage) route {
		return route{post, path, p, web.AudiencePage, h, credentialSession, on}
	}
	rest := func(method, path string, p models.Permission, h echo.HandlerFunc) route {
		return route{method, path, p, web.AudienceAPI, h, credentialBearer, nil}
	}
	open := func(method, path string, a web.Audience, h echo.HandlerFunc) route {
		return route{method, path, public, a, h, credentialNone, nil}
	}
	table := []route{
		// Public pages.
		page(get, paths.Home, public, localized(home.Show)),
		page(get, paths.Redeem, public, localized(redeem.Show)),
		page(post, paths.Redeem, public, localized(redeem.Create)),
		page(get, paths.RedeemChanged, public, localized(redeem.ShowChanged)),
		page(post, paths.RedeemForget, public, redeem.Forget),
		page(get, paths.My, models.PermissionSession, localized(my.List)),
		page(get, paths.MyAuthTokenDelete(":id"), models.PermissionSession, localized(my.ConfirmDelete)),
		form(paths.MyAuthTokenDelete(":id"), models.PermissionSession, localized(my.Delete), web.PageAt(paths.MyAuthTokenDelete(":id"))),
		page(get, paths.Settings, models.PermissionSession, localized(settings.Show)),
		form(paths.Settings, models.PermissionSession, localized(settings.Save), web.PageAt(paths.Settings)),
		form(paths.SettingsTheme, models.PermissionSession, settings.SaveTheme, web.PageAt(paths.Settings)),
		page(get, paths.Login, public, login.Start),
		page(post, paths.Login, public, localized(login.Start)),
		page(get, paths.Callback, public, login.Callback),
		page(post, paths.Logout, public, localized(login.Logout)),
		open(post, paths.BackChannelLogout, web.AudienceOAuth, login.BackChannelLogout),
		page(get, paths.SignedOut, public, login.SignedOut),
		page(get, paths.Guide, public, guide.Index),
		page(get, paths.GuideTo(":name"), public, guide.Show),
		page(get, paths.Changes, public, guide.Changes),
		open(get, "/static/*", web.AudiencePage, asset),
		open(get, "/favicon.ico", web.AudiencePage, favicon),
		open(get, paths.VendorLogo, web.AudiencePage, s.vendorLogo),

		// Administration and helpdesk.
		page(get, paths.Overview, readReg, overview.Show),
		page(post, paths.Draft, public, s.keepDraft),
		page(get, paths.Events, readReg, s.live.Events),
		page(get, paths.RegistrationTokens, readReg, registrationTokens.List),
		page(get, paths.NewRegistrationToken, writeReg, registrationTokens.New),
		page(get, paths.NewRecipients, writeReg, recipients.New),
		form(paths.NewRecipients, writeReg, recipients.Check, web.PageAt(paths.NewRecipients)),
		page(get, paths.CreateRecipients, writeReg, recipients.Created),
		form(paths.CreateRecipients, writeReg, recipients.Create, web.PageAt(paths.NewRecipients)),
		page(get, paths.ReplaceRecipients, writeReg, recipients.ConfirmReplace),
		form(paths.ReplaceRecipients, writeReg, recipients.Replace, admin.ReplacePage),
		form(paths.RegistrationTokens, writeReg, registrationTokens.Create, web.PageAt(paths.NewRegistrationToken)),
		page(get, paths.RegistrationTokenSelection, writeReg, registrationTokens.ConfirmSelection),
		form(paths.RegistrationTokenSelection, writeReg, registrationTokens.ChangeSelection, web.PageWith(paths.RegistrationTokenSelection, "id", "action")),
		form(paths.UndoChange, writeReg, registrationTokens.Undo, web.PageAt(paths.RegistrationTokens)),
		form(paths.RegistrationTokenColumns, readReg, registrationTokens.ChooseColumns, web.PageAt(paths.RegistrationTokens)),
		form(paths.RegistrationTokensExport, readReg, registrationTokens.Export, web.PageAt(paths.RegistrationTokens)),
		page(get, paths.RegistrationToken(":id"), readReg, registrationToken.Show),
		page(get, paths.RegistrationTokenCreated(":id"), writeReg, registrationTokens.Created),
		page(get, paths.RegistrationTokenEdit(":id"), writeReg, registrationTokens.Edit),
		form(paths.RegistrationTokenEdit(":id"), writeReg, registrationTokens.Update, web.PageAt(paths.RegistrationTokenEdit(":id"))),
		form(paths.RegistrationTokenEnable(":id"), writeReg, registrationTokens.Enable, web.PageAt(paths.RegistrationToken(":id"))),
		page(get, paths.RegistrationTokenDisable(":id"), writeReg, registrationTokens.ConfirmDisable),
		form(paths.RegistrationTokenDisable(":id"), writeReg, registrationTokens.Disable, web.PageAt(paths.RegistrationTokenDisable(":id"))),
		form(paths.RegistrationTokenRaise(":id"), writeReg, registrationTokens.Raise, web.PageAt(paths.RegistrationToken(":id"))),
		page(get, paths.RegistrationTokenReplace(":id"), writeReg, registrationTokens.ConfirmReplace),
		form(paths.RegistrationTokenReplace(":id"), writeReg, registrationTokens.Replace, web.PageAt(paths.RegistrationTokenReplace(":id"))),
		page(get, paths.RegistrationTokenDelete(":id"), writeReg, registrationTokens.ConfirmDelete),
		form(paths.RegistrationTokenDelete(":id"), writeReg, registrationTokens.Delete, web.PageAt(paths.RegistrationTokenDelete(":id"))),
		page(get, paths.Admission(":id"), writeReg, admission.Edit),
		form(paths.Admission(":id"), writeReg, admission.Update, web.PageAt(paths.Admission(":id"))),
		form(paths.AdmissionClaims(":id"), writeReg, admission.SettleClaims, web.PageAt(paths.RegistrationTokenSection(":id", "expected", nil))),
		page(get, paths.AdmissionTry(":id"), readReg, tester.Show),
		form(paths.AdmissionTry(":id"), readReg, tester.Try, web.PageAt(paths.AdmissionTry(":id"))),
		page(get, paths.Investigate, readReg, investigate.Show),
		form(paths.Investigate, readReg, investigate.Find, web.PageAt(paths.Investigate)),
		form(paths.ShowAddresses, models.PermissionPersonalDataUnmask, unmask.Show, desk.UnmaskedPage),
		form(paths.HideAddresses, models.PermissionPersonalDataUnmask, unmask.Hide, desk.UnmaskedPage),
		page(get, paths.AuthTokens, readAuth, authTokens.List),
		page(get, paths.AuthTokensDelete, editAuth, authTokens.ConfirmDelete),
		form(paths.AuthTokensDelete, editAuth, authTokens.Delete, web.PageWith(paths.AuthTokensDelete, "id", "match")),
		form(paths.AuthTokenColumns, readAuth, authTokens.ChooseColumns, web.PageAt(paths.AuthTokens)),
		form(paths.AuthTokensExport, readAuth, authTokens.Export, web.PageAt(paths.AuthTokens)),
		page(get, paths.AuthToken(":id"), readAuth, authToken.Show),
		page(get, paths.AuthTokenEdit(":id"), editAuth, authTokens.Edit),
		form(paths.AuthTokenEdit(":id"), editAuth, authTokens.Update, web.PageAt(paths.AuthTokenEdit(":id"))),
		page(get, paths.Requests, readAsked, requests.List),
		form(paths.Requests, ask, requests.Create, web.PageWith(paths.NewRequest, "registrationToken", "remedy", "finding", "id")),
		page(get, paths.NewRequest, ask, requests.New),
		page(get, paths.Request(":id"), readAsked, requests.Show),
		form(paths.RequestApprove(":id"), decide, requests.Approve, web.PageAt(paths.Request(":id"))),
		form(paths.RequestDecline(":id"), decide, requests.Decline, web.PageAt(paths.Request(":id"))),
		form(paths.RequestWithdraw(":id"), ask, requests.Withdraw, web.PageAt(paths.Request(":id"))),
		form(paths.Notes, ask, notes.Add, desk.NotePage),
		page(get, paths.Audit, models.PermissionAuditRead, audit.List),
		page(get, paths.AuditEvent(":id"), models.PermissionAuditRead, audit.Show),
		form(paths.AuditExport, models.PermissionAuditRead, audit.Export, web.PageAt(paths.Audit)),
		page(get, paths.APIKeys, manageKeys, apiKeys.List),
		page(get, paths.NewAPIKey, manageKeys, apiKeys.New),
		form(paths.APIKeys, manageKeys, apiKeys.Create, web.PageAt(paths.NewAPIKey)),
		page(get, paths.APIKeyCreated(":id"), manageKeys, apiKeys.Created),
		page(get, paths.APIKeyRevoke(":id"), manageKeys, apiKeys.ConfirmRevoke),
		form(paths.APIKeyRevoke(":id"), manageKeys, apiKeys.Revoke, web.PageAt(paths.APIKeyRevoke(":id"))),

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
		open(get, paths.OpenIDConfiguration, web.AudienceOAuth, oauth.Metadata),

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
// not say who may call it, that asks for a permission but for no credential, or that
// takes a form without a page.
func (s *Server) register(e *echo.Echo, routes []route) error {
	for _, r := range routes {
		if r.permission == "" {
			return fmt.Errorf("handlers: route %s %s declares no permission", r.method, r.path)
		}
		if r.credential == credentialNone && r.permission != models.PermissionPublic {
			return fmt.Errorf("handlers: route %s %s asks for %s but for no credential", r.method, r.path, r.permission)
		}
		if r.method == http.MethodPost && r.credential == credentialSession && r.permission != models.PermissionPublic && r.form == nil {
			return fmt.Errorf("handlers: route %s %s says of no page on which its form is shown again", r.method, r.path)
		}
		if r.method == http.MethodGet && slices.Contains(compressedPaths, r.path) {
			r.handler = compressed(r.handler)
		}
		e.Add(r.method, r.path, r.handler, s.around(r)...)
		if r.method == http.MethodGet && r.path != paths.Events {
			// net/http leaves the body out (RFC 9110 section 9.3.2). The live
			// stream is nothing but a body.
			r.method = http.MethodHead
			e.Add(r.method, r.path, r.handler, s.around(r)...)
		}
		if r.method == http.MethodHead && r.audience == web.AudiencePage && r.path != paths.Home && r.path != paths.Redeem && !strings.HasSuffix(r.path, "*") {
			e.Match([]string{http.MethodGet, http.MethodHead}, r.path+"/", withoutSlash)
		}
	}
	return nil
}

// around is what a route's handler is within, outermost first.
func (s *Server) around(r route) []echo.MiddlewareFunc {
	if r.reads() {
		return []echo.MiddlewareFunc{s.inTime, s.guard(r)}
	}
	return []echo.MiddlewareFunc{s.guard(r)}
}

// withoutSlash leads from a page's address with a slash behind it to the page. It is
// mounted only behind the paths of pages, so it leads to no other host.
func withoutSlash(c echo.Context) error {
	to := *c.Request().URL
	to.Path, to.RawPath = strings.TrimSuffix(to.Path, "/"), strings.TrimSuffix(to.RawPath, "/")
	return c.Redirect(http.StatusPermanentRedirect, to.RequestURI())
}

// guard finds out who calls and turns away those who may not.
func (s *Server) guard(r route) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			web.SetAudience(c, r.audience)
			web.SetFormPage(c, r.form)
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
			if web.SessionOf(c) == nil {
				return next(c)
			}
			s.drafts.Take(c)
			s.drafts.Spend(c)
			return s.drafts.AnswerAsked(c, s.drafts.AnswerSent(c, next(c)))
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
