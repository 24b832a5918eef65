package config

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxImage bounds the logo, in bytes: each end user waits for it.
const maxImage = 100 << 10

// Image is a picture that is shown to people.
type Image struct {
	// Path is the file it was read from.
	Path string
	// Type is its media type: image/svg+xml, image/png, image/jpeg or
	// image/webp.
	Type    string
	Content []byte
}

// image reads a picture, once; what it shows may change with the next start.
func (l *loader) image(variable, flag string) Image {
	path := l.text(variable, flag, "")
	if path == "" {
		return Image{}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		l.wrong("%s: %v.", variable, err)
		return Image{}
	}
	if len(content) > maxImage {
		l.wrong("%s: %s has %d KB; at most %d KB are allowed.", variable, path, len(content)>>10, maxImage>>10)
		return Image{}
	}
	kind := http.DetectContentType(content)
	if strings.EqualFold(filepath.Ext(path), ".svg") && bytes.Contains(content, []byte("<svg")) {
		kind = "image/svg+xml"
	}
	if !slices.Contains([]string{"image/svg+xml", "image/png", "image/jpeg", "image/webp"}, kind) {
		l.wrong("%s: %s is no SVG, PNG, JPEG or WebP picture.", variable, path)
		return Image{}
	}
	return Image{Path: path, Type: kind, Content: content}
}
