package idp

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// verifierShape is RFC 7636 section 4.1.
var verifierShape = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// token is the token endpoint: authorization_code for the portal, password
// for scripts.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		notAllowed(w, "POST")
		return
	}
	if r.URL.RawQuery != "" {
		oauthError(w, http.StatusBadRequest, "invalid_request", "Parameters belong in the body.")
		return
	}
	form, err := postForm(r)
	if err != nil {
		oauthError(w, http.StatusBadRequest, "invalid_request", err.Error())
		return
	}
	clientID, ok := p.client(w, r, form)
	if !ok {
		return
	}
	result, err := p.grant(clientID, form)
	refused, isRefusal := errors.AsType[*refusal](err)
	switch {
	case isRefusal:
		oauthError(w, http.StatusBadRequest, refused.code, refused.description)
	case err != nil:
		oauthError(w, http.StatusInternalServerError, "server_error", "The tokens cannot be made.")
	default:
		writeJSON(w, http.StatusOK, result)
	}
}

// refusal is an RFC 6749 section 5.2 error that goes out with status 400.
type refusal struct{ code, description string }

// Error implements error.
func (r *refusal) Error() string { return r.code + ": " + r.description }

func (p *Provider) grant(clientID string, form url.Values) (*answer, error) {
	switch grantType := form.Get("grant_type"); {
	case grantType == "":
		return nil, &refusal{"invalid_request", "The parameter grant_type is missing."}
	case grantType == "authorization_code" && clientID == DevClientID:
		return p.redeemCode(form)
	case grantType == "password" && clientID == DevCLIClientID:
		return p.password(form)
	case grantType == "refresh_token" && clientID == DevClientID:
		return p.refresh(form)
	case grantType == "authorization_code" || grantType == "password" || grantType == "refresh_token":
		return nil, &refusal{"unauthorized_client", "This client may not use this grant."}
	default:
		return nil, &refusal{"unsupported_grant_type", "Only authorization_code, refresh_token and password are offered."}
	}
}

// client authenticates the client (RFC 6749 section 2.3): the portal by its
// secret, in the header or in the form but not in both; muster-cli by its name
// alone. It has answered when ok is false.
func (p *Provider) client(w http.ResponseWriter, r *http.Request, form url.Values) (id string, ok bool) {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	header := r.Header.Get("Authorization")
	if header != "" {
		user, password, isBasic := r.BasicAuth()
		// RFC 6749 section 2.3.1: both are form-encoded inside.
		user, userErr := url.QueryUnescape(user)
		password, passwordErr := url.QueryUnescape(password)
		if !isBasic || userErr != nil || passwordErr != nil {
			return "", p.refuseClient(w, header)
		}
		if form.Has("client_secret") || (id != "" && id != user) {
			oauthError(w, http.StatusBadRequest, "invalid_request", "The client identifies itself in two ways.")
			return "", false
		}
		id, secret = user, password
	}
	switch id {
	case DevClientID:
		ok = subtle.ConstantTimeCompare([]byte(secret), []byte(p.secret)) == 1
	case DevCLIClientID:
		ok = secret == ""
	}
	if !ok {
		return "", p.refuseClient(w, header)
	}
	return id, true
}

func (p *Provider) refuseClient(w http.ResponseWriter, header string) bool {
	if header != "" {
		w.Header().Set("WWW-Authenticate", `Basic realm="`+DevRealm+`"`)
	}
	oauthError(w, http.StatusUnauthorized, "invalid_client", "The client is unknown, or its secret is wrong.")
	return false
}

// redeemCode answers the code flow. A code is spent by the first try.
func (p *Provider) redeemCode(form url.Values) (*answer, error) {
	code, verifier := form.Get("code"), form.Get("code_verifier")
	if code == "" || verifier == "" {
		return nil, &refusal{"invalid_request", "The parameters code and code_verifier are required."}
	}
	g, ok := p.take(code)
	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	switch {
	case !ok:
		return nil, &refusal{"invalid_grant", "The code is unknown, used or older than a minute."}
	case form.Get("redirect_uri") != p.cfg.RedirectURI:
		return nil, &refusal{"invalid_grant", "The redirect address is not the one of the request."}
	case !verifierShape.MatchString(verifier) ||
		subtle.ConstantTimeCompare([]byte(challenge), []byte(g.challenge)) != 1:
		return nil, &refusal{"invalid_grant", "The code verifier does not match."}
	}
	return p.issueRefreshable(g)
}

// issueRefreshable answers the portal, which asks again whether somebody has the role.
func (p *Provider) issueRefreshable(g grant) (*answer, error) {
	a, err := p.issue(g.who, DevClientID, g.scope, g.nonce, g.loggedIn)
	if err == nil {
		a.RefreshToken = p.refreshTokens.add(g)
	}
	return a, err
}

// refresh makes new tokens for a refresh token, which is spent by that.
func (p *Provider) refresh(form url.Values) (*answer, error) {
	g, ok := p.refreshTokens.take(form.Get("refresh_token"))
	if !ok {
		return nil, &refusal{"invalid_grant", "The refresh token is unknown, used, or from before a restart."}
	}
	return p.issueRefreshable(g)
}

// password answers the password grant, which exists for scripts against a
// development installation and nothing else.
func (p *Provider) password(form url.Values) (*answer, error) {
	if form.Get("username") == "" || form.Get("password") == "" {
		return nil, &refusal{"invalid_request", "The parameters username and password are required."}
	}
	who, ok := logIn(form.Get("username"), form.Get("password"))
	if !ok {
		return nil, &refusal{"invalid_grant", "Wrong user name or password."}
	}
	return p.issue(who, DevCLIClientID, grantedScope(form.Get("scope")), "", p.cfg.Now())
}

// userInfo answers with the claims of the access token's owner.
func (p *Provider) userInfo(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		notAllowed(w, "GET, POST")
		return
	}
	scheme, raw, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || raw == "" {
		w.Header().Set("WWW-Authenticate", `Bearer realm="`+DevRealm+`"`)
		oauthError(w, http.StatusUnauthorized, "invalid_token", "An access token is needed.")
		return
	}
	v, ok := p.verify(typeAccess, raw)
	who, known := find(func(a account) bool { return a.subject == v.Subject })
	if !ok || !known || v.Audience != p.cfg.Audience || v.Expires <= p.cfg.Now().Unix() {
		w.Header().Set("WWW-Authenticate", `Bearer realm="`+DevRealm+`", error="invalid_token"`)
		oauthError(w, http.StatusUnauthorized, "invalid_token", "The access token is not valid or has expired.")
		return
	}
	writeJSON(w, http.StatusOK, who.claims())
}
