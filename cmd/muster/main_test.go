package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// buffer is a writer that a running server and its test may share.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// bench is a working directory with an environment of its own.
type bench struct {
	t    *testing.T
	dir  string
	vars map[string]string
	// bodyTimeout and answerTimeout shorten those of serve; 0 leaves them.
	bodyTimeout, answerTimeout time.Duration
	now                        func() time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return &bench{t: t, dir: t.TempDir(), vars: map[string]string{}, now: time.Now}
}

func (b *bench) program(out, err io.Writer, ready func(string)) *program {
	return &program{
		out: out, err: err, dir: b.dir, now: b.now, ready: ready,
		bodyTimeout: b.bodyTimeout, answerTimeout: b.answerTimeout,
		lookup: func(name string) (string, bool) { v, ok := b.vars[name]; return v, ok },
	}
}

// run executes a command to its end.
func (b *bench) run(args ...string) (code int, out, errs string) {
	b.t.Helper()
	var stdout, stderr buffer
	code = b.program(&stdout, &stderr, nil).execute(b.t.Context(), args)
	return code, stdout.String(), stderr.String()
}

// running is a started server.
type running struct {
	base string
	logs *buffer
	stop func() int
}

// serve starts the real server on a free port and waits until it answers.
func (b *bench) serve(args ...string) running {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.t.Context()))
	logs, ready, ended := &buffer{}, make(chan string, 1), make(chan int, 1)
	p := b.program(io.Discard, logs, func(base string) { ready <- base })
	go func() { ended <- p.execute(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)) }()
	stop := sync.OnceValue(func() int { cancel(); return <-ended })
	b.t.Cleanup(func() { stop() })
	select {
	case base := <-ready:
		return running{base, logs, stop}
	case code := <-ended:
		ended <- code
		b.t.Fatalf("serve ended with %d:\n%s", code, logs)
		return running{}
	}
}

// call sends a request and decodes a JSON answer into out unless it is nil.
func (r running) call(t *testing.T, method, path, bearer, body string, want int, out any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, r.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if body != "" && !strings.HasPrefix(body, "{") {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != want {
		t.Fatalf("%s %s: %s, want %d\n%s", method, path, response.Status, want, answer)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			t.Fatalf("%s %s: %v\n%s", method, path, err, answer)
		}
	}
}

func TestServe_JourneyOverREST(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	server := b.serve("--dev")
	server.call(t, "GET", "/readyz", "", "", http.StatusOK, nil)

	// The three calls: provider, its token, a registration token.
	var idp struct {
		IDPConfiguration struct{ TokenURL, ClientID string }
	}
	server.call(t, "GET", "/token/api/v5/idpConfigurations", "", "", http.StatusOK, &idp)
	var login struct {
		AccessToken string `json:"access_token"`
	}
	path := strings.TrimPrefix(idp.IDPConfiguration.TokenURL, server.base)
	server.call(t, "POST", path, "", url.Values{
		"grant_type": {"password"}, "client_id": {idp.IDPConfiguration.ClientID}, "scope": {"openid"},
		"username": {"admin"}, "password": {"admin"},
	}.Encode(), http.StatusOK, &login)
	var created struct {
		RegistrationToken struct{ ID, Token string }
	}
	server.call(t, "POST", "/token/api/v5/registrationTokens", login.AccessToken, `{"registrationToken":{"count":1}}`, http.StatusCreated, &created)
	secret := created.RegistrationToken.Token

	// Redeem, refresh, and the refusal once it is exhausted.
	var issued struct {
		AuthToken    struct{ ID string }
		RefreshToken string `json:"refresh_token"`
	}
	who := `{"authToken":{"systemUserName":"amara.okafor","fqdn":"lt-1.corp.example"}}`
	server.call(t, "POST", "/token/api/v5/authTokens", secret, who, http.StatusCreated, &issued)
	server.call(t, "POST", "/token/api/v5/authTokens", secret, who, http.StatusConflict, nil)
	server.call(t, "POST", "/oauth2/token", "", "grant_type=refresh_token&refresh_token="+issued.RefreshToken, http.StatusOK, nil)

	// An API key of the command line works at once, and the books fit.
	code, key, errs := b.run("apikey", "create", "--name", "nightly", "--role", "admin", "--expires", "90d")
	key = strings.TrimSuffix(key, "\n")
	if code != exitOK || !strings.HasPrefix(key, "mak_") || strings.ContainsAny(key, " \n") {
		t.Fatalf("apikey create: %d, %q, %s", code, key, errs)
	}
	server.call(t, "DELETE", "/token/api/v5/authTokens/"+issued.AuthToken.ID+"?reason=lost&returnCount=true", key, "", http.StatusNoContent, nil)
	if code, out, errs := b.run("check"); code != exitOK {
		t.Errorf("check: %d\n%s%s", code, out, errs)
	}
	if code := server.stop(); code != exitOK {
		t.Errorf("serve ended with %d:\n%s", code, server.logs)
	}
	for _, s := range []string{secret, issued.RefreshToken, key, login.AccessToken} {
		if strings.Contains(server.logs.String(), s) {
			t.Error("a secret is in the log")
		}
	}
}

