package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"muster/handlers"
	"muster/internal/config"
	"muster/internal/dev/demo"
	"muster/internal/replicas"
	"muster/models"
	"muster/models/store"
	"muster/tokens"
)

// Limits of the listeners (rule 16). They apply to every method: a GET can also
// announce a body and never send it. Live pages, whose answer stays open, set their
// own deadlines.
const (
	readHeaderTimeout = 5 * time.Second
	bodyTimeout       = 15 * time.Second
	answerTimeout     = 30 * time.Second
	idleTimeout       = 60 * time.Second
	// Room for the address of a list with as many rows selected as can be, and for what
	// browsers and htmx say of the page that it was asked from.
	maxHeaderBytes = 64 << 10
	stopTimeout    = 25 * time.Second
	pruneInterval  = time.Hour
)

// garbage is how much a server's heap may grow between collections, in percent, where
// GOGC does not say: what lives in it is small, and each collection reads all of that.
const garbage = 400

// drainPause lets a load balancer see that /readyz fails before the listener
// closes. A development server has no load balancer.
const drainPause = 2 * time.Second

// serveCommand is `muster serve`.
type serveCommand struct {
	config.Flags
}

// Run serves until ctx ends, then stops gracefully.
func (c *serveCommand) Run(ctx context.Context, p *program) error {
	cfg, err := config.Load(c.Flags, p.environment())
	if err != nil {
		return err
	}
	if _, set := p.lookup("GOGC"); !set {
		debug.SetGCPercent(garbage)
	}
	logger := p.logger(cfg.Dev)
	for _, warning := range cfg.Warnings {
		logger.WarnContext(ctx, "configuration", "warning", warning)
	}
	if !cfg.Dev { // which has a login provider and roles of its own
		logger.InfoContext(ctx, "roles", "claim", cfg.OIDC.RoleClaim, "admin", cfg.OIDC.AdminRoles, "helpdesk", cfg.OIDC.HelpdeskRoles)
	}
	s, err := p.open(ctx, cfg, logger)
	if err != nil {
		return err
	}
	served := s.serve(ctx)
	s.tokens.Close() // its background writes need the store
	return errors.Join(served, s.store.Close())
}

func (p *program) logger(dev bool) *slog.Logger {
	if dev {
		return slog.New(slog.NewTextHandler(p.err, nil))
	}
	return slog.New(slog.NewJSONHandler(p.err, nil))
}

// server is everything that serve runs.
type server struct {
	program  *program
	cfg      *config.Config
	logger   *slog.Logger
	store    *store.Store
	tokens   *tokens.Service
	handlers *handlers.Server
	listener net.Listener
	baseURL  string
	metrics  *metrics
	replicas *replicas.Replicas
}

// open builds the server: database, master key, listener, services. When it
// fails nothing stays open.
func (p *program) open(ctx context.Context, cfg *config.Config, logger *slog.Logger) (_ *server, err error) {
	s := &server{program: p, cfg: cfg, logger: logger, baseURL: cfg.BaseURL, metrics: newMetrics()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.closeAll())
		}
	}()
	options := []store.Option{store.WithCommitted(s.metrics.committed)}
	if _, sqlite := cfg.SQLitePath(); !sqlite {
		options = append(options, store.WithMaxConns(cfg.DatabaseConnections))
	}
	if s.store, err = p.openDatabase(ctx, cfg, logger, options...); err != nil {
		return nil, err
	}
	if err := s.prepareDatabase(ctx); err != nil {
		return nil, err
	}
	masterKey, err := cfg.MasterKey(rand.Reader, func() (bool, error) {
		keys, err := s.store.SigningKeys(ctx)
		return len(keys) > 0, err
	})
	if err != nil {
		return nil, err
	}
	// The port may be chosen by the system, and in development the base URL
	// follows from it.
	if s.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Listen); err != nil {
		return nil, fmt.Errorf("listen on MUSTER_LISTEN: %w", err)
	}
	if cfg.Dev {
		s.baseURL = config.DevBaseURL(cfg.Listen, s.listener.Addr().(*net.TCPAddr).Port)
	}
	return s, s.wire(ctx, masterKey)
}

// wire connects the services.
func (s *server) wire(ctx context.Context, masterKey []byte) error {
	tokenConfig := tokens.Config{
		Verdict: s.cfg.Verdict,
		Issuer:  s.baseURL, Audience: s.cfg.TokenAudience,
		AccessTokenTTL: s.cfg.AccessTokenTTL, RefreshIdle: s.cfg.RefreshIdle, MaxTokenLifetime: s.cfg.MaxTokenLifetime,
		MasterKey: masterKey, Logger: s.logger, Now: s.program.now, Random: rand.Reader,
		Notify: s.changed,
	}
	s.replicas = replicas.New(s.store, s.heard, s.logger)
	service, err := tokens.New(s.store, tokenConfig)
	if err != nil {
		return err
	}
	s.tokens = service
	login, err := s.login(ctx)
	if err != nil {
		return err
	}
	s.handlers, err = handlers.New(handlers.Config{
		BaseURL: s.baseURL, Dev: s.cfg.Dev, Version: version(),
		DevProvider: login.handler, CLIClientID: login.cliClientID,
		VendorName: s.cfg.VendorName, HelpText: s.cfg.HelpText, TicketURL: s.cfg.TicketURL,
		VendorLogo:       handlers.Logo{Type: s.cfg.VendorLogo.Type, Content: s.cfg.VendorLogo.Content},
		TrustedProxies:   s.cfg.TrustedProxies,
		ForwardedHeader:  s.cfg.ForwardedHeader,
		MaxTokenLifetime: s.cfg.MaxTokenLifetime, AccessTokenTTL: s.cfg.AccessTokenTTL, SessionRecheck: s.cfg.SessionRecheck, Verdict: s.cfg.Verdict,
		MasterKey: masterKey, Logger: s.logger, Now: s.program.now, Observe: s.metrics.observe, Count: s.metrics.count,
		AccessLog: handlers.AccessLog(s.cfg.AccessLog),
	}, s.store, service, login.provider)
	if err != nil {
		return err
	}
	s.metrics.watch(s.store, s.handlers.Watchers)
	if err := service.EnsureSigningKey(ctx); err != nil {
		return fmt.Errorf("signing key: %w", err)
	}
	if s.cfg.Demo {
		tokenConfig.Notify, tokenConfig.MaxTokenLifetime = nil, demo.MaxTokenLifetime
		return s.seedDemo(ctx, login.visitor, tokenConfig)
	}
	return nil
}

