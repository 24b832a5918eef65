// Package paths holds the addresses of the product, each spelled once: the
// route table mounts them, pages link to them. It imports nothing.
//
// A function takes an id, or ":id" to make the pattern of a route.
package paths

import "net/url"

// Pages for everybody.
const (
	Home   = "/"
	Redeem = "/redeem"
	// RedeemChanged is what mail software makes of a redeem link.
	RedeemChanged = Redeem + "*"
	RedeemForget  = Redeem + "/forget"
	My            = "/my"
	Settings      = My + "/settings"
	// SettingsTheme keeps the colours alone.
	SettingsTheme = Settings + "/theme"
	Login         = "/auth/login"
	Callback      = "/auth/callback"
	Logout        = "/auth/logout"
	SignedOut     = "/auth/signed-out"
	// BackChannelLogout is where the login provider says that somebody has logged out.
	BackChannelLogout = "/auth/backchannel-logout"
	// SignedOutOnlyHere is SignedOut where the login provider was not told.
	SignedOutOnlyHere = SignedOut + "?provider=signed-in"
	Guide             = "/docs/guide"
	Changes           = "/docs/changes"
	VendorLogo        = "/vendor-logo"
	Gallery           = "/dev/gallery"
)

// Pages of administrators and the helpdesk.
const (
	Overview                   = "/admin"
	Events                     = "/admin/events"
	Investigate                = "/admin/investigate"
	ShowAddresses              = "/admin/addresses/show"
	HideAddresses              = "/admin/addresses/hide"
	RegistrationTokens         = "/admin/registration-tokens"
	NewRegistrationToken       = RegistrationTokens + "/new"
	NewRecipients              = RegistrationTokens + "/new/recipients"
	CreateRecipients           = RegistrationTokens + "/recipients"
	ReplaceRecipients          = RegistrationTokens + "/recipients/replace"
	RegistrationTokenSelection = RegistrationTokens + "/selection"
	RegistrationTokenColumns   = RegistrationTokens + "/columns"
	RegistrationTokensExport   = RegistrationTokens + export
	UndoChange                 = RegistrationTokens + "/undo"
	// RegistrationTokensAttention lists those that need somebody.
	RegistrationTokensAttention = RegistrationTokens + "?status=attention"
	AuthTokens                  = "/admin/auth-tokens"
	AuthTokenColumns            = AuthTokens + "/columns"
	AuthTokensDelete            = AuthTokens + "/delete"
	AuthTokensExport            = AuthTokens + export
	Requests                    = "/admin/requests"
	NewRequest                  = Requests + "/new"
	Notes                       = "/admin/notes"
	Draft                       = "/admin/draft"
	Audit                       = "/admin/audit"
	AuditExport                 = Audit + export
	APIKeys                     = "/admin/api-keys"
	NewAPIKey                   = APIKeys + "/new"
)

const export = "/export"

// Addresses of programs.
const (
	API                         = "/token/api/v5"
	APIRegistrationTokens       = API + "/registrationTokens"
	APIRegistrationTokensLookup = APIRegistrationTokens + "/lookup"
	APIAuthTokens               = API + "/authTokens"
	APIAuthTokensDelete         = APIAuthTokens + "/delete"
	APIRequests                 = API + "/requests"
	APIIDPConfigurations        = API + "/idpConfigurations"
	OpenAPI                     = "/openapi.json"
	OAuthToken                  = "/oauth2/token"
	OAuthIntrospect             = "/oauth2/introspect"
	OAuthRevoke                 = "/oauth2/revoke"
	OAuthJWKS                   = "/oauth2/jwks"
	OAuthMetadata               = "/.well-known/oauth-authorization-server"
	OpenIDConfiguration         = "/.well-known/openid-configuration"
	Healthz                     = "/healthz"
	Readyz                      = "/readyz"
)

// GuideTo is a guide, or a passage of it; what is new has an address of its own.
func GuideTo(name string) string {
	if name == "changes" {
		return Changes
	}
	return Guide + "/" + name
}

// MyAuthTokenDelete confirms the deletion of one's own auth token.
func MyAuthTokenDelete(id string) string { return My + "/auth-tokens/" + id + "/delete" }

// RegistrationTokensIn lists those in a state.
func RegistrationTokensIn(state string) string {
	return RegistrationTokens + "?" + url.Values{"status": {state}}.Encode()
}

// RegistrationToken is the page of a registration token.
func RegistrationToken(id string) string { return RegistrationTokens + "/" + id }

// RegistrationTokenPrint is its page on paper.
func RegistrationTokenPrint(id string) string { return RegistrationToken(id) + "?print=1" }

// RegistrationTokenEdit is the form that changes one.
func RegistrationTokenEdit(id string) string { return RegistrationToken(id) + "/edit" }

// RegistrationTokenEnable takes a disabled one back into use.
func RegistrationTokenEnable(id string) string { return RegistrationToken(id) + "/enable" }

// RegistrationTokenDisable confirms taking one out of use.
func RegistrationTokenDisable(id string) string { return RegistrationToken(id) + "/disable" }

// RegistrationTokenRaise raises the count of one.
func RegistrationTokenRaise(id string) string { return RegistrationToken(id) + "/raise" }

// RegistrationTokenCreated says that one was created, without its secret.
func RegistrationTokenCreated(id string) string { return RegistrationToken(id) + "/created" }

// RegistrationTokenReplace replaces the secret of one.
func RegistrationTokenReplace(id string) string { return RegistrationToken(id) + "/replace" }

