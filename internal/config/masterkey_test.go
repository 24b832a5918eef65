package config_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/internal/config"
)

func none() (bool, error) { return false, nil }

func TestMasterKey_MadeOnceForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	env := environment(t, nil)
	c, err := config.Load(config.Flags{Dev: true}, env)
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.MasterKey(bytes.NewReader(bytes.Repeat([]byte{7}, 32)), none)
	if err != nil || len(first) != 32 {
		t.Fatalf("first start: %v", err)
	}
	path := filepath.Join(env.Dir, "data", "master.key")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("key file: %v, %v", info, err)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("the data directory holds %v (%v)", entries, err)
	}
	second, err := c.MasterKey(bytes.NewReader(nil), func() (bool, error) { return true, nil })
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("second start has another key (%v)", err)
	}
}

func TestMasterKey_NeverMadeBesideSealedKeys(t *testing.T) {
	t.Parallel()
	env := environment(t, nil)
	c, err := config.Load(config.Flags{Dev: true}, env)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.MasterKey(bytes.NewReader(make([]byte, 32)), func() (bool, error) { return true, nil })
	if err == nil || !strings.Contains(err.Error(), "restore it") {
		t.Errorf("want a refusal that names the fix, got %v", err)
	}
	if _, err := os.Stat(filepath.Join(env.Dir, "data", "master.key")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key file was made: %v", err)
	}
	unreachable := errors.New("no database")
	if _, err = c.MasterKey(bytes.NewReader(make([]byte, 32)), func() (bool, error) { return false, unreachable }); !errors.Is(err, unreachable) {
		t.Errorf("got %v", err)
	}
}

// Read by others it works and is told; written by others it is not ours.
func TestMasterKey_RefusesAFileOthersCanWrite(t *testing.T) {
	t.Parallel()
	for _, mode := range []os.FileMode{0o644, 0o640, 0o604, 0o440, 0o444, 0o660, 0o602} {
		env := environment(t, nil)
		writeMode(t, filepath.Join(env.Dir, "data", "master.key"), key, mode)
		c, err := config.Load(config.Flags{Dev: true}, env)
		if mode&0o022 != 0 {
			if err == nil || !strings.Contains(err.Error(), "chmod 600") {
				t.Errorf("mode %o: %v", mode, err)
			}
			continue
		}
		if err != nil || len(c.Warnings) != 1 {
			t.Fatalf("mode %o: warnings %q, %v", mode, c.Warnings, err)
		}
		if k, err := c.MasterKey(bytes.NewReader(nil), none); err != nil || string(k) != "0123456789abcdef0123456789abcdef" {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

func TestMasterKey_RefusesADamagedFile(t *testing.T) {
	t.Parallel()
	env := environment(t, nil)
	path := filepath.Join(env.Dir, "data", "master.key")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("half a k"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(config.Flags{Dev: true}, env)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.MasterKey(bytes.NewReader(make([]byte, 32)), none); err == nil || !strings.Contains(err.Error(), "backup") {
		t.Errorf("got %v", err)
	}
}
