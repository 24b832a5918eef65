package rp

import (
	"context"
	"net/url"
)

// LogoutURL returns where to send the browser to end the login at the provider too
// (OpenID Connect RP-Initiated Logout 1.0); false when the provider has no such
// endpoint or cannot be discovered. Our own session ends before that, whatever the
// provider does, and the state that comes back does not matter.
func (p *Provider) LogoutURL(ctx context.Context, idTokenHint, postLogoutRedirectURL, state string) (string, bool) {
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
		"id_token_hint": idTokenHint, "post_logout_redirect_uri": postLogoutRedirectURL, "state": state,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	u.RawQuery = q.Encode()
	return u.String(), true
}