// changed passes a change of ours on to open pages and to the other replicas; SQLite
// has none.
func (s *server) changed(change tokens.Change) {
	s.handlers.Notify(change)
	if s.store.Dialect() == store.PostgreSQL {
		s.replicas.Tell(change)
	}
}

// heard takes a change of another replica.
func (s *server) heard(change tokens.Change) {
	s.tokens.Heard(change)
	s.handlers.Notify(change)
}

// seedDemo adds sample data through a token service whose clock runs through the
// past weeks.
func (s *server) seedDemo(ctx context.Context, visitor models.VerifiedIdentity, cfg tokens.Config) error {
	added, err := demo.Seed(ctx, s.store, s.program.now(), visitor, func(clock func() time.Time) (demo.Service, error) {
		cfg.Now = clock
		return tokens.New(s.store, cfg)
	})
	if err != nil {
		return fmt.Errorf("sample data: %w", err)
	}
	if added {
		s.logger.InfoContext(ctx, "sample data added")
	}
	return nil
}

// serve answers until ctx ends or a listener fails, then stops: readiness
// off, live pages closed, requests under way finished.
func (s *server) serve(ctx context.Context) error {
	web := s.httpServer(untilBodyRead(s.handlers))
	failed := make(chan error, 2)
	listen := func(server *http.Server, l net.Listener) {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve %s: %w", l.Addr(), err)
		}
	}
	servers := []*http.Server{web}
	go listen(web, s.listener)
	if s.cfg.MetricsListen != "" {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.MetricsListen)
		if err != nil {
			return errors.Join(fmt.Errorf("listen on MUSTER_METRICS_LISTEN: %w", err), web.Close())
		}
		s.logger.InfoContext(ctx, "metrics", "address", l.Addr().String())
		metricsServer := s.httpServer(s.metrics.handler())
		servers = append(servers, metricsServer)
		go listen(metricsServer, l)
	}
	background, endBackground := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer func() {
		endBackground()
		working.Wait() // they need the store
	}()
	working.Go(func() { s.store.Project(background, s.logger) })
	working.Go(func() { s.prune(background) })
	if s.store.Dialect() == store.PostgreSQL {
		working.Go(func() { s.replicas.Run(background) })
	}

	s.announce(ctx)
	if s.program.ready != nil {
		s.program.ready(s.baseURL)
	}
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-failed:
	}
	return errors.Join(failure, s.stop(context.WithoutCancel(ctx), servers))
}

// stop ends gracefully: what takes longer than stopTimeout is cut off.
func (s *server) stop(ctx context.Context, servers []*http.Server) error {
	s.logger.InfoContext(ctx, "stopping")
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	s.handlers.Drain()
	if !s.cfg.Dev {
		<-time.After(drainPause)
	}
	var errs []error
	for _, server := range servers {
		if err := server.Shutdown(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stop: %w", err), server.Close())
		}
	}
	return errors.Join(errs...)
}

func (s *server) httpServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       cmp.Or(s.program.bodyTimeout, bodyTimeout),
		WriteTimeout:      cmp.Or(s.program.answerTimeout, answerTimeout),
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ConnState:         newIdleConns(mostIdle).note,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelDebug),
	}
}

// untilBodyRead removes the read deadline once the body has been read: otherwise it
// could cancel the request's context while the answer is still being made.
func untilBodyRead(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		release := func() {
			// This does not fail on a connection of net/http.
			_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		}
		if r.Body == http.NoBody {
			release()
		} else {
			r.Body = &watchedBody{r.Body, release}
		}
		next.ServeHTTP(w, r)
	})
}

// watchedBody calls ended when it has been read to its end.
type watchedBody struct {
	io.ReadCloser
	ended func()
}

// Read implements [io.Reader].
func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.ended()
	}
	return n, err
}

// prune removes expired rows every pruneInterval until ctx ends.
func (s *server) prune(ctx context.Context) {
	ticker := time.NewTicker(pruneInterval)
	defer ticker.Stop()
	for {
		if err := s.store.Prune(ctx, s.program.now(), s.cfg.Retention); err != nil && ctx.Err() == nil {
			s.logger.ErrorContext(ctx, "prune", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *server) closeAll() error {
	var errs []error
	if s.listener != nil {
		errs = append(errs, s.listener.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}
