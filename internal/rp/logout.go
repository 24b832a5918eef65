package rp

import (
	"cmp"
	"context"
	"net/url"
)

// logoutURLLimit is the longest logout address that carries the ID token, in bytes.
// Proxies take 8 KB for a request line or for all headers, beside cookies.
const logoutURLLimit = 4000

// LogoutURL returns where to send the browser to end the login at the provider too
// (OpenID Connect RP-Initiated Logout 1.0); false when the provider has no such
// endpoint or cannot be discovered. An ID token that would make the address too long
// is replaced by a hint at whose it is; it may be empty. Our own session ends before
// that, whatever the provider does, and the state that comes back does not matter.
func (p *Provider) LogoutURL(ctx context.Context, idToken, postLogoutRedirectURL, state string) (string, bool) {
	m, err := p.metadata(ctx)
	if err != nil || m.logoutURL == "" {
		return "", false
	}
	u, err := url.Parse(m.logoutURL)
	if err != nil {
		return "", false
	}
	q := u.Query()
	q.Set("client_id", p.cfg.ClientID)
	for name, value := range map[string]string{
		"id_token_hint": idToken, "post_logout_redirect_uri": postLogoutRedirectURL, "state": state,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if u.RawQuery = q.Encode(); len(u.String()) <= logoutURLLimit {
		return u.String(), true
	}
	q.Del("id_token_hint")
	if hint := loginHint(idToken); hint != "" {
		q.Set("logout_hint", hint)
	}
	u.RawQuery = q.Encode()
	return u.String(), true
}

// loginHint is what the provider may know the person of an ID token by: what it chose
// for this itself, or else what people type there.
func loginHint(idToken string) string {
	_, c, err := jwtParts(idToken)
	if err != nil {
		return ""
	}
	return cmp.Or(c.text("login_hint"), c.text("preferred_username"), c.text("email"), c.text("sub"))
}
