package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"muster/models"
)

// maxSecretFile bounds what is read of a secret's file, in bytes.
const maxSecretFile = 64 << 10

// secret is a text that is never shown.
func secret(at *models.Secret) value {
	return value{
		read: func(in input) { *at = models.Secret(in.text) },
		show: func() string {
			if *at == "" {
				return ""
			}
			return masked
		},
	}
}

// secretFile returns what the _FILE twin of a variable holds; value, what the
// variable itself holds, when there is none.
func (l *loader) secretFile(variable, value string) string {
	path := l.lookup(variable + "_FILE")
	if path == "" {
		return value
	}
	if value != "" {
		l.wrong("%s and %s_FILE are both set; unset one of them.", variable, variable)
		return ""
	}
	content, err := readSecretFile(path)
	switch {
	case err != nil:
		l.wrong("%s_FILE names %s, which cannot be read (%v); correct the path or the permissions.", variable, path, plainCause(err))
	case content == "":
		l.wrong("%s_FILE names %s, which is empty; write the secret into it.", variable, path)
	}
	return content
}

const keySize = 32

var errKey = errors.New("not 32 bytes in base64")

// decodeKey reads both alphabets of base64, padded or not: tools differ.
func decodeKey(text models.Secret) ([]byte, error) {
	plain := strings.TrimRight(strings.TrimSpace(text.Reveal()), "=")
	plain = strings.NewReplacer("-", "+", "_", "/").Replace(plain)
	key, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil || len(key) != keySize {
		return nil, errKey
	}
	return key, nil
}

// checkKeyMode refuses a key file that others than its owner may read.
// A file that is not there is left to the reader to complain about.
func checkKeyMode(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("the key file %s can be read by others (mode %04o); run: chmod 600 %s", path, mode, path)
	}
	return nil
}

func readSecretFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("it is not a file")
	}
	if info.Size() > maxSecretFile {
		return "", errors.New("it is too long to be a secret")
	}
	content, err := os.ReadFile(path)
	return strings.TrimSpace(string(content)), err
}

// plainCause strips the path off a file error: the sentence names it already.
func plainCause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
