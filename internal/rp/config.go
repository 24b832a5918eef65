package rp

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"muster/internal/claim"
)

// Config names the login provider and maps its answers to roles.
type Config struct {
	// Issuer is the provider's issuer URL. It must match the provider's own value
	// to the last "/".
	Issuer string
	// ClientID and ClientSecret are those of our client at the provider; a public
	// client has no secret.
	ClientID, ClientSecret string
	// RedirectURL is our callback address, as registered at the provider.
	RedirectURL string
	// Scopes are asked for at login; "openid" is added when missing. Empty
	// means openid, profile and email.
	Scopes []string
	// Audience is the audience that the provider's access tokens need on REST
	// (MUSTER_OIDC_AUDIENCE).
	Audience string
	// APIClients are the clients whose access tokens are accepted on REST with our
	// client id as audience, or none (MUSTER_OIDC_API_CLIENTS). Without Audience and
	// these, no access token is accepted.
	APIClients []string
	// RoleClaim is the path of the claim with the roles ([claim.ParsePath]). Empty
	// means groups.
	RoleClaim string
	// AdminRoles and HelpdeskRoles are the values of that claim that make an
	// administrator or a helpdesk person, by default "admin" and "helpdesk".
	// Somebody with both is an administrator.
	AdminRoles, HelpdeskRoles []string
	// HTTPClient replaces the client for all calls to the provider; its timeout is
	// used if it is shorter than ours. Redirects are never followed.
	HTTPClient *http.Client
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Logger receives what is worth knowing but is not an error for the caller.
	Logger *slog.Logger
}

// Provider is the login provider as this server sees it. It is safe for
// concurrent use.
type Provider struct {
	cfg    Config
	roleAt claim.Path
	client *http.Client

	flight singleflight.Group

	mu       sync.Mutex
	meta     *metadata // nil before the first successful discovery
	failure  error     // the last failed discovery, until retryAt
	failures int
	retryAt  time.Time
}

// New checks cfg without using the network: a provider that is down must not keep the
// portal from starting.
func New(cfg Config) (*Provider, error) {
	issuer, err := checkURL("issuer", cfg.Issuer)
	if err != nil {
		return nil, err
	}
	if issuer.RawQuery != "" || issuer.ForceQuery || strings.Contains(cfg.Issuer, "#") {
		return nil, fmt.Errorf("rp: the issuer %q must have neither query nor fragment", cfg.Issuer)
	}
	if cfg.ClientID == "" {
		return nil, errors.New("rp: the client id is missing")
	}
	if _, err := checkURL("redirect URL", cfg.RedirectURL); err != nil {
		return nil, err
	}
	roleAt, err := claim.ParsePath(cmp.Or(cfg.RoleClaim, "groups"))
	if err != nil {
		return nil, fmt.Errorf("rp: the path of the role claim %w", err)
	}
	if len(cfg.Scopes) == 0 {
		cfg.Scopes = []string{"openid", "profile", "email"}
	} else if !slices.Contains(cfg.Scopes, "openid") {
		cfg.Scopes = append([]string{"openid"}, cfg.Scopes...)
	}
	if len(cfg.AdminRoles) == 0 {
		cfg.AdminRoles = []string{"admin"}
	}
	if len(cfg.HelpdeskRoles) == 0 {
		cfg.HelpdeskRoles = []string{"helpdesk"}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Provider{cfg: cfg, roleAt: roleAt, client: boundedClient(cfg.HTTPClient)}, nil
}

// Issuer returns the configured issuer.
func (p *Provider) Issuer() string { return p.cfg.Issuer }

// checkURL accepts absolute https addresses, and http ones on loopback.
func checkURL(what, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return nil, fmt.Errorf("rp: the %s %q is not an absolute URL", what, raw)
	}
	if u.User != nil {
		return nil, fmt.Errorf("rp: the %s must not carry a user name or password", what)
	}
	if !secureURL(u) {
		return nil, fmt.Errorf("rp: the %s %q must begin with https:// (http:// is for loopback only)", what, raw)
	}
	return u, nil
}

// secureURL reports https anywhere, or http to this very machine.
func secureURL(u *url.URL) bool {
	switch u.Scheme {
	case "https":
		return true
	case "http":
		return loopback(u.Hostname())
	default:
		return false
	}
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
