package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/internal/rp/rptest"
)

// loginBench is a bench whose login provider can be told what to send.
func loginBench(t *testing.T) (*bench, *rptest.Provider) {
	t.Helper()
	b, provider := newBench(t), rptest.New(t, time.Now)
	b.vars = map[string]string{
		"MUSTER_BASE_URL": "https://muster.example.com", "MUSTER_OIDC_ISSUER": provider.URL, "MUSTER_OIDC_CLIENT_ID": rptest.ClientID,
		"MUSTER_OIDC_CLIENT_SECRET": rptest.ClientSecret, "MUSTER_OIDC_AUDIENCE": rptest.Audience, "MUSTER_MASTER_KEY": strings.Repeat("A", 43) + "=",
		"MUSTER_DATABASE_URL": "sqlite://" + filepath.Join(t.TempDir(), "m.db"),
	}
	return b, provider
}

func TestLoginCheck_ExaminesATokenFile(t *testing.T) {
	t.Parallel()
	b, provider := loginBench(t)
	file := filepath.Join(t.TempDir(), "token")
	for name, c := range map[string]struct {
		change func(h, c map[string]any)
		code   int
		says   []string
	}{
		"good":           {func(_, c map[string]any) { c["nested"] = map[string]any{"refresh_token": "hidden-words"} }, exitOK, []string{"REST: yes", "Role: admin, by the claim groups", `"muster-api"`}},
		"another API":    {func(_, c map[string]any) { c["aud"] = "other" }, exitOK, []string{"REST: no", "MUSTER_OIDC_AUDIENCE", "Role: admin"}},
		"no role":        {func(_, c map[string]any) { delete(c, "groups") }, exitFailure, []string{"REST: yes", "Role: none.", "“groups”", "MUSTER_OIDC_SCOPES"}},
		"too many":       {func(_, c map[string]any) { delete(c, "groups"); c["hasgroups"] = true }, exitFailure, []string{"too many groups"}},
		"with a session": {func(_, c map[string]any) { c["sid"], c["jti"] = "hidden-words", "hidden-words" }, exitOK, []string{"[redacted]"}},
	} {
		raw := provider.AccessToken(c.change)
		if err := os.WriteFile(file, []byte(raw+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errs := b.run("login-check", "--token", file)
		if code != c.code || strings.Contains(out+errs, "hidden-words") || strings.Contains(out+errs, raw) {
			t.Errorf("%s: exit code %d\n%s%s", name, code, out, errs)
		}
		for _, text := range c.says {
			if !strings.Contains(out, text) {
				t.Errorf("%s: %q is not in\n%s%s", name, text, out, errs)
			}
		}
	}
	if code, _, errs := b.run("login-check", "--token", "/nowhere"); code != exitFailure || !strings.Contains(errs, "/nowhere") {
		t.Errorf("no file: %d %s", code, errs)
	}
}

func TestLoginCheck_SignsInByTheBrowser(t *testing.T) {
	t.Parallel()
	b, provider := loginBench(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	provider.Set(func(b *rptest.Behaviour) {
		b.IDClaims = func(c map[string]any) { delete(c, "groups"); delete(c, "name") }
		b.UserInfo = func(c map[string]any) { c["groups"] = []string{"staff"} }
	})
	printed, said := io.Pipe()
	done := make(chan int, 1)
	go func() {
		code := b.program(said, &buffer{}, nil).execute(b.t.Context(), []string{"login-check", "--loopback", address})
		_ = said.Close()
		done <- code
	}()
	text := &strings.Builder{}
	chunk := make([]byte, 4096)
	for !strings.Contains(text.String(), "/authorize?") {
		n, err := printed.Read(chunk)
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		text.Write(chunk[:n])
	}
	response, err := http.Get(regexp.MustCompile(`http://\S+/authorize\?\S+`).FindString(text.String())) // follows to the callback
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	rest, err := io.ReadAll(printed)
	if err != nil || <-done != exitFailure || response.StatusCode != http.StatusOK {
		t.Errorf("%s, %v", response.Status, err)
	}
	for _, want := range []string{"Claims of the ID token", "Claims of UserInfo", `"staff"`, "Role: none.", "MUSTER_ADMIN_ROLES", `"nonce": "[redacted]"`} {
		if !strings.Contains(string(rest), want) {
			t.Errorf("%q is not in\n%s", want, rest)
		}
	}
}

func TestLoginCheck_SaysWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	b, provider := loginBench(t)
	provider.Set(func(b *rptest.Behaviour) {
		b.Discovery = func(d map[string]any) { d["id_token_signing_alg_values_supported"] = []string{"HS256"} }
	})
	for _, command := range []string{"login-check", "serve"} {
		if code, out, errs := b.run(command); code != exitFailure || !strings.Contains(errs, "signs ID tokens with HS256 only") {
			t.Errorf("%s: %d\n%s%s", command, code, out, errs)
		}
	}
}
