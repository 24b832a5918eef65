package rp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"
)

const (
	// keysMaxAge is how long a key may be accepted after the provider has
	// withdrawn it.
	keysMaxAge = time.Hour
	// keysInterval is the least time between two reads after the first: tokens with
	// unknown key ids, which anybody can make, must not become load on the
	// provider.
	keysInterval = 10 * time.Second
	maxKeys      = 100
)

// asymmetric lists the signature algorithms ever accepted. "none" and the
// HMAC family are not among them: our client secret is no signing key.
var asymmetric = []string{
	"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
}

func signatureAlgorithms() []jose.SignatureAlgorithm {
	algs := make([]jose.SignatureAlgorithm, len(asymmetric))
	for i, a := range asymmetric {
		algs[i] = jose.SignatureAlgorithm(a)
	}
	return algs
}

var errNoKeys = errors.New("the provider's signing keys cannot be read")

// keySet has the provider's public keys. go-oidc's own key set asks the provider again
// for every token it cannot verify; this one limits the rate.
type keySet struct {
	client *http.Client
	url    string
	now    func() time.Time
	logger *slog.Logger
	flight singleflight.Group

	mu     sync.Mutex
	keys   []jose.JSONWebKey
	readAt time.Time // of the last successful read; zero before it
	askAt  time.Time // no further read before this time
}

// verify returns the payload of jwt when one of the provider's keys signed
// it. The caller has checked the algorithm. The error wraps errNoKeys when the
// provider's keys cannot be read.
func (k *keySet) verify(ctx context.Context, jwt string) ([]byte, error) {
	jws, err := jose.ParseSignedCompact(jwt, signatureAlgorithms())
	if err != nil {
		return nil, fmt.Errorf("malformed JWT: %s", shorten(err.Error()))
	}
	keys, known, err := k.current(ctx)
	if err != nil {
		return nil, err
	}
	if payload, ok := verifyWith(jws, keys); ok {
		return payload, nil
	}
	if known {
		// The key may be newer than our copy (OIDC Core 10.1.1).
		if keys, err = k.refetch(ctx); err == nil {
			if payload, ok := verifyWith(jws, keys); ok {
				return payload, nil
			}
		}
	}
	return nil, errors.New("no key of the provider made this signature")
}

func verifyWith(jws *jose.JSONWebSignature, keys []jose.JSONWebKey) ([]byte, bool) {
	if len(jws.Signatures) != 1 {
		return nil, false
	}
	header := jws.Signatures[0].Header
	for i := range keys {
		key := &keys[i]
		if header.KeyID != "" && key.KeyID != header.KeyID {
			continue
		}
		if key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		if payload, err := jws.Verify(key); err == nil {
			return payload, true
		}
	}
	return nil, false
}

// current returns the keys; known is false when they were read just now, so that
// asking again is pointless.
func (k *keySet) current(ctx context.Context) (keys []jose.JSONWebKey, known bool, err error) {
	now := k.now()
	k.mu.Lock()
	keys, readAt, askAt := k.keys, k.readAt, k.askAt
	k.mu.Unlock()
	if !readAt.IsZero() && now.Sub(readAt) < keysMaxAge {
		return keys, true, nil
	}
	if now.Before(askAt) {
		return nil, false, errNoKeys
	}
	keys, err = k.refetch(ctx)
	return keys, false, err
}

// refetch reads the keys again, or returns the present ones if the last read is too
// recent.
func (k *keySet) refetch(ctx context.Context) ([]jose.JSONWebKey, error) {
	result := k.flight.DoChan("keys", func() (any, error) {
		now := k.now()
		k.mu.Lock()
		keys, readAt, askAt := k.keys, k.readAt, k.askAt
		if now.Before(askAt) {
			k.mu.Unlock()
			if readAt.IsZero() {
				return nil, errNoKeys
			}
			return keys, nil
		}
		// The very first read does not start the pause: a key made right
		// after it must be found too.
		if !readAt.IsZero() {
			k.askAt = now.Add(keysInterval)
		}
		k.mu.Unlock()

		shared, cancel := context.WithTimeout(context.WithoutCancel(ctx), remoteTimeout)
		defer cancel()
		fresh, err := k.read(shared)
		k.mu.Lock()
		defer k.mu.Unlock()
		if err != nil {
			if next := now.Add(minRetry); next.After(k.askAt) {
				k.askAt = next
			}
			k.logger.Warn("login provider: signing keys cannot be read", "error", err)
			return nil, fmt.Errorf("%w: %w", errNoKeys, err)
		}
		k.keys, k.readAt = fresh, now
		return fresh, nil
	})
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", errNoKeys, ctx.Err())
	case r := <-result:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.([]jose.JSONWebKey), nil
	}
}

func (k *keySet) read(ctx context.Context) ([]jose.JSONWebKey, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := k.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", k.url, resp.Status)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("%s is no key set: %w", k.url, err)
	}
	var keys []jose.JSONWebKey
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		// A key of an unknown kind is skipped (RFC 7517 section 5); symmetric and
		// encryption keys are never used to verify signatures.
		if json.Unmarshal(raw, &key) != nil || !key.Valid() || !key.IsPublic() || key.Use == "enc" {
			continue
		}
		if key.Algorithm != "" && !slices.Contains(asymmetric, key.Algorithm) {
			continue
		}
		if keys = append(keys, key); len(keys) == maxKeys {
			break
		}
	}
	return keys, nil
}
