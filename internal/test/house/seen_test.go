package house_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rawRows are rows as the database holds them. What people and programs are
// shown of one goes through package seen, which masks it for its viewer. A
// customer is only had as a part of a masked row.
var rawRows = []string{
	"Attention", "APIKey", "AuditEvent", "AuthToken", "Evidence", "Expectation", "Finding", "Redemption", "RefusedAttempt",
	"RegistrationToken", "TokenUse", "UseGroup", "Verdict", "Waiting",
}

// TestSeen_NobodyElseReadsARow type-checks the rooms and the pages: of a raw
// row they may read the id, and pass it to its viewer.
func TestSeen_NobodyElseReadsARow(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	packages, lookup := exported(t, "./handlers/...", "./views/...")
	imports := importer.ForCompiler(fset, "gc", lookup)
	read := 0
	for _, p := range packages {
		if p.ImportPath == "muster/views/gallery" {
			continue // shows made-up rows, and only in development
		}
		var files []*ast.File
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		info := &types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}, Defs: map[*ast.Ident]types.Object{}}
		if _, err := (&types.Config{Importer: imports}).Check(p.ImportPath, fset, files, info); err != nil {
			t.Fatal(err)
		}
		for at, selection := range info.Selections {
			read++
			row := rawRow(selection.Recv())
			if writes := row == "AuditEvent" && p.ImportPath == "muster/handlers"; writes {
				continue // refused accesses are gathered before they are written
			}
			if row != "" && selection.Kind() == types.FieldVal && at.Sel.Name != "ID" {
				t.Errorf("%s reads %s of models.%s; read it as seen.%s", fset.Position(at.Pos()), at.Sel.Name, row, row)
			}
		}
		for name, object := range info.Defs {
			if field, ok := object.(*types.Var); ok && field.IsField() && rawRow(field.Type()) != "" && strings.HasPrefix(p.ImportPath, "muster/views") {
				t.Errorf("%s: a page holds models.%s; let it hold seen.%[2]s", fset.Position(name.Pos()), rawRow(field.Type()))
			}
		}
	}
	if read == 0 {
		t.Error("nothing was read")
	}
}

// rawRow is the name of the row that a type is, points to or lists; empty for
// any other type.
func rawRow(t types.Type) string {
	for {
		switch inner := types.Unalias(t).(type) {
		case *types.Pointer:
			t = inner.Elem()
		case *types.Slice:
			t = inner.Elem()
		case *types.Named:
			if o := inner.Obj(); o.Pkg() != nil && o.Pkg().Path() == "muster/models" && slices.Contains(rawRows, o.Name()) {
				return o.Name()
			}
			return ""
		default:
			return ""
		}
	}
}

// makers are functions that decide who sees what, and who may call them.
var makers = map[string][]string{
	"seen.NewViewer(":                   {"handlers/web/", "views/gallery/"},
	"seen.Holder(":                      {"handlers/visitor/", "handlers/api/"},
	"models.PermissionPersonalDataRead": {"seen/", "views/gallery/", "handlers/routes.go"},
}

// TestSeen_ViewersAreMadeInFewPlaces keeps the decision who sees what where it
// is looked at.
func TestSeen_ViewersAreMadeInFewPlaces(t *testing.T) {
	t.Parallel()
	top, found := root(t), map[string]bool{}
	for _, dir := range []string{"cmd", "handlers", "views", "seen", "tokens"} {
		files, err := filepath.Glob(filepath.Join(top, dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		below, err := filepath.Glob(filepath.Join(top, dir, "*", "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range append(files, below...) {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimPrefix(path, top+"/")
			for maker, callers := range makers {
				if !strings.Contains(string(content), maker) {
					continue
				}
				found[maker] = true
				if !slices.ContainsFunc(callers, func(c string) bool { return strings.HasPrefix(name, c) }) {
					t.Errorf("%s says %s; only %v may", name, maker, callers)
				}
			}
		}
	}
	for maker := range makers {
		if !found[maker] {
			t.Errorf("nothing says %s: the test looks for what is gone", maker)
		}
	}
}

// builtPackage is what `go list -export` says of a package.
type builtPackage struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	DepOnly                 bool
}

// exported lists packages, with a lookup of the compiled exports of all that
// they import.
func exported(t *testing.T, patterns ...string) (packages []builtPackage, lookup importer.Lookup) {
	t.Helper()
	arguments := append([]string{"list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,DepOnly"}, patterns...)
	cmd := exec.CommandContext(t.Context(), "go", arguments...)
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	exports := map[string]string{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p builtPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		exports[p.ImportPath] = p.Export
		if !p.DepOnly {
			packages = append(packages, p)
		}
	}
	return packages, func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
}
