package house_test

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	"muster/cmd/...":                 {own: []string{"muster/..."}, banned: []string{echo, gorm}},
	"muster/handlers":                {own: []string{"muster/handlers/...", "muster/views/...", "muster/seen", "muster/tokens", "muster/tokens/secrets", "muster/models", "muster/internal/forwarded", "muster/internal/rp", "muster/static"}, banned: []string{gorm, sqlPkg}},
	"muster/handlers/web":            {own: []string{"muster/views/...", "muster/seen", "muster/tokens", "muster/tokens/secrets", "muster/models", "muster/models/lists", "muster/internal/seal"}, banned: []string{gorm, sqlPkg}},
	"muster/handlers/listing":        {own: []string{"muster/handlers/web", "muster/views/...", "muster/seen", "muster/tokens", "muster/models"}, banned: []string{gorm, sqlPkg}},
	"muster/handlers/visitor":        {own: []string{"muster/docs", "muster/handlers/web", "muster/views/...", "muster/seen", "muster/tokens", "muster/tokens/secrets", "muster/models", "muster/internal/rp", "muster/internal/seal"}, banned: []string{gorm, sqlPkg}},
	"muster/handlers/api":            {own: []string{"muster/handlers/web", "muster/views/paths", "muster/views/telling", "muster/seen", "muster/tokens", "muster/tokens/secrets", "muster/models"}, banned: []string{gorm, sqlPkg, templ}},
	"muster/handlers/...":            {own: []string{"muster/handlers/web", "muster/handlers/listing", "muster/views/...", "muster/seen", "muster/tokens", "muster/tokens/secrets", "muster/models", "muster/models/lists", "muster/models/names"}, banned: []string{gorm, sqlPkg}},
	"muster/views/...":               {own: []string{"muster/views/axis", "muster/views/layout", "muster/views/paths", "muster/views/telling", "muster/views/ui", "muster/views/words", "muster/seen", "muster/models", "muster/models/lists", "muster/static"}, banned: []string{echo, gorm}},
	"muster/views/gallery":           {own: []string{"muster/views/...", "muster/seen", "muster/models", "muster/models/lists"}, banned: []string{echo, gorm}},
	"muster/views/axis":              {banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/views/paths":             {},
	"muster/views/telling":           {own: []string{"muster/seen", "muster/models", "muster/views/ui", "muster/views/words"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/seen":                    {own: []string{"muster/models", "muster/models/mask", "muster/models/names", "muster/models/verdict", "muster/internal/seal"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/tokens/secrets":          {own: []string{"muster/models"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/tokens/background":       {banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/tokens/recent":           {banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/tokens/signing":          {own: []string{"muster/models", "muster/internal/seal", "muster/tokens/recent"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/tokens":                  {own: []string{"muster/models", "muster/models/verdict", "muster/tokens/background", "muster/tokens/recent", "muster/tokens/secrets", "muster/tokens/signing", "muster/internal/seal"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/models":                  {own: []string{"muster/models/names"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/models/lists":            {own: []string{"muster/models", "muster/models/names"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/models/names":            {banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/models/mask":             {own: []string{"muster/models"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/models/words":            {banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/models/verdict":          {own: []string{"muster/models", "muster/models/names"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/models/store":            {own: []string{"muster/models", "muster/models/names", "muster/models/store/books", "muster/models/store/bulk", "muster/models/store/calls", "muster/models/store/database", "muster/models/store/deletion", "muster/models/store/edits", "muster/models/store/evidence", "muster/models/store/expected", "muster/models/store/figures", "muster/models/store/group", "muster/models/store/listing", "muster/models/store/migrations", "muster/models/store/projection", "muster/models/store/pruning", "muster/models/store/redeeming", "muster/models/store/refreshing", "muster/models/store/requests", "muster/models/store/search", "muster/models/store/sessions", "muster/models/store/trail", "muster/models/store/usegroups"}, banned: []string{echo, templ}},
	"muster/models/store/deletion":   {own: []string{"muster/models", "muster/models/names", "muster/models/store/evidence", "muster/models/store/projection"}, banned: []string{echo, templ}},
	"muster/models/store/edits":      {own: []string{"muster/models", "muster/models/store/search"}, banned: []string{echo, templ}},
	"muster/models/store/evidence":   {own: []string{"muster/models", "muster/models/names", "muster/models/store/memory", "muster/models/store/projection"}, banned: []string{echo, templ}},
	"muster/models/store/expected":   {own: []string{"muster/models"}, banned: []string{echo, templ}},
	"muster/static":                  {},
	"muster/docs":                    {},
	"muster/internal/claim":          {banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/internal/rp":             {own: []string{"muster/models", "muster/internal/claim"}, banned: []string{echo, gorm}},
	"muster/internal/rp/rptest":      {own: []string{"muster/models"}, banned: []string{echo, gorm}},
	"muster/internal/config":         {own: []string{"muster/models", "muster/models/names", "muster/internal/claim"}, banned: []string{echo, gorm}},
	"muster/internal/dev/idp":        {own: []string{"muster/models"}, banned: []string{echo, gorm}},
	"muster/internal/replicas":       {own: []string{"muster/tokens"}, banned: []string{echo, gorm, templ, sqlPkg}},
	"muster/internal/seal":           {banned: []string{echo, gorm}},
	"muster/internal/forwarded":      {banned: []string{echo, gorm}},
	"muster/internal/dev/demo":       {own: []string{"muster/models", "muster/models/lists", "muster/tokens"}, banned: []string{echo, gorm}},
	"muster/internal/dev/crowd":      {own: []string{"muster/models", "muster/models/store/bulk", "muster/models/store/database", "muster/models/store/projection", "muster/models/store/search"}, banned: []string{echo, templ}},
	"muster/internal/test/histories": {own: []string{"muster/models", "muster/models/lists", "muster/models/names"}, banned: []string{echo, gorm}},
	"muster/internal/test/benchpair": {},
	"muster/internal/test/postgres":  {banned: []string{echo, gorm}},
	"muster/internal/test/house":     {},
	"muster/bench":                   {own: []string{"muster/internal/test/postgres", "muster/models", "muster/models/store"}, banned: []string{echo, gorm}},
	"muster/bench/naive":             {},
	"muster/e2e/...":                 {own: []string{"muster/..."}},
	"muster/internal/test/chromium":  {},
	"muster/internal/test/webdriver": {},

	"muster/models/store/books":      {banned: []string{echo, templ}},
	"muster/models/store/bulk":       {banned: []string{echo, templ}},
	"muster/models/store/calls":      {own: []string{"muster/models"}, banned: []string{echo, templ}},
	"muster/models/store/group":      {banned: []string{echo, templ}},
	"muster/models/store/redeeming":  {own: []string{"muster/models", "muster/models/store/bulk", "muster/models/store/group"}, banned: []string{echo, templ}},
	"muster/models/store/refreshing": {own: []string{"muster/models", "muster/models/store/bulk", "muster/models/store/group"}, banned: []string{echo, templ}},
	"muster/models/store/pruning":    {own: []string{"muster/models", "muster/models/store/search"}, banned: []string{echo, templ}},
	"muster/models/store/sessions":   {own: []string{"muster/models"}, banned: []string{echo, templ}},
	"muster/models/store/figures":    {own: []string{"muster/models"}, banned: []string{echo, templ}},
	"muster/models/store/listing":    {own: []string{"muster/models", "muster/models/store/database"}, banned: []string{echo, templ}},
	"muster/models/store/requests":   {own: []string{"muster/models"}, banned: []string{echo, templ}},
	"muster/models/store/database":   {own: []string{"muster/models"}, banned: []string{echo, templ}},
	"muster/models/store/search":     {own: []string{"muster/models", "muster/models/names", "muster/models/words", "muster/models/store/bulk", "muster/models/store/listing", "muster/models/store/projection", "muster/models/store/wordtable"}, banned: []string{echo, templ}},
	"muster/models/store/projection": {own: []string{"muster/models", "muster/models/names", "muster/models/words", "muster/models/store/bulk", "muster/models/store/wordtable"}, banned: []string{echo, templ}},
	"muster/models/store/wordtable":  {own: []string{"muster/models/mask", "muster/models/words"}, banned: []string{echo, templ}},
	"muster/models/store/trail":      {own: []string{"muster/models", "muster/models/store/bulk", "muster/models/store/listing"}, banned: []string{echo, templ}},
	"muster/models/store/memory":     {banned: []string{echo, gorm, templ}},
	"muster/models/store/usegroups":  {own: []string{"muster/models", "muster/models/store/memory", "muster/models/store/projection"}, banned: []string{echo, templ}},
	"muster/models/store/migrations": {},
	"muster/models/store/storetest":  {own: []string{"muster/internal/test/postgres", "muster/models", "muster/models/lists", "muster/models/store"}, banned: []string{echo, templ}},
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

// selfContained are the packages that import the standard library and these
// modules, or packages of modules, alone.
var selfContained = map[string][]string{
	"muster/models": {"muster/models/names"},
	// Which domains the public can register is a list that others keep, and
	// what makes two spellings one name a standard of its own.
	"muster/models/names":  {"golang.org/x/net/publicsuffix", "golang.org/x/net/idna", "golang.org/x/text/unicode/norm", "golang.org/x/text/cases"},
	"muster/models/words":  {"golang.org/x/text/unicode/norm", "golang.org/x/text/cases"},
	"muster/internal/seal": nil, "muster/internal/forwarded": nil,
	// Scripts are made smaller when the program starts.
	"muster/static": {"github.com/tdewolff/minify/v2/..."},
	// The guides are rendered from the files that the repository shows.
	"muster/docs": {"github.com/yuin/goldmark/..."},
	// A released migration does for good what it did: nothing it runs may
	// change under it.
	"muster/models/store/migrations": {"github.com/pressly/goose/v3/..."},
}

func TestImports_SelfContainedPackagesKnowLittle(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, p := range list(t) {
		allowed, ok := selfContained[p.ImportPath]
		if !ok {
			continue
		}
		seen++
		for _, imported := range p.Imports {
			first, _, _ := strings.Cut(imported, "/")
			if standard := first != "muster" && !strings.Contains(first, "."); !standard &&
				!slices.ContainsFunc(allowed, func(a string) bool { return matches(a, imported) }) {
				t.Errorf("%s imports %s; beside the standard library it may import %v", p.ImportPath, imported, allowed)
			}
		}
	}
	if seen != len(selfContained) {
		t.Errorf("%d of %d packages were looked at", seen, len(selfContained))
	}
}

// goMigration is how a migration in Go is made known, or its code given.
var goMigration = regexp.MustCompile(`goose\.(NewGoMigration|GoFunc|AddMigration\w*|AddNamedMigration\w*|Register\w*)\b`)

// TestMigrations_RunNoCodeOfToday holds every migration in the package that
// imports nothing of this repository.
func TestMigrations_RunNoCodeOfToday(t *testing.T) {
	t.Parallel()
	const home = "models/store/migrations"
	found := 0
	err := filepath.WalkDir(root(t), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git" || entry.Name() == "tmp") {
			return filepath.SkipDir
		}
		if entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !goMigration.Match(content) {
			return nil
		}
		found++
		if dir := filepath.ToSlash(filepath.Dir(path)); !strings.HasSuffix(dir, "/"+home) {
			t.Errorf("%s makes a migration; migrations belong in %s, which calls no code that may change", path, home)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Error("no migration in Go was found")
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
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
