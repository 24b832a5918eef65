package idp_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/internal/dev/idp"
)

const verifier = "0123456789-0123456789-0123456789-0123456789"

// request is a proper authorization request.
func (h *host) request() url.Values {
	sum := sha256.Sum256([]byte(verifier))
	return url.Values{
		"client_id": {idp.DevClientID}, "redirect_uri": {h.url + "/auth/callback"}, "response_type": {"code"},
		"scope": {"openid"}, "state": {"st"}, "nonce": {"no"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
}

func (h *host) code(t *testing.T) string {
	t.Helper()
	u := location(t, h.logIn(t, h.path("auth")+"?"+h.request().Encode(), "admin", "admin"))
	return u.Query().Get("code")
}

func (h *host) codeForm(code string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {h.url + "/auth/callback"},
		"code_verifier": {verifier}, "client_id": {idp.DevClientID}, "client_secret": {h.ClientSecret()},
	}
}

func TestNew_RefusesWhatIsNotLoopback(t *testing.T) {
	t.Parallel()
	for _, base := range []string{
		"http://muster.example", "http://0.0.0.0:8080", "http://192.168.1.5", "http://127.0.0.1.evil.example",
		"ftp://127.0.0.1", "127.0.0.1:8080", "", "http://u@127.0.0.1", "http://127.0.0.1/x", "http://127.0.0.1?x",
	} {
		if _, err := idp.New(idp.Config{BaseURL: base, RedirectURI: base + "/auth/callback"}); err == nil {
			t.Errorf("%q accepted", base)
		}
	}
	for _, base := range []string{"http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:8080"} {
		p, err := idp.New(idp.Config{BaseURL: base, RedirectURI: base + "/auth/callback"})
		if err != nil {
			t.Errorf("%q: %v", base, err)
			continue
		}
		if p.Issuer() != strings.TrimSuffix(base, "/")+"/realms/muster" || len(p.ClientSecret()) < 40 {
			t.Errorf("issuer %s", p.Issuer())
		}
	}
}

func TestAuthorize_RefusesBadRequests(t *testing.T) {
	t.Parallel()
	h := start(t)
	for name, c := range map[string]struct {
		change func(q url.Values)
		error  string // empty: a page, and no redirect
	}{
		"unknown client":           {func(q url.Values) { q.Set("client_id", "x") }, ""},
		"public client":            {func(q url.Values) { q.Set("client_id", idp.DevCLIClientID) }, ""},
		"foreign redirect address": {func(q url.Values) { q.Set("redirect_uri", "https://evil.example/") }, ""},
		"longer redirect address":  {func(q url.Values) { q.Set("redirect_uri", h.url+"/auth/callback/x") }, ""},
		"duplicate parameter":      {func(q url.Values) { q.Add("state", "x") }, ""},
		"implicit flow":            {func(q url.Values) { q.Set("response_type", "id_token") }, "unsupported_response_type"},
		"no openid":                {func(q url.Values) { q.Set("scope", "profile") }, "invalid_scope"},
		"no PKCE":                  {func(q url.Values) { q.Del("code_challenge") }, "invalid_request"},
		"plain PKCE":               {func(q url.Values) { q.Set("code_challenge_method", "plain") }, "invalid_request"},
		"prompt none":              {func(q url.Values) { q.Set("prompt", "none") }, "login_required"},
		"request object":           {func(q url.Values) { q.Set("request", "e30.e30.") }, "request_not_supported"},
		"fragment mode":            {func(q url.Values) { q.Set("response_mode", "fragment") }, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := h.request()
			c.change(q)
			for _, form := range []url.Values{nil, {"username": {"admin"}, "password": {"admin"}}} {
				resp := h.do(t, h.path("auth")+"?"+q.Encode(), form)
				if c.error == "" {
					page(t, resp, http.StatusBadRequest)
					continue
				}
				back := location(t, resp).Query()
				if back.Get("error") != c.error || back.Get("state") != "st" || back.Get("iss") != h.Issuer() || back.Has("code") {
					t.Errorf("sent back with %v", back)
				}
			}
		})
	}
}

func TestAuthorize_WrongPasswordShowsTheFormAgain(t *testing.T) {
	t.Parallel()
	h := start(t)
	address := h.path("auth") + "?" + h.request().Encode()
	for _, c := range [][2]string{{"admin", "wrong"}, {"admin", ""}, {"nobody", "nobody"}, {"", ""}, {`"><script>`, "x"}} {
		resp := h.logIn(t, address, c[0], c[1])
		doc := page(t, resp, http.StatusUnauthorized)
		if doc.Find("[role=alert]").Text() == "" || doc.Find("form").Length() != 1 {
			t.Errorf("%q: no message or no form", c[0])
		}
		if got := doc.Find("input[name=username]").AttrOr("value", ""); got != c[0] {
			t.Errorf("typed name %q came back as %q", c[0], got)
		}
	}
	// Same query, now right: the page's own action still works.
	location(t, h.logIn(t, address, "admin", "admin"))
	if resp := h.do(t, address, nil); len(resp.Cookies()) != 0 {
		t.Error("a session cookie appeared")
	}
}

