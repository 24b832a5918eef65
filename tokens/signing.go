package tokens

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"muster/internal/seal"
	"muster/models"
)

const (
	signingAlgorithm  = jose.ES256
	signingKeyPurpose = "signing key"
	// keyReload is the least time between two reads of the keys because of an
	// unknown key id: forged tokens must not become database load.
	keyReload = 10 * time.Second
)

// keyring is the signing keys as last read from the store.
type keyring struct {
	mu       sync.RWMutex
	signer   jose.Signer
	public   map[string]jose.JSONWebKey
	loadedAt time.Time
}

// EnsureSigningKey creates the first key; the service is ready once it has
// returned nil.
func (s *Service) EnsureSigningKey(ctx context.Context) error {
	_, err := s.signer(ctx)
	return err
}

// signer returns the signer of the newest key, which is created when first needed.
func (s *Service) signer(ctx context.Context) (jose.Signer, error) {
	s.keys.mu.RLock()
	signer := s.keys.signer
	s.keys.mu.RUnlock()
	if signer != nil {
		return signer, nil
	}
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	if s.keys.signer != nil {
		return s.keys.signer, nil
	}
	now := s.now()
	if err := s.loadKeys(ctx, now); err != nil {
		return nil, err
	}
	if s.keys.signer == nil {
		// Another replica may create one at the same time; the store accepts one
		// of the two, and both read it back.
		if err := s.createSigningKey(ctx, now); err != nil {
			return nil, err
		}
		if err := s.loadKeys(ctx, now); err != nil {
			return nil, err
		}
	}
	if s.keys.signer == nil {
		return nil, errors.New("no signing key although one was just made")
	}
	return s.keys.signer, nil
}

// loadKeys reads the keys; the caller holds the lock.
func (s *Service) loadKeys(ctx context.Context, now time.Time) error {
	rows, err := s.store.SigningKeys(ctx)
	if err != nil {
		return err
	}
	public := make(map[string]jose.JSONWebKey, len(rows))
	var signer jose.Signer
	for _, row := range rows {
		if !s.published(row, now) {
			continue
		}
		var jwk jose.JSONWebKey
		if err := json.Unmarshal(row.PublicJWK, &jwk); err != nil {
			return fmt.Errorf("read signing key %s: %w", row.ID, err)
		}
		public[row.ID] = jwk
		if signer == nil && row.RetiredAt == nil {
			if signer, err = s.openSigner(row); err != nil {
				return err
			}
		}
	}
	s.keys.public, s.keys.signer, s.keys.loadedAt = public, signer, now
	return nil
}

// published reports whether a key may still verify something: a retired one
// until the last access token it signed has expired.
func (s *Service) published(row models.SigningKey, now time.Time) bool {
	return row.RetiredAt == nil || now.Before(row.RetiredAt.Add(s.cfg.AccessTokenTTL))
}

func (s *Service) openSigner(row models.SigningKey) (jose.Signer, error) {
	plain, err := seal.Open(s.cfg.MasterKey, signingKeyPurpose, row.SealedKey)
	if err != nil {
		return nil, fmt.Errorf("signing key %s does not open: the master key is not the one it was sealed under: %w", row.ID, err)
	}
	var private jose.JSONWebKey
	if err := json.Unmarshal(plain, &private); err != nil {
		return nil, fmt.Errorf("read signing key %s: %w", row.ID, err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: signingAlgorithm, Key: private},
		(&jose.SignerOptions{}).WithType(accessTokenType))
	if err != nil {
		return nil, fmt.Errorf("use signing key %s: %w", row.ID, err)
	}
	return signer, nil
}

func (s *Service) createSigningKey(ctx context.Context, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make a signing key: %w", err)
	}
	private := jose.JSONWebKey{Key: key, Algorithm: string(signingAlgorithm), Use: "sig"}
	thumbprint, err := private.Thumbprint(crypto.SHA256)
	if err != nil {
		return fmt.Errorf("name a signing key: %w", err)
	}
	private.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint)
	plain, err := json.Marshal(private)
	if err != nil {
		return fmt.Errorf("write a signing key: %w", err)
	}
	public, err := json.Marshal(private.Public())
	if err != nil {
		return fmt.Errorf("write a signing key: %w", err)
	}
	sealed, err := seal.Seal(s.cfg.MasterKey, signingKeyPurpose, plain)
	if err != nil {
		return err
	}
	muster := models.Actor{Kind: models.ActorSystem, ID: "muster", Name: "Muster"}
	event, err := s.event(now, muster, models.AuditSigningKeyCreated, models.ObjectSigningKey, private.KeyID,
		map[string]any{"algorithm": signingAlgorithm})
	if err != nil {
		return err
	}
	_, err = s.store.CreateSigningKey(ctx, &models.SigningKey{
		ID: private.KeyID, Algorithm: string(signingAlgorithm),
		PublicJWK: public, SealedKey: sealed, CreatedAt: now,
	}, event)
	return err
}

// publicKey finds the key with an id; false when there is none.
func (s *Service) publicKey(ctx context.Context, kid string, now time.Time) (jose.JSONWebKey, bool, error) {
	s.keys.mu.RLock()
	key, ok := s.keys.public[kid]
	fresh := !s.keys.loadedAt.IsZero() && now.Before(s.keys.loadedAt.Add(keyReload))
	s.keys.mu.RUnlock()
	if ok || fresh {
		return key, ok, nil
	}
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	if err := s.loadKeys(ctx, now); err != nil {
		return jose.JSONWebKey{}, false, err
	}
	key, ok = s.keys.public[kid]
	return key, ok, nil
}

// JWKS is the public key set as JSON (RFC 7517). It reads the store each time,
// so that a key made by another replica is published at once.
func (s *Service) JWKS(ctx context.Context) ([]byte, error) {
	rows, err := s.store.SigningKeys(ctx)
	if err != nil {
		return nil, err
	}
	now := s.now()
	set := struct {
		Keys []json.RawMessage `json:"keys"`
	}{Keys: []json.RawMessage{}}
	for _, row := range rows {
		if s.published(row, now) {
			set.Keys = append(set.Keys, row.PublicJWK)
		}
	}
	return json.Marshal(set)
}
