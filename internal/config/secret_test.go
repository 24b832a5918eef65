package config_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"muster/internal/config"
)

// writeMode makes a file of that mode, whatever the umask.
func writeMode(t *testing.T, path, content string, mode os.FileMode) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// secretFiles are the ways to a file whose mode is judged: each sets up one
// of that mode and returns its path and the variables.
var secretFiles = map[string]func(t *testing.T, dir string, mode os.FileMode) (path string, vars map[string]string){
	"MUSTER_MASTER_KEY_FILE": func(t *testing.T, dir string, mode os.FileMode) (string, map[string]string) {
		path := writeMode(t, filepath.Join(dir, "key"), key, mode)
		return path, map[string]string{"MUSTER_MASTER_KEY_FILE": path}
	},
	"MUSTER_MASTER_KEY": func(t *testing.T, dir string, mode os.FileMode) (string, map[string]string) {
		return writeMode(t, filepath.Join(dir, "data", "master.key"), key, mode), nil
	},
	"MUSTER_OIDC_CLIENT_SECRET_FILE": func(t *testing.T, dir string, mode os.FileMode) (string, map[string]string) {
		path := writeMode(t, filepath.Join(dir, "client"), "from-a-file\n", mode)
		return path, map[string]string{"MUSTER_OIDC_CLIENT_SECRET_FILE": path, "MUSTER_OIDC_CLIENT_SECRET": ""}
	},
	"MUSTER_DATABASE_URL_FILE": func(t *testing.T, dir string, mode os.FileMode) (string, map[string]string) {
		path := writeMode(t, filepath.Join(dir, "database"), "postgres://u:pw@db/muster", mode)
		return path, map[string]string{"MUSTER_DATABASE_URL_FILE": path}
	},
	"MUSTER_DATABASE_URL": func(t *testing.T, dir string, mode os.FileMode) (string, map[string]string) {
		return writeMode(t, filepath.Join(dir, "data", "muster.db"), "x", mode), nil
	},
	"MUSTER_DATABASE_URL, set": func(t *testing.T, dir string, mode os.FileMode) (string, map[string]string) {
		path := writeMode(t, filepath.Join(dir, "m.db"), "x", mode)
		return path, map[string]string{"MUSTER_DATABASE_URL": "sqlite://" + path}
	},
	"MUSTER_DATABASE_URL, its -wal": func(t *testing.T, dir string, mode os.FileMode) (string, map[string]string) {
		writeMode(t, filepath.Join(dir, "data", "muster.db"), "x", 0o600)
		return writeMode(t, filepath.Join(dir, "data", "muster.db-wal"), "x", mode), nil
	},
	"MUSTER_DATABASE_URL, -shm beside a link's goal": func(t *testing.T, dir string, mode os.FileMode) (string, map[string]string) {
		goal := writeMode(t, filepath.Join(dir, "volume", "m.db"), "x", 0o600)
		link := filepath.Join(dir, "m.db")
		if err := os.Symlink(goal, link); err != nil {
			t.Fatal(err)
		}
		return writeMode(t, goal+"-shm", "x", mode), map[string]string{"MUSTER_DATABASE_URL": "sqlite://" + link}
	},
	// As Kubernetes mounts a secret.
	"MUSTER_MASTER_KEY_FILE, by ..data": func(t *testing.T, dir string, mode os.FileMode) (string, map[string]string) {
		writeMode(t, filepath.Join(dir, "..2026_01_01", "key"), key, mode)
		path := filepath.Join(dir, "key")
		for link, goal := range map[string]string{filepath.Join(dir, "..data"): "..2026_01_01", path: filepath.Join("..data", "key")} {
			if err := os.Symlink(goal, link); err != nil {
				t.Fatal(err)
			}
		}
		return path, map[string]string{"MUSTER_MASTER_KEY_FILE": path}
	},
}

