package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/models"
	"muster/models/store"
)

func httptestServer(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func TestCommands_ExitCodes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args []string
		want int
	}{
		"help":                    {[]string{"--help"}, exitOK},
		"version":                 {[]string{"version"}, exitOK},
		"no command":              {nil, exitUsage},
		"unknown command":         {[]string{"dance"}, exitUsage},
		"unknown flag":            {[]string{"serve", "--oidc-client-secret", "x"}, exitUsage},
		"key without grant":       {[]string{"apikey", "create", "--name", "x"}, exitUsage},
		"key with two grants":     {[]string{"apikey", "create", "--name", "x", "--role", "admin", "--scope", "introspect"}, exitUsage},
		"key with unknown role":   {[]string{"apikey", "create", "--name", "x", "--role", "owner"}, exitFailure},
		"key with unknown scope":  {[]string{"apikey", "create", "--name", "x", "--scope", "everything"}, exitFailure},
		"key with bad expiry":     {[]string{"apikey", "create", "--name", "x", "--role", "admin", "--expires", "soon"}, exitFailure},
		"incomplete settings":     {[]string{"serve"}, exitFailure},
		"check without database":  {[]string{"check"}, exitFailure},
		"backup without database": {[]string{"backup", "--to", "b.db"}, exitFailure},
		"settings":                {[]string{"config"}, exitOK},
		"unsafe settings":         {[]string{"config", "--base-url", "http://muster.example.com"}, exitFailure},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if code, out, errs := newBench(t).run(tt.args...); code != tt.want {
				t.Errorf("exit code %d, want %d\n%s%s", code, tt.want, out, errs)
			}
		})
	}
}

func TestConfig_MasksSecrets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.vars = map[string]string{"MUSTER_OIDC_CLIENT_SECRET": "hidden-words", "MUSTER_DATABASE_URL": "postgres://muster:hidden-words@db/muster"}
	code, out, errs := b.run("config")
	if code != exitOK || strings.Contains(out+errs, "hidden-words") || !strings.Contains(out, "[redacted]") {
		t.Errorf("config: %d\n%s%s", code, out, errs)
	}
	if !strings.Contains(errs, "MUSTER_OIDC_ISSUER") {
		t.Errorf("what serve needs more is not named:\n%s", errs)
	}
}

func TestAPIKey_CreateListRevoke(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if code, _, errs := b.run("migrate"); code != exitOK {
		t.Fatalf("migrate: %s", errs)
	}
	if code, out, _ := b.run("migrate"); code != exitOK || !strings.Contains(out, "nothing to do") {
		t.Errorf("migrate again: %d %s", code, out)
	}
	code, key, errs := b.run("apikey", "create", "--name", "resource server", "--scope", "introspect", "--scope", "auth-tokens:read")
	if code != exitOK {
		t.Fatalf("create: %s", errs)
	}
	key = strings.TrimSpace(key)
	_, list, _ := b.run("apikey", "list")
	if strings.Contains(list, key) || !strings.Contains(list, "introspect,auth-tokens:read") || !strings.Contains(list, "usable") {
		t.Errorf("list:\n%s", list)
	}
	id := strings.Fields(strings.Split(list, "\n")[1])[0]
	for range 2 { // again changes nothing
		if code, _, errs := b.run("apikey", "revoke", id); code != exitOK {
			t.Errorf("revoke: %s", errs)
		}
	}
	if _, list, _ = b.run("apikey", "list"); !strings.Contains(list, "revoked") {
		t.Errorf("list after revoke:\n%s", list)
	}
	if code, _, _ := b.run("apikey", "revoke", "nobody"); code != exitFailure {
		t.Errorf("revoke of an unknown key: %d", code)
	}
}

func TestCheck_NamesTheRowThatDoesNotFit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.serve("--dev", "--demo").stop()
	path := filepath.Join(b.dir, "data", "muster.db")
	id := spoil(t, path)
	code, out, errs := b.run("check")
	if code != exitFailure || !strings.Contains(out, id) {
		t.Errorf("check: %d, want a finding for %s\n%s%s", code, id, out, errs)
	}
}

func TestDemo_FillsAnEmptyDatabaseOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.vars["MUSTER_DATABASE_URL"] = "sqlite://" + filepath.Join(b.dir, "large.db")
	code, out, errs := b.run("demo", "--size", "1000")
	if code != exitOK || !strings.Contains(out, "1000 auth tokens") || !strings.Contains(errs, "derived for the desk: 1000 of 1000") {
		t.Errorf("demo: %d\n%s%s", code, out, errs)
	}
	if code, out, errs := b.run("check"); code != exitOK {
		t.Errorf("check: %d\n%s%s", code, out, errs)
	}
	if code, _, errs := b.run("demo", "--size", "1000"); code != exitFailure || !strings.Contains(errs, "Only an empty one") {
		t.Errorf("demo again: %d\n%s", code, errs)
	}
}

func TestReindex_SaysHowFarItIs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	running := b.serve("--dev", "--demo")
	code, out, errs := b.run("reindex")
	running.stop()
	if code != exitOK || !strings.Contains(out, "derived anew") || !strings.Contains(errs, "100%") || strings.Contains(errs, "\r") {
		t.Errorf("reindex: %d\n%s%s", code, out, errs)
	}
}

func TestReindex_SaysThatItWasStopped(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.serve("--dev", "--demo").stop()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var errs buffer
	// It is stopped when it first says how far it is.
	code := b.program(io.Discard, stopping{&errs, stop}, nil).execute(ctx, []string{"reindex"})
	if said := errs.String(); code != exitFailure || !strings.Contains(said, "stopped before") || strings.Contains(said, "unavailable") {
		t.Errorf("reindex: %d\n%s", code, said)
	}
	if code, _, errs := b.run("reindex"); code != exitOK {
		t.Errorf("once more: %d\n%s", code, errs)
	}
}

// stopping calls stop at each write.
type stopping struct {
	io.Writer
	stop func()
}

func (s stopping) Write(text []byte) (int, error) {
	s.stop()
	return s.Writer.Write(text)
}

func TestBackup_IsCompleteAndNeverOverwrites(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.serve("--dev", "--demo").stop()
	if code, _, errs := b.run("backup", "--to", "copy.db"); code != exitOK {
		t.Fatalf("backup: %s", errs)
	}
	if code, _, _ := b.run("backup", "--to", "copy.db"); code != exitFailure {
		t.Errorf("a second backup to the same file: %d", code)
	}
	copied := "sqlite://" + filepath.Join(b.dir, "copy.db")
	if code, out, errs := b.run("check", "--database-url", copied); code != exitOK {
		t.Errorf("check of the backup: %d\n%s%s", code, out, errs)
	}
	db, err := store.Open(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	page, err := db.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{}, timeNow())
	if err != nil || len(page.Items) < 12 {
		t.Errorf("the backup holds %d registration tokens (%v)", len(page.Items), err)
	}
}

// Who may write the database may write roles and counts; who may read it is
// for the operator to know.
func TestCommands_TellWhoElseMayTouchTheDatabase(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if code, _, errs := b.run("migrate"); code != exitOK || strings.Contains(errs, "Note:") {
		t.Fatalf("migrate: %d %s", code, errs)
	}
	path := filepath.Join(b.dir, "data", "muster.db")
	commands := map[string][]string{
		"check": {"check"}, "migrate": {"migrate"}, "key": {"apikey", "create", "--name", "x", "--role", "admin"}, "config": {"config", "--dev"},
	}
	for name, args := range commands {
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		code, out, errs := b.run(args...)
		if code != exitOK || strings.Contains(out, "Note:") || !strings.Contains(errs, "Note: MUSTER_DATABASE_URL: "+path) || !strings.Contains(errs, "0644") {
			t.Errorf("%s beside a readable database: %d\n%s%s", name, code, out, errs)
		}
		if err := os.Chmod(path, 0o660); err != nil {
			t.Fatal(err)
		}
		if code, _, errs := b.run(args...); code != exitFailure || !strings.Contains(errs, "chmod 600 "+path) {
			t.Errorf("%s beside a writable database: %d\n%s", name, code, errs)
		}
	}
	if code, _, errs := b.run("serve", "--dev", "--listen", "127.0.0.1:0"); code != exitFailure || !strings.Contains(errs, "chmod 600 "+path) {
		t.Errorf("serve beside a writable database: %d\n%s", code, errs)
	}
}

