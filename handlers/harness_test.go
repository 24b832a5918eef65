package handlers_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/handlers"
	"muster/internal/dev/idp"
	"muster/internal/rp"
	"muster/models"
	"muster/models/store"
	"muster/tokens"
)

// world is a whole server: a real database file, the real token service and
// relying party, and the development provider to log in at.
type world struct {
	t       testing.TB
	base    string // https://127.0.0.1:port
	clock   *clock
	store   *store.Store
	service *tokens.Service
	server  *handlers.Server
	http    *httptest.Server
	logs    *safeBuffer
	path    string // of the database file
	// providerDown makes the login provider answer 502.
	providerDown atomic.Bool
}

// clock is the time of a world; it stands still unless moved.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*timer
}

// timer calls due once the clock stands at or after at.
type timer struct {
	at  time.Time
	due func()
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc is [time.AfterFunc] of this clock.
func (c *clock) AfterFunc(d time.Duration, due func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	set := &timer{c.now.Add(d), due}
	c.timers = append(c.timers, set)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		at := slices.Index(c.timers, set)
		if at >= 0 {
			c.timers = slices.Delete(c.timers, at, at+1)
		}
		return at >= 0
	}
}

// Advance moves the clock on, and returns when what was due has been done.
func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	var due []func()
	c.timers = slices.DeleteFunc(c.timers, func(t *timer) bool {
		if t.at.After(c.now) {
			return false
		}
		due = append(due, t.due)
		return true
	})
	c.mu.Unlock()
	for _, do := range due {
		do()
	}
}

// safeBuffer gathers the log of parallel requests.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

const (
	testMaxTokenLifetime = 366 * 24 * time.Hour
	testAccessTokenTTL   = 15 * time.Minute
	testRefreshIdle      = 90 * 24 * time.Hour
)

// newWorld starts a server on SQLite that ends with the test.
func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldOn(t, "sqlite://"+filepath.Join(t.TempDir(), "muster.db"))
}

// newWorldOn is newWorld on an empty database of any kind, with settings
// changed.
func newWorldOn(t testing.TB, databaseURL string, changes ...func(*handlers.Config)) *world {
	t.Helper()
	return newWorldWaiting(t, databaseURL, time.Minute, changes...) // however slow the machine is
}

// newWorldWaiting is newWorldOn whose desk waits only so long for what is new.
func newWorldWaiting(t testing.TB, databaseURL string, patience time.Duration, changes ...func(*handlers.Config)) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}, logs: &safeBuffer{}}
	w.http = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.providerDown.Load() && strings.HasPrefix(r.URL.Path, "/realms/") {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		w.server.ServeHTTP(rw, r)
	}))
	w.base = "https://" + w.http.Listener.Addr().String()
	logger := slog.New(slog.NewJSONHandler(w.logs, nil))

	var err error
	w.path, _ = strings.CutPrefix(databaseURL, "sqlite://")
	w.store, err = store.Open(t.Context(), databaseURL, store.WithBusyTimeout(time.Minute), store.WithDeskPatience(patience))
	must(t, err)
	t.Cleanup(func() { must(t, w.store.Close()) })
	_, err = w.store.Migrate(t.Context())
	must(t, err)
	w.service, err = tokens.New(w.store, tokens.Config{
		Issuer: w.base, AccessTokenTTL: testAccessTokenTTL, RefreshIdle: testRefreshIdle,
		MaxTokenLifetime: testMaxTokenLifetime, MasterKey: bytes.Repeat([]byte{7}, 32),
		Logger: logger, Now: w.clock.Now, Notify: func(c tokens.Change) { w.server.Notify(c) },
	})
	must(t, err)
	t.Cleanup(w.service.Close) // before the store
	devProvider, err := idp.New(idp.Config{
		BaseURL: w.base, RedirectURI: w.base + "/auth/callback",
		PostLogoutRedirectURI: w.base + "/auth/signed-out", Now: w.clock.Now,
	})
	must(t, err)
	w.http.StartTLS()
	t.Cleanup(w.http.Close)
	provider, err := rp.New(rp.Config{
		Issuer: devProvider.Issuer(), ClientID: idp.DevClientID, ClientSecret: devProvider.ClientSecret(), Audience: devProvider.Audience(),
		RedirectURL: w.base + "/auth/callback", HTTPClient: w.http.Client(), Now: w.clock.Now, Logger: logger,
	})
	must(t, err)
	cfg := handlers.Config{
		BaseURL: w.base, Dev: true, DevProvider: devProvider, CLIClientID: idp.DevCLIClientID,
		MaxTokenLifetime: testMaxTokenLifetime, AccessTokenTTL: testAccessTokenTTL,
		MasterKey: bytes.Repeat([]byte{7}, 32), Logger: logger, Now: w.clock.Now, AfterFunc: w.clock.AfterFunc,
	}
	for _, change := range changes {
		change(&cfg)
	}
	w.server, err = handlers.New(cfg, w.store, w.service, provider)
	must(t, err)
	t.Cleanup(w.server.Drain)
	must(t, w.service.EnsureSigningKey(t.Context()))
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// admin is an actor for calls straight to the token service.
func (w *world) admin() models.Actor {
	return models.Actor{
		Kind: models.ActorPerson, ID: w.base + "/realms/muster admin", Name: "Nora Lindqvist",
		Role: models.RoleAdmin, Permissions: models.RoleAdmin.Permissions(),
		Origin: models.Origin{IP: "192.0.2.1", Channel: models.ChannelREST, RequestID: "test"},
	}
}

