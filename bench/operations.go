package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
)

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded"
	// hotCount is more than any measurement uses up, and the most a token may have.
	hotCount = 1_000_000
)

// client does one operation.
type client func(ctx context.Context) error

// operations prepare that many clients against a registration token.
var operations = map[string]func(ctx context.Context, p *program, hot *hotToken, n int) ([]client, error){
	"redeem": redeeming, "refresh": refreshing, "introspect": introspecting,
}

// hotToken is the registration token that all clients redeem.
type hotToken struct {
	ID    string `json:"id"`
	Token string `json:"token"`
}

// issued is what a redemption and a refresh answer.
type issued struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

func newHotToken(ctx context.Context, p *program) (*hotToken, error) {
	var made struct {
		RegistrationToken hotToken `json:"registrationToken"`
	}
	c := newCaller(p)
	defer c.close()
	body := fmt.Appendf(nil, `{"registrationToken":{"count":%d}}`, hotCount)
	err := c.call(ctx, http.MethodPost, "/token/api/v5/registrationTokens", asJSON, p.apiKey, body, http.StatusCreated, &made)
	return &made.RegistrationToken, err
}

// redeem trades the token for an auth token of a person at a machine among 2,000.
func (h *hotToken) redeem(ctx context.Context, c *caller) (issued, error) {
	n := rand.IntN(2000)
	body, err := json.Marshal(map[string]any{"authToken": map[string]string{
		"systemUserName": fmt.Sprintf("CONTOSO\\user%d", n), "fqdn": fmt.Sprintf("pc-%d.contoso.example", n),
		"macAddress": fmt.Sprintf("02:00:00:00:%02x:%02x", n/256, n%256),
	}})
	if err != nil {
		return issued{}, err
	}
	var got issued
	return got, c.call(ctx, http.MethodPost, "/token/api/v5/authTokens", asJSON, h.Token, body, http.StatusCreated, &got)
}

func redeeming(_ context.Context, p *program, hot *hotToken, n int) ([]client, error) {
	return clients(n, func(int) client {
		c := newCaller(p)
		return func(ctx context.Context) error {
			_, err := hot.redeem(ctx, c)
			return err
		}
	}), nil
}

func refreshing(ctx context.Context, p *program, hot *hotToken, n int) ([]client, error) {
	held, err := auths(ctx, p, hot, n)
	return clients(n, func(i int) client {
		c := newCaller(p)
		return func(ctx context.Context) error {
			form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {held[i].Refresh}}
			return c.call(ctx, http.MethodPost, "/oauth2/token", asForm, "", []byte(form.Encode()), http.StatusOK, &held[i])
		}
	}), err
}

// introspecting asks for one of 1,000 access tokens.
func introspecting(ctx context.Context, p *program, hot *hotToken, n int) ([]client, error) {
	held, err := auths(ctx, p, hot, 1000)
	return clients(n, func(int) client {
		c := newCaller(p)
		return func(ctx context.Context) error {
			form := url.Values{"token": {held[rand.IntN(len(held))].Access}}
			var answer struct {
				Active bool `json:"active"`
			}
			err := c.call(ctx, http.MethodPost, "/oauth2/introspect", asForm, p.apiKey, []byte(form.Encode()), http.StatusOK, &answer)
			if err == nil && !answer.Active {
				err = errors.New(p.name + ": a fresh access token is not active")
			}
			return err
		}
	}), err
}

func clients(n int, of func(i int) client) []client {
	all := make([]client, n)
	for i := range all {
		all[i] = of(i)
	}
	return all
}

func auths(ctx context.Context, p *program, hot *hotToken, n int) ([]issued, error) {
	c := newCaller(p)
	defer c.close()
	held := make([]issued, n)
	for i := range held {
		var err error
		if held[i], err = hot.redeem(ctx, c); err != nil {
			return nil, err
		}
	}
	return held, nil
}

// proveBooks compares what was acknowledged with what the server counted.
func proveBooks(ctx context.Context, p *program, hot *hotToken, acknowledged int) error {
	var shown struct {
		RegistrationToken struct {
			Used int  `json:"usedCount"`
			Rows *int `json:"rows"` // the naive server's word
		} `json:"registrationToken"`
	}
	c := newCaller(p)
	defer c.close()
	if err := c.call(ctx, http.MethodGet, "/token/api/v5/registrationTokens/"+hot.ID, "", p.apiKey, nil, http.StatusOK, &shown); err != nil {
		return err
	}
	t := shown.RegistrationToken
	if t.Used != acknowledged || t.Rows != nil && *t.Rows != t.Used {
		return fmt.Errorf("%s counted %d for %d acknowledged redemptions", p.name, t.Used, acknowledged)
	}
	if p.proves == nil {
		return nil
	}
	return p.proves(ctx)
}
