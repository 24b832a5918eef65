package main

import (
	"context"
	"errors"
	"io"
	"net/http"

	"muster/internal/config"
	"muster/internal/dev/idp"
	"muster/internal/rp"
	"muster/models"
	"muster/views"
	"muster/views/layout"
)

// login is how people log in: the relying party's view of the provider and, in
// development, the provider itself.
type login struct {
	provider    *rp.Provider
	handler     http.Handler // nil in production
	cliClientID string
	// visitor is the development provider's end user.
	visitor models.VerifiedIdentity
}

const (
	callbackPath  = "/auth/callback"
	signedOutPath = "/auth/signed-out"
)

func (s *server) login(ctx context.Context) (login, error) {
	cfg := rp.Config{
		RedirectURL: s.baseURL + callbackPath,
		Now:         s.program.now, Logger: s.logger,
	}
	if s.cfg.Dev {
		return s.devLogin(cfg)
	}
	provider, err := rp.New(providerConfig(cfg, s.cfg.OIDC))
	if err != nil {
		return login{}, err
	}
	// One that is down must not keep the portal from starting.
	if err := provider.Check(ctx); errors.Is(err, rp.ErrUnsupported) {
		return login{}, err
	} else if err != nil {
		s.logger.WarnContext(ctx, "login provider not reached yet", "error", err)
	}
	return login{provider: provider, cliClientID: s.cfg.OIDC.CLIClientID}, nil
}

// providerConfig adds what is configured of the login provider.
func providerConfig(cfg rp.Config, o config.OIDC) rp.Config {
	cfg.Issuer, cfg.ClientID, cfg.ClientSecret = o.Issuer, o.ClientID, o.ClientSecret.Reveal()
	cfg.Scopes, cfg.Audience, cfg.APIClients = o.Scopes, o.Audience, o.APIClients
	cfg.RoleClaim, cfg.AdminRoles, cfg.HelpdeskRoles = o.RoleClaim, o.AdminRoles, o.HelpdeskRoles
	return cfg
}

// devLogin mounts the development provider on our own listener; the relying party
// talks to it over HTTP, like to any other provider.
func (s *server) devLogin(cfg rp.Config) (login, error) {
	devProvider, err := idp.New(idp.Config{
		BaseURL:               s.baseURL,
		RedirectURI:           s.baseURL + callbackPath,
		PostLogoutRedirectURI: s.baseURL + signedOutPath,
		Now:                   s.program.now,
		RenderLogin:           renderDevLogin,
	})
	if err != nil {
		return login{}, err
	}
	cfg.Issuer, cfg.ClientID, cfg.ClientSecret, cfg.Audience = devProvider.Issuer(), idp.DevClientID, devProvider.ClientSecret(), devProvider.Audience()
	provider, err := rp.New(cfg)
	subject, email := idp.Person("user")
	return login{
		provider: provider, handler: devProvider, cliClientID: idp.DevCLIClientID,
		visitor: models.VerifiedIdentity{Issuer: devProvider.Issuer(), Subject: subject, Email: email},
	}, err
}

// renderDevLogin gives the development provider's login page our own look.
func renderDevLogin(w io.Writer, p idp.LoginPage) error {
	page := views.DevLoginPage{
		Page:   layout.Page{Title: "Development login", DevMode: true},
		Action: p.Action, Username: p.Username, Error: p.Error,
	}
	roles := map[string]string{"admin": "Administrator", "helpdesk": "Helpdesk", "user": "No role: an end user"}
	for _, account := range p.Accounts {
		page.Accounts = append(page.Accounts, views.DevAccount{Username: account, Password: account, RoleName: roles[account]})
	}
	return views.DevLogin(page).Render(context.Background(), w)
}
