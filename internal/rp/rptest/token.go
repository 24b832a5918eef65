package rptest

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"
)

// token is the token endpoint, for codes and refresh tokens.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	refreshing := r.PostFormValue("grant_type") == "refresh_token"
	presented := r.PostFormValue("code")
	if refreshing {
		presented = r.PostFormValue("refresh_token")
	}
	p.mu.Lock()
	request, known := p.codes[presented]
	delete(p.codes, presented)
	does := p.does
	p.mu.Unlock()
	switch {
	case !does.authenticated(r):
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	case !known || !refreshing && !proven(request, r):
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	access := "opaque-" + presented
	answer := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 300}
	if !refreshing || !does.NoIDTokenAtRefresh {
		answer["id_token"] = p.idToken(does, request.Get("nonce"), access)
	}
	if does.RefreshTokens {
		p.mu.Lock()
		answer["refresh_token"] = p.remember("refresh", request)
		p.mu.Unlock()
	}
	writeJSON(w, http.StatusOK, answer)
}

// authenticated checks the client as it is registered.
func (b *Behaviour) authenticated(r *http.Request) bool {
	id, secret, basic := r.BasicAuth()
	formID, formSecret := r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	switch b.ClientAuth {
	case "client_secret_post":
		return !basic && formID == ClientID && formSecret == ClientSecret
	case "none":
		return !basic && formID == ClientID && formSecret == ""
	default:
		return id == ClientID && secret == ClientSecret && formSecret == ""
	}
}

// proven reports that the code is presented by who asked for it.
func proven(request url.Values, r *http.Request) bool {
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	return request.Get("code_challenge_method") == "S256" &&
		request.Get("code_challenge") == base64.RawURLEncoding.EncodeToString(challenge[:]) &&
		request.Get("redirect_uri") == r.PostFormValue("redirect_uri")
}

func (p *Provider) idToken(does Behaviour, nonce, access string) string {
	sum := sha256.Sum256([]byte(access))
	hash := sum[:16]
	if does.signer().Algorithm() == "EdDSA" {
		long := sha512.Sum512([]byte(access))
		hash = long[:32]
	}
	now := p.now()
	claims := map[string]any{
		"iss": p.URL, "sub": Subject, "aud": ClientID, "nonce": nonce,
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"at_hash": base64.RawURLEncoding.EncodeToString(hash),
		"name":    "Nora Lindqvist", "email": "nora@example.com", "groups": []string{"admin"},
	}
	if does.IDClaims != nil {
		does.IDClaims(claims)
	}
	if does.RawIDToken != nil {
		return does.RawIDToken(claims)
	}
	header := does.signer().Header()
	if does.IDHeader != nil {
		does.IDHeader(header)
	}
	return does.signer().Sign(p.tb, header, Marshal(p.tb, claims))
}

// LogoutToken makes one for back-channel logout; change may be nil.
func (p *Provider) LogoutToken(change func(header, claims map[string]any)) string {
	p.tb.Helper()
	key, now := p.Key(), p.now()
	p.mu.Lock()
	id := p.remember("logout", nil)
	p.mu.Unlock()
	header := key.Header()
	header["typ"] = "logout+jwt"
	claims := map[string]any{
		"iss": p.URL, "sub": Subject, "aud": ClientID, "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(), "jti": id,
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}
	if change != nil {
		change(header, claims)
	}
	return key.Sign(p.tb, header, Marshal(p.tb, claims))
}