func TestAuthorize_LookComesFromTheHost(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *idp.Config) {
		c.RenderLogin = func(w io.Writer, p idp.LoginPage) error {
			if len(p.Accounts) != 3 {
				return errors.New("incomplete")
			}
			_, err := io.WriteString(w, "<h1>ours</h1>")
			return err
		}
	})
	doc := page(t, h.do(t, h.path("auth")+"?"+h.request().Encode(), nil), http.StatusOK)
	if doc.Find("h1").Text() != "ours" {
		t.Error("the host's page is not used")
	}
}

func TestToken_CodeFlow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(h *host, f url.Values)
		wait   time.Duration
		status int
		error  string
		spent  bool
	}{
		"right":                  {status: 200, spent: true},
		"no secret":              {change: func(_ *host, f url.Values) { f.Del("client_secret") }, status: 401, error: "invalid_client"},
		"wrong secret":           {change: func(_ *host, f url.Values) { f.Set("client_secret", "x") }, status: 401, error: "invalid_client"},
		"unknown client":         {change: func(_ *host, f url.Values) { f.Set("client_id", "x") }, status: 401, error: "invalid_client"},
		"public client":          {change: func(_ *host, f url.Values) { f.Set("client_id", "muster-cli"); f.Del("client_secret") }, status: 400, error: "unauthorized_client"},
		"no verifier":            {change: func(_ *host, f url.Values) { f.Del("code_verifier") }, status: 400, error: "invalid_request"},
		"wrong verifier":         {change: func(_ *host, f url.Values) { f.Set("code_verifier", strings.Repeat("a", 43)) }, status: 400, error: "invalid_grant", spent: true},
		"other redirect address": {change: func(h *host, f url.Values) { f.Set("redirect_uri", h.url+"/") }, status: 400, error: "invalid_grant", spent: true},
		"unknown code":           {change: func(_ *host, f url.Values) { f.Set("code", "x") }, status: 400, error: "invalid_grant"},
		"after a minute":         {wait: time.Minute, status: 400, error: "invalid_grant", spent: true},
		"duplicate parameter":    {change: func(_ *host, f url.Values) { f.Add("code", "x") }, status: 400, error: "invalid_request"},
		"no grant type":          {change: func(_ *host, f url.Values) { f.Del("grant_type") }, status: 400, error: "invalid_request"},
		"password for portal":    {change: func(_ *host, f url.Values) { f.Set("grant_type", "password") }, status: 400, error: "unauthorized_client"},
		"unknown grant type":     {change: func(_ *host, f url.Values) { f.Set("grant_type", "client_credentials") }, status: 400, error: "unsupported_grant_type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t)
			code := h.code(t)
			form := h.codeForm(code)
			if c.change != nil {
				c.change(h, form)
			}
			h.add(c.wait)
			answer := object(t, h.do(t, h.path("token"), form), c.status)
			if got, _ := answer["error"].(string); got != c.error {
				t.Errorf("%v", answer)
			}
			again := h.do(t, h.path("token"), h.codeForm(code))
			if spent := again.StatusCode != http.StatusOK; spent != c.spent {
				t.Errorf("spent %v, want %v", spent, c.spent)
			}
		})
	}
}

func TestToken_ClientMayUseTheHeader(t *testing.T) {
	t.Parallel()
	h := start(t)
	basic := func(secret string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(idp.DevClientID)+":"+url.QueryEscape(secret)))
	}
	form := h.codeForm(h.code(t))
	resp := h.do(t, h.path("token"), form, "Authorization", basic(h.ClientSecret()))
	if answer := object(t, resp, 400); answer["error"] != "invalid_request" {
		t.Errorf("both ways at once: %v", answer)
	}
	form.Del("client_secret")
	resp = h.do(t, h.path("token"), form, "Authorization", basic("wrong"))
	if object(t, resp, 401)["error"] != "invalid_client" || resp.Header.Get("WWW-Authenticate") == "" {
		t.Error("wrong secret in the header")
	}
	object(t, h.do(t, h.path("token"), form, "Authorization", basic(h.ClientSecret())), 200)
}

