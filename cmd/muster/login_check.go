package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"muster/internal/config"
	"muster/internal/rp"
	"muster/models"
	"muster/views/telling"
)

// loginCheckCommand is `muster login-check`.
type loginCheckCommand struct {
	config.Flags
	Token    string `placeholder:"FILE" help:"Examine the ID or access token in this file (- for standard input) instead of signing in."`
	Loopback string `placeholder:"HOST:PORT" help:"Listen here for the browser's return, beside a running server; register http://HOST:PORT/auth/callback at the provider."`
}

const (
	// loginCheckPatience is how long a person may take to sign in.
	loginCheckPatience = 10 * time.Minute
	maxTokenFile       = 1 << 20
)

// Run prints what the login provider sends, without secrets, and what Muster makes of it.
// It fails when that is no role.
func (c *loginCheckCommand) Run(ctx context.Context, p *program) error {
	cfg, err := config.Load(c.Flags, p.environment())
	if err != nil {
		return err
	}
	if cfg.Dev {
		return errors.New("--dev brings a login provider of its own; there is nothing to check")
	}
	check := loginCheck{program: p, cfg: cfg, redirect: cfg.BaseURL + callbackPath, listen: cfg.Listen}
	if c.Loopback != "" {
		if host, _, err := net.SplitHostPort(c.Loopback); err != nil || !config.IsLoopbackHost(host) {
			return fmt.Errorf("--loopback is %q, which is no loopback host:port; write it like 127.0.0.1:8085", c.Loopback)
		}
		check.redirect, check.listen = "http://"+c.Loopback+callbackPath, c.Loopback
	}
	check.provider, err = rp.New(providerConfig(rp.Config{
		RedirectURL: check.redirect, Now: p.now, Logger: slog.New(slog.NewTextHandler(p.err, nil)),
	}, cfg.OIDC))
	if err != nil {
		return err
	}
	if err := check.provider.Check(ctx); err != nil {
		return err
	}
	if c.Token != "" {
		return check.token(ctx, c.Token)
	}
	return check.browser(ctx)
}

// loginCheck is one run of it.
type loginCheck struct {
	program          *program
	cfg              *config.Config
	provider         *rp.Provider
	redirect, listen string
}

// token examines a token that somebody has from the provider.
func (c loginCheck) token(ctx context.Context, path string) error {
	content, err := readToken(c.program.dir, path)
	if err != nil {
		return err
	}
	e, err := c.provider.Examine(ctx, strings.TrimSpace(content))
	if err != nil {
		return err
	}
	if err := c.print("Claims of the token", e.Claims); err != nil {
		return err
	}
	c.say("Signed by the provider: %s", yesOrWhy(e.NotSigned))
	c.say("As a bearer token on REST: %s", yesOrWhy(e.NotForREST))
	return cmp.Or(c.verdict(e.Role, e.RoleFinding), e.NotSigned)
}

func readToken(dir, path string) (string, error) {
	var from io.Reader = os.Stdin
	if path != "-" {
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		file, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer func() { _ = file.Close() }()
		from = file
	}
	content, err := io.ReadAll(io.LimitReader(from, maxTokenFile))
	return string(content), err
}

// browser signs somebody in, just as the server does.
func (c loginCheck) browser(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.listen)
	if err != nil {
		return fmt.Errorf("%w\nIf muster serve is running, stop it, or register http://127.0.0.1:8085%s as a redirect URI at the provider and use --loopback 127.0.0.1:8085", err, callbackPath)
	}
	flow := rp.NewFlow("")
	address, err := c.provider.AuthCodeURL(ctx, flow)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	back := make(chan url.Values, 1)
	server := &http.Server{ReadHeaderTimeout: readHeaderTimeout, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != callbackPath || !flow.Answers(r.URL.Query()) {
			http.NotFound(w, r)
			return
		}
		select {
		case back <- r.URL.Query():
		default: // reloaded
		}
		_, _ = io.WriteString(w, "Signed in. The terminal says what the login provider sent.\n")
	})}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }()
	c.say("Open this address in a browser and sign in:\n\n  %s\n", address)

	ctx, cancel := context.WithTimeout(ctx, loginCheckPatience)
	defer cancel()
	select {
	case <-ctx.Done():
		return fmt.Errorf("nobody came back to %s: %w", c.redirect, ctx.Err())
	case callback := <-back:
		who, err := c.provider.Exchange(ctx, flow, callback)
		if err != nil {
			return err
		}
		idToken, userInfo := who.Said()
		err = c.print("Claims of the ID token", idToken)
		if len(userInfo) > 0 {
			err = errors.Join(err, c.print("Claims of UserInfo", userInfo))
		}
		return cmp.Or(err, c.verdict(who.Role, who.RoleFinding))
	}
}

func (c loginCheck) say(format string, args ...any) { fmt.Fprintf(c.program.out, format+"\n", args...) }

func (c loginCheck) print(what string, claims map[string]any) error {
	text, err := json.MarshalIndent(claims, "", "  ")
	c.say("%s:\n%s\n", what, text)
	return err
}

// verdict says which role there is, or why there is none.
func (c loginCheck) verdict(role models.Role, finding models.RoleFinding) error {
	claim := c.provider.RoleClaim()
	if found, change := telling.MissingRole(finding, claim, c.provider.AsksFor(claim)); found != "" {
		c.say("Role: none. %s\n%s", found, change)
		return errFindings
	}
	c.say("Role: %s, by the claim %s.", role, claim)
	return nil
}

func yesOrWhy(err error) string {
	if err == nil {
		return "yes"
	}
	return "no: " + err.Error()
}
