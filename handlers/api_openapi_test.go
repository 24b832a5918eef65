package handlers_test

import (
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
