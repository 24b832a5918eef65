package config

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"muster/models"
)

// Config is the checked configuration of a server. Durations are positive;
// lists are never nil entries of blanks.
type Config struct {
	// Dev is the development mode; Demo adds sample data to it.
	Dev  bool
	Demo bool
	// Listen is host:port of the main listener, MetricsListen of the
	// Prometheus one (empty: none).
	Listen        string
	MetricsListen string
	// BaseURL has no trailing slash. In development it is empty: the
	// listener's own address decides, see [DevBaseURL].
	BaseURL     string
	DatabaseURL models.Secret
	// DefaultDatabase tells that nobody chose DatabaseURL.
	DefaultDatabase bool
	OIDC            OIDC
	TrustedProxies  []netip.Prefix
	// TokenAudience is empty when it is the issuer.
	TokenAudience    string
	AccessTokenTTL   time.Duration
	RefreshIdle      time.Duration
	MaxTokenLifetime time.Duration
	Retention        time.Duration
	// Verdict has the thresholds of what a verdict calls too much.
	Verdict models.VerdictRules
	// VendorName and HelpText stand on the pages for end users; empty means
	// Muster's own name and no more help than the page gives.
	VendorName string
	HelpText   string
	// VendorLogo stands beside the name; its zero value means none.
	VendorLogo Image
	// masterKey is what MUSTER_MASTER_KEY or its file held, decoded; nil
	// when the default file decides. [Config.MasterKey] gives the key.
	masterKey []byte
	dir       string
	// Warnings are sentences about settings that work and may surprise.
	Warnings []string
}

// OIDC is how people log in; it is zero in development.
type OIDC struct {
	Issuer        string
	ClientID      string
	ClientSecret  models.Secret
	Scopes        []string
	Audience      string
	CLIClientID   string
	RoleClaim     string
	AdminRoles    []string
	HelpdeskRoles []string
}

// Environment is what Load may look at beside the flags.
type Environment struct {
	// Lookup is os.LookupEnv, or a stand-in.
	Lookup func(string) (string, bool)
	// Dir is the absolute working directory: ./data lies in it.
	Dir string
}

// Problems are all the reasons a configuration cannot be used, a sentence
// each that names the fix.
type Problems struct {
	// Missing are settings a production server needs and does not have;
	// Wrong is everything else.
	Missing []string
	Wrong   []string
}

// Error lists every problem on a line of its own.
func (p *Problems) Error() string {
	all := append(append([]string{}, p.Wrong...), p.Missing...)
	noun := "problems"
	if len(all) == 1 {
		noun = "problem"
	}
	return fmt.Sprintf("the configuration has %d %s:\n  - %s", len(all), noun, strings.Join(all, "\n  - "))
}

// The defaults, in the words one would set them.
const (
	defaultListen           = "127.0.0.1:8080"
	defaultScopes           = "openid,profile,email"
	defaultRoleClaim        = "groups"
	defaultAdminRoles       = "admin"
	defaultHelpdeskRoles    = "helpdesk"
	defaultAccessTokenTTL   = "15m"
	defaultRefreshIdle      = "90d"
	defaultMaxTokenLifetime = "366d"
	defaultRetention        = "400d"
)

const day = 24 * time.Hour

// The longest texts for people, in characters.
const (
	maxVendorName = 60
	maxHelpText   = 500
)

// Load reads and checks everything serve needs. The error is a [*Problems];
// the returned Config is then as complete as could be, for `muster config`.
func Load(f Flags, env Environment) (*Config, error) {
	l := &loader{env: env}
	c := &Config{Dev: f.Dev, Demo: f.Demo, dir: env.Dir}

	c.Listen = l.hostPort("MUSTER_LISTEN", f.Listen, defaultListen)
	c.MetricsListen = l.hostPort("MUSTER_METRICS_LISTEN", f.MetricsListen, "")
	c.BaseURL = l.baseURL("MUSTER_BASE_URL", f.BaseURL)
	c.DatabaseURL, c.DefaultDatabase = l.databaseURL(f.DatabaseFlags)
	c.OIDC = OIDC{
		Issuer:        l.issuer("MUSTER_OIDC_ISSUER", f.OIDCIssuer),
		ClientID:      l.text("MUSTER_OIDC_CLIENT_ID", f.OIDCClientID, ""),
		ClientSecret:  l.secret("MUSTER_OIDC_CLIENT_SECRET"),
		Scopes:        l.list("MUSTER_OIDC_SCOPES", f.OIDCScopes, defaultScopes),
		Audience:      l.text("MUSTER_OIDC_AUDIENCE", f.OIDCAudience, ""),
		CLIClientID:   l.text("MUSTER_OIDC_CLI_CLIENT_ID", f.OIDCCLIClientID, ""),
		RoleClaim:     l.text("MUSTER_ROLE_CLAIM", f.RoleClaim, defaultRoleClaim),
		AdminRoles:    l.list("MUSTER_ADMIN_ROLES", f.AdminRoles, defaultAdminRoles),
		HelpdeskRoles: l.list("MUSTER_HELPDESK_ROLES", f.HelpdeskRoles, defaultHelpdeskRoles),
	}
	c.TrustedProxies = l.networks("MUSTER_TRUSTED_PROXIES", f.TrustedProxies)
	c.TokenAudience = l.text("MUSTER_TOKEN_AUDIENCE", f.TokenAudience, "")
	c.AccessTokenTTL = l.duration("MUSTER_ACCESS_TOKEN_TTL", f.AccessTokenTTL, defaultAccessTokenTTL, time.Second, day)
	c.RefreshIdle = l.duration("MUSTER_REFRESH_IDLE", f.RefreshIdle, defaultRefreshIdle, time.Second, 3660*day)
	c.MaxTokenLifetime = l.duration("MUSTER_MAX_TOKEN_LIFETIME", f.MaxTokenLifetime, defaultMaxTokenLifetime, models.MinTokenLifetime, 3660*day)
	c.Retention = l.duration("MUSTER_RETENTION", f.Retention, defaultRetention, day, 36600*day)
	c.Verdict = l.verdictRules(f.Verdict)
	c.VendorName = l.shownText("MUSTER_VENDOR_NAME", f.VendorName, maxVendorName)
	c.HelpText = l.shownText("MUSTER_HELP_TEXT", f.HelpText, maxHelpText)
	c.VendorLogo = l.image("MUSTER_VENDOR_LOGO", f.VendorLogo)
	c.masterKey = l.masterKey("MUSTER_MASTER_KEY")

	l.checkMode(c, f)
	return c, l.err()
}

