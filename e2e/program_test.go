package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program under test, built once, with the race detector.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "muster-e2e-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "muster")
	command := exec.Command("go", "build", "-race", "-o", path, "muster/cmd/muster")
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	stopChromium()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// program is a running Muster with a working directory of its own.
type program struct {
	tb      testing.TB
	base    string
	dir     string
	args    []string
	env     []string // beside that of the tests
	binary  string   // another than the program under test
	command *exec.Cmd
	logs    *logBuffer
}

// logBuffer gathers what the program prints, over all its starts.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// startProgram runs `muster serve --dev` with more arguments on a free port
// and waits until it is ready.
func startProgram(tb testing.TB, args ...string) *program {
	tb.Helper()
	p := newProgram(tb, args...)
	p.start()
	tb.Cleanup(p.stop)
	return p
}

// newProgram is a program that has not been started.
func newProgram(tb testing.TB, args ...string) *program {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		tb.Fatal(err)
	}
	return &program{
		tb: tb, base: "http://" + address, dir: tb.TempDir(), logs: &logBuffer{},
		args: append([]string{"serve", "--dev", "--listen", address}, args...),
	}
}

func (p *program) start() {
	p.tb.Helper()
	p.command = p.prepare(p.args...)
	p.command.Env = append(p.command.Env, "GORACE=halt_on_error=1")
	p.command.Stdout, p.command.Stderr = p.logs, p.logs
	if err := p.command.Start(); err != nil {
		p.tb.Fatal(err)
	}
	deadline := time.Now().Add(60 * time.Second)
	for {
		response, err := http.Get(p.base + "/readyz")
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			p.tb.Fatalf("the program did not get ready: %v\n%s", err, p.logs)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// prepare is a command of the program, not started.
func (p *program) prepare(args ...string) *exec.Cmd {
	p.tb.Helper()
	path := p.binary
	if path == "" {
		var err error
		if path, err = binary(); err != nil {
			p.tb.Fatal(err)
		}
	}
	command := exec.Command(path, args...)
	command.Dir = p.dir
	command.Env = append(os.Environ(), p.env...)
	return command
}

// kill ends the program at once, as a power loss of the process would.
func (p *program) kill() {
	_ = p.command.Process.Signal(syscall.SIGKILL)
	_ = p.command.Wait()
}

func (p *program) stop() {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	err := p.command.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() > 0 {
		p.tb.Errorf("the program ended with %v\n%s", err, p.logs)
	}
}

// run runs another command of the program while the server runs, and returns its
// standard output.
func (p *program) run(args ...string) (string, error) {
	p.tb.Helper()
	command := p.prepare(args...)
	command.Stderr = p.logs
	out, err := command.Output()
	return string(out), err
}

// check runs the self-check and fails the test when it finds something.
func (p *program) check() {
	p.tb.Helper()
	if out, err := p.run("check"); err != nil {
		p.tb.Fatalf("muster check: %v\n%s\n%s", err, out, p.logs)
	}
}

// bearer gets an access token with the three calls of a device.
func (p *program) bearer(account string) string {
	p.tb.Helper()
	var configuration struct {
		IDPConfiguration struct {
			Realm         string `json:"realm"`
			TokenEndpoint string `json:"tokenEndpoint"`
			ClientID      string `json:"clientId"`
		} `json:"idpConfiguration"`
	}
	p.call("GET", "/token/api/v5/idpConfigurations", "", nil, http.StatusOK, &configuration)
	idp := configuration.IDPConfiguration
	response, err := http.PostForm(idp.TokenEndpoint+"realms/"+idp.Realm+"/protocol/openid-connect/token", url.Values{
		"grant_type": {"password"}, "client_id": {idp.ClientID}, "scope": {"openid"},
		"username": {account}, "password": {account},
	})
	if err != nil {
		p.tb.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.AccessToken == "" {
		p.tb.Fatalf("password grant: %s, %v", response.Status, err)
	}
	return answer.AccessToken
}

// call sends JSON and expects a status; out may be nil.
func (p *program) call(method, path, authorization string, in any, status int, out any) {
	p.tb.Helper()
	got, body, err := p.try(p.tb.Context(), method, path, authorization, in)
	if err != nil {
		p.tb.Fatal(err)
	}
	if got != status {
		said := ""
		if got >= http.StatusInternalServerError {
			said = p.logs.String() // the answer does not tell why
		}
		p.tb.Fatalf("%s %s: status %d, want %d\n%s\n%s", method, path, got, status, body, said)
	}
	if out != nil {
		if err := json.Unmarshal(body, out); err != nil {
			p.tb.Fatalf("%s %s: %v\n%s", method, path, err, body)
		}
	}
}

func (p *program) try(ctx context.Context, method, path, authorization string, in any) (int, []byte, error) {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return 0, nil, err
		}
		body = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, method, p.base+path, body)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		request.Header.Set("Authorization", "Bearer "+authorization)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	return response.StatusCode, data, err
}

// createToken makes a registration token over REST and returns id and secret.
func (p *program) createToken(bearer string, count int) (id, secret string) {
	p.tb.Helper()
	var answer struct {
		RegistrationToken struct{ ID, Token string } `json:"registrationToken"`
	}
	p.call("POST", "/token/api/v5/registrationTokens", bearer,
		map[string]any{"registrationToken": map[string]any{"count": count}}, http.StatusCreated, &answer)
	return answer.RegistrationToken.ID, answer.RegistrationToken.Token
}

// databaseFiles returns the database and its WAL as they are on disk.
func (p *program) databaseFiles() map[string][]byte {
	p.tb.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(p.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil && !strings.HasSuffix(path, "-shm") {
			return err
		}
		files[filepath.Base(path)] = data
		return nil
	})
	if err != nil {
		p.tb.Fatal(err)
	}
	return files
}