func TestToken_PasswordGrant(t *testing.T) {
	t.Parallel()
	h := start(t)
	for name, c := range map[string]struct {
		change func(f url.Values)
		status int
		error  string
	}{
		"wrong password":    {func(f url.Values) { f.Set("password", "x") }, 400, "invalid_grant"},
		"unknown name":      {func(f url.Values) { f.Set("username", "x") }, 400, "invalid_grant"},
		"no password":       {func(f url.Values) { f.Del("password") }, 400, "invalid_request"},
		"password twice":    {func(f url.Values) { f.Add("password", "admin") }, 400, "invalid_request"},
		"secret for public": {func(f url.Values) { f.Set("client_secret", "x") }, 401, "invalid_client"},
		"no client":         {func(f url.Values) { f.Del("client_id") }, 401, "invalid_client"},
	} {
		form := passwordForm("admin", "admin")
		c.change(form)
		if answer := object(t, h.do(t, h.path("token"), form), c.status); answer["error"] != c.error {
			t.Errorf("%s: %v", name, answer)
		}
	}
	form := passwordForm("admin", "admin")
	form.Del("scope")
	if answer := object(t, h.do(t, h.path("token"), form), 200); answer["id_token"] != nil || answer["access_token"] == nil {
		t.Errorf("without openid: %v", answer)
	}
}

func TestToken_AnswersPostedFormsOnly(t *testing.T) {
	t.Parallel()
	h := start(t)
	resp := h.do(t, h.path("token"), nil)
	object(t, resp, http.StatusMethodNotAllowed)
	if resp.Header.Get("Allow") != "POST" {
		t.Errorf("Allow %q", resp.Header.Get("Allow"))
	}
	object(t, h.do(t, h.path("token")+"?grant_type=password", passwordForm("admin", "admin")), 400)
	object(t, h.do(t, h.path("token"), passwordForm("admin", "admin"), "Content-Type", "application/json"), 400)
	object(t, h.do(t, h.path("token"), passwordForm("admin", strings.Repeat("x", 80<<10))), 400)
	object(t, h.do(t, h.path("certs"), url.Values{}), http.StatusMethodNotAllowed)
}

func TestUserInfo_NeedsAnAccessToken(t *testing.T) {
	t.Parallel()
	h := start(t)
	answer := object(t, h.do(t, h.path("token"), passwordForm("user", "user")), 200)
	for name, header := range map[string]string{
		"none": "", "junk": "Bearer x", "ID token": "Bearer " + answer["id_token"].(string), "basic": "Basic eDp5",
	} {
		resp := h.do(t, h.path("userinfo"), nil, "Authorization", header)
		if object(t, resp, 401); !strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s: no challenge", name)
		}
	}
	info := object(t, h.do(t, h.path("userinfo"), nil, "Authorization", "bearer "+answer["access_token"].(string)), 200)
	if groups, ok := info["groups"].([]any); !ok || len(groups) != 0 {
		t.Errorf("groups %v, want an empty list", info["groups"])
	}
}

func TestLogout_GoesBackToTheRegisteredAddressOnly(t *testing.T) {
	t.Parallel()
	h := start(t)
	hint := object(t, h.do(t, h.path("token"), h.codeForm(h.code(t))), 200)["id_token"].(string)
	cliHint := object(t, h.do(t, h.path("token"), passwordForm("admin", "admin")), 200)["id_token"].(string)
	parts := strings.Split(hint, ".")
	forged := parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2]))
	for name, c := range map[string]struct {
		q      url.Values
		status int
	}{
		"nothing asked":      {url.Values{}, 200},
		"hint":               {url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {h.url + "/"}, "state": {"s"}}, 303},
		"client id alone":    {url.Values{"client_id": {idp.DevClientID}, "post_logout_redirect_uri": {h.url + "/"}}, 303},
		"nobody":             {url.Values{"post_logout_redirect_uri": {h.url + "/"}}, 400},
		"foreign address":    {url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"https://evil.example/"}}, 400},
		"address with query": {url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {h.url + "/?x"}}, 400},
		"forged hint":        {url.Values{"id_token_hint": {forged}, "client_id": {idp.DevClientID}, "post_logout_redirect_uri": {h.url + "/"}}, 400},
		"junk hint":          {url.Values{"id_token_hint": {"junk"}}, 400},
		"other client":       {url.Values{"id_token_hint": {hint}, "client_id": {"x"}, "post_logout_redirect_uri": {h.url + "/"}}, 400},
		"hint of scripts":    {url.Values{"id_token_hint": {cliHint}, "post_logout_redirect_uri": {h.url + "/"}}, 400},
		"duplicate":          {url.Values{"state": {"a", "b"}}, 400},
	} {
		for _, resp := range []*http.Response{h.do(t, h.path("logout")+"?"+c.q.Encode(), nil), h.do(t, h.path("logout"), c.q)} {
			if resp.StatusCode != c.status {
				t.Errorf("%s: %s %d, want %d", name, resp.Request.Method, resp.StatusCode, c.status)
				continue
			}
			if c.status == 303 {
				if u := location(t, resp); u.Query().Get("state") != c.q.Get("state") || u.Path != "/" {
					t.Errorf("%s: sent to %s", name, u)
				}
			}
		}
	}
}
