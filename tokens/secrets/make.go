package secrets

import (
	"fmt"
	"io"
)

// Make makes a secret for a row's public id. Family is the tag that all refresh tokens
// of an auth token share; empty for other kinds.
func Make(random io.Reader, kind Kind, id, family string) (Parsed, error) {
	text, err := Text(random, randomBytes)
	if err != nil {
		return Parsed{}, err
	}
	body := string(kind) + id + family + text
	return Parsed{Kind: kind, ID: id, canonical: body + Checksum(body)}, nil
}

// Family makes the tag of a family of refresh tokens.
func Family(random io.Reader) (string, error) { return Text(random, familyBytes) }

// Text returns n random bytes in lower-case Crockford base32.
func Text(random io.Reader, n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	return encoding.EncodeToString(b), nil
}
