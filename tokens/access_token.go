package tokens

import (
	"context"
	"encoding/json"
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

// accessClaims are the claims of an access token (RFC 9068).
type accessClaims struct {
	Issuer   string           `json:"iss"`
	Audience jwt.Audience     `json:"aud"`
	Subject  string           `json:"sub"`
	ClientID string           `json:"client_id"`
	Expiry   *jwt.NumericDate `json:"exp"`
	IssuedAt *jwt.NumericDate `json:"iat"`
	JTI      string           `json:"jti"`
	Customer string           `json:"customer"`
}

// signAccessToken mints an access token for t, whose Customer must be filled.
// It returns the token's remaining life in whole seconds.
func (s *Service) signAccessToken(ctx context.Context, t *models.AuthToken, now time.Time) (models.Secret, time.Duration, error) {
	signer, err := s.signer(ctx)
	if err != nil {
		return "", 0, err
	}
	jti, err := s.newID(now)
	if err != nil {
		return "", 0, err
	}
	ttl := s.cfg.AccessTokenTTL.Truncate(time.Second)
	token, err := jwt.Signed(signer).Claims(accessClaims{
		Issuer: s.cfg.Issuer, Audience: jwt.Audience{s.cfg.Audience},
		Subject: t.ID, ClientID: ClientID,
		Expiry: jwt.NewNumericDate(now.Add(ttl)), IssuedAt: jwt.NewNumericDate(now),
		JTI: jti, Customer: t.Customer.Identifier,
	}).Serialize()
	if err != nil {
		return "", 0, fmt.Errorf("sign an access token: %w", err)
	}
	return models.Secret(token), ttl, nil
}

// verifyAccessToken checks one of our access tokens strictly: algorithm, type, key,
// signature, issuer, audience and expiry, without leeway because the clock is our
// own. It reports false for anything else; err is a failure of the store.
func (s *Service) verifyAccessToken(ctx context.Context, token models.Secret, now time.Time) (accessClaims, bool, error) {
	claims, ok, err := s.signedClaims(ctx, token, now)
	return claims, ok && now.Before(claims.Expiry.Time()), err
}

// signedClaims is verifyAccessToken without the expiry; that is never enough to
// let anybody in.
func (s *Service) signedClaims(ctx context.Context, token models.Secret, now time.Time) (accessClaims, bool, error) {
	var claims accessClaims
	if len(token) > maxAccessToken {
		return claims, false, nil
	}
	jws, err := jose.ParseSignedCompact(token.Reveal(), []jose.SignatureAlgorithm{signingAlgorithm})
	if err != nil || len(jws.Signatures) != 1 {
		return claims, false, nil
	}
	header := jws.Signatures[0].Protected
	if header.ExtraHeaders[jose.HeaderType] != accessTokenType || header.JSONWebKey != nil || header.KeyID == "" {
		return claims, false, nil
	}
	key, ok, err := s.publicKey(ctx, header.KeyID, now)
	if err != nil || !ok {
		return claims, false, err
	}
	payload, err := jws.Verify(key)
	if err != nil {
		return claims, false, nil
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return claims, false, nil
	}
	ours := claims.Issuer == s.cfg.Issuer && slices.Contains(claims.Audience, s.cfg.Audience) &&
		claims.Subject != "" && claims.ClientID == ClientID && claims.JTI != "" &&
		claims.IssuedAt != nil && claims.Expiry != nil
	return claims, ours, nil
}
