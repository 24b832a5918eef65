// Package static holds the files that every page needs: styles, scripts, images. Each
// is served under a URL with a checksum of its content, so that browsers can keep it
// for ever and see a new build at once.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

// Prefix is the path under which [Handler] serves.
const Prefix = "/static/"

//go:embed css/app.css js img
var files embed.FS

// asset is one embedded file.
type asset struct {
	url         string
	contentType string
	etag        string
	content     []byte
	// small is content in gzip; nil where that saves nothing.
	small []byte
}

// assets maps plain names ("css/app.css") and checksummed ones to the files.
// They are compiled in and never change, so this is computed once.
var assets = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		ext := path.Ext(name)
		if content, err = minified(ext, content); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		sum := sha256.Sum256(content)
		hash := hex.EncodeToString(sum[:8])
		hashed := strings.TrimSuffix(name, ext) + "." + hash + ext
		a := asset{url: Prefix + hashed, contentType: contentTypes[ext], etag: `"` + hash + `"`, content: content}
		if a.small, err = compressed(content); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all[name], all[hashed] = a, a
		return nil
	})
	if err != nil {
		// Reading compiled-in files cannot fail.
		panic("static: " + err.Error())
	}
	return all
})

// minified is a script without what only its readers need: browsers wait for every
// byte.
func minified(ext string, content []byte) ([]byte, error) {
	if ext != ".js" {
		return content, nil
	}
	var small bytes.Buffer
	err := js.Minify(minify.New(), &small, bytes.NewReader(content), nil)
	return small.Bytes(), err
}

// compressed is content in gzip; nil when that is hardly shorter, as for images.
func compressed(content []byte) ([]byte, error) {
	var small bytes.Buffer
	w, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil || small.Len() > len(content)*9/10 {
		return nil, err
	}
	return small.Bytes(), nil
}

// contentTypes are fixed, so that they do not depend on the machine.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
	".ico": "image/x-icon",
}

// URL returns the checksummed path of an embedded file, such as
// "css/app.css". An unknown name gives a path that answers 404.
func URL(name string) string {
	if a, ok := assets()[name]; ok {
		return a.url
	}
	return Prefix + name
}

// Has reports whether there is an embedded file with that path.
func Has(urlPath string) bool {
	name, under := strings.CutPrefix(urlPath, Prefix)
	_, ok := assets()[name]
	return under && ok
}

// Handler serves the embedded files under [Prefix], and nothing else: a
// checksummed name may be kept for a year, a plain one is asked for again
// each time.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		a, ok := assets()[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok || a.contentType == "" {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.contentType)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Vary", "Accept-Encoding")
		content, etag := a.content, a.etag
		if a.small != nil && readsGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			content, etag = a.small, strings.TrimSuffix(etag, `"`)+`-gzip"`
		}
		h.Set("ETag", etag)
		if r.URL.Path == a.url {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			h.Set("Cache-Control", "no-cache")
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	})
}

// readsGzip reports whether an Accept-Encoding header names gzip, and not with a
// weight of nothing (RFC 9110 section 12.5.3).
func readsGzip(accepted string) bool {
	for coding := range strings.SplitSeq(accepted, ",") {
		name, weight, weighed := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			_, q, _ := strings.Cut(weight, "=")
			n, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
			return !weighed || err == nil && n > 0
		}
	}
	return false
}
