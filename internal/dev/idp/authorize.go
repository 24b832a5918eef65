package idp

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// grant is what a code stands for.
type grant struct {
	who       account
	scope     string
	nonce     string
	challenge string
	loggedIn  time.Time
}

// codesMost bounds memory; logging in costs a page view each.
const codesMost = 1000

// challengeShape is base64url of a SHA-256 sum (RFC 7636 section 4.2).
var challengeShape = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// authorize shows the login page (GET) and handles its form (POST, to the same address
// with the same query). No cookie is set, so another site gains nothing from sending
// the form: it would have to know the password.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		notAllowed(w, "GET, HEAD, POST")
		return
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err == nil {
		err = single(q)
	}
	switch {
	case err != nil:
		p.failPage(w, "The address of this page is broken: "+err.Error())
		return
	case q.Get("client_id") != DevClientID:
		p.failPage(w, "No such client is registered here.")
		return
	case q.Get("redirect_uri") != p.cfg.RedirectURI:
		// Never redirect there: it could be anybody's address.
		p.failPage(w, "The redirect address is not the registered one.")
		return
	}
	if code, description := checkRequest(q); code != "" {
		p.sendBack(w, r, q, url.Values{"error": {code}, "error_description": {description}})
		return
	}
	page := LoginPage{
		Action:   protocolPath + "/auth?" + q.Encode(),
		Username: q.Get("login_hint"),
		Accounts: usernames(),
	}
	if r.Method != http.MethodPost {
		p.loginPage(w, http.StatusOK, page)
		return
	}
	form, err := postForm(r)
	if err != nil {
		p.failPage(w, err.Error())
		return
	}
	who, ok := logIn(strings.TrimSpace(form.Get("username")), form.Get("password"))
	if !ok {
		page.Username, page.Error = form.Get("username"), "Wrong user name or password."
		p.loginPage(w, http.StatusUnauthorized, page)
		return
	}
	code := p.remember(grant{
		who: who, scope: grantedScope(q.Get("scope")), nonce: q.Get("nonce"),
		challenge: q.Get("code_challenge"), loggedIn: p.cfg.Now(),
	})
	p.sendBack(w, r, q, url.Values{"code": {code}})
}

// checkRequest returns the RFC 6749 section 4.1.2.1 error of a request whose
// client and redirect address are right.
func checkRequest(q url.Values) (code, description string) {
	switch {
	case q.Has("request"):
		return "request_not_supported", "Request objects are not supported."
	case q.Has("request_uri"):
		return "request_uri_not_supported", "Request objects are not supported."
	case q.Get("response_type") != "code":
		return "unsupported_response_type", "Only the authorization code flow is offered."
	case q.Has("response_mode") && q.Get("response_mode") != "query":
		return "invalid_request", "Only response_mode=query is offered."
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return "invalid_scope", "The scope must contain openid."
	case q.Get("code_challenge_method") != "S256" || !challengeShape.MatchString(q.Get("code_challenge")):
		return "invalid_request", "PKCE with S256 is required."
	case slices.Contains(strings.Fields(q.Get("prompt")), "none"):
		return "login_required", "There is no session to continue."
	default:
		return "", ""
	}
}

// grantedScope drops what is not offered.
func grantedScope(asked string) string {
	granted := make([]string, 0, 3)
	for _, s := range []string{"openid", "profile", "email"} {
		if slices.Contains(strings.Fields(asked), s) {
			granted = append(granted, s)
		}
	}
	return strings.Join(granted, " ")
}

// sendBack redirects to the registered address with state and iss (RFC 9207).
func (p *Provider) sendBack(w http.ResponseWriter, r *http.Request, q, answer url.Values) {
	target, err := url.Parse(p.cfg.RedirectURI)
	if err != nil {
		p.failPage(w, "The redirect address cannot be read.")
		return
	}
	all := target.Query()
	for name := range answer {
		all.Set(name, answer.Get(name))
	}
	if q.Has("state") {
		all.Set("state", q.Get("state"))
	}
	all.Set("iss", p.issuer)
	target.RawQuery = all.Encode()
	// 303 turns the POST into a GET.
	http.Redirect(w, r, target.String(), http.StatusSeeOther)
}

// remember keeps g under a fresh code.
func (p *Provider) remember(g grant) string {
	code := random()
	now := p.cfg.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for old, kept := range p.codes {
		if now.Sub(kept.loggedIn) >= codeLifetime || len(p.codes) >= codesMost {
			delete(p.codes, old)
		}
	}
	p.codes[code] = g
	return code
}

// take returns what a code stands for, once.
func (p *Provider) take(code string) (grant, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, ok := p.codes[code]
	delete(p.codes, code)
	return g, ok && p.cfg.Now().Sub(g.loggedIn) < codeLifetime
}

func (p *Provider) loginPage(w http.ResponseWriter, status int, page LoginPage) {
	var buffer bytes.Buffer
	if err := p.cfg.RenderLogin(&buffer, page); err != nil {
		http.Error(w, "The login page cannot be shown.", http.StatusInternalServerError)
		return
	}
	p.writePage(w, status, buffer.Bytes())
}

func usernames() []string {
	var names []string
	for _, a := range accounts() {
		names = append(names, a.username)
	}
	return names
}
