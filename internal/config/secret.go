package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"muster/models"
)

// maxSecretFile bounds what is read of a secret's file, in bytes.
const maxSecretFile = 64 << 10

// secret is a text that is always masked.
func secret(at *models.Secret) value {
	return value{"", func(in input) { *at = models.Secret(in.text) }, func() string {
		if *at == "" {
			return ""
		}
		return masked
	}}
}

// secretFile returns the content of the file named by variable_FILE, or value, the
// variable itself, when there is none.
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
		l.wrong("%s_FILE names %s, %v.", variable, path, err)
	case content == "":
		l.wrong("%s_FILE names %s, which is empty; write the secret into it.", variable, path)
	default:
		l.checkPermissions(variable+"_FILE", path)
	}
	return content
}

// checkPermissions checks who but its owner has access to a file with secrets.
// Orchestrators mount such files read-only, readable by a group or by everybody,
// where chmod does not work and the orchestrator controls access: a warning. None
// needs to be writable by others, who could choose the key, the provider's secret
// or the data: a problem.
func (l *loader) checkPermissions(variable, path string) {
	info, err := os.Stat(path) // follows links, as mounted secrets are
	if err != nil {
		return // whoever opens it reports the error
	}
	switch mode := info.Mode().Perm(); {
	case mode&0o022 != 0:
		l.wrong("%s: %s can be written by users other than its owner (mode %04o); run: chmod 600 %s, or mount it read-only with mode 0400 or 0440.", variable, path, mode, path)
	case mode&0o044 != 0:
		l.warn("%s: %s can be read by users other than its owner (mode %04o); unless it must be mounted like this, run: chmod 600 %s.", variable, path, mode, path)
	}
}

const keySize = 32

var errKey = errors.New("not 32 bytes in base64")

// decodeKey accepts both base64 alphabets, with or without padding: tools differ.
func decodeKey(text models.Secret) ([]byte, error) {
	plain := strings.TrimRight(strings.TrimSpace(text.Reveal()), "=")
	plain = strings.NewReplacer("-", "+", "_", "/").Replace(plain)
	key, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil || len(key) != keySize {
		return nil, errKey
	}
	return key, nil
}

// byteOrderMarks are those of UTF-8 and UTF-16.
var byteOrderMarks = []string{"\ufeff", "\xff\xfe", "\xfe\xff"}

// readSecretFile returns the content of a file. The error is a clause that says what
// is wrong with the file and how to fix it. A byte order mark is reported rather than
// removed: a tool that writes one may also write UTF-16.
func readSecretFile(path string) (string, error) {
	info, err := os.Stat(path)
	var content []byte
	if err == nil && info.Mode().IsRegular() && info.Size() <= maxSecretFile {
		content, err = os.ReadFile(path)
	}
	text := string(content)
	switch {
	case err != nil:
		return "", fmt.Errorf("which cannot be read (%w); correct the path or the permissions", plainCause(err))
	case !info.Mode().IsRegular():
		return "", errors.New("which is not a file; correct the path")
	case info.Size() > maxSecretFile:
		return "", errors.New("which is too long to be a secret; correct the path")
	case slices.ContainsFunc(byteOrderMarks, func(mark string) bool { return strings.HasPrefix(text, mark) }):
		return "", errors.New("which begins with a byte order mark; save it as UTF-8 without BOM")
	}
	return strings.TrimSpace(text), nil
}

// plainCause removes the path from a file error: the sentence already names it.
func plainCause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
