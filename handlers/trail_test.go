package handlers_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/models"
)

// Whoever sees addresses masked narrows the trail, and its export, by what
// they see, or by a whole value typed in full, which is written down.
func TestAudit_MaskedReaderCannotSpellOutAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const label, keyName, user, ip = "for carl@corp.example", "key of dana@corp.example", "carl@corp.example", "10.77.66.5"
	token, secret := w.registrationToken(label, 5)
	_, unmarked := w.registrationToken("Room 7", 5)
	w.redeem(secret, user, "h")
	w.redeem(secret, ip, "h")
	w.redeem(unmarked, "ann", "h")
	note := "ask erin@corp.example at 203.0.113.9"
	_, err := w.service.UpdateRegistrationToken(t.Context(), w.admin(), token.ID, models.RegistrationTokenSettings{Note: &note})
	must(t, err)
	_, _, err = w.service.CreateAPIKey(t.Context(), w.admin(), keyName, models.RoleHelpdesk, nil, nil)
	must(t, err)

	// Asking leaves events behind as well; they are not what is looked for.
	asking := []string{"exported the audit trail", "searched for an e-mail or IP address in /admin/audit"}
	ways := map[string]func(b *browser, name, value string) []string{
		"list": func(b *browser, name, value string) []string {
			return auditRows(b.get(auditPage + "?" + url.Values{name: {value}}.Encode()).wants(http.StatusOK))
		},
		"export": func(b *browser, name, value string) []string {
			var what []string
			for _, row := range rows(t, b.post(auditPage+"/export", url.Values{name: {value}}).wants(http.StatusOK))[1:] {
				what = append(what, row[5])
			}
			return what
		},
	}
	finds := func(b *browser, way, name, value string) bool {
		t.Helper()
		return slices.ContainsFunc(ways[way](b, name, value), func(what string) bool { return !slices.Contains(asking, what) })
	}
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	for name, c := range map[string]struct{ parts, whole, seen []string }{
		"q": {
			parts: []string{"carl", "arl@corp", "198.51.100.7", "10.77.66", "erin", "203.0.113", "for ca", "dana", "key of d"},
			whole: []string{"198.51.100.77", user, ip, label, keyName},
			seen:  []string{"ann", "room"},
		},
		"actor":  {parts: []string{"carl", "arl@corp", "10.77.66."}, whole: []string{"Carl@corp.example", ip}, seen: []string{"ann", "lindqvist"}},
		"object": {parts: []string{"carl", "for c", "arl@corp", "key of d"}, whole: []string{"For carl@corp.example", keyName}, seen: []string{"oom 7"}},
	} {
		for way := range ways {
			for _, value := range c.parts {
				if finds(helpdesk, way, name, value) {
					t.Errorf("%s: the helpdesk finds events by %s=%s", way, name, value)
				}
			}
			for _, value := range c.whole {
				before := len(w.audited(models.AuditPersonalDataLookedUp))
				if !finds(helpdesk, way, name, value) {
					t.Errorf("%s: the helpdesk finds nothing by %s=%s", way, name, value)
				}
				if lookUps := w.audited(models.AuditPersonalDataLookedUp); len(lookUps) != before+1 || strings.Contains(lookUps[0].Detail, value) {
					t.Errorf("%s: %s=%s is told by %d events: %s", way, name, value, len(lookUps)-before, lookUps[0].Detail)
				}
			}
			for _, value := range c.seen {
				if !finds(helpdesk, way, name, value) {
					t.Errorf("%s: the helpdesk finds nothing by %s=%s", way, name, value)
				}
			}
			w.clock.Advance(time.Minute) // the same can be looked up again
		}
		for _, value := range c.parts {
			if !finds(admin, "list", name, value) {
				t.Errorf("%s=%s finds nothing at all", name, value)
			}
		}
	}
}

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
