package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/layout"
)

// A page whose answer is as of an earlier time says so, to people and to programs.
func TestRender_SaysWhenItIsAsOfEarlier(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		noted        []time.Time
		says, header string
	}{
		"now":             {},
		"of several":      {[]time.Time{noon.Add(time.Second), noon, noon.Add(time.Minute)}, "This page is as of 23 Nov 2026, 12:00:00 UTC.", "2026-11-23T12:00:00Z"},
		"of unknown time": {[]time.Time{noon, {}}, "This page may be some time behind.", "unknown"},
	} {
		ctx := models.WithAsOf(t.Context())
		for _, at := range test.noted {
			models.NoteAsOf(ctx, at)
		}
		answer := httptest.NewRecorder()
		c := echo.New().NewContext(httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil), answer)
		if err := web.Render(c, http.StatusOK, layout.Admin(layout.Page{Title: "Uses"})); err != nil {
			t.Fatal(err)
		}
		late, body := len(test.noted) > 0, answer.Body.String()
		if strings.Contains(body, "This page") != late || !strings.Contains(body, test.says) {
			t.Errorf("%s: does not say %q", name, test.says)
		}
		if header := answer.Header().Get(web.HeaderAsOf); header != test.header {
			t.Errorf("%s: header %q", name, header)
		}
	}
}
