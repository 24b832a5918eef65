package tokens_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
	"muster/tokens"
)

// start is the time every test begins at.
var start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

const (
	issuer       = "https://muster.example.org"
	accessTTL    = 15 * time.Minute
	refreshIdle  = 90 * 24 * time.Hour
	maxLifetime  = 366 * 24 * time.Hour
	device       = "laptop-7.example.org"
	customerName = "default"
)

// clock is moved by hand.
type clock struct{ nanos atomic.Int64 }

func (c *clock) now() time.Time          { return start.Add(time.Duration(c.nanos.Load())) }
func (c *clock) advance(d time.Duration) { c.nanos.Add(int64(d)) }
func (c *clock) set(t time.Time)         { c.nanos.Store(int64(t.Sub(start))) }

// rig is the service over a real database.
type rig struct {
	*tokens.Service
	t     testing.TB
	clock *clock
	db    *store.Store
	url   string

	mu      sync.Mutex
	changes []tokens.Change
}

func newRig(t testing.TB) *rig {
	t.Helper()
	return newRigOn(t, storetest.SQLite(t))
}

func newRigOn(t testing.TB, url string) *rig {
	t.Helper()
	r := &rig{t: t, clock: &clock{}, url: url}
	r.db = r.open()
	if _, err := r.db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.Service = r.service(r.db)
	return r
}

// open opens the database once more, as another replica would.
func (r *rig) open() *store.Store {
	r.t.Helper()
	// How long a change waits has tests of its own; here many redeem at once,
	// however slow the machine is.
	db, err := store.Open(r.t.Context(), r.url, store.WithBusyTimeout(time.Minute), store.WithDeskPatience(time.Minute))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = db.Close() })
	return db
}

func (r *rig) config() tokens.Config {
	return tokens.Config{
		Issuer: issuer, AccessTokenTTL: accessTTL, RefreshIdle: refreshIdle, MaxTokenLifetime: maxLifetime,
		MasterKey: bytes.Repeat([]byte{1}, 32), Now: r.clock.now,
		Notify: func(c tokens.Change) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.changes = append(r.changes, c)
		},
	}
}

func (r *rig) service(db tokens.Store) *tokens.Service {
	r.t.Helper()
	s, err := tokens.New(db, r.config())
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(s.Close) // before the database
	return s
}

// told takes what the live pages were told since the last call.
func (r *rig) told() []tokens.Change {
	r.mu.Lock()
	defer r.mu.Unlock()
	changes := r.changes
	r.changes = nil
	return changes
}

var (
	admin = models.Actor{
		Kind: models.ActorPerson, ID: "https://idp.example.org alice", Name: "Alice Adler",
		Role: models.RoleAdmin, Permissions: models.RoleAdmin.Permissions(),
		Origin: models.Origin{IP: "192.0.2.1", RequestID: "req-admin"},
	}
	helpdesk = models.Actor{
		Kind: models.ActorPerson, ID: "https://idp.example.org heidi", Name: "Heidi Helm",
		Role: models.RoleHelpdesk, Permissions: models.RoleHelpdesk.Permissions(),
	}
	annVerified = models.VerifiedIdentity{Issuer: "https://idp.example.org", Subject: "ann", Email: "ann@example.org"}
	// ann is an end user: signed in, without a role.
	ann = models.Actor{
		Kind: models.ActorPerson, ID: annVerified.ActorID(), Name: "Ann Example",
		Permissions: models.RoleNone.Permissions(), Origin: models.Origin{IP: "192.0.2.7", RequestID: "req-ann"},
	}
	licenceServer = models.Actor{
		Kind: models.ActorAPIKey, ID: "licence-server", Name: "licence server",
		Permissions: []models.Permission{models.PermissionIntrospect},
		Origin:      models.Origin{IP: "198.51.100.9"},
	}
	origin = models.Origin{IP: "203.0.113.5", UserAgent: "app/1.0", Channel: models.ChannelREST, RequestID: "req-device"}
)

// create makes a registration token with that count.
func (r *rig) create(count int) (*models.RegistrationToken, models.Secret) {
	r.t.Helper()
	token, secret, err := r.CreateRegistrationToken(r.ctx(), admin, models.RegistrationTokenSettings{Count: &count})
	if err != nil {
		r.t.Fatal(err)
	}
	return token, secret
}

func (r *rig) ctx() context.Context { return r.t.Context() }

func request(secret models.Secret, user string) tokens.RedeemRequest {
	return tokens.RedeemRequest{
		Secret: secret, Claimed: models.ClaimedIdentity{SystemUserName: user, FQDN: device}, Origin: origin,
	}
}

// redeem expects to succeed.
func (r *rig) redeem(secret models.Secret, user string) *tokens.IssuedAuthToken {
	r.t.Helper()
	issued, err := r.Redeem(r.ctx(), request(secret, user))
	if err != nil {
		r.t.Fatalf("redeem as %s: %v", user, err)
	}
	return issued
}

// device redeems a fresh registration token.
func (r *rig) device() *tokens.IssuedAuthToken {
	r.t.Helper()
	_, secret := r.create(1)
	return r.redeem(secret, "bob")
}

// refresh expects to succeed.
func (r *rig) refresh(refreshToken models.Secret) *tokens.IssuedSecrets {
	r.t.Helper()
	issued, err := r.Refresh(r.ctx(), refreshToken, origin)
	if err != nil {
		r.t.Fatalf("refresh: %v", err)
	}
	return issued
}

func (r *rig) token(id string) *models.RegistrationToken {
	r.t.Helper()
	token, err := r.db.RegistrationToken(r.ctx(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return token
}

func (r *rig) authToken(id string) *models.AuthToken {
	r.t.Helper()
	t, err := r.db.AuthToken(r.ctx(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return t
}

// used expects so many counts to be taken.
func (r *rig) used(id string, want int) {
	r.t.Helper()
	if got := r.token(id).UsedCount; got != want {
		r.t.Errorf("used count %d, want %d", got, want)
	}
}

// active asks whether a secret is live.
func (r *rig) active(secret models.Secret) bool {
	r.t.Helper()
	answer, err := r.Introspect(r.ctx(), licenceServer, secret, tokens.HintRefreshToken)
	if err != nil {
		r.t.Fatal(err)
	}
	return answer.Active
}

// refused expects an error of that kind and code, and returns it.
func refused(t testing.TB, err error, kind models.Kind, code models.Code) *models.Error {
	t.Helper()
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Kind != kind || e.Code != code {
		t.Fatalf("error %v, want %s %s", err, kind, code)
	}
	return e
}

// invalid expects a KindInvalid error about exactly these fields.
func invalid(t testing.TB, err error, fields ...string) *models.Error {
	t.Helper()
	e := refused(t, err, models.KindInvalid, models.CodeInvalidRequest)
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Field)
	}
	if len(got) != len(fields) {
		t.Fatalf("fields %q, want %q", got, fields)
	}
	for i := range fields {
		if got[i] != fields[i] {
			t.Fatalf("fields %q, want %q", got, fields)
		}
	}
	return e
}

// parallel runs fn n times at once and returns the errors in order.
func parallel(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var ready, done sync.WaitGroup
	gate := make(chan struct{})
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			<-gate
			errs[i] = fn(i)
		})
	}
	ready.Wait()
	close(gate)
	done.Wait()
	return errs
}

func ptr[T any](v T) *T { return &v }