// registrationToken makes one that expires in 30 days.
func (w *world) registrationToken(identifier string, count int) (*models.RegistrationToken, models.Secret) {
	w.t.Helper()
	token, secret, err := w.service.CreateRegistrationToken(w.t.Context(), w.admin(),
		models.RegistrationTokenSettings{Identifier: &identifier, Count: &count})
	must(w.t, err)
	return token, secret
}

// redeem trades the secret as that user on that host.
func (w *world) redeem(secret models.Secret, user, host string) *tokens.IssuedAuthToken {
	w.t.Helper()
	issued, err := w.service.Redeem(w.t.Context(), w.redeemRequest(secret, user, host))
	must(w.t, err)
	return issued
}

func (*world) redeemRequest(secret models.Secret, user, host string) tokens.RedeemRequest {
	return tokens.RedeemRequest{
		Secret:  secret,
		Claimed: models.ClaimedIdentity{SystemUserName: user, FQDN: host, MACAddress: "00:53:00:12:34:56"},
		Origin:  models.Origin{IP: "198.51.100.77", UserAgent: "device/1.0", Channel: models.ChannelREST, RequestID: "device"},
	}
}

// usedCount reads the used count now.
func (w *world) usedCount(id string) int {
	w.t.Helper()
	token, err := w.store.RegistrationToken(w.t.Context(), id)
	must(w.t, err)
	return token.UsedCount
}

// browser is a client that keeps cookies and follows no redirect by itself.
type browser struct {
	w      *world
	client *http.Client
	// htmx makes every request one of htmx.
	htmx bool
	// accepts is the languages the browser asks for.
	accepts string
}

func (w *world) browser() *browser {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	must(w.t, err)
	client := *w.http.Client()
	client.Jar = jar
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{w: w, client: &client}
}

// login signs an account of the development provider in, through its page.
func (w *world) login(account string) *browser {
	w.t.Helper()
	b := w.browser()
	b.logInFrom(b.get("/auth/login"), account)
	return b
}

