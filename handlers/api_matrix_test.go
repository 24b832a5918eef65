package handlers_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"muster/models"
)

// caller is a column of the matrix.
type caller struct {
	name string
	call func(method, path string) (status int, location string)
}

// Every route against everybody who might call it, as checked in. A new route
// does not pass before somebody has written down who may call it.
func TestMatrix_EveryRouteDeclaresAndEnforcesItsPermission(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	expired := w.as("admin")
	w.clock.Advance(time.Hour)
	tokens := w.providerTokens("admin")
	columns := []caller{
		{"anonymous", w.script("").matrix},
		{"user", w.as("user").matrix},
		{"helpdesk", w.as("helpdesk").matrix},
		{"admin", w.script("Bearer " + tokens["access_token"]).matrix},
		{"read-key", w.withKey(models.ScopeRegistrationTokensRead).matrix},
		{"id-token", w.script("Bearer " + tokens["id_token"]).matrix},
		{"expired", expired.matrix},
		{"admin-session", w.login("admin").matrix},
		{"helpdesk-session", w.login("helpdesk").matrix},
		{"user-session", w.login("user").matrix},
	}
	if tokens["id_token"] == "" {
		t.Fatal("the provider gave no ID token")
	}
	var got strings.Builder
	for _, route := range w.server.Routes() {
		if route.Permission == "" {
			t.Errorf("%s %s declares no permission", route.Method, route.Path)
		}
		if strings.HasSuffix(route.Path, "*") || route.Path == "/admin/events" || route.Path == "/auth/logout" {
			continue // files, the provider, an endless answer, the end of the session
		}
		fmt.Fprintf(&got, "%-6s %-50s %-24s", route.Method, route.Path, route.Permission)
		path := strings.NewReplacer(":id", unknownID, ":code", "K7Q4-M2QX").Replace(route.Path)
		for _, c := range columns {
			said := outcome(c.call(route.Method, path))
			fmt.Fprintf(&got, " %s=%s", c.name, said)
			if route.Method != http.MethodGet {
				continue
			}
			if head := outcome(c.call(http.MethodHead, path)); head != said {
				t.Errorf("HEAD %s as %s is %s, GET %s", path, c.name, head, said)
			}
		}
		got.WriteByte('\n')
	}
	const file = "testdata/route_matrix.txt"
	want, err := os.ReadFile(file)
	must(t, err)
	if got.String() == string(want) {
		return
	}
	wanted := map[string]bool{}
	for line := range strings.Lines(string(want)) {
		wanted[line] = true
	}
	for line := range strings.Lines(got.String()) {
		if !wanted[line] {
			t.Errorf("not in %s: %s", file, strings.TrimSpace(line))
		}
		delete(wanted, line)
	}
	for line := range wanted {
		t.Errorf("only in %s: %s", file, strings.TrimSpace(line))
	}
}

// outcome is what a status says about permission; "pass" is anything that is
// decided further in.
func outcome(status int, location string) string {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return fmt.Sprint(status)
	case status == http.StatusSeeOther && strings.Contains(location, "/auth/login"):
		return "login"
	case status >= http.StatusInternalServerError:
		return fmt.Sprint("broken ", status)
	}
	return "pass"
}

func (s *script) matrix(method, path string) (int, string) {
	s.w.t.Helper()
	client := *s.w.http.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := http.NewRequestWithContext(s.w.t.Context(), method, s.w.base+path, nil)
	must(s.w.t, err)
	if s.credential != "" {
		r.Header.Set("Authorization", s.credential)
	}
	response, err := client.Do(r)
	must(s.w.t, err)
	must(s.w.t, response.Body.Close())
	return response.StatusCode, response.Header.Get("Location")
}

func (b *browser) matrix(method, path string) (int, string) {
	b.w.t.Helper()
	a := b.do(method, path, nil)
	return a.status, a.header.Get("Location")
}
