package handlers_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"muster/models"
)

// An export that cannot go on must not look like a whole one.
func TestAudit_ExportThatBreaksOffIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	// More than the connection holds, so that the second page is read late.
	detail := `{"note":"` + strings.Repeat("x", 32<<10) + `"}`
	for i := range models.MaxPageSize + 1 {
		must(t, w.store.AppendAudit(t.Context(), models.AuditEvent{
			ID: fmt.Sprintf("%026d", i), OccurredAt: w.clock.Now(), ActorKind: models.ActorSystem, Action: "test.filled", Detail: detail,
		}))
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.base+auditPage+"/export", http.NoBody)
	must(t, err)
	response, err := b.client.Do(r)
	must(t, err)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("status %d", response.StatusCode)
	}
	must(t, w.store.Close())
	n, err := io.Copy(io.Discard, response.Body)
	must(t, response.Body.Close())
	if err == nil {
		t.Errorf("%d bytes of an export that broke off look like the whole", n)
	}
	if !strings.Contains(w.logs.String(), "export broke off") {
		t.Errorf("the log does not tell: %s", w.logs.String())
	}
}
