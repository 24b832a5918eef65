package handlers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"muster/models"
)

const (
	apiRegs = "/token/api/v5/registrationTokens"
	apiAuth = "/token/api/v5/authTokens"

	apiRequests = "/token/api/v5/requests"
)

// script calls REST and OAuth with one credential. Every answer is held
// against the OpenAPI document.
type script struct {
	w          *world
	credential string // "Bearer …"
	contract   routers.Router
}

// contract is the served document; reading it takes a while, so once.
var contract = sync.OnceValues(func() (*openapi3.T, error) {
	data, err := os.ReadFile("api/openapi.json")
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, err
	}
	openapi3filter.RegisterBodyDecoder("application/jwk-set+json", openapi3filter.JSONBodyDecoder)
	return doc, doc.Validate(context.Background())
})

// script makes a caller; an empty credential sends none.
func (w *world) script(credential string) *script {
	w.t.Helper()
	doc, err := contract()
	must(w.t, err)
	router, err := gorillamux.NewRouter(doc)
	must(w.t, err)
	return &script{w: w, credential: credential, contract: router}
}

// accessToken gets one from the provider the way scripts do.
func (w *world) accessToken(account string) string { return w.providerTokens(account)["access_token"] }

func (w *world) providerTokens(account string) map[string]string {
	w.t.Helper()
	form := url.Values{
		"grant_type": {"password"}, "client_id": {"muster-cli"},
		"username": {account}, "password": {account}, "scope": {"openid"},
	}
	response, err := w.http.Client().PostForm(w.base+"/realms/muster/protocol/openid-connect/token", form)
	must(w.t, err)
	defer func() { must(w.t, response.Body.Close()) }()
	var got map[string]any
	must(w.t, json.NewDecoder(response.Body).Decode(&got))
	texts := map[string]string{}
	for name, value := range got {
		if text, ok := value.(string); ok {
			texts[name] = text
		}
	}
	return texts
}

// as signs in as an account of the provider, for REST.
func (w *world) as(account string) *script {
	w.t.Helper()
	return w.script("Bearer " + w.accessToken(account))
}

// apiKey makes a key with the scopes.
func (w *world) apiKey(scopes ...models.Scope) (*models.APIKey, models.Secret) {
	w.t.Helper()
	key, secret, err := w.service.CreateAPIKey(w.t.Context(), w.admin(), "test", models.RoleNone, scopes, nil)
	must(w.t, err)
	return key, secret
}

func (w *world) withKey(scopes ...models.Scope) *script {
	w.t.Helper()
	_, secret := w.apiKey(scopes...)
	return w.script("Bearer " + secret.Reveal())
}

// reply is an answer of REST or OAuth.
type reply struct {
	t      testing.TB
	name   string
	status int
	header http.Header
	raw    string
	body   any
}

// call sends body as JSON: a string as it is, nil for none. Headers are
// name, value, name, value.
func (s *script) call(method, path string, body any, headers ...string) *reply {
	s.w.t.Helper()
	kind := "application/json"
	var raw []byte
	switch b := body.(type) {
	case nil:
		kind = ""
	case string:
		raw = []byte(b)
	case url.Values:
		kind, raw = "application/x-www-form-urlencoded", []byte(b.Encode())
	default:
		var err error
		raw, err = json.Marshal(b)
		must(s.w.t, err)
	}
	r, err := http.NewRequestWithContext(context.WithoutCancel(s.w.t.Context()), method, s.w.base+path, bytes.NewReader(raw))
	must(s.w.t, err)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if s.credential != "" {
		r.Header.Set("Authorization", s.credential)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return s.send(r)
}

func (s *script) send(r *http.Request) *reply {
	s.w.t.Helper()
	response, err := s.w.http.Client().Do(r)
	must(s.w.t, err)
	raw, err := io.ReadAll(response.Body)
	must(s.w.t, err)
	must(s.w.t, response.Body.Close())
	got := &reply{t: s.w.t, name: r.Method + " " + r.URL.Path, status: response.StatusCode, header: response.Header, raw: string(raw)}
	if len(raw) > 0 && strings.Contains(response.Header.Get("Content-Type"), "json") {
		must(s.w.t, json.Unmarshal(raw, &got.body))
	}
	s.check(r, got)
	return got
}

// check holds the answer against the contract.
func (s *script) check(r *http.Request, got *reply) {
	s.w.t.Helper()
	if r.Method == http.MethodHead {
		return // described once, for GET
	}
	bare := r.Clone(r.Context())
	bare.URL = &url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}
	route, params, err := s.contract.FindRoute(bare)
	if err != nil {
		if got.status != http.StatusNotFound && got.status != http.StatusMethodNotAllowed {
			s.w.t.Errorf("%s: %d for what the contract does not know: %v", got.name, got.status, err)
		}
		return
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: bare, PathParams: params, Route: route},
		Status:                 got.status, Header: got.header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	input.SetBodyBytes([]byte(got.raw))
	if err := openapi3filter.ValidateResponse(r.Context(), input); err != nil {
		s.w.t.Errorf("%s answers %d against the contract: %v\n%s", got.name, got.status, err, got.raw)
	}
}

// wants fails unless the status is as wanted.
func (r *reply) wants(status int) *reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: status %d, want %d\n%s", r.name, r.status, status, r.raw)
	}
	return r
}

// refuses fails unless the answer is a problem with that status and code.
func (r *reply) refuses(status int, code models.Code) *reply {
	r.t.Helper()
	r.wants(status)
	if kind := r.header.Get("Content-Type"); kind != "application/problem+json" {
		r.t.Errorf("%s: content type %q, want a problem", r.name, kind)
	}
	if got := r.text("code"); got != string(code) {
		r.t.Errorf("%s: code %q, want %q\n%s", r.name, got, code, r.raw)
	}
	return r
}

// invalid fails unless the answer names exactly these fields.
func (r *reply) invalid(fields ...string) *reply {
	r.t.Helper()
	r.refuses(http.StatusUnprocessableEntity, models.CodeInvalidRequest)
	var got []string
	list, _ := r.at("errors").([]any)
	for _, e := range list {
		got = append(got, e.(map[string]any)["field"].(string))
	}
	if !sameSet(got, fields) {
		r.t.Errorf("%s: bad fields %q, want %q\n%s", r.name, got, fields, r.raw)
	}
	return r
}

func sameSet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	seen := map[string]bool{}
	for _, s := range a {
		seen[s] = true
	}
	for _, s := range b {
		if !seen[s] {
			return false
		}
	}
	return true
}

// at is the member at a dotted path.
func (r *reply) at(path string) any {
	value := r.body
	for name := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[name]
	}
	return value
}

func (r *reply) text(path string) string {
	text, _ := r.at(path).(string)
	return text
}

func (r *reply) number(path string) int {
	r.t.Helper()
	number, ok := r.at(path).(float64)
	if !ok {
		r.t.Fatalf("%s: %s is no number\n%s", r.name, path, r.raw)
	}
	return int(number)
}

// rows are the elements of a list at a dotted path.
func (r *reply) rows(path string) []map[string]any {
	r.t.Helper()
	list, ok := r.at(path).([]any)
	if !ok {
		r.t.Fatalf("%s: %s is no list\n%s", r.name, path, r.raw)
	}
	rows := make([]map[string]any, len(list))
	for i, element := range list {
		rows[i] = element.(map[string]any)
	}
	return rows
}

// object is short for a JSON object.
type object = map[string]any

func settings(values object) object { return object{"registrationToken": values} }

func claims(values object) object { return object{"authToken": values} }
