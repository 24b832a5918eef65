package rp

import (
	"context"
	"errors"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Refresh asks the provider again who somebody is and which role they have. idToken is
// the last one of theirs. KindUnauthenticated when the provider does not confirm the
// login any more, or speaks of somebody else; KindUnavailable when it does not answer,
// and the login is neither confirmed nor refused.
func (p *Provider) Refresh(ctx context.Context, refreshToken, idToken string) (*Identity, error) {
	m, err := p.metadata(ctx)
	if err != nil {
		return nil, err
	}
	_, before, err := jwtParts(idToken)
	if err != nil {
		return nil, badIDToken("the last one: %w", err)
	}
	token, err := p.oauth(m).TokenSource(oidc.ClientContext(ctx, p.client), &oauth2.Token{RefreshToken: refreshToken}).Token()
	if err != nil {
		return nil, exchangeError(err)
	}
	raw, _ := token.Extra("id_token").(string)
	if raw == "" {
		return p.identifyAgain(ctx, m, before, idToken, token)
	}
	// The nonce of the login may be repeated, but not be another (OIDC Core 12.2).
	nonce := ""
	if _, fresh, err := jwtParts(raw); err == nil && fresh.has("nonce") {
		nonce = before.text("nonce")
	}
	id, err := p.verifyIDToken(ctx, m, raw, nonce, token.AccessToken)
	if err != nil {
		return nil, err
	}
	if id.text("sub") != before.text("sub") {
		return nil, badIDToken("sub is not that of the login")
	}
	return p.identify(ctx, m, id, raw, token)
}

// identifyAgain asks UserInfo where the provider sends no new ID token.
func (p *Provider) identifyAgain(ctx context.Context, m *metadata, before claims, idToken string, token *oauth2.Token) (*Identity, error) {
	if m.userInfoURL == "" {
		return nil, badIDToken("the provider sends none with a refresh, and has no UserInfo")
	}
	info, err := p.userInfo(ctx, m, token)
	if refused, ok := errors.AsType[*userInfoRefused](err); ok {
		return nil, loginFailed(messageLoginFailed, "%w", refused)
	}
	if err != nil {
		return nil, unavailable(err)
	}
	if info.text("sub") == "" || info.text("sub") != before.text("sub") {
		return nil, loginFailed(messageLoginFailed, "UserInfo: sub is not that of the login")
	}
	who := &Identity{
		Issuer: p.cfg.Issuer, Subject: info.text("sub"), Email: info.email(), Name: info.displayName(),
		IDToken: idToken, RefreshToken: token.RefreshToken, Session: before.text("sid"),
	}
	who.Role, who.RoleFinding = p.role(info)
	return who, nil
}