// RegistrationTokenDelete confirms the deletion of one.
func RegistrationTokenDelete(id string) string { return RegistrationToken(id) + "/delete" }

// Admission is the form that says who may redeem.
func Admission(id string) string { return RegistrationToken(id) + "/admission" }

// AdmissionTry asks whether somebody would be let in.
func AdmissionTry(id string) string { return Admission(id) + "/try" }

// AdmissionClaims settles the e-mail entries of a list that claims meet.
func AdmissionClaims(id string) string { return Admission(id) + "/claims" }

// RegistrationTokenSection is a section of the page of a registration token,
// with further parameters.
func RegistrationTokenSection(id, section string, more url.Values) string {
	values := url.Values{"section": {section}}
	for name, list := range more {
		values[name] = list
	}
	return RegistrationToken(id) + "?" + values.Encode()
}

// AuthToken is the page of an auth token.
func AuthToken(id string) string { return AuthTokens + "/" + id }

// AuthTokenEdit is the form that changes the labels of one.
func AuthTokenEdit(id string) string { return AuthToken(id) + "/edit" }

// AuthTokenDelete confirms the deletion of one.
func AuthTokenDelete(id string) string {
	return AuthTokensDelete + "?" + url.Values{"id": {id}}.Encode()
}

// The parameters of a result address of Investigate: what was searched for, the
// same sealed, which kind to show all of, and what was said about a secret and
// the public id of what it may belong to.
const (
	ParamQuery  = "q"
	ParamRef    = "ref"
	ParamAll    = "all"
	ParamAnswer = "answer"
	ParamOf     = "of"
)

// Results is what a search found, shared with what is as in [ParamQuery] and
// the others.
func Results(values url.Values) string { return Investigate + "?" + values.Encode() }

// Attempt is the page of a refused attempt.
func Attempt(supportCode string) string {
	return Investigate + "?" + url.Values{"code": {supportCode}}.Encode()
}

// AskFor is the form that asks an administrator for a remedy of a registration
// token; finding says whose auth tokens it is about, and may be empty.
func AskFor(registrationTokenID, remedy, finding string) string {
	values := url.Values{"registrationToken": {registrationTokenID}, "remedy": {remedy}}
	if finding != "" {
		values.Set("finding", finding)
	}
	return NewRequest + "?" + values.Encode()
}

// AskToDelete is the form that asks for the deletion of an auth token.
func AskToDelete(id string) string { return NewRequest + "?" + url.Values{"id": {id}}.Encode() }

// Request is the page of a request.
func Request(id string) string { return Requests + "/" + id }

// RequestsOf lists the requests about a registration token.
func RequestsOf(id string) string {
	return Requests + "?" + url.Values{"registrationToken": {id}, "state": {"any"}}.Encode()
}

// RequestApprove does what a request asks for.
func RequestApprove(id string) string { return Request(id) + "/approve" }

// RequestDecline turns a request down.
func RequestDecline(id string) string { return Request(id) + "/decline" }

// RequestWithdraw takes a request back.
func RequestWithdraw(id string) string { return Request(id) + "/withdraw" }

// AuditEvent is one event of the trail.
func AuditEvent(id string) string { return Audit + "/events/" + id }

// AuditOf lists the events of an object.
func AuditOf(id string) string { return Audit + "?" + url.Values{"object": {id}}.Encode() }

// AuditBy lists what the actor of an event did. Actors' ids hold subjects of
// the login provider, which have no place in addresses.
func AuditBy(eventID string) string { return Audit + "?" + url.Values{"by": {eventID}}.Encode() }

// APIKeyCreated says that one was created, without its secret.
func APIKeyCreated(id string) string { return APIKeys + "/" + id + "/created" }

// APIKeyRevoke confirms revoking an API key.
func APIKeyRevoke(id string) string { return APIKeys + "/" + id + "/revoke" }

// APIRegistrationToken is a registration token in the API.
func APIRegistrationToken(id string) string { return APIRegistrationTokens + "/" + id }

// APIRegistrationTokenVerdict says what became of its counts.
func APIRegistrationTokenVerdict(id string) string { return APIRegistrationToken(id) + "/verdict" }

// APIRegistrationTokenReplace replaces the secret of one.
func APIRegistrationTokenReplace(id string) string { return APIRegistrationToken(id) + "/replace" }

// APIRegistrationTokenNotes are the notes about one.
func APIRegistrationTokenNotes(id string) string { return APIRegistrationToken(id) + "/notes" }

// APIAuthTokenNotes are the notes about an auth token.
func APIAuthTokenNotes(id string) string { return APIAuthToken(id) + "/notes" }

// APIRefusedAttemptNotes are the notes about the attempt of a support code.
func APIRefusedAttemptNotes(code string) string { return API + "/refusedAttempts/" + code + "/notes" }

// APIRequest is a request in the API.
func APIRequest(id string) string { return APIRequests + "/" + id }

// APIRequestApprove does what it asks for.
func APIRequestApprove(id string) string { return APIRequest(id) + "/approve" }

// APIRequestDecline ends it without doing anything.
func APIRequestDecline(id string) string { return APIRequest(id) + "/decline" }

// APIRequestWithdraw takes it back.
func APIRequestWithdraw(id string) string { return APIRequest(id) + "/withdraw" }

// APIAuthToken is an auth token in the API.
func APIAuthToken(id string) string { return APIAuthTokens + "/" + id }
