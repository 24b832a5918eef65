// Package seal encrypts small values at rest: AES-256-GCM under a key that
// HKDF-SHA256 (RFC 5869) derives from a high-entropy secret and a purpose. A
// value sealed for one purpose does not open for another.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
)

// ErrOpen means that a value was sealed under another secret or purpose, or
// has been changed.
var ErrOpen = errors.New("sealed value does not open")

const keySize = 32

// Seal encrypts plain so that only the same secret and purpose open it.
// The secret must carry at least 128 bits of entropy: it is not stretched.
func Seal(secret []byte, purpose string, plain []byte) ([]byte, error) {
	aead, err := newAEAD(secret, purpose)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return nil, fmt.Errorf("seal: nonce: %w", err)
	}
	return aead.Seal(nonce, nonce, plain, []byte(purpose)), nil
}

// Open returns what was given to Seal, or ErrOpen.
func Open(secret []byte, purpose string, sealed []byte) ([]byte, error) {
	aead, err := newAEAD(secret, purpose)
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, ErrOpen
	}
	nonce, box := sealed[:aead.NonceSize()], sealed[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, box, []byte(purpose))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

func newAEAD(secret []byte, purpose string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "muster "+purpose, keySize)
	if err != nil {
		return nil, fmt.Errorf("seal: derive key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("seal: cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("seal: gcm: %w", err)
	}
	return aead, nil
}
