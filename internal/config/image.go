package config

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxImage bounds the logo, in bytes: every end user waits for it.
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

// image is a picture that is read once, at start.
func image(at *Image) value {
	return value{"FILE", func(in input) {
		content, err := os.ReadFile(in.text)
		if err != nil {
			in.wrong("%s: %v.", in.variable, err)
			return
		}
		kind := http.DetectContentType(content)
		if strings.EqualFold(filepath.Ext(in.text), ".svg") && bytes.Contains(content, []byte("<svg")) {
			kind = "image/svg+xml"
		}
		switch {
		case len(content) > maxImage:
			in.wrong("%s: %s has %d KB; at most %d KB are allowed.", in.variable, in.text, len(content)>>10, maxImage>>10)
		case !slices.Contains([]string{"image/svg+xml", "image/png", "image/jpeg", "image/webp"}, kind):
			in.wrong("%s: %s is not an SVG, PNG, JPEG or WebP image.", in.variable, in.text)
		default:
			*at = Image{Path: in.text, Type: kind, Content: content}
		}
	}, func() string { return at.Path }}
}