// A mistyped path must not look like an empty database, and even less may a
// key be made there that no server knows.
func TestCommands_OnlyServeAndMigrateMakeADatabase(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"create": {"apikey", "create", "--name", "nightly", "--role", "admin"},
		"list":   {"apikey", "list"},
		"revoke": {"apikey", "revoke", "01jd0000000000000000000000"},
		"check":  {"check"},
		"backup": {"backup", "--to", "copy.db"},
		"config": {"config"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			empty := filepath.Join(b.dir, "empty.db")
			if err := os.WriteFile(empty, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{filepath.Join(b.dir, "data", "muster.db"), filepath.Join(b.dir, "typo", "muster.db"), filepath.Join(b.dir, "typo.db"), empty} {
				b.vars["MUSTER_DATABASE_URL"] = "sqlite://" + path
				code, out, errs := b.run(args...)
				if name != "config" && (code != exitFailure || out != "" || !strings.Contains(errs, path)) {
					t.Errorf("%s: %d\n%s%s", path, code, out, errs)
				}
			}
			delete(b.vars, "MUSTER_DATABASE_URL")
			if code, _, errs := b.run(args...); name != "config" && (code != exitFailure || !strings.Contains(errs, filepath.Join(b.dir, "data", "muster.db"))) {
				t.Errorf("the default path: %d\n%s", code, errs)
			}
			left, err := os.ReadDir(b.dir)
			if err != nil || len(left) != 1 {
				t.Errorf("it left behind %v, %v", left, err)
			}
			foreign := filepath.Join(b.dir, "foreign.db")
			otherProgram(t, foreign)
			b.vars["MUSTER_DATABASE_URL"] = "sqlite://" + foreign
			if code, _, errs := b.run(args...); name != "config" && (code != exitFailure || !strings.Contains(errs, foreign)) {
				t.Errorf("another program's database: %d\n%s", code, errs)
			}
			if info, err := os.Stat(empty); err != nil || info.Size() != 0 {
				t.Errorf("it wrote into a file that is no database: %v, %v", info, err)
			}
		})
	}
}

// Entries that an administrator has to decide on are named where somebody looks
// after an upgrade, without the addresses.
func TestMigrate_AndServeNameEarlierEmailEntries(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.serve("--dev", "--demo").stop()
	path := filepath.Join(b.dir, "data", "muster.db")
	for _, statement := range []string{
		"UPDATE registration_tokens SET only_expected = TRUE WHERE identifier = 'Workshop in Munich'",
		"UPDATE expectations SET kind = 'email', by_claim = TRUE",
	} {
		execute(t, path, statement)
	}
	b.vars = map[string]string{"MUSTER_DATABASE_URL": "sqlite://" + path}
	code, out, errs := b.run("migrate")
	if code != exitOK || !strings.Contains(out, "nothing to do") || !strings.Contains(out, `"Workshop in Munich": 12, lets in only the expected`) {
		t.Errorf("migrate: %d\n%s%s", code, out, errs)
	}
	server := b.serve("--dev")
	server.stop()
	if logs := server.logs.String(); !strings.Contains(logs, "met by a claim") || !strings.Contains(logs, "addresses=12") {
		t.Errorf("the start says nothing:\n%s", logs)
	}
}
