package idp

import (
	"net/http"
	"net/url"
)

// logout is RP-Initiated Logout 1.0, by GET or POST. As no session is kept,
// there is nothing to end but the trip: the browser goes back to the
// registered address, or sees a page.
func (p *Provider) logout(w http.ResponseWriter, r *http.Request) {
	var params url.Values
	var err error
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		if params, err = url.ParseQuery(r.URL.RawQuery); err == nil {
			err = single(params)
		}
	case http.MethodPost:
		params, err = postForm(r)
	default:
		notAllowed(w, "GET, HEAD, POST")
		return
	}
	if err != nil {
		p.failLogout(w, "The request is broken: "+err.Error())
		return
	}
	clientID := params.Get("client_id")
	// A hint from an earlier run cannot be checked. Client id and exact address
	// decide then, so that a restart does not break logout.
	if hint := params.Get("id_token_hint"); hint != "" && !p.foreign(hint) {
		// An expired hint still says who asks (section 4).
		v, ok := p.verify(typeID, hint)
		if !ok || (clientID != "" && clientID != v.Audience) {
			p.failLogout(w, "The hint is not an ID token of this provider for this client.")
			return
		}
		clientID = v.Audience
	}
	target := params.Get("post_logout_redirect_uri")
	if target == "" {
		p.messagePage(w, http.StatusOK, "Logged out", "You are logged out.")
		return
	}
	back, err := url.Parse(target)
	if err != nil || clientID != DevClientID || target != p.cfg.PostLogoutRedirectURI {
		p.failLogout(w, "The address to go back to is not the registered one.")
		return
	}
	if params.Has("state") {
		q := back.Query()
		q.Set("state", params.Get("state"))
		back.RawQuery = q.Encode()
	}
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

func (p *Provider) failLogout(w http.ResponseWriter, text string) {
	p.messagePage(w, http.StatusBadRequest, "This logout cannot continue", text)
}