// Orchestrators mount secrets readable by a group or by everybody, and there
// chmod cannot be used; nobody needs them writable.
func TestLoad_JudgesWhoMayTouchASecretFile(t *testing.T) {
	t.Parallel()
	for name, setUp := range secretFiles {
		variable, _, _ := strings.Cut(name, ",")
		for _, tt := range []struct {
			mode             os.FileMode
			refused, warning bool
		}{
			{0o600, false, false}, {0o400, false, false},
			{0o440, false, true}, {0o444, false, true}, {0o640, false, true}, {0o644, false, true}, {0o604, false, true},
			{0o660, true, false}, {0o620, true, false}, {0o602, true, false}, {0o666, true, false}, {0o664, true, false},
		} {
			t.Run(name+" "+tt.mode.String(), func(t *testing.T) {
				t.Parallel()
				env := environment(t, nil)
				path, vars := setUp(t, env.Dir, tt.mode)
				vars = production(vars)
				env.Lookup = func(name string) (string, bool) { v, ok := vars[name]; return v, ok }
				c, err := config.Load(config.Flags{}, env)
				if refused := err != nil; refused != tt.refused {
					t.Fatalf("refused: %v (%v), warnings %q", refused, err, c.Warnings)
				}
				if err != nil && (!strings.Contains(err.Error(), variable+": "+path+" ") || !strings.Contains(err.Error(), "chmod 600 "+path) || !strings.Contains(err.Error(), "1 problem:")) {
					t.Errorf("want one problem that names the file and the fix, got %v", err)
				}
				if warned := len(c.Warnings) > 0; warned != tt.warning {
					t.Fatalf("warnings %q", c.Warnings)
				}
				if tt.warning && (len(c.Warnings) != 1 || !strings.HasPrefix(c.Warnings[0], variable+": "+path+" ") || !strings.Contains(c.Warnings[0], fmt.Sprintf("mode %04o", tt.mode))) {
					t.Errorf("want one warning that names file and mode, got %q", c.Warnings)
				}
			})
		}
	}
}

func TestLoadDatabase_JudgesTheDatabaseFileToo(t *testing.T) {
	t.Parallel()
	env := environment(t, nil)
	path := writeMode(t, filepath.Join(env.Dir, "data", "muster.db"), "x", 0o644)
	if c, err := config.LoadDatabase(config.DatabaseFlags{}, env); err != nil || len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], path) {
		t.Errorf("warnings %q, %v", c.Warnings, err)
	}
	writeMode(t, path, "x", 0o666)
	if _, err := config.LoadDatabase(config.DatabaseFlags{}, env); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a database that everybody may write: %v", err)
	}
	// The default file is nobody's business once another is named.
	env.Lookup = func(name string) (string, bool) {
		return map[string]string{"MUSTER_DATABASE_URL": "postgres://u@db/muster"}[name], true
	}
	if c, err := config.LoadDatabase(config.DatabaseFlags{}, env); err != nil || len(c.Warnings) > 0 {
		t.Errorf("with another database: %q, %v", c.Warnings, err)
	}
}

func TestLoad_TheDefaultKeyFileIsJudgedWhenItIsUsed(t *testing.T) {
	t.Parallel()
	env := environment(t, map[string]string{"MUSTER_MASTER_KEY": key})
	writeMode(t, filepath.Join(env.Dir, "data", "master.key"), key, 0o666)
	if c, err := config.Load(config.Flags{Dev: true}, env); err != nil || len(c.Warnings) > 0 {
		t.Errorf("%q, %v", c.Warnings, err)
	}
}

// Editors that write UTF-8 with a byte order mark write UTF-16 next time: it
// is named rather than taken off, so that the file gets mended.
func TestLoad_NamesAByteOrderMark(t *testing.T) {
	t.Parallel()
	wide := func(order binary.AppendByteOrder, text string) string {
		var b []byte
		for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
			b = order.AppendUint16(b, unit)
		}
		return string(b)
	}
	for variable, content := range map[string]string{
		"MUSTER_MASTER_KEY": key, "MUSTER_OIDC_CLIENT_SECRET": "a-client-secret", "MUSTER_DATABASE_URL": "postgres://u:pw@db/muster",
	} {
		for kind, marked := range map[string]string{
			"UTF-8": "\ufeff" + content, "UTF-16LE": wide(binary.LittleEndian, content), "UTF-16BE": wide(binary.BigEndian, content),
		} {
			vars := production(map[string]string{variable: "", variable + "_FILE": writeMode(t, filepath.Join(t.TempDir(), "secret"), marked, 0o600)})
			_, err := config.Load(config.Flags{}, environment(t, vars))
			if err == nil || !strings.Contains(err.Error(), variable+"_FILE") || !strings.Contains(err.Error(), "byte order mark") || !strings.Contains(err.Error(), "UTF-8 without BOM") || !strings.Contains(err.Error(), "1 problem:") {
				t.Errorf("%s, %s: %v", variable, kind, err)
			}
		}
		vars := production(map[string]string{variable: "\ufeff" + content})
		if _, err := config.Load(config.Flags{}, environment(t, vars)); err == nil || !strings.Contains(err.Error(), "byte order mark") || !strings.Contains(err.Error(), "1 problem:") {
			t.Errorf("%s: %v", variable, err)
		}
	}
	env := environment(t, nil)
	writeMode(t, filepath.Join(env.Dir, "data", "master.key"), "\ufeff"+key, 0o600)
	c, err := config.Load(config.Flags{Dev: true}, env)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.MasterKey(bytes.NewReader(make([]byte, 32)), none); err == nil || !strings.Contains(err.Error(), "byte order mark") {
		t.Errorf("the default key file: %v", err)
	}
}
