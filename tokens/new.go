package tokens

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"muster/models"
	"muster/tokens/background"
	"muster/tokens/recent"
	"muster/tokens/secrets"
	"muster/tokens/signing"
)

// Service is the token service, safe for concurrent use. Every error is a
// [models.Error] of the kinds that the method names, or KindForbidden when the
// actor lacks a permission, KindUnavailable when the database does not answer, and
// KindInternal when the fault is ours.
type Service struct {
	store      Store
	cfg        Config
	random     io.Reader
	keys       *signing.Keyring
	background *background.Writes

	// What many present at once, by the digest of the secret.
	apiKeys            *recent.Cache[*models.APIKey]
	registrationTokens *recent.Cache[*models.RegistrationToken]
}

const (
	masterKeySize = 32
	// remembered is how long a change made by another replica may go unseen when we do not
	// hear of it, where nothing else decides: who has not read the database for that long
	// lets nobody in. mostRemembered is of how many rows.
	remembered     = time.Second
	mostRemembered = 1000
)

// New checks cfg and returns the service, without I/O. A nil Now, Random or Logger
// means the system's clock, the system's random generator and no log.
func New(store Store, cfg Config) (*Service, error) {
	var errs []error
	if store == nil {
		errs = append(errs, errors.New("a store is needed"))
	}
	if err := signing.CheckIssuer(cfg.Issuer); err != nil {
		errs = append(errs, err)
	}
	for _, d := range []struct {
		name  string
		value time.Duration
		least time.Duration
	}{
		{"access token lifetime", cfg.AccessTokenTTL, time.Second},
		{"refresh idle time", cfg.RefreshIdle, time.Second},
		{"maximum registration token lifetime", cfg.MaxTokenLifetime, models.MinTokenLifetime},
	} {
		if d.value < d.least {
			errs = append(errs, fmt.Errorf("the %s must be at least %s, not %s", d.name, d.least, d.value))
		}
	}
	if len(cfg.MasterKey) != masterKeySize {
		errs = append(errs, fmt.Errorf("the master key must have %d bytes, not %d", masterKeySize, len(cfg.MasterKey)))
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("token service: %w", errors.Join(errs...))
	}
	cfg.Audience = cmp.Or(cfg.Audience, cfg.Issuer)
	cfg.Verdict = cmp.Or(cfg.Verdict, models.DefaultVerdictRules())
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		store: store, cfg: cfg, random: secrets.Shared(cfg.Random), background: background.New(cfg.Logger),
		apiKeys:            recent.New[*models.APIKey](mostRemembered, remembered),
		registrationTokens: recent.New[*models.RegistrationToken](mostRemembered, remembered),
	}
	s.keys = signing.New(store, signing.Config{
		Issuer: cfg.Issuer, Audience: cfg.Audience, TTL: cfg.AccessTokenTTL, MasterKey: cfg.MasterKey, NewID: s.newID,
		Created: func(now time.Time, keyID, algorithm string) (models.AuditEvent, error) {
			return s.event(now, muster, models.AuditSigningKeyCreated, models.ObjectSigningKey, keyID, map[string]any{"algorithm": algorithm})
		},
	})
	return s, nil
}

// EnsureSigningKey creates the first key; the service is ready once it has
// returned nil.
func (s *Service) EnsureSigningKey(ctx context.Context) error { return s.keys.Ensure(ctx, s.now()) }

// JWKS is the public key set as JSON (RFC 7517). It reads the store each time,
// so that a key made by another replica is published at once.
func (s *Service) JWKS(ctx context.Context) ([]byte, error) { return s.keys.JWKS(ctx, s.now()) }

// now is the time of an operation: UTC, whole microseconds.
func (s *Service) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Microsecond) }

// notify tells the live pages and the other replicas; it is called only after the commit.
func (s *Service) notify(c Change) {
	s.Heard(c)
	if s.cfg.Notify != nil {
		s.cfg.Notify(c)
	}
}

// Heard forgets what is remembered of what a change, made here or by another replica,
// may have made untrue.
func (s *Service) Heard(c Change) {
	if c.Kind == ChangeRegistrationToken || c.Kind == ChangeMuch {
		s.registrationTokens.Forget()
	}
	if c.Kind == ChangeAPIKey || c.Kind == ChangeMuch {
		s.apiKeys.Forget()
	}
}
