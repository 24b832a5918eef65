package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// What the sample data does not have: the longest names and names from right
// to left, on one registration token each.
var (
	longName = strings.Repeat("a-very-long-name-without-a-break", 10)
	rtlName  = "إيمان عبد الرحمن"
)

// rest calls the REST API as the administrator.
type rest struct {
	base, bearer string
}

// signIn gets an access token by the password grant of the development
// provider.
func signIn(ctx context.Context, base string) (*rest, error) {
	form := url.Values{
		"grant_type": {"password"}, "client_id": {"muster-cli"}, "scope": {"openid"},
		"username": {"admin"}, "password": {"admin"},
	}
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	err := send(ctx, base+"/realms/muster/protocol/openid-connect/token", "application/x-www-form-urlencoded", "", []byte(form.Encode()), &answer)
	return &rest{base: base, bearer: answer.AccessToken}, err
}

type object = map[string]any

// token makes a registration token and returns its secret.
func (r *rest) token(ctx context.Context, identifier string, count int) (string, error) {
	var answer struct {
		RegistrationToken struct{ Token string }
	}
	err := r.post(ctx, "/token/api/v5/registrationTokens", r.bearer,
		object{"registrationToken": object{"identifier": identifier, "count": count}}, &answer)
	return answer.RegistrationToken.Token, err
}

func (r *rest) redeem(ctx context.Context, secret, user, host string) error {
	return r.post(ctx, "/token/api/v5/authTokens", secret,
		object{"authToken": object{"systemUserName": user, "fqdn": host, "macAddress": "00:53:00:12:34:56"}}, nil)
}

func (r *rest) post(ctx context.Context, path, bearer string, body object, answer any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return send(ctx, r.base+path, "application/json", bearer, raw, answer)
}

func send(ctx context.Context, target, contentType, bearer string, body []byte, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", contentType)
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s answers %s", target, response.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// addStates makes a registration token that is used up, for the refusal, and where
// extremes are asked for, one to redeem and the other states.
func addStates(ctx context.Context, base string, extremes bool) (data, error) {
	d := data{base: base}
	r, err := signIn(ctx, base)
	if err != nil {
		return d, err
	}
	if extremes {
		if d.open, err = r.extremes(ctx); err != nil {
			return d, err
		}
	}
	if d.used, err = r.token(ctx, "Branch office Lyon", 1); err != nil {
		return d, err
	}
	return d, r.redeem(ctx, d.used, "amélie.durand", "lyo-lt-0113.emea.contoso.example")
}

// extremes makes the states that the sample data lacks, and a registration token to
// redeem, whose secret it returns.
func (r *rest) extremes(ctx context.Context) (open string, err error) {
	for name, host := range map[string]string{longName: longName, rtlName: "حاسوب.مثال.example"} {
		label := []rune(name)
		secret, err := r.token(ctx, string(label[:min(255, len(label))]), 2)
		if err != nil {
			return "", err
		}
		if err := r.redeem(ctx, secret, name, host); err != nil {
			return "", err
		}
	}
	return r.token(ctx, "Branch office Nantes", 20)
}