// logInFrom goes on from the redirect to the provider and returns the page
// the login leads to.
func (b *browser) logInFrom(started *answer, account string) *answer {
	b.w.t.Helper()
	page := b.follow(started)
	form := page.doc.Find("form").First()
	values := url.Values{"username": {account}, "password": {account}}
	form.Find("input[type=hidden]").Each(func(_ int, field *goquery.Selection) {
		values.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	target := page.resolve(form.AttrOr("action", ""))
	return b.follow(b.do(http.MethodPost, target, values))
}

// answer is an answer, read and parsed.
type answer struct {
	t      testing.TB
	url    *url.URL
	status int
	header http.Header
	body   string
	doc    *goquery.Document
}

func (b *browser) get(path string) *answer {
	b.w.t.Helper()
	return b.do(http.MethodGet, path, nil)
}

func (b *browser) post(path string, form url.Values) *answer {
	b.w.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	return b.do(http.MethodPost, path, form)
}

func (b *browser) do(method, target string, form url.Values) *answer {
	b.w.t.Helper()
	if strings.HasPrefix(target, "/") {
		target = b.w.base + target
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(context.WithoutCancel(b.w.t.Context()), method, target, body)
	must(b.w.t, err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.htmx {
		r.Header.Set("HX-Request", "true")
	}
	if b.accepts != "" {
		r.Header.Set("Accept-Language", b.accepts)
	}
	return b.send(r)
}

// send sends a request of any shape.
func (b *browser) send(r *http.Request) *answer {
	b.w.t.Helper()
	response, err := b.client.Do(r)
	must(b.w.t, err)
	raw, err := io.ReadAll(response.Body)
	must(b.w.t, err)
	must(b.w.t, response.Body.Close())
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(raw))
	must(b.w.t, err)
	return &answer{t: b.w.t, url: r.URL, status: response.StatusCode, header: response.Header, body: string(raw), doc: doc}
}

// follow goes where redirects lead, those for htmx included.
func (b *browser) follow(a *answer) *answer {
	b.w.t.Helper()
	for range 10 {
		to := a.leadsTo()
		if to == "" {
			return a
		}
		a = b.do(http.MethodGet, a.resolve(to), nil)
	}
	b.w.t.Fatal("too many redirects")
	return nil
}

// leadsTo is where the answer sends the browser; empty when it stays.
func (a *answer) leadsTo() string {
	if to := a.header.Get("Hx-Redirect"); to != "" {
		return to
	}
	if a.status >= 300 && a.status < 400 {
		return a.header.Get("Location")
	}
	return ""
}

func (a *answer) resolve(to string) string {
	a.t.Helper()
	u, err := a.url.Parse(to)
	must(a.t, err)
	return u.String()
}

// wants fails unless the status is as wanted.
func (a *answer) wants(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: status %d, want %d\n%s", a.url.Path, a.status, status, squeeze(a.doc.Text()))
	}
	return a
}

// text is the text of what the selector finds, white space squeezed.
func (a *answer) text(selector string) string { return squeeze(a.doc.Find(selector).Text()) }

// has fails unless the selector finds something with that text in it.
func (a *answer) has(selector, text string) *answer {
	a.t.Helper()
	found := a.doc.Find(selector)
	if found.Length() == 0 {
		a.t.Fatalf("%s: nothing matches %q\n%s", a.url.Path, selector, squeeze(a.doc.Text()))
	}
	if got := squeeze(found.Text()); !strings.Contains(got, text) {
		a.t.Fatalf("%s: %q holds %q, want %q", a.url.Path, selector, got, text)
	}
	return a
}

// hasNot fails when the selector finds something.
func (a *answer) hasNot(selector string) *answer {
	a.t.Helper()
	if found := a.doc.Find(selector); found.Length() > 0 {
		a.t.Fatalf("%s: %q matches %q", a.url.Path, selector, squeeze(found.First().Text()))
	}
	return a
}

// value is what a form field holds.
func (a *answer) value(name string) string {
	field := a.doc.Find(`[name="` + name + `"]`).First()
	switch goquery.NodeName(field) {
	case "textarea":
		return field.Text()
	case "select":
		return field.Find("option[selected]").AttrOr("value", "")
	default:
		return field.AttrOr("value", "")
	}
}

func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }
