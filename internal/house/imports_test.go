package house_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rule says what one part of the tree may import. Prefixes end in "/..." and
// cover the package itself.
type rule struct {
	own    []string // packages of this repository it may import
	banned []string // modules it must not know
}

const (
	echo   = "github.com/labstack/echo/..."
	gorm   = "gorm.io/..."
	templ  = "github.com/a-h/templ/..."
	sqlPkg = "database/sql/..."
)

// rules is the import table of ARCHITECTURE.md. A package that no entry
// covers fails the test: say first where it belongs.
var rules = map[string]rule{
	"muster/cmd/...":            {own: []string{"muster/..."}, banned: []string{echo, gorm}},
	"muster/handlers":           {own: []string{"muster/handlers/...", "muster/views/...", "muster/seen", "muster/tokens", "muster/models", "muster/internal/forwarded", "muster/internal/rp", "muster/internal/seal", "muster/static"}, banned: []string{gorm, sqlPkg}},
	"muster/handlers/web":       {own: []string{"muster/views/...", "muster/seen", "muster/tokens", "muster/models"}, banned: []string{gorm, sqlPkg}},
	"muster/handlers/listing":   {own: []string{"muster/handlers/web", "muster/views/...", "muster/seen", "muster/tokens", "muster/models"}, banned: []string{gorm, sqlPkg}},
	"muster/handlers/visitor":   {own: []string{"muster/handlers/web", "muster/views/...", "muster/seen", "muster/tokens", "muster/models", "muster/internal/rp", "muster/internal/seal"}, banned: []string{gorm, sqlPkg}},
	"muster/handlers/api":       {own: []string{"muster/handlers/web", "muster/views/paths", "muster/seen", "muster/tokens", "muster/models"}, banned: []string{gorm, sqlPkg, templ}},
	"muster/handlers/...":       {own: []string{"muster/handlers/web", "muster/handlers/listing", "muster/views/...", "muster/seen", "muster/tokens", "muster/models"}, banned: []string{gorm, sqlPkg}},
	"muster/views/...":          {own: []string{"muster/views/...", "muster/seen", "muster/models", "muster/static"}, banned: []string{echo, gorm}},
	"muster/views/paths":        {},
	"muster/views/telling":      {own: []string{"muster/seen", "muster/models", "muster/views/ui", "muster/views/words"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/seen":               {own: []string{"muster/models", "muster/internal/seal"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/tokens":             {own: []string{"muster/models", "muster/internal/seal"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/models":             {banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/models/store":       {own: []string{"muster/models"}, banned: []string{echo, templ}},
	"muster/models/store/...":   {own: []string{"muster/models", "muster/models/store"}, banned: []string{echo, templ}},
	"muster/static":             {},
	"muster/internal/rp":        {own: []string{"muster/models"}, banned: []string{echo, gorm}},
	"muster/internal/rp/rptest": {own: []string{"muster/models"}, banned: []string{echo, gorm}},
	"muster/internal/config":    {own: []string{"muster/models"}, banned: []string{echo, gorm}},
	"muster/internal/devidp":    {own: []string{"muster/models"}, banned: []string{echo, gorm}},
	"muster/internal/seal":      {banned: []string{echo, gorm}},
	"muster/internal/forwarded": {banned: []string{echo, gorm}},
	"muster/internal/demo":      {own: []string{"muster/models", "muster/tokens"}, banned: []string{echo, gorm}},
	"muster/internal/histories": {own: []string{"muster/models"}, banned: []string{echo, gorm}},
	"muster/internal/benchpair": {},
	"muster/internal/testcount": {},
	"muster/internal/house":     {},
	"muster/e2e/...":            {own: []string{"muster/..."}},
	"muster/internal/chromium":  {},
}

func matches(pattern, path string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == prefix || strings.HasPrefix(path, prefix+"/")
	}
	return pattern == path
}

// ruleFor picks the entry of path itself, else the longest that covers it.
func ruleFor(path string) (rule, bool) {
	if r, ok := rules[path]; ok {
		return r, true
	}
	best := ""
	for pattern := range rules {
		if matches(pattern, path) && len(strings.TrimSuffix(pattern, "...")) > len(strings.TrimSuffix(best, "...")) {
			best = pattern
		}
	}
	return rules[best], best != ""
}

// listedPackage is one package as `go list -json` describes it, without its
// tests: those may import what they need.
type listedPackage struct {
	ImportPath string
	Imports    []string
}

func TestImports_OneDirectionOnly(t *testing.T) {
	t.Parallel()
	for _, p := range list(t) {
		r, ok := ruleFor(p.ImportPath)
		if !ok {
			t.Errorf("%s is not in the import table; add it there and to ARCHITECTURE.md", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, "muster/") {
				if !slices.ContainsFunc(r.own, func(o string) bool { return matches(o, imported) }) {
					t.Errorf("%s imports %s; it may import %v", p.ImportPath, imported, r.own)
				}
			} else if slices.ContainsFunc(r.banned, func(b string) bool { return matches(b, imported) }) {
				t.Errorf("%s imports %s, which it must not know", p.ImportPath, imported)
			}
		}
	}
}

// TestImports_DomainIsStandardLibraryOnly keeps models and static free of
// every module; static may make scripts smaller.
func TestImports_DomainIsStandardLibraryOnly(t *testing.T) {
	t.Parallel()
	for _, p := range list(t) {
		if p.ImportPath != "muster/models" && p.ImportPath != "muster/static" {
			continue
		}
		for _, imported := range p.Imports {
			if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") &&
				(p.ImportPath != "muster/static" || !strings.HasPrefix(imported, "github.com/tdewolff/minify/v2")) {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
	}
}

// list asks with -e: a package that does not build fails in its own tests.
func list(t *testing.T) []listedPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports", "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listedPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listedPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
	if len(packages) == 0 {
		t.Fatal("go list named no package")
	}
	return packages
}

// root is the top of the repository.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
