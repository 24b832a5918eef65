// Package signing signs access tokens (RFC 9068), verifies them, and keeps the keys.
package signing

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
	"muster/tokens/recent"
)

const (
	signingAlgorithm  = jose.ES256
	signingKeyPurpose = "signing key"
	// mostVerified is how many verified tokens are remembered, about a kilobyte each.
	mostVerified = 20_000
	// keyReload is the least time between two reads of the keys because of an
	// unknown key id: forged tokens must not become database load.
	keyReload = 10 * time.Second
)

// Store keeps the keys; see the store of the token service.
type Store interface {
	SigningKeys(ctx context.Context) ([]models.SigningKey, error)
	CreateSigningKey(ctx context.Context, key *models.SigningKey, event models.AuditEvent) (bool, error)
}

// Config is what is signed, and under what.
type Config struct {
	// Issuer and Audience are the iss and the aud of every access token, TTL how long
	// it lives.
	Issuer, Audience string
	TTL              time.Duration
	// MasterKey seals keys at rest; 32 bytes.
	MasterKey []byte
	// NewID makes the jti of an access token, Created the audit event of a new key.
	NewID   func(now time.Time) (string, error)
	Created func(now time.Time, keyID, algorithm string) (models.AuditEvent, error)
}

// Keyring is the signing keys as last read from the store. It is safe for concurrent
// use.
type Keyring struct {
	store Store
	cfg   Config

	// verified are tokens with a good signature, by the digest of their text.
	verified *recent.Cache[verified]

	mu       sync.RWMutex
	signer   jose.Signer
	public   map[string]jose.JSONWebKey
	loadedAt time.Time
}

// New makes a keyring, without I/O.
func New(store Store, cfg Config) *Keyring {
	return &Keyring{store: store, cfg: cfg, verified: recent.New[verified](mostVerified, cfg.TTL)}
}

// Ensure creates the first key.
func (k *Keyring) Ensure(ctx context.Context, now time.Time) error {
	_, err := k.newest(ctx, now)
	return err
}

// newest returns the signer of the newest key, which is created when first needed.
func (k *Keyring) newest(ctx context.Context, now time.Time) (jose.Signer, error) {
	k.mu.RLock()
	signer := k.signer
	k.mu.RUnlock()
	if signer != nil {
		return signer, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.signer != nil {
		return k.signer, nil
	}
	if err := k.load(ctx, now); err != nil {
		return nil, err
	}
	if k.signer == nil {
		// Another replica may create one at the same time; the store accepts one
		// of the two, and both read it back.
		if err := k.create(ctx, now); err != nil {
			return nil, err
		}
		if err := k.load(ctx, now); err != nil {
			return nil, err
		}
	}
	if k.signer == nil {
		return nil, errors.New("no signing key although one was just made")
	}
	return k.signer, nil
}

// load reads the keys; the caller holds the lock.
func (k *Keyring) load(ctx context.Context, now time.Time) error {
	rows, err := k.store.SigningKeys(ctx)
	if err != nil {
		return err
	}
	public := make(map[string]jose.JSONWebKey, len(rows))
	var signer jose.Signer
	for _, row := range rows {
		if !k.published(row, now) {
			continue
		}
		var jwk jose.JSONWebKey
		if err := json.Unmarshal(row.PublicJWK, &jwk); err != nil {
			return fmt.Errorf("read signing key %s: %w", row.ID, err)
		}
		public[row.ID] = jwk
		if signer == nil && row.RetiredAt == nil {
			if signer, err = k.openSigner(row); err != nil {
				return err
			}
		}
	}
	k.public, k.signer, k.loadedAt = public, signer, now
	return nil
}

// published reports whether a key may still verify something: a retired one
// until the last access token it signed has expired.
func (k *Keyring) published(row models.SigningKey, now time.Time) bool {
	return row.RetiredAt == nil || now.Before(row.RetiredAt.Add(k.cfg.TTL))
}

func (k *Keyring) openSigner(row models.SigningKey) (jose.Signer, error) {
	plain, err := seal.Open(k.cfg.MasterKey, signingKeyPurpose, row.SealedKey)
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

func (k *Keyring) create(ctx context.Context, now time.Time) error {
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
	sealed, err := seal.Seal(k.cfg.MasterKey, signingKeyPurpose, plain)
	if err != nil {
		return err
	}
	event, err := k.cfg.Created(now, private.KeyID, string(signingAlgorithm))
	if err != nil {
		return err
	}
	_, err = k.store.CreateSigningKey(ctx, &models.SigningKey{
		ID: private.KeyID, Algorithm: string(signingAlgorithm),
		PublicJWK: public, SealedKey: sealed, CreatedAt: now,
	}, event)
	return err
}

// publicKey finds the key with an id; false when there is none.
func (k *Keyring) publicKey(ctx context.Context, kid string, now time.Time) (jose.JSONWebKey, bool, error) {
	k.mu.RLock()
	key, ok := k.public[kid]
	fresh := !k.loadedAt.IsZero() && now.Before(k.loadedAt.Add(keyReload))
	k.mu.RUnlock()
	if ok || fresh {
		return key, ok, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.load(ctx, now); err != nil {
		return jose.JSONWebKey{}, false, err
	}
	key, ok = k.public[kid]
	return key, ok, nil
}

// JWKS is the public key set as JSON (RFC 7517). It reads the store each time,
// so that a key made by another replica is published at once.
func (k *Keyring) JWKS(ctx context.Context, now time.Time) ([]byte, error) {
	rows, err := k.store.SigningKeys(ctx)
	if err != nil {
		return nil, err
	}
	set := struct {
		Keys []json.RawMessage `json:"keys"`
	}{Keys: []json.RawMessage{}}
	for _, row := range rows {
		if k.published(row, now) {
			set.Keys = append(set.Keys, row.PublicJWK)
		}
	}
	return json.Marshal(set)
}
