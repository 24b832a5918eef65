package claim_test

import (
	"encoding/json"
	"testing"

	"muster/internal/claim"
)

func TestPath_FindsClaimsWhoseNamesHoldDots(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path, claims, want string // want as JSON; empty for none
	}{
		"plain":                          {"groups", `{"groups":["a"]}`, `["a"]`},
		"nested":                         {"realm_access.roles", `{"realm_access":{"roles":["a"]}}`, `["a"]`},
		"address":                        {"https://example.com/roles", `{"https://example.com/roles":["a"]}`, `["a"]`},
		"client id with a dot":           {"resource_access.my.client.roles", `{"resource_access":{"my.client":{"roles":["a"]}}}`, `["a"]`},
		"client id with several dots":    {"resource_access.a.b.c.roles", `{"resource_access":{"a.b":{"x":1},"a.b.c":{"roles":["a"]}}}`, `["a"]`},
		"dots around":                    {"x..y", `{"x.":{"y":1}}`, `1`},
		"longest name first":             {"a.b", `{"a.b":1,"a":{"b":2}}`, `1`},
		"a name that leads nowhere":      {"a.b.c", `{"a.b":{"x":1},"a":{"b":{"c":2}}}`, `2`},
		"array":                          {`["resource_access","my.client","roles"]`, `{"resource_access":{"my.client":{"roles":["a"]}}}`, `["a"]`},
		"array is exact: not split":      {`["a.b"]`, `{"a":{"b":1}}`, ``},
		"array is exact: not joined":     {`["a","b"]`, `{"a.b":1}`, ``},
		"array of one":                   {`["https://example.com/roles"]`, `{"https://example.com/roles":"a"}`, `"a"`},
		"null is found":                  {"groups", `{"groups":null}`, `null`},
		"missing":                        {"groups", `{"group":1}`, ``},
		"through something else":         {"a.b", `{"a":["b"]}`, ``},
		"array through something else":   {`["a","b"]`, `{"a":"b"}`, ``},
		"part of a name is not the name": {"my.client", `{"my.client.roles":1}`, ``},
	} {
		path, err := claim.ParsePath(c.path)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if path.String() != c.path {
			t.Errorf("%s: is written as %s", name, path)
		}
		var claims map[string]any
		if err := json.Unmarshal([]byte(c.claims), &claims); err != nil {
			t.Fatal(err)
		}
		got := ""
		if value, found := path.In(claims); found {
			text, _ := json.Marshal(value)
			got = string(text)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestParsePath_RefusesABrokenArray(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", `["a"`, `[1]`, `[]`, `["a",""]`, `["a"] b`, `[`, `["a",["b"]]`} {
		if path, err := claim.ParsePath(text); err == nil {
			t.Errorf("%q is read as %s", text, path)
		}
	}
}
