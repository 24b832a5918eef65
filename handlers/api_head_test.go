package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"muster/models"
)

// HEAD is GET without the body (RFC 9110 section 9.3.2): whoever checks a link
// or watches a server asks that way.
func TestHead_AnswersLikeGetWithoutTheBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 5)
	device := w.redeem(secret, "alice", "pc1").AuthToken.ID
	admin, nobody, pages := w.as("admin"), w.script(""), w.login("admin")
	for _, route := range w.server.Routes() {
		if route.Method != http.MethodGet || strings.HasSuffix(route.Path, "*") || route.Path == "/admin/events" {
			continue
		}
		id := token.ID
		if strings.Contains(route.Path, "/auth") {
			id = device
		}
		for _, path := range []string{strings.ReplaceAll(route.Path, ":id", id), strings.ReplaceAll(route.Path, ":id", unknownID)} {
			callers := []func(method string) (int, http.Header, string){
				func(method string) (int, http.Header, string) {
					got := admin.call(method, path, nil)
					return got.status, got.header, got.raw
				},
				func(method string) (int, http.Header, string) {
					got := nobody.call(method, path, nil)
					return got.status, got.header, got.raw
				},
			}
			if route.Page {
				callers = []func(method string) (int, http.Header, string){
					func(method string) (int, http.Header, string) {
						got := pages.do(method, path, nil)
						return got.status, got.header, got.body
					},
				}
			}
			for _, call := range callers {
				status, header, _ := call(http.MethodGet)
				headStatus, headHeader, headBody := call(http.MethodHead)
				if headStatus != status || headBody != "" {
					t.Errorf("HEAD %s: status %d and %d bytes, GET says %d", path, headStatus, len(headBody), status)
				}
				for name := range header {
					switch name {
					case "Date", "X-Request-Id", "Content-Length", "Set-Cookie", "Location":
						continue // its own for each answer; a problem holds a request id
					}
					if strings.Join(headHeader[name], "\n") != strings.Join(header[name], "\n") {
						t.Errorf("HEAD %s: %s is %q, GET says %q", path, name, headHeader[name], header[name])
					}
				}
			}
		}
	}
	if got := admin.call(http.MethodHead, apiRegs+"/lookup", nil); got.status != http.StatusNotFound {
		t.Errorf("HEAD of what is no id: %d", got.status)
	}
	if got := admin.call(http.MethodHead, "/oauth2/token", nil); got.status != http.StatusMethodNotAllowed {
		t.Errorf("HEAD where there is no GET: %d", got.status)
	}
	if got := pages.do(http.MethodHead, "/admin/events", nil); got.status != http.StatusMethodNotAllowed {
		t.Errorf("HEAD of the live stream: %d", got.status)
	}
	if got := pages.do(http.MethodHead, "/static/js/live.js", nil); got.status != http.StatusOK || got.body != "" {
		t.Errorf("HEAD of a file: %d", got.status)
	}
}

// Nobody sees the answer to a HEAD, so it must not use up what is shown once.
func TestHead_LeavesTheNoticeForThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Lab", 5)
	b := w.login("admin")
	path := "/admin/registration-tokens/" + token.ID
	b.post(path+"/disable", nil).wants(http.StatusSeeOther)
	b.do(http.MethodHead, path, nil).wants(http.StatusOK)
	b.get(path).has("#notices", "disabled")
}

// A HEAD that is turned away is recorded as what it was.
func TestHead_DeniedIsAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := w.withKey(models.ScopeRegistrationTokensRead)
	if got := key.call(http.MethodHead, apiAuth, nil); got.status != http.StatusForbidden {
		t.Fatalf("HEAD without the scope: %d", got.status)
	}
	found, err := w.store.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditAccessDenied}, models.PageRequest{})
	must(t, err)
	if len(found.Items) != 1 || found.Items[0].ObjectID != "HEAD "+apiAuth {
		t.Errorf("denied accesses in the audit trail: %+v", found.Items)
	}
}
