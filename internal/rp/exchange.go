package rp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"muster/models"
)

// Identity is a person as the provider describes them. The pair of Issuer and Subject
// identifies a person; Email and Name do not, and may be empty. Email is never one
// that the provider says is not verified.
type Identity struct {
	Issuer, Subject string
	Email, Name     string
	Role            models.Role
	// RoleFinding says why there is no role, or that one was found.
	RoleFinding models.RoleFinding
	// IDToken is kept for the provider's logout; empty for access tokens.
	IDToken string
	// RefreshToken is for asking again; empty where the provider gives none.
	RefreshToken string
	// Session is what the provider calls its own session (sid); may be empty.
	Session string

	// idClaims and userInfo are what the provider said.
	idClaims, userInfo claims
}

// errorCode matches the codes of RFC 6749 section 4.1.2.1; anything else is not even
// logged.
var errorCode = regexp.MustCompile(`^[a-z_]{1,40}$`)

// Exchange finishes a login: it checks what the browser brought back, exchanges the
// code, and checks everything the provider said. The caller has made sure that flow
// belongs to this browser and is used once. KindUnauthenticated when the login is not
// valid, KindUnavailable when the provider does not answer.
func (p *Provider) Exchange(ctx context.Context, flow Flow, callback url.Values) (*Identity, error) {
	for _, name := range []string{"state", "code", "iss", "error"} {
		if len(callback[name]) > 1 {
			return nil, loginFailed(messageLoginFailed, "callback: %s is given twice", name)
		}
	}
	if flow.Nonce == "" || flow.Verifier == "" || !flow.Answers(callback) {
		return nil, loginFailed(messageLoginStale, "callback: state is missing or not the one of this login")
	}
	// Another provider's answer must not be taken for ours (RFC 9207).
	if iss := callback.Get("iss"); callback.Has("iss") && iss != p.cfg.Issuer {
		return nil, loginFailed(messageLoginFailed, "callback: iss %q is not ours; it must match to the last \"/\"", shorten(iss))
	}
	if callback.Has("error") {
		return nil, callbackError(callback.Get("error"))
	}
	m, err := p.metadata(ctx)
	if err != nil {
		return nil, err
	}
	if m.issInAnswer && !callback.Has("iss") {
		return nil, loginFailed(messageLoginFailed, "callback: iss is missing though the provider promises it")
	}
	code := callback.Get("code")
	if code == "" {
		return nil, loginFailed(messageLoginFailed, "callback: code is missing")
	}

	token, err := p.oauth(m).Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(flow.Verifier))
	if err != nil {
		return nil, exchangeError(err)
	}
	raw, _ := token.Extra("id_token").(string)
	if raw == "" {
		return nil, badIDToken("the provider sent none")
	}
	id, err := p.verifyIDToken(ctx, m, raw, flow.Nonce, token.AccessToken)
	if err != nil {
		return nil, err
	}
	return p.identify(ctx, m, id, raw, token)
}

// callbackError turns an error answer into ours. The description is text of
// unknown origin and is not looked at.
func callbackError(code string) error {
	if !errorCode.MatchString(code) {
		return loginFailed(messageLoginRefused, "callback: an error without a proper code")
	}
	switch code {
	case "access_denied":
		return loginFailed(messageLoginCancelled, "callback: %s", code)
	case "server_error", "temporarily_unavailable":
		return unavailable(errors.New("callback: " + code))
	default:
		return loginFailed(messageLoginRefused, "callback: %s", code)
	}
}

// exchangeError classifies the failures of the token endpoint. Its answer is not
// repeated, because it may contain secrets.
func exchangeError(err error) error {
	answer, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		// Transport errors, and answers that are not a token.
		return unavailable(errors.New("token endpoint: " + shorten(err.Error())))
	}
	status := 0
	if answer.Response != nil {
		status = answer.Response.StatusCode
	}
	code := answer.ErrorCode
	if !errorCode.MatchString(code) {
		code = ""
	}
	switch {
	case code == "invalid_client" || code == "unauthorized_client" || status == 401:
		return loginFailed(messageLoginSetup, "token endpoint: %d %s: check client id and secret", status, code)
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		return unavailable(fmt.Errorf("token endpoint: %d", status))
	case status >= 400 && status < 500 || code != "":
		return loginFailed(messageLoginFailed, "token endpoint: %d %s", status, code)
	default:
		return unavailable(errors.New("token endpoint: no usable answer"))
	}
}
