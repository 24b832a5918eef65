package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

// The document and the route table must tell the same story.
func TestOpenAPI_KnowsEveryRouteAndNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	doc, err := contract()
	must(t, err)
	var documented, mounted []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			documented = append(documented, method+" "+path)
		}
	}
	for _, route := range w.server.Routes() {
		if !route.Page {
			mounted = append(mounted, route.Method+" "+strings.NewReplacer(":id", "{id}", ":code", "{code}").Replace(route.Path))
		}
	}
	slices.Sort(documented)
	slices.Sort(mounted)
	if !slices.Equal(documented, mounted) {
		t.Errorf("documented:\n%s\nmounted:\n%s", strings.Join(documented, "\n"), strings.Join(mounted, "\n"))
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("version %s", doc.OpenAPI)
	}
	file, err := os.ReadFile("api/openapi.json")
	must(t, err)
	if got := w.script("").call(http.MethodGet, "/openapi.json", nil).wants(http.StatusOK); got.raw != string(file) {
		t.Error("another document is served than is checked in")
	}
}

// Whatever reads a body says what comes of one that is too large, and of one that stops
// on its way.
func TestOpenAPI_TellsOfBodiesThatDoNotArrive(t *testing.T) {
	t.Parallel()
	doc, err := contract()
	must(t, err)
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			large, late := operation.Responses.Value("413"), operation.Responses.Value("408")
			if (operation.RequestBody != nil || large != nil) && (large == nil || late == nil) {
				t.Errorf("%s %s: 413 is documented: %t, 408: %t", method, path, large != nil, late != nil)
			}
		}
	}
}

// Generators make nothing of an allOf with an object that has no properties, and texts of
// what is true or false.
func TestOpenAPI_IsWrittenForGenerators(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("api/openapi.json")
	must(t, err)
	var document any
	must(t, json.Unmarshal(file, &document))
	var walk func(at string, value any)
	walk = func(at string, value any) {
		list, _ := value.([]any)
		for i, element := range list {
			walk(fmt.Sprint(at, "/", i), element)
		}
		schema, _ := value.(object)
		parts, _ := schema["allOf"].([]any)
		for _, part := range parts {
			if of := part.(object); of["$ref"] == nil && of["properties"] == nil {
				t.Errorf("%s: allOf with an object without properties", at)
			}
		}
		if values, _ := schema["enum"].([]any); slices.Contains(values, any("true")) {
			t.Errorf("%s: true is a text", at)
		}
		for name, member := range schema {
			walk(at+"/"+name, member)
		}
	}
	walk("", document)
	// Every problem of the whole suite is held against this.
	doc, err := contract()
	must(t, err)
	if problem := doc.Components.Schemas["Problem"].Value; !slices.Contains(problem.Required, "next_step") || problem.Properties["next_step"].Value.MinLength == 0 {
		t.Error("a problem may lack its next step")
	}
}
