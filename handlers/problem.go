package handlers

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/api"
	"muster/handlers/web"
	"muster/models"
	"muster/views/telling"
)

// problem is an RFC 9457 problem document with our extension members.
type problem struct {
	Type        string         `json:"type"`
	Title       string         `json:"title"`
	Status      int            `json:"status"`
	Code        string         `json:"code"`
	Detail      string         `json:"detail"`
	Retryable   bool           `json:"retryable"`
	NextStep    string         `json:"next_step"`
	Errors      []problemField `json:"errors,omitempty"`
	SupportCode string         `json:"support_code,omitempty"`
	RequestID   string         `json:"request_id,omitempty"`
}

type problemField struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// writeProblem answers a REST call with application/problem+json.
func writeProblem(c echo.Context, f web.Failure) error {
	p := problem{
		Type: "about:blank", Title: http.StatusText(f.Status), Status: f.Status,
		Code: string(f.Code), Detail: f.Message, Retryable: f.Retryable(),
		NextStep: telling.NextStep(f.Error), SupportCode: f.SupportCode, RequestID: web.RequestID(c),
	}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, problemField{Field: field.Field, Detail: field.Message})
	}
	_, credential, _ := web.Credential(c, "bearer", "basic")
	if challenge := bearerChallenge(f, web.Actor(c), credential != ""); challenge != "" {
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, challenge)
	}
	web.NoStore(c)
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	c.Response().WriteHeader(f.Status)
	return json.NewEncoder(c.Response()).Encode(p)
}

// The challenges of RFC 6750 section 3. A call without a credential only learns
// that one is needed.
const (
	challenge                  = `Bearer realm="muster"`
	challengeInvalidRequest    = challenge + `, error="invalid_request"`
	challengeInvalidToken      = challenge + `, error="invalid_token"`
	challengeInsufficientScope = challenge + `, error="insufficient_scope"`
)

// bearerChallenge is what a refusal says about the credential, if one was sent; empty when
// the credential is not the reason.
func bearerChallenge(f web.Failure, actor models.Actor, sent bool) string {
	switch {
	case f.Status == http.StatusBadRequest && f.Code == models.CodeInvalidRequest:
		return challengeInvalidRequest
	case f.Status == http.StatusUnauthorized && (!sent || f.NextStep == stepNoCredential):
		return challenge
	case f.Status == http.StatusUnauthorized:
		return challengeInvalidToken
	case f.Status == http.StatusForbidden && f.Code == models.CodeForbidden && actor.ID != "":
		return challengeInsufficientScope
	}
	return ""
}

// oauthError is an RFC 6749 section 5.2 error body.
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
	SupportCode string `json:"support_code,omitempty"`
}

// writeOAuthError answers the OAuth endpoints.
func writeOAuthError(c echo.Context, f web.Failure) error {
	status, code, header := f.Status, "invalid_request", c.Response().Header()
	switch f.Kind {
	case models.KindUnauthenticated, models.KindForbidden, models.KindGone, models.KindConflict:
		status, code = http.StatusBadRequest, "invalid_grant"
		if f.Code == models.CodeUnauthenticated {
			status, code = http.StatusUnauthorized, "invalid_client"
			header.Add(echo.HeaderWWWAuthenticate, challenge)
			header.Add(echo.HeaderWWWAuthenticate, `Basic realm="muster"`)
		}
		if f.Code == models.CodeForbidden {
			status, code = http.StatusForbidden, "insufficient_scope"
			header.Set(echo.HeaderWWWAuthenticate, challengeInsufficientScope)
		}
	case models.KindInvalid:
		if status == http.StatusBadRequest && f.Code == models.CodeInvalidRequest {
			header.Set(echo.HeaderWWWAuthenticate, challengeInvalidRequest)
		}
		if f.Code == api.CodeUnsupportedGrantType || f.Code == api.CodeInvalidScope {
			code = string(f.Code)
		}
		if status == http.StatusUnprocessableEntity {
			status = http.StatusBadRequest
		}
	case models.KindUnavailable:
		code = "temporarily_unavailable"
	case models.KindInternal:
		code = "server_error"
	case models.KindNotFound, models.KindRateLimited, models.KindStale:
	}
	web.NoStore(c)
	return c.JSON(status, oauthError{Error: code, Description: asciiDescription(f), SupportCode: f.SupportCode})
}

// asciiDescription is the message in the characters RFC 6749 allows.
func asciiDescription(f web.Failure) string {
	text := []byte(f.Message)
	for _, field := range f.Fields {
		if field.Message != f.Message {
			text = append(text, " "+field.Message...)
		}
	}
	if f.NextStep != "" {
		text = append(text, " "+f.NextStep...)
	}
	for i, b := range text {
		if b < 0x20 || b > 0x7E || b == '"' || b == '\\' {
			text[i] = '\''
		}
	}
	return string(text)
}
