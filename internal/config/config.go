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

// Config is the checked configuration of a server. Durations are positive, and
// lists have no blank entries.
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
	// DefaultDatabase is true when DatabaseURL is the default.
	DefaultDatabase bool
	// DatabaseConnections is the most that a server has to PostgreSQL.
	DatabaseConnections int
	OIDC                OIDC
	// SessionRecheck is how often a session is checked at the login provider.
	SessionRecheck time.Duration
	TrustedProxies []netip.Prefix
	// ForwardedHeader is the canonical name of the one header in which
	// trusted proxies say where a request comes from: "X-Forwarded-For",
	// "Forwarded" (RFC 7239), or another that holds a single address.
	ForwardedHeader string
	// TokenAudience is empty when it is the issuer.
	TokenAudience    string
	AccessTokenTTL   time.Duration
	RefreshIdle      time.Duration
	MaxTokenLifetime time.Duration
	Retention        time.Duration
	// ServiceAccounts are user names that are nobody's, in addition to the known
	// ones; one may end in an asterisk.
	ServiceAccounts []string
	// Verdict has the thresholds of a verdict.
	Verdict models.VerdictRules
	// VendorName and HelpText are shown on the pages for end users; empty means
	// Muster's own name and no additional help.
	VendorName string
	HelpText   string
	// TicketURL is the address of a ticket, with [TicketPlace] in the place of its
	// reference; empty means that references are no links.
	TicketURL string
	// AccessLog says which requests are logged: "all", "errors" or "off".
	AccessLog string
	// VendorLogo is shown next to the name; its zero value means none.
	VendorLogo Image
	// masterKey is the decoded value of MUSTER_MASTER_KEY or its file; nil when the
	// default file is used. [Config.MasterKey] returns the key.
	masterKey []byte
	dir       string
	// Warnings are sentences about settings that work but may surprise.
	Warnings []string
}

// OIDC is how people log in; it is zero in development.
type OIDC struct {
	Issuer        string
	ClientID      string
	ClientSecret  models.Secret
	Scopes        []string
	Audience      string
	APIClients    []string
	CLIClientID   string
	RoleClaim     string
	AdminRoles    []string
	HelpdeskRoles []string
}

// Environment is what Load reads besides the flags.
type Environment struct {
	// Lookup is os.LookupEnv, or a stand-in.
	Lookup func(string) (string, bool)
	// Dir is the absolute working directory, which contains ./data.
	Dir string
}

// Problems are all the reasons why a configuration cannot be used. Each is a
// sentence that names the fix.
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

// Load reads and checks everything serve needs. The error is a [*Problems];
// the returned Config is then as complete as possible, for `muster config`.
func Load(f Flags, env Environment) (*Config, error) {
	l := &loader{env: env, flag: f.text}
	c := &Config{Dev: f.Dev, Demo: f.Demo, dir: env.Dir}
	for _, s := range settings(c) {
		if c.Dev && s.dev != "" {
			l.refuse(s)
		} else {
			l.load(s)
		}
	}
	l.checkCombinations(c)
	l.checkDatabaseFiles(c)
	if c.masterKey == nil && !l.reported("MUSTER_MASTER_KEY") {
		l.checkPermissions("MUSTER_MASTER_KEY", filepath.Join(c.dir, masterKeyFile))
	}
	c.Warnings = l.warnings
	return c, l.err()
}

// LoadDatabase reads and checks only the database URL and whose names are nobody's,
// for the commands that need nothing else. The error is a [*Problems].
func LoadDatabase(f DatabaseFlags, env Environment) (*Config, error) {
	l := &loader{env: env, flag: Flags{DatabaseFlags: f}.text}
	c := &Config{dir: env.Dir}
	for _, s := range settings(c) {
		if isDatabase(s) || s.variable == serviceAccountsVariable {
			l.load(s)
		}
	}
	l.checkDatabaseFiles(c)
	c.Warnings = l.warnings
	return c, l.err()
}

// SQLitePath returns the path of the SQLite file that DatabaseURL names, and
// whether it names one.
func (c *Config) SQLitePath() (string, bool) {
	return strings.CutPrefix(c.DatabaseURL.Reveal(), "sqlite://")
}

// PrepareDataDir creates ./data, for its owner alone, if the default database is
// used.
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

// checkCombinations checks settings that depend on each other.
func (l *loader) checkCombinations(c *Config) {
	if c.Demo && !c.Dev {
		l.wrong("--demo writes sample data and works only with --dev; add --dev or leave --demo out.")
	}
	for _, role := range c.OIDC.AdminRoles {
		if slices.Contains(c.OIDC.HelpdeskRoles, role) {
			l.wrong("MUSTER_ADMIN_ROLES and MUSTER_HELPDESK_ROLES both name %q; leave it in one of them.", role)
		}
	}
	if c.OIDC.Audience == "" && len(c.OIDC.APIClients) == 0 && !c.Dev {
		l.warn("MUSTER_OIDC_AUDIENCE is not set: the REST API takes API keys only, no access tokens of the login provider.")
	}
	if c.OIDC.ClientSecret == "" && !c.Dev && !l.reported("MUSTER_OIDC_CLIENT_SECRET") {
		l.warn("MUSTER_OIDC_CLIENT_SECRET is not set: Muster signs people in as a public client, by PKCE alone.")
	}
}
