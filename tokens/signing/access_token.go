package signing

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"muster/models"
)

// ClientID is the client_id claim of every access token.
const ClientID = "muster-device"

const (
	accessTokenType = "at+jwt" // RFC 9068
	// maxAccessToken bounds what is parsed, in bytes; ours have about 700.
	maxAccessToken = 8 << 10
)

// Claims are those of an access token (RFC 9068).
type Claims struct {
	Issuer   string           `json:"iss"`
	Audience jwt.Audience     `json:"aud"`
	Subject  string           `json:"sub"`
	ClientID string           `json:"client_id"`
	Expiry   *jwt.NumericDate `json:"exp"`
	IssuedAt *jwt.NumericDate `json:"iat"`
	JTI      string           `json:"jti"`
	Customer string           `json:"customer"`
}

// Sign mints an access token for an auth token of a customer, who is known by identifier.
// It returns the token's remaining life in whole seconds.
func (k *Keyring) Sign(ctx context.Context, authTokenID, customer string, now time.Time) (models.Secret, time.Duration, error) {
	signer, err := k.newest(ctx, now)
	if err != nil {
		return "", 0, err
	}
	jti, err := k.cfg.NewID(now)
	if err != nil {
		return "", 0, err
	}
	ttl := k.cfg.TTL.Truncate(time.Second)
	// Not with the builder of package jwt: it makes a map of the claims first.
	claims, err := json.Marshal(Claims{
		Issuer: k.cfg.Issuer, Audience: jwt.Audience{k.cfg.Audience},
		Subject: authTokenID, ClientID: ClientID,
		Expiry: jwt.NewNumericDate(now.Add(ttl)), IssuedAt: jwt.NewNumericDate(now),
		JTI: jti, Customer: customer,
	})
	if err != nil {
		return "", 0, fmt.Errorf("write the claims of an access token: %w", err)
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", 0, fmt.Errorf("sign an access token: %w", err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		return "", 0, fmt.Errorf("write an access token: %w", err)
	}
	return models.Secret(token), ttl, nil
}

// Verify checks one of our access tokens strictly: algorithm, type, key,
// signature, issuer, audience and expiry, without leeway because the clock is our
// own. It reports false for anything else; err is a failure of the store.
func (k *Keyring) Verify(ctx context.Context, token models.Secret, now time.Time) (Claims, bool, error) {
	claims, ok, err := k.Signed(ctx, token, now)
	return claims, ok && now.Before(claims.Expiry.Time()), err
}

// Signed is Verify without the expiry; that is never enough to
// let anybody in.
func (k *Keyring) Signed(ctx context.Context, token models.Secret, now time.Time) (Claims, bool, error) {
	if len(token) > maxAccessToken {
		return Claims{}, false, nil
	}
	digest := sha256.Sum256([]byte(token.Reveal()))
	found, err := k.verified.Read(string(digest[:]), now, func() (verified, error) { return k.verify(ctx, token, now) })
	if errors.Is(err, errNotOurs) {
		return Claims{}, false, nil
	}
	if err != nil {
		return Claims{}, false, err
	}
	// A key that is gone verifies nothing any more.
	_, ok, err := k.publicKey(ctx, found.keyID, now)
	return found.claims, ok && err == nil, err
}

// verified is what a good signature is remembered by.
type verified struct {
	keyID  string
	claims Claims
}

var errNotOurs = errors.New("this is no access token of ours")

// verify checks the signature and what is fixed; errNotOurs.
func (k *Keyring) verify(ctx context.Context, token models.Secret, now time.Time) (verified, error) {
	var claims Claims
	jws, err := jose.ParseSignedCompact(token.Reveal(), []jose.SignatureAlgorithm{signingAlgorithm})
	if err != nil || len(jws.Signatures) != 1 {
		return verified{}, errNotOurs
	}
	header := jws.Signatures[0].Protected
	if header.ExtraHeaders[jose.HeaderType] != accessTokenType || header.JSONWebKey != nil || header.KeyID == "" {
		return verified{}, errNotOurs
	}
	key, ok, err := k.publicKey(ctx, header.KeyID, now)
	if err != nil {
		return verified{}, err
	}
	if !ok {
		return verified{}, errNotOurs
	}
	payload, err := jws.Verify(key)
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return verified{}, errNotOurs
	}
	ours := claims.Issuer == k.cfg.Issuer && slices.Contains(claims.Audience, k.cfg.Audience) &&
		claims.Subject != "" && claims.ClientID == ClientID && claims.JTI != "" &&
		claims.IssuedAt != nil && claims.Expiry != nil
	if !ours {
		return verified{}, errNotOurs
	}
	return verified{header.KeyID, claims}, nil
}
