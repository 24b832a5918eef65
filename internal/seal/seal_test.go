package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"muster/internal/seal"
)

var secret = bytes.Repeat([]byte{7}, 32)

func TestSeal_OpensWithTheSameSecretAndPurposeOnly(t *testing.T) {
	t.Parallel()
	sealed, err := seal.Seal(secret, "purpose", []byte("value"))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := seal.Open(secret, "purpose", sealed); err != nil || string(plain) != "value" {
		t.Fatalf("Open = %q, %v", plain, err)
	}
	if bytes.Contains(sealed, []byte("value")) {
		t.Error("the sealed value holds the clear one")
	}
	for name, open := range map[string]func() ([]byte, error){
		"another secret":  func() ([]byte, error) { return seal.Open(bytes.Repeat([]byte{8}, 32), "purpose", sealed) },
		"another purpose": func() ([]byte, error) { return seal.Open(secret, "purpos", sealed) },
		"nothing":         func() ([]byte, error) { return seal.Open(secret, "purpose", nil) },
		"a stump":         func() ([]byte, error) { return seal.Open(secret, "purpose", sealed[:12]) },
	} {
		if plain, err := open(); !errors.Is(err, seal.ErrOpen) || plain != nil {
			t.Errorf("%s: Open = %q, %v; want ErrOpen", name, plain, err)
		}
	}
}

func TestSeal_NoticesEveryChangedByte(t *testing.T) {
	t.Parallel()
	sealed, err := seal.Seal(secret, "purpose", []byte("value"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := seal.Open(secret, "purpose", changed); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
}

func TestSeal_NeverTheSameTwice(t *testing.T) {
	t.Parallel()
	a, errA := seal.Seal(secret, "purpose", []byte("value"))
	b, errB := seal.Seal(secret, "purpose", []byte("value"))
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(a, b) {
		t.Error("two sealings of one value are equal")
	}
}