// LoadDatabase reads and checks the database URL alone, for the commands
// that need nothing else. The error is a [*Problems].
func LoadDatabase(f DatabaseFlags, env Environment) (*Config, error) {
	l := &loader{env: env}
	c := &Config{dir: env.Dir}
	c.DatabaseURL, c.DefaultDatabase = l.databaseURL(f)
	return c, l.err()
}

// SQLitePath returns the path of the SQLite file that DatabaseURL names, and
// whether it names one.
func (c *Config) SQLitePath() (string, bool) {
	return strings.CutPrefix(c.DatabaseURL.Reveal(), "sqlite://")
}

// PrepareDataDir makes ./data when the default database lies in it. Only its
// owner may look inside.
func (c *Config) PrepareDataDir() error {
	if !c.DefaultDatabase {
		return nil
	}
	return makeDataDir(c.dir)
}

func makeDataDir(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	return nil
}

// checkMode judges what only the settings together can tell.
func (l *loader) checkMode(c *Config, f Flags) {
	if c.Demo && !c.Dev {
		l.wrong("--demo writes sample data and works only with --dev; add --dev or leave --demo out.")
	}
	if c.Dev {
		l.checkDev(c, f)
		c.BaseURL, c.OIDC = "", OIDC{}
		return
	}
	l.need("MUSTER_BASE_URL", c.BaseURL, "set it to the address people use, such as https://muster.example.com")
	l.need("MUSTER_OIDC_ISSUER", c.OIDC.Issuer, "set it to your login provider's issuer, or use --dev to try Muster out")
	l.need("MUSTER_OIDC_CLIENT_ID", c.OIDC.ClientID, "set it to the client registered for Muster at the login provider")
	l.need("MUSTER_OIDC_CLIENT_SECRET", c.OIDC.ClientSecret.Reveal(), "set it, or MUSTER_OIDC_CLIENT_SECRET_FILE, to that client's secret")
	if !slices.Contains(c.OIDC.Scopes, "openid") {
		l.wrong("MUSTER_OIDC_SCOPES must contain openid, or no login can work; add it.")
	}
	for _, role := range c.OIDC.AdminRoles {
		if slices.Contains(c.OIDC.HelpdeskRoles, role) {
			l.wrong("MUSTER_ADMIN_ROLES and MUSTER_HELPDESK_ROLES both name %q; leave it in one of them.", role)
		}
	}
	if c.OIDC.Audience == "" {
		c.Warnings = append(c.Warnings, "MUSTER_OIDC_AUDIENCE is not set: the REST API takes API keys only, no access tokens of the login provider.")
	}
}

// checkDev refuses everything that would make a development server look like
// a real one, or reachable from elsewhere.
func (l *loader) checkDev(c *Config, f Flags) {
	if host, ok := splitHost(c.Listen); ok && !IsLoopbackHost(host) {
		l.wrong("--dev listens on loopback only, and MUSTER_LISTEN is %q; use 127.0.0.1, ::1 or localhost, or leave --dev out.", c.Listen)
	}
	if host, ok := splitHost(c.MetricsListen); ok && !IsLoopbackHost(host) {
		l.wrong("MUSTER_METRICS_LISTEN is %q, and --dev shows nothing to other machines; use 127.0.0.1, ::1 or localhost, or leave --dev out.", c.MetricsListen)
	}
	if l.isSet("MUSTER_BASE_URL", f.BaseURL) {
		l.wrong("MUSTER_BASE_URL cannot be set with --dev, which takes it from MUSTER_LISTEN; unset it.")
	}
	for _, s := range []struct{ variable, flag string }{
		{"MUSTER_OIDC_ISSUER", f.OIDCIssuer},
		{"MUSTER_OIDC_CLIENT_ID", f.OIDCClientID},
		{"MUSTER_OIDC_CLIENT_SECRET", ""},
		{"MUSTER_OIDC_CLIENT_SECRET_FILE", ""},
		{"MUSTER_OIDC_SCOPES", f.OIDCScopes},
		{"MUSTER_OIDC_AUDIENCE", f.OIDCAudience},
		{"MUSTER_OIDC_CLI_CLIENT_ID", f.OIDCCLIClientID},
		{"MUSTER_ROLE_CLAIM", f.RoleClaim},
		{"MUSTER_ADMIN_ROLES", f.AdminRoles},
		{"MUSTER_HELPDESK_ROLES", f.HelpdeskRoles},
	} {
		if l.isSet(s.variable, s.flag) {
			l.wrong("%s cannot be set with --dev, which brings a login provider of its own; unset it, or leave --dev out.", s.variable)
		}
	}
}
