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

// secret is a text that is never shown.
func secret(at *models.Secret) value {
	return value{"", func(in input) { *at = models.Secret(in.text) }, func() string {
		if *at == "" {
			return ""
		}
		return masked
	}}
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
		l.wrong("%s_FILE names %s, %v.", variable, path, err)
	case content == "":
		l.wrong("%s_FILE names %s, which is empty; write the secret into it.", variable, path)
	default:
		l.checkPermissions(variable+"_FILE", path)
	}
	return content
}

// checkPermissions judges who but its owner may touch a file that holds
// secrets. Orchestrators mount such files readable by a group or by everybody
// and read-only, where chmod cannot be used, and who else is in there is
// theirs to say: a warning. Nothing needs them writable, and whoever writes
// one chooses the key, the provider's secret or the data: a refusal.
func (l *loader) checkPermissions(variable, path string) {
	info, err := os.Stat(path) // follows links, as mounted secrets are
	if err != nil {
		return // whoever opens it complains
	}
	switch mode := info.Mode().Perm(); {
	case mode&0o022 != 0:
		l.wrong("%s: %s can be written by others than its owner (mode %04o); run: chmod 600 %s, or mount it read-only with mode 0400 or 0440.", variable, path, mode, path)
	case mode&0o044 != 0:
		l.warn("%s: %s can be read by others than its owner (mode %04o); unless it has to be mounted so, run: chmod 600 %s.", variable, path, mode, path)
	}
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

// byteOrderMarks are those of UTF-8 and UTF-16.
var byteOrderMarks = []string{"\ufeff", "\xff\xfe", "\xfe\xff"}

// readSecretFile returns what a file holds. The error is a clause that says
// what is wrong with the file and how to mend it. A byte order mark is named
// and not taken off: what writes one writes UTF-16 next.
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

// plainCause strips the path off a file error: the sentence names it already.
func plainCause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
