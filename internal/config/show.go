package config

import (
	"cmp"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// Setting is one effective value, fit to be printed.
type Setting struct {
	Variable string
	Value    string
}

const masked = "[redacted]"

// Settings lists every effective value; secrets are masked.
func (c *Config) Settings() []Setting {
	mode := "production"
	if c.Dev {
		mode = "development"
	}
	prefixes := make([]string, 0, len(c.TrustedProxies))
	for _, p := range c.TrustedProxies {
		prefixes = append(prefixes, netip.Prefix.String(p))
	}
	masterKey := filepath.Join(c.dir, masterKeyFile) + " (file)"
	if c.masterKey != nil {
		masterKey = masked
	}
	base := c.BaseURL
	if c.Dev {
		base = "http://" + c.Listen
	}
	settings := []Setting{
		{"mode", mode},
		{"MUSTER_LISTEN", c.Listen},
		{"MUSTER_METRICS_LISTEN", c.MetricsListen},
		{"MUSTER_BASE_URL", base},
		{"MUSTER_DATABASE_URL", maskDatabaseURL(c.DatabaseURL.Reveal())},
		{"MUSTER_MASTER_KEY", masterKey},
		{"MUSTER_TRUSTED_PROXIES", strings.Join(prefixes, ",")},
		{"MUSTER_TOKEN_AUDIENCE", cmp.Or(c.TokenAudience, base)},
		{"MUSTER_ACCESS_TOKEN_TTL", FormatDuration(c.AccessTokenTTL)},
		{"MUSTER_REFRESH_IDLE", FormatDuration(c.RefreshIdle)},
		{"MUSTER_MAX_TOKEN_LIFETIME", FormatDuration(c.MaxTokenLifetime)},
		{"MUSTER_RETENTION", FormatDuration(c.Retention)},
		{"MUSTER_VENDOR_NAME", c.VendorName},
		{"MUSTER_VENDOR_LOGO", c.VendorLogo.Path},
		{"MUSTER_HELP_TEXT", c.HelpText},
	}
	settings = append(settings, c.verdictSettings()...)
	if c.Dev {
		return settings
	}
	secret := ""
	if c.OIDC.ClientSecret != "" {
		secret = masked
	}
	return append(settings,
		Setting{"MUSTER_OIDC_ISSUER", c.OIDC.Issuer},
		Setting{"MUSTER_OIDC_CLIENT_ID", c.OIDC.ClientID},
		Setting{"MUSTER_OIDC_CLIENT_SECRET", secret},
		Setting{"MUSTER_OIDC_SCOPES", strings.Join(c.OIDC.Scopes, ",")},
		Setting{"MUSTER_OIDC_AUDIENCE", c.OIDC.Audience},
		Setting{"MUSTER_OIDC_CLI_CLIENT_ID", c.OIDC.CLIClientID},
		Setting{"MUSTER_ROLE_CLAIM", c.OIDC.RoleClaim},
		Setting{"MUSTER_ADMIN_ROLES", strings.Join(c.OIDC.AdminRoles, ",")},
		Setting{"MUSTER_HELPDESK_ROLES", strings.Join(c.OIDC.HelpdeskRoles, ",")},
	)
}

// DevBaseURL is the base URL of a development server that was told to listen
// on listen and got port: people keep the host name they wrote.
func DevBaseURL(listen string, port int) string {
	host, ok := splitHost(listen)
	if !ok || host == "" {
		host = "127.0.0.1"
	}
	return origin("http", host, strconv.Itoa(port))
}

// maskDatabaseURL shows which database it is, without a way in.
func maskDatabaseURL(v string) string {
	u, err := url.Parse(v)
	if err != nil {
		return masked
	}
	if _, has := u.User.Password(); has {
		u.User = url.User(u.User.Username())
	}
	u.RawQuery, u.Fragment = "", "" // drivers accept passwords and key files there
	return u.String()
}
