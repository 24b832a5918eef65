package house_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// forbidden is what no template may contain: the content security policy has
// no exception for inline script or style, htmx attributes that are
// evaluated need one too, and raw HTML is unescaped text of strangers.
var forbidden = map[string]*regexp.Regexp{
	"an inline script":            regexp.MustCompile(`(?i)<script(\s+type=[^>\s]*)?\s*>`),
	"an inline style":             regexp.MustCompile(`(?i)<style[\s>]|\sstyle\s*=`),
	"an event handler attribute":  regexp.MustCompile(`(?i)\son[a-z]+\s*=\s*["{]`),
	"hx-on":                       regexp.MustCompile(`(?i)\b(data-)?hx-on\b`),
	"an evaluated htmx attribute": regexp.MustCompile(`(?i)hx-(vals|headers|trigger)\s*=\s*["'](js:|javascript:|[^"']*\[)`),
	"unescaped HTML":              regexp.MustCompile(`templ\.Raw\(`),
	"a templ script":              regexp.MustCompile(`(?m)^script\s|templ\.JSFuncCall|templ\.JSUnsafeFuncCall`),
}

func TestTemplates_NothingInlineOrUnescaped(t *testing.T) {
	t.Parallel()
	seen := 0
	err := filepath.WalkDir(filepath.Join(root(t), "views"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".templ") {
			return err
		}
		seen++
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for what, pattern := range forbidden {
			for _, at := range pattern.FindAllIndex(content, -1) {
				line := 1 + strings.Count(string(content[:at[0]]), "\n")
				t.Errorf("%s:%d has %s: %s", filepath.Base(path), line, what, content[at[0]:at[1]])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Error("no template was looked at")
	}
}
