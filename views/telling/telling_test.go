package telling_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"muster/models"
	"muster/seen"
)

// declared are the values of the constants of a type of package models, read
// from its source: a new one is found without anybody listing it.
func declared(t *testing.T, typeName string) []string {
	t.Helper()
	files, err := filepath.Glob("../../models/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if of, ok := spec.Type.(*ast.Ident); !ok || of.Name != typeName {
				return true
			}
			for _, value := range spec.Values {
				if literal, ok := value.(*ast.BasicLit); ok {
					text, err := strconv.Unquote(literal.Value)
					if err != nil {
						t.Fatal(err)
					}
					values = append(values, text)
				}
			}
			return true
		})
	}
	if len(values) < 2 {
		t.Fatalf("package models declares %d constants of type %s", len(values), typeName)
	}
	return values
}

// everything sees what is there.
var everything = seen.NewViewer(models.Actor{Permissions: []models.Permission{models.PermissionPersonalDataRead}}, "")
