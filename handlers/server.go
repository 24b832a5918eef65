package handlers

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"muster/internal/rp"
	"muster/models"
	"muster/tokens"
)

const masterKeySize = 32

// Config is how the server behaves.
type Config struct {
	// BaseURL is the public address, without a trailing slash.
	BaseURL string
	// Dev limits the server to loopback host names and shows a banner.
	Dev bool
	// DevProvider answers under /realms/ in development; nil otherwise.
	DevProvider http.Handler
	// VendorName and HelpText stand on the pages for end users; may be empty.
	VendorName string
	HelpText   string
	// VendorLogo is shown beside the name; without content there is none.
	VendorLogo Logo
	// CLIClientID is the public OIDC client for scripts; may be empty.
	CLIClientID      string
	TrustedProxies   []netip.Prefix
	MaxTokenLifetime time.Duration
	AccessTokenTTL   time.Duration
	// Verdict has the thresholds of what a verdict calls too much; the zero
	// value stands for the default ones.
	Verdict models.VerdictRules
	// MasterKey seals started logins in the browser, and page tokens; 32 bytes,
	// the same on every replica.
	MasterKey []byte
	Logger    *slog.Logger
	Now       func() time.Time
	// Observe is told of every answered request, for metrics; may be nil.
	Observe func(route, method string, status int, took time.Duration)
}

// Server is the whole HTTP surface.
type Server struct {
	echo     *echo.Echo
	config   Config
	logger   *slog.Logger
	now      func() time.Time
	base     *url.URL // of Config.BaseURL
	store    Store
	tokens   *tokens.Service
	provider *rp.Provider
	guesses  *guessLimiter
	// failedLogins bounds what strangers can write into the trail.
	failedLogins *guessLimiter
	lookups      *lookupLimiter
	personal     *personalLookups
	live         *liveHub
	shared       sharedParts
	draining     atomic.Bool
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
	store = sealedPages{Store: store, key: cfg.MasterKey}
	s := &Server{
		config: cfg, logger: cfg.Logger, now: cfg.Now, base: base,
		store: store, tokens: service, provider: provider,
		guesses:      newGuessLimiter(cfg.Now),
		failedLogins: newGuessLimiter(cfg.Now),
		lookups:      newLookupLimiter(cfg.Now),
		personal:     newPersonalLookups(cfg.Now),
	}
	s.live = newLiveHub(s)

	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.handleError
	e.IPExtractor = ipExtractor(cfg.TrustedProxies)
	s.echo = e
	s.useMiddleware(e)
	if err := s.register(e, s.routes()); err != nil {
		return nil, err
	}
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// Notify takes the token service's news to the live pages; it never blocks.
func (s *Server) Notify(change tokens.Change) { s.live.notify(change) }

// Drain makes /readyz say no and ends the live streams, so that a graceful
// stop can finish.
func (s *Server) Drain() {
	s.draining.Store(true)
	s.live.close()
}

// ipExtractor believes X-Forwarded-For only from the configured proxies
// (SECURITY R61); by default the peer's own address counts.
func ipExtractor(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, prefix := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP:   prefix.Addr().AsSlice(),
			Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

func cleanUserAgent(agent string) string {
	clean := strings.Map(func(r rune) rune {
		if models.CheckText("userAgent", string(r), 1, false) != nil && r != ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(agent, ""))
	if runes := []rune(clean); len(runes) > models.MaxUserAgentLength {
		return string(runes[:models.MaxUserAgentLength])
	}
	return clean
}
