package rp

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Flow is a login in progress, between sending the browser to the provider and its
// return. The caller keeps it sealed in that browser, and lets it open at most one
// session.
type Flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"` // PKCE, RFC 7636
	// ReturnTo is where the person wanted to go. The caller has checked it.
	ReturnTo string `json:"returnTo"`
	// Silent asks the provider without the person: it answers at once, or refuses.
	Silent bool `json:"silent,omitempty"`
}

// flowBytes makes 256 bits each; rule 18 asks for at least 128.
const flowBytes = 32

// NewFlow returns a flow with fresh state, nonce and verifier.
func NewFlow(returnTo string) Flow {
	random := func() string {
		b := make([]byte, flowBytes)
		_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
		return base64.RawURLEncoding.EncodeToString(b)
	}
	return Flow{State: random(), Nonce: random(), Verifier: random(), ReturnTo: returnTo}
}

// Answers reports whether what the browser brought back belongs to this flow: its
// state is given once and is that of the flow.
func (f Flow) Answers(callback url.Values) bool {
	return f.State != "" && len(callback["state"]) == 1 &&
		subtle.ConstantTimeCompare([]byte(callback.Get("state")), []byte(f.State)) == 1
}

// AuthCodeURL returns where to send the browser to log in: authorization code
// flow with PKCE (S256), state and nonce. KindUnavailable when the provider
// cannot be discovered.
func (p *Provider) AuthCodeURL(ctx context.Context, flow Flow) (string, error) {
	m, err := p.metadata(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(flow.Nonce), oauth2.S256ChallengeOption(flow.Verifier)}
	if flow.Silent {
		options = append(options, oauth2.SetAuthURLParam("prompt", "none"))
	}
	return p.oauth(m).AuthCodeURL(flow.State, options...), nil
}

func (p *Provider) oauth(m *metadata) *oauth2.Config {
	return &oauth2.Config{
		ClientID:     p.cfg.ClientID,
		ClientSecret: p.cfg.ClientSecret,
		Endpoint:     m.endpoint,
		RedirectURL:  p.cfg.RedirectURL,
		Scopes:       p.cfg.Scopes,
	}
}
