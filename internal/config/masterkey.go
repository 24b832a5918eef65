package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"muster/models"
)

// masterKeyFile is the default file of the master key, below the working directory.
const masterKeyFile = "data/master.key"

// masterKey is 32 bytes in base64.
func masterKey(c *Config) value {
	return value{"", func(in input) {
		var err error
		if c.masterKey, err = decodeKey(models.Secret(in.text)); err != nil {
			in.wrong("%s must be 32 random bytes in base64; make one with: head -c 32 /dev/urandom | base64.", in.variable)
		}
	}, func() string {
		if c.masterKey != nil {
			return masked
		}
		return filepath.Join(c.dir, masterKeyFile) + " (file)"
	}}
}

// MasterKey returns the 32 bytes that seal signing keys at rest: those of
// MUSTER_MASTER_KEY or its file, else of data/master.key, whose permissions [Load]
// has checked. That file is created from random at first start, but never when
// sealedKeys reports that the database already has keys sealed under another one,
// which a new key could not open.
func (c *Config) MasterKey(random io.Reader, sealedKeys func() (bool, error)) ([]byte, error) {
	if c.masterKey != nil {
		return c.masterKey, nil
	}
	path := filepath.Join(c.dir, masterKeyFile)
	text, err := readSecretFile(path)
	switch {
	case err == nil:
		key, err := decodeKey(models.Secret(text))
		if err != nil {
			return nil, fmt.Errorf("the key file %s does not contain 32 bytes in base64; restore the right one from your backup", path)
		}
		return key, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("the master key lies in %s, %w", path, err)
	}
	sealed, err := sealedKeys()
	if err != nil {
		return nil, fmt.Errorf("look for sealed keys: %w", err)
	}
	if sealed {
		return nil, fmt.Errorf("the database has signing keys sealed under a master key that is missing; restore it as %s (mode 0600), or set MUSTER_MASTER_KEY", path)
	}
	return createMasterKey(c.dir, path, random)
}

// createMasterKey writes the key to a temporary file and links it to its final name,
// so that a crash leaves no partial key and two processes starting at once use the
// same one.
func createMasterKey(dir, path string, random io.Reader) ([]byte, error) {
	if err := makeDataDir(dir); err != nil {
		return nil, err
	}
	key := make([]byte, keySize)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, fmt.Errorf("make a master key: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "master.key.*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("make the key file: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // the key, if linked, keeps its other name
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return nil, fmt.Errorf("write the key file: %w", err)
	}
	err = os.Link(f.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		text, err := readSecretFile(path)
		if err != nil {
			return nil, fmt.Errorf("the master key lies in %s, %w", path, err)
		}
		return decodeKey(models.Secret(text))
	}
	if err != nil {
		return nil, fmt.Errorf("place the key file: %w", err)
	}
	return key, nil
}
