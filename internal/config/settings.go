package config

import (
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"muster/models"
)

// setting is one entry of the table: its flag, its line in --help, its _FILE
// twin, what --dev refuses and what `muster config` prints all follow from it.
type setting struct {
	variable string
	help     string
	// fallback is the default, as text. Where there is none, unset says in words
	// what happens instead; neither means that nothing does.
	fallback, unset string
	// required is what to do when a production server lacks it.
	required string
	// dev is why --dev refuses it.
	dev string
	// secret settings have no flag, which every user of the machine could read,
	// but can be in a file that variable_FILE names.
	secret bool
	value
}

// flag is the name on the command line: --base-url for MUSTER_BASE_URL.
func (s setting) flag() string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(s.variable, "MUSTER_")), "_", "-")
}

const (
	day = 24 * time.Hour
	// maxVerdictUses bounds the thresholds that are numbers of uses: a rule with a
	// larger one finds nothing in most installations.
	maxVerdictUses = models.MaxPageSize

	databaseVariable        = "MUSTER_DATABASE_URL"
	serviceAccountsVariable = "MUSTER_SERVICE_ACCOUNTS"
	devProvider             = "which brings a login provider of its own; unset it, or leave --dev out"
)

// settings is the table, in the order of --help and `muster config`; its
// values fill c, whose Dev and dir are known.
func settings(c *Config) []setting {
	verdict := models.DefaultVerdictRules()
	return []setting{
		{variable: databaseVariable, value: databaseURL(c), secret: true,
			fallback: "sqlite://" + filepath.Join(c.dir, "data", "muster.db"), unset: "the file data/muster.db",
			help: "sqlite:///abs/path.db or postgres://…; a URL with a password belongs in the environment instead"},
		{variable: "MUSTER_DATABASE_CONNECTIONS", value: number(&c.DatabaseConnections, 8, 1000), fallback: "20", help: "Most connections of a replica to PostgreSQL; SQLite has its own number"},
		{variable: "MUSTER_MASTER_KEY", value: masterKey(c), secret: true, unset: "the file " + masterKeyFile},
		{variable: "MUSTER_LISTEN", value: hostPort(&c.Listen, c.Dev), fallback: "127.0.0.1:8080", help: "Address to listen on"},
		{variable: "MUSTER_BASE_URL", value: baseURL(&c.BaseURL).shownAs(c.base),
			required: "set it to the address people use, such as https://muster.example.com",
			dev:      "which takes it from MUSTER_LISTEN; unset it", help: "Address people and devices use, without a path"},
		{variable: "MUSTER_METRICS_LISTEN", value: hostPort(&c.MetricsListen, c.Dev), help: "Address of the Prometheus listener; none when empty"},
		{variable: "MUSTER_ACCESS_LOG", value: choice(&c.AccessLog, "all", "errors", "off"), fallback: "all", help: "Which requests have a line in the log: all, those answered with an error, or none"},

		{variable: "MUSTER_OIDC_ISSUER", value: issuer(&c.OIDC.Issuer), dev: devProvider,
			required: "set it to your login provider's issuer, or use --dev to try Muster out", help: "Issuer of the login provider, to the last slash"},
		{variable: "MUSTER_OIDC_CLIENT_ID", value: text(&c.OIDC.ClientID, "ID"), dev: devProvider,
			required: "set it to the client registered for Muster at the login provider", help: "Our client at the login provider"},
		{variable: "MUSTER_OIDC_CLIENT_SECRET", value: secret(&c.OIDC.ClientSecret), dev: devProvider, secret: true, unset: "a public client, with PKCE alone"},
		{variable: "MUSTER_OIDC_SCOPES", value: scopes(&c.OIDC.Scopes), dev: devProvider, fallback: "openid,profile,email", help: "Scopes to ask for"},
		{variable: "MUSTER_OIDC_AUDIENCE", value: text(&c.OIDC.Audience, "NAME"), dev: devProvider, help: "Audience that provider access tokens must carry to call the REST API"},
		{variable: "MUSTER_OIDC_API_CLIENTS", value: clients(&c.OIDC.APIClients), dev: devProvider, help: "Clients whose access tokens may call the REST API with our client as audience, or none"},
		{variable: "MUSTER_OIDC_CLI_CLIENT_ID", value: text(&c.OIDC.CLIClientID, "ID"), dev: devProvider, help: "Public client for scripts, published by idpConfigurations"},
		{variable: "MUSTER_ROLE_CLAIM", value: claimPath(&c.OIDC.RoleClaim), dev: devProvider, fallback: "groups", help: "Claim with the roles: a dotted path, or a JSON array of its segments"},
		{variable: "MUSTER_ADMIN_ROLES", value: roles(&c.OIDC.AdminRoles), dev: devProvider, fallback: "admin", help: "Values of the role claim that make an administrator"},
		{variable: "MUSTER_HELPDESK_ROLES", value: roles(&c.OIDC.HelpdeskRoles), dev: devProvider, fallback: "helpdesk", help: "Values of the role claim that make a helpdesk person"},
		{variable: "MUSTER_SESSION_RECHECK", value: duration(&c.SessionRecheck, time.Second, 12*time.Hour), fallback: "15m", help: "How often the login provider is asked again whether somebody signed in still has the role"},

		{variable: "MUSTER_TRUSTED_PROXIES", value: networks(&c.TrustedProxies), help: "Networks (CIDR) of proxies that are trusted to say where a request comes from"},
		{variable: "MUSTER_FORWARDED_HEADER", value: forwardedHeader(&c.ForwardedHeader), fallback: "X-Forwarded-For", help: "The one header they say it in: X-Forwarded-For, Forwarded, or one with a single address such as X-Real-IP"},
		{variable: "MUSTER_TOKEN_AUDIENCE", value: text(&c.TokenAudience, "NAME").shownAs(c.audience), unset: "the base URL", help: "aud of access tokens"},
		{variable: "MUSTER_ACCESS_TOKEN_TTL", value: duration(&c.AccessTokenTTL, time.Second, day), fallback: "15m", help: "Lifetime of an access token"},
		{variable: "MUSTER_REFRESH_IDLE", value: duration(&c.RefreshIdle, time.Second, 3660*day), fallback: "90d", help: "How long an auth token may go unrefreshed"},
		{variable: "MUSTER_MAX_TOKEN_LIFETIME", value: duration(&c.MaxTokenLifetime, models.MinTokenLifetime, 3660*day), fallback: "366d", help: "Longest lifetime of a registration token"},
		{variable: "MUSTER_VENDOR_NAME", value: shownText(&c.VendorName, 60), unset: "Muster", help: "Your name on the pages for end users"},
		{variable: "MUSTER_VENDOR_LOGO", value: image(&c.VendorLogo), help: "Your logo on the pages for end users: SVG, PNG, JPEG or WebP, at most 100 KB"},
		{variable: "MUSTER_HELP_TEXT", value: shownText(&c.HelpText, 500), help: "Whom end users can ask for help, shown on the redeem page and with each refusal"},
		{variable: "MUSTER_TICKET_URL", value: ticketURL(&c.TicketURL), help: "Address of a ticket in your help desk, with {ticket} in the place of its reference"},
		{variable: "MUSTER_RETENTION", value: duration(&c.Retention, day, 36600*day), fallback: "400d", help: "How long refused attempts are kept; tokens, ledger and trail always are"},

		{variable: serviceAccountsVariable, value: accounts(&c.ServiceAccounts), help: "User names that are nobody's, such as svc-deploy or build-*, in addition to the usual ones"},
		{variable: "MUSTER_VERDICT_RETRY_GAP", value: duration(&c.Verdict.RetryGap, time.Second, 7*day), fallback: FormatDuration(verdict.RetryGap), help: "Longest time between two retries of a device"},
		{variable: "MUSTER_VERDICT_RETRY_USES", value: number(&c.Verdict.RetryUses, 2, maxVerdictUses), fallback: strconv.Itoa(verdict.RetryUses), help: "How many uses of one device make a retry loop"},
		{variable: "MUSTER_VERDICT_PERSON_DEVICES", value: number(&c.Verdict.PersonDevices, 2, maxVerdictUses), fallback: strconv.Itoa(verdict.PersonDevices), help: "How many devices of one person are more than usual"},
		{variable: "MUSTER_VERDICT_USUAL_PERCENT", value: number(&c.Verdict.UsualPercent, 51, 100), fallback: strconv.Itoa(verdict.UsualPercent), help: "Percentage of the uses that makes a domain or network the usual one"},
		{variable: "MUSTER_VERDICT_USUAL_USES", value: number(&c.Verdict.UsualUses, 2, maxVerdictUses), fallback: strconv.Itoa(verdict.UsualUses), help: "Least number of uses for that"},
		{variable: "MUSTER_VERDICT_BURST_WINDOW", value: duration(&c.Verdict.BurstWindow, time.Second, 7*day), fallback: FormatDuration(verdict.BurstWindow), help: "Time within which many new devices are a burst"},
		{variable: "MUSTER_VERDICT_BURST_DEVICES", value: number(&c.Verdict.BurstDevices, 2, maxVerdictUses), fallback: strconv.Itoa(verdict.BurstDevices), help: "Least number of devices in a burst"},
		{variable: "MUSTER_VERDICT_BURST_NETWORKS", value: number(&c.Verdict.BurstNetworks, 1, maxVerdictUses), fallback: strconv.Itoa(verdict.BurstNetworks), help: "Least number of networks they come from"},
	}
}
