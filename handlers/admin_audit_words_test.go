package handlers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"muster/models"
)

// Every action that the code knows can be chosen in the trail, and has words.
func TestAuditWords_EveryActionHasThem(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../models/audit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		declared++
		action := models.AuditAction(text)
		if !slices.Contains(models.AuditActions, action) {
			t.Errorf("%s is not in AuditActions", action)
		}
		if auditActionNames[action] == "" {
			t.Errorf("%s has no name", action)
		}
		before, after := auditSentence(&models.AuditEvent{Action: action, Detail: "{}"})
		if before+after == "" || strings.Contains(before+after, ": ") && strings.Contains(before+after, strings.ReplaceAll(text, "_", " ")) {
			t.Errorf("%s is told as %q %q", action, before, after)
		}
		return true
	})
	if declared != len(models.AuditActions) || declared != len(auditActionNames) {
		t.Errorf("%d actions are declared, %d listed, %d named", declared, len(models.AuditActions), len(auditActionNames))
	}
}
