package config_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"muster/internal/config"
)

func TestLoad_ReadsTheLogoOnce(t *testing.T) {
	t.Parallel()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte
		kind    string
	}{
		"logo.svg": {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`), "image/svg+xml"},
		"logo.bin": {picture.Bytes(), "image/png"},
		"huge.png": {append(picture.Bytes(), make([]byte, 100<<10)...), ""},
		"logo.txt": {[]byte("<svg/>"), ""},
		"page.svg": {[]byte("<html></html>"), ""},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := config.Load(flags(t, "--dev", "--vendor-logo="+path), environment(t, nil))
		if c.kind == "" {
			if err == nil {
				t.Errorf("%s: accepted as %s", name, got.VendorLogo.Type)
			}
			continue
		}
		if err != nil || got.VendorLogo.Type != c.kind || !bytes.Equal(got.VendorLogo.Content, c.content) {
			t.Errorf("%s: %s, %v", name, got.VendorLogo.Type, err)
		}
	}
}
