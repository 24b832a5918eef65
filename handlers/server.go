package handlers

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/live"
	"muster/handlers/visitor"
	"muster/handlers/web"
	"muster/internal/forwarded"
	"muster/internal/rp"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	"muster/views/paths"
)

const masterKeySize = 32

// Config is how the server behaves.
type Config struct {
	// BaseURL is the public address, without a trailing slash.
	BaseURL string
	// Dev restricts the server to loopback host names and shows a banner.
	Dev bool
	// DevProvider answers under /realms/ in development; nil otherwise.
	DevProvider http.Handler
	// VendorName and HelpText are shown to end users; may be empty.
	VendorName string
	HelpText   string
	// VendorLogo is shown beside the name, if it has content.
	VendorLogo Logo
	// TicketURL is the address of a ticket, with {ticket} in the place of its
	// reference; may be empty.
	TicketURL string
	// Version is what the binary was built from, shown to those who work here.
	Version string
	// CLIClientID is the public OIDC client for scripts; may be empty.
	CLIClientID string
	// TrustedProxies are the networks whose ForwardedHeader is believed. It is
	// Forwarded, a header that holds one address, or when empty X-Forwarded-For.
	TrustedProxies   []netip.Prefix
	ForwardedHeader  string
	MaxTokenLifetime time.Duration
	AccessTokenTTL   time.Duration
	// SessionRecheck is how often the login provider confirms a session; 15 minutes when
	// zero.
	SessionRecheck time.Duration
	// Verdict holds the thresholds of verdicts; the defaults when zero.
	Verdict models.VerdictRules
	// MasterKey seals started logins in the browser, and page tokens: 32 bytes,
	// the same on every replica.
	MasterKey []byte
	Logger    *slog.Logger
	Now       func() time.Time
	// AfterFunc calls f after d; nil for [time.AfterFunc].
	AfterFunc func(d time.Duration, f func()) (stop func() bool)
	// PageTimeout is how long an answer that only reads may take to be made; 25 s when
	// zero, since the connection is cut at 30.
	PageTimeout time.Duration
	// AccessLog says which requests are logged; empty for [LogAll].
	AccessLog AccessLog
	// Observe learns of every answered request, for metrics; may be nil.
	Observe func(route, method string, status int, took time.Duration)
	// Count learns what became of each redemption, refresh and verification: one of
	// its [Outcomes]; may be nil.
	Count func(of Operation, outcome string)
}

// Server is the whole HTTP surface.
type Server struct {
	echo     *echo.Echo
	config   Config
	logger   *slog.Logger
	now      func() time.Time
	base     *url.URL // of Config.BaseURL
	store    Store
	read     *seen.Reader
	frame    *web.Frame
	drafts   *web.Drafts
	tokens   *tokens.Service
	counted  counted // tokens, for what is counted
	provider *rp.Provider
	login    *visitor.Login
	guesses  *limiter
	// failedLogins bounds what strangers can write into the trail.
	failedLogins, lookups, logins, exports, unmasks *limiter

	denials  *denials
	live     *live.Hub
	draining atomic.Bool
}

// New builds the server. It fails when a route lacks a permission.
func New(cfg Config, store Store, service *tokens.Service, provider *rp.Provider) (*Server, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" {
		return nil, errors.New("handlers: BaseURL must be an absolute URL")
	}
	if len(cfg.MasterKey) != masterKeySize {
		return nil, errors.New("handlers: MasterKey must have 32 bytes")
	}
	if cfg.Verdict == (models.VerdictRules{}) {
		cfg.Verdict = models.DefaultVerdictRules()
	}
	cfg.PageTimeout = cmp.Or(cfg.PageTimeout, pageTimeout)
	if cfg.Count == nil {
		cfg.Count = func(Operation, string) {}
	}
	read := seen.NewReader(store, cfg.MasterKey, cfg.Verdict, cfg.Now)
	frame := &web.Frame{Dev: cfg.Dev, Version: cfg.Version, VendorName: cfg.VendorName, Notices: store, Requests: read}
	if len(cfg.VendorLogo.Content) > 0 {
		frame.VendorLogoURL = paths.VendorLogo
	}
	s := &Server{
		read: read, frame: frame, drafts: &web.Drafts{Key: cfg.MasterKey, Now: cfg.Now},
		config: cfg, logger: cfg.Logger, now: cfg.Now, base: base,
		store: store, tokens: service, counted: counted{service, cfg.Count}, provider: provider,
		guesses:      newGuessLimiter(cfg.Now),
		failedLogins: newGuessLimiter(cfg.Now),
		lookups:      newActorLimiter(cfg.Now, "looked up tokens"),
		logins:       newActorLimiter(cfg.Now, "signed in"),
		exports:      newActorLimiter(cfg.Now, "exported lists"),
		unmasks:      newActorLimiter(cfg.Now, "had addresses shown or hidden"),
	}
	s.login = &visitor.Login{
		Provider: s.provider, Sessions: s.store, EndStreams: func(digest []byte) { s.live.EndSession(digest) },
		CountLogins:   s.logins.count,
		TooManyFailed: func(ip string) bool { return s.failedLogins.count(ip) != nil },
		Base:          s.base, MasterKey: s.config.MasterKey, SessionLife: sessionAbsolute, Recheck: cmp.Or(cfg.SessionRecheck, sessionRecheck),
		Frame: s.frame, Now: s.now, Logger: s.logger,
	}
	s.denials = newDenials(cfg, store.AppendAudit)
	s.live = live.NewHub(live.Config{
		Read: read, Alive: s.sessionAlive, Now: cfg.Now, Logger: cfg.Logger,
		Address: streamsAddress, CountOpening: newStreamLimiter(cfg.Now).count,
	})

	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.handleError
	e.IPExtractor = clientAddress(cfg)
	s.echo = e
	s.useMiddleware(e)
	if err := s.register(e, s.routes()); err != nil {
		return nil, err
	}
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// Notify passes a change on to the live pages; it never blocks.
func (s *Server) Notify(change tokens.Change) { s.live.Notify(change) }

// Watchers is how many browsers have live pages open.
func (s *Server) Watchers() int { return s.live.Watchers() }

// Drain makes /readyz say no, ends the live streams, so that a graceful stop can
// finish, and writes the audit rows of refused accesses that are still due.
func (s *Server) Drain() {
	s.draining.Store(true)
	s.live.Close()
	s.denials.close()
}

// clientAddress is the address that a request comes from (rule 20), which
// c.RealIP() returns; empty when it is unknown.
func clientAddress(cfg Config) echo.IPExtractor {
	reader := forwarded.New(cfg.TrustedProxies, cfg.ForwardedHeader, cfg.Logger, cfg.Now)
	return func(r *http.Request) string {
		if address := reader.Client(r); address.IsValid() {
			return address.String()
		}
		return ""
	}
}
