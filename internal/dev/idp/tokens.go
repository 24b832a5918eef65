package idp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The typ headers: an ID token, and an access token of RFC 9068.
const (
	typeID     = "JWT"
	typeAccess = "at+jwt"
)

// answer is the token endpoint's success (RFC 6749 section 5.1).
type answer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"` // seconds
	IDToken     string `json:"id_token,omitempty"`
	Scope       string `json:"scope,omitempty"`

	RefreshToken string `json:"refresh_token,omitempty"`
}

// issue makes the tokens for a login at loggedIn.
func (p *Provider) issue(who account, clientID, scope, nonce string, loggedIn time.Time) (*answer, error) {
	now := p.cfg.Now()
	access := who.claims()
	access["iss"] = p.issuer
	access["aud"] = p.cfg.Audience
	access["iat"] = now.Unix()
	access["exp"] = now.Add(tokenLifetime).Unix()
	access["jti"] = random()[:22]
	access["client_id"] = clientID
	access["scope"] = scope
	rawAccess, err := p.sign(typeAccess, access)
	if err != nil {
		return nil, err
	}
	a := &answer{AccessToken: rawAccess, TokenType: "Bearer", ExpiresIn: int(tokenLifetime.Seconds()), Scope: scope}
	if !slices.Contains(strings.Fields(scope), "openid") {
		return a, nil
	}
	id := who.claims()
	id["iss"] = p.issuer
	id["aud"] = clientID
	id["azp"] = clientID
	id["iat"] = now.Unix()
	id["exp"] = now.Add(tokenLifetime).Unix()
	id["auth_time"] = loggedIn.Unix()
	sum := sha256.Sum256([]byte(rawAccess))
	id["at_hash"] = base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
	if nonce != "" {
		id["nonce"] = nonce
	}
	a.IDToken, err = p.sign(typeID, id)
	return a, err
}

func (p *Provider) sign(typ string, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("idp: claims: %w", err)
	}
	jws, err := p.signer[typ].Sign(payload)
	if err != nil {
		return "", fmt.Errorf("idp: sign: %w", err)
	}
	return jws.CompactSerialize()
}

// verified are the claims of a token of our own.
type verified struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	Expires  int64  `json:"exp"`
}

// foreign reports a JWT that names a key this process never had, usually that of an
// earlier run.
func (p *Provider) foreign(raw string) bool {
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256})
	return err == nil && len(jws.Signatures) == 1 && jws.Signatures[0].Header.KeyID != p.keyID
}

// verify reads a token of the given typ that this process signed. The caller checks
// whether it has expired.
func (p *Provider) verify(typ, raw string) (verified, bool) {
	var v verified
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || len(jws.Signatures) != 1 || jws.Signatures[0].Header.ExtraHeaders[jose.HeaderType] != typ {
		return v, false
	}
	payload, err := jws.Verify(p.key.Public())
	if err != nil || json.Unmarshal(payload, &v) != nil {
		return v, false
	}
	return v, v.Issuer == p.issuer
}
