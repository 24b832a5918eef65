package config

// DatabaseFlags are the flags of every command that opens the database.
type DatabaseFlags struct {
	DatabaseURL string `name:"database-url" placeholder:"URL" help:"sqlite:///abs/path.db or postgres://…; a URL with a password belongs into the environment instead (MUSTER_DATABASE_URL, default a file under ./data)."`
}

// Flags are the flags of serve. Each one but --dev and --demo has the
// environment variable named in its help; a flag beats the variable. Secrets
// have no flag: a command line can be read by every user of the machine.
type Flags struct {
	DatabaseFlags

	Dev  bool `help:"Development: loopback only, a login provider of our own with the accounts admin, helpdesk and user; needs no other setting."`
	Demo bool `help:"Add sample data to a development database, once."`

	Listen        string `placeholder:"HOST:PORT" help:"Address to listen on (MUSTER_LISTEN, default 127.0.0.1:8080)."`
	BaseURL       string `name:"base-url" placeholder:"URL" help:"Address people and devices use, without a path (MUSTER_BASE_URL)."`
	MetricsListen string `placeholder:"HOST:PORT" help:"Address of the Prometheus listener; none when empty (MUSTER_METRICS_LISTEN)."`

	OIDCIssuer      string `name:"oidc-issuer" placeholder:"URL" help:"Issuer of the login provider, to the last slash (MUSTER_OIDC_ISSUER)."`
	OIDCClientID    string `name:"oidc-client-id" placeholder:"ID" help:"Our client at the login provider (MUSTER_OIDC_CLIENT_ID)."`
	OIDCScopes      string `name:"oidc-scopes" placeholder:"LIST" help:"Scopes to ask for (MUSTER_OIDC_SCOPES, default openid,profile,email)."`
	OIDCAudience    string `name:"oidc-audience" placeholder:"NAME" help:"Audience that provider access tokens must carry to call the REST API (MUSTER_OIDC_AUDIENCE)."`
	OIDCCLIClientID string `name:"oidc-cli-client-id" placeholder:"ID" help:"Public client for scripts, published by idpConfigurations (MUSTER_OIDC_CLI_CLIENT_ID)."`
	RoleClaim       string `placeholder:"CLAIM" help:"Claim that holds the roles, a dotted path is allowed (MUSTER_ROLE_CLAIM, default groups)."`
	AdminRoles      string `placeholder:"LIST" help:"Values of the role claim that make an administrator (MUSTER_ADMIN_ROLES, default admin)."`
	HelpdeskRoles   string `placeholder:"LIST" help:"Values of the role claim that make a helpdesk person (MUSTER_HELPDESK_ROLES, default helpdesk)."`

	TrustedProxies   string `placeholder:"LIST" help:"Networks (CIDR) of proxies whose X-Forwarded-For is believed (MUSTER_TRUSTED_PROXIES)."`
	TokenAudience    string `placeholder:"NAME" help:"aud of access tokens (MUSTER_TOKEN_AUDIENCE, default the base URL)."`
	AccessTokenTTL   string `name:"access-token-ttl" placeholder:"DURATION" help:"Life of an access token (MUSTER_ACCESS_TOKEN_TTL, default 15m)."`
	RefreshIdle      string `placeholder:"DURATION" help:"How long an auth token may go unrefreshed (MUSTER_REFRESH_IDLE, default 90d)."`
	MaxTokenLifetime string `placeholder:"DURATION" help:"Furthest expiry of a registration token (MUSTER_MAX_TOKEN_LIFETIME, default 366d)."`
	VendorName       string `placeholder:"TEXT" help:"Your name on the pages for end users (MUSTER_VENDOR_NAME, default Muster)."`
	VendorLogo       string `placeholder:"FILE" help:"Your logo on the pages for end users: SVG, PNG, JPEG or WebP, at most 100 KB (MUSTER_VENDOR_LOGO)."`
	HelpText         string `placeholder:"TEXT" help:"Whom end users may ask, shown on the redeem page and with each refusal (MUSTER_HELP_TEXT)."`
	Retention        string `placeholder:"DURATION" help:"How long refused attempts are kept; tokens, ledger and trail always are (MUSTER_RETENTION, default 400d)."`

	Verdict VerdictFlags `embed:"" prefix:"verdict-"`
}
