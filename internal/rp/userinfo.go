package rp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"

	"golang.org/x/oauth2"
)

// identify makes an identity from a verified ID token and, if that lacks name, e-mail
// or role, from UserInfo: many providers put no more than sub into the ID token.
func (p *Provider) identify(ctx context.Context, m *metadata, id claims, raw string, token *oauth2.Token) (*Identity, error) {
	subject, err := id.subject()
	if err != nil {
		return nil, badIDToken("%w", err)
	}
	who := &Identity{
		Issuer: p.cfg.Issuer, Subject: subject,
		Email: id.email(), Name: id.displayName(), IDToken: raw,
		RefreshToken: token.RefreshToken, Session: id.text("sid"),
		idClaims: id,
	}
	who.Role, who.RoleFinding = p.role(id)
	if m.userInfoURL == "" || (who.Email != "" && who.Name != "" && known(who.RoleFinding)) {
		return who, nil
	}

	info, err := p.userInfo(ctx, m, token)
	if refused, ok := errors.AsType[*userInfoRefused](err); ok {
		p.cfg.Logger.Warn("login provider: UserInfo refused, going on with the ID token alone", "status", refused.status)
		return who, nil
	}
	if err != nil {
		if known(who.RoleFinding) {
			p.cfg.Logger.Warn("login provider: UserInfo failed, going on with the ID token alone", "error", err)
			return who, nil
		}
		// Without an answer the role is unknown; an administrator must not silently
		// become an end user.
		return nil, unavailable(err)
	}
	// OIDC Core 5.3.2: without this check, one person's name and role could
	// be given to another.
	if info.text("sub") != subject {
		return nil, loginFailed(messageLoginFailed, "UserInfo: sub is not that of the ID token")
	}
	who.userInfo = info
	if who.Email == "" && !id.emailUnverified() {
		who.Email = info.email()
	}
	if who.Name == "" {
		who.Name = info.displayName()
	}
	if !known(who.RoleFinding) {
		role, finding := p.role(info)
		who.Role, who.RoleFinding = role, tellingMore(who.RoleFinding, finding)
	}
	return who, nil
}

// userInfoRefused is a refusal, as opposed to no answer.
type userInfoRefused struct{ status int }

// Error implements error.
func (e *userInfoRefused) Error() string { return fmt.Sprintf("UserInfo answered %d", e.status) }

func (p *Provider) userInfo(ctx context.Context, m *metadata, token *oauth2.Token) (claims, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.userInfoURL, nil)
	if err != nil {
		return nil, fmt.Errorf("UserInfo: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token.AccessToken)
	req.Header.Set("Accept", "application/json")
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("UserInfo: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 400 && resp.StatusCode < 500 {
		return nil, &userInfoRefused{status: resp.StatusCode}
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("UserInfo answered %d", resp.StatusCode)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("UserInfo: %w", err)
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind != "application/jwt" {
		info, err := parseClaims(body)
		if err != nil {
			return nil, fmt.Errorf("UserInfo: %w", err)
		}
		return info, nil
	}
	return p.signedUserInfo(ctx, m, string(body))
}

// signedUserInfo reads UserInfo that comes as a JWT (OIDC Core 5.3.2).
func (p *Provider) signedUserInfo(ctx context.Context, m *metadata, raw string) (claims, error) {
	header, _, err := jwtParts(raw)
	if err != nil {
		return nil, fmt.Errorf("UserInfo: %w", err)
	}
	if err := checkHeader(header, "jwt"); err != nil {
		return nil, fmt.Errorf("UserInfo: %w", err)
	}
	payload, err := m.keys.verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("UserInfo: %w", err)
	}
	info, err := parseClaims(payload)
	if err != nil {
		return nil, fmt.Errorf("UserInfo: %w", err)
	}
	if info.has("iss") && info.text("iss") != p.cfg.Issuer {
		return nil, errors.New("UserInfo: iss is not the configured issuer")
	}
	if audience, ok := stringList(info["aud"]); ok && !slices.Contains(audience, p.cfg.ClientID) {
		return nil, errors.New("UserInfo: aud is not us")
	}
	return info, nil
}
