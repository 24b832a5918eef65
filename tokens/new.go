package tokens

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"muster/models"
)

// Service is the token service, safe for concurrent use. Every error is a
// [models.Error] of the kinds that the method names, or KindForbidden when the
// actor lacks a permission, KindUnavailable when the database does not answer, and
// KindInternal when the fault is ours.
type Service struct {
	store   Store
	cfg     Config
	random  io.Reader
	keys    keyring
	touches touches
}

const masterKeySize = 32

// New checks cfg and returns the service, without I/O. A nil Now, Random or Logger
// means the system's clock, the system's random generator and no log.
func New(store Store, cfg Config) (*Service, error) {
	var errs []error
	if store == nil {
		errs = append(errs, errors.New("a store is needed"))
	}
	if err := checkIssuer(cfg.Issuer); err != nil {
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
	return &Service{store: store, cfg: cfg, random: &lockedReader{r: cfg.Random}}, nil
}

func checkIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("the issuer must be an http or https URL, not %q", issuer)
	}
	if strings.HasSuffix(issuer, "/") || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("the issuer %q must have no trailing slash, query or fragment", issuer)
	}
	return nil
}

// now is the time of an operation: UTC, whole microseconds.
func (s *Service) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Microsecond) }

// notify tells the live pages; it is called only after the commit.
func (s *Service) notify(c Change) {
	if s.cfg.Notify != nil {
		s.cfg.Notify(c)
	}
}