func TestServe_DemoTwiceAddsNothingAndTheBooksFit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, wantAdded := range []bool{true, false} {
		server := b.serve("--dev", "--demo")
		if code := server.stop(); code != exitOK {
			t.Fatalf("serve ended with %d:\n%s", code, server.logs)
		}
		if added := strings.Contains(server.logs.String(), "sample data added"); added != wantAdded {
			t.Errorf("sample data added: %v, want %v", added, wantAdded)
		}
	}
	if code, out, errs := b.run("check"); code != exitOK {
		t.Errorf("check: %d\n%s%s", code, out, errs)
	}
}

// production are the variables of a server that starts, with a key of its own.
func production() map[string]string {
	return map[string]string{
		"MUSTER_BASE_URL": "https://muster.example.com", "MUSTER_LISTEN": "127.0.0.1:0",
		"MUSTER_OIDC_ISSUER": "https://id.example.com", "MUSTER_OIDC_CLIENT_ID": "muster", "MUSTER_OIDC_CLIENT_SECRET": "hidden-words",
	}
}

// Who may do what follows from these values, and somebody compares them with
// the provider's: each must be seen as the one it is.
func TestServe_TellsTheRolesItRead(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.vars = production()
	b.vars["MUSTER_ADMIN_ROLES"] = `Licence Admin,"CN=Admins,DC=example"`
	server := b.serve()
	server.stop()
	want := `"msg":"roles","claim":"groups","admin":["Licence Admin","CN=Admins,DC=example"],"helpdesk":["helpdesk"]`
	if !strings.Contains(server.logs.String(), want) {
		t.Errorf("the log lacks %s:\n%s", want, server.logs)
	}
	if _, out, _ := b.run("config"); !strings.Contains(out, `["Licence Admin","CN=Admins,DC=example"]`) || !strings.Contains(out, `["helpdesk"]`) {
		t.Errorf("config:\n%s", out)
	}
	b.vars["MUSTER_ADMIN_ROLES"] = "CN=Admins,DC=example"
	for _, command := range []string{"serve", "config"} {
		if code, _, errs := b.run(command); code != exitFailure || !strings.Contains(errs, "MUSTER_ADMIN_ROLES") {
			t.Errorf("%s with an LDAP name in pieces: %d\n%s", command, code, errs)
		}
	}
}

func TestServe_OneModePerDatabase(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.serve("--dev").stop()
	b.vars = production()
	code, _, errs := b.run("serve")
	if code != exitFailure || !strings.Contains(errs, "start with --dev") {
		t.Errorf("production on a development database: %d\n%s", code, errs)
	}

	b.vars["MUSTER_DATABASE_URL"] = "sqlite://" + filepath.Join(b.dir, "real", "muster.db")
	b.vars["MUSTER_MASTER_KEY"] = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	server := b.serve()
	if server.base != "https://muster.example.com" {
		t.Errorf("base URL %q", server.base)
	}
	server.stop()
	if !strings.HasPrefix(server.logs.String(), "{") || strings.Contains(server.logs.String(), "hidden-words") || strings.Contains(server.logs.String(), "DEVELOPMENT") {
		t.Errorf("production log:\n%s", server.logs)
	}
	dev := newBench(t)
	dev.vars["MUSTER_DATABASE_URL"] = b.vars["MUSTER_DATABASE_URL"]
	code, _, errs = dev.run("serve", "--dev", "--listen", "127.0.0.1:0")
	if code != exitFailure || !strings.Contains(errs, "leave --dev out") {
		t.Errorf("development on a production database: %d\n%s", code, errs)
	}
}

func TestServe_RefusesWithoutTheMasterKeyOfItsDatabase(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.serve("--dev").stop()
	if err := os.Remove(filepath.Join(b.dir, "data", "master.key")); err != nil {
		t.Fatal(err)
	}
	code, _, errs := b.run("serve", "--dev", "--listen", "127.0.0.1:0")
	if code != exitFailure || !strings.Contains(errs, "MUSTER_MASTER_KEY") {
		t.Errorf("serve without its master key: %d\n%s", code, errs)
	}
	if _, err := os.Stat(filepath.Join(b.dir, "data", "master.key")); err == nil {
		t.Error("a new master key was made beside sealed keys")
	}
}

// As Docker and Kubernetes mount it: everybody's to read, nobody's to change.
func TestServe_TakesAMountedMasterKeyAndSaysWhoMayReadIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := filepath.Join(b.dir, "key")
	if err := os.WriteFile(path, []byte("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	b.vars["MUSTER_MASTER_KEY_FILE"] = path
	server := b.serve("--dev")
	server.stop()
	if log := server.logs.String(); strings.Count(log, "level=WARN") != 1 || !strings.Contains(log, path) || !strings.Contains(log, "0444") {
		t.Errorf("want one warning that names file and mode:\n%s", log)
	}
}
