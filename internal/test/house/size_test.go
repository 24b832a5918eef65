package house_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	mostFileLines    = 400
	mostPackageLines = 4_000
)

// TestSize_FilesAndPackagesStayReadable counts what people maintain: Go and
// templates, test support included; tests and generated code are excepted.
func TestSize_FilesAndPackagesStayReadable(t *testing.T) {
	t.Parallel()
	packages := map[string]int{}
	eachFile(t, func(name string, content []byte) {
		if !maintained(name) {
			return
		}
		lines := bytes.Count(content, []byte("\n"))
		if lines > mostFileLines {
			t.Errorf("%s has %d lines; at most %d: split it by what it holds", name, lines, mostFileLines)
		}
		packages[filepath.Dir(name)] += lines
	})
	for name, lines := range packages {
		if lines > mostPackageLines {
			t.Errorf("package %s has %d lines; at most %d: it holds more than one thing", name, lines, mostPackageLines)
		}
	}
	if len(packages) < 10 {
		t.Errorf("only %d packages were counted", len(packages))
	}
}

// maintained reports whether people write the file, and not as a test.
func maintained(path string) bool {
	switch {
	case strings.HasSuffix(path, "_templ.go"), strings.HasSuffix(path, "_test.go"):
		return false
	}
	return strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".templ")
}

// eachFile reads every file of the repository, by its path in it.
func eachFile(t *testing.T, read func(name string, content []byte)) {
	t.Helper()
	top := root(t)
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "node_modules" || name == "tmp" || name == "data" || strings.HasPrefix(name, ".") && path != top {
				return filepath.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read(strings.TrimPrefix(path, top+"/"), content)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
