package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"muster/models"
)

// What changes nothing but leaves a row in the trail is limited, or a loop
// would fill it with rows that nobody can delete.
func TestActors_FillTheTrailWithFewRowsAMinute(t *testing.T) {
	t.Parallel()
	const most = 60
	for name, c := range map[string]struct {
		account string
		row     models.AuditAction
		// do does it once and returns the answer, passes is its usual status.
		do     func(w *world, b *browser) *answer
		passes int
	}{
		"exports": {"helpdesk", models.AuditExported, func(w *world, b *browser) *answer {
			lists := []string{auditPage, authTokens, registrationTokens}
			return b.post(lists[len(w.audited(models.AuditExported))%len(lists)]+"/export", nil)
		}, http.StatusOK},
		"addresses shown": {"helpdesk", models.AuditPersonalDataShown, func(w *world, b *browser) *answer {
			return b.post("/admin/addresses/show", url.Values{"objectKind": {"registration_token"}, "objectId": {w.registrationTokens()[0].ID}})
		}, http.StatusSeeOther},
		"sign-ins": {"user", models.AuditLogin, func(w *world, b *browser) *answer {
			page := b.follow(b.get("/auth/login"))
			form := page.fields("form")
			form.Set("username", "user")
			form.Set("password", "user")
			back := b.do(http.MethodPost, page.resolve(page.doc.Find("form").AttrOr("action", "")), form)
			for back.url.Path != "/auth/callback" {
				back = b.do(http.MethodGet, back.resolve(back.leadsTo()), nil)
			}
			return back
		}, http.StatusSeeOther},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.registrationToken("Lab", 1)
			b := w.login(c.account)
			w.clock.Advance(time.Minute)
			before := len(w.audited(c.row))
			for range most {
				c.do(w, b).wants(c.passes)
			}
			for range 5 {
				limited := c.do(w, b).wants(http.StatusTooManyRequests).has("main", "too often within a minute")
				if limited.header.Get("Retry-After") == "" {
					t.Error("no Retry-After")
				}
			}
			if rows := len(w.audited(c.row)) - before; rows != most {
				t.Errorf("%d rows, want %d", rows, most)
			}
			w.clock.Advance(time.Minute)
			c.do(w, b).wants(c.passes)
		})
	}
}
