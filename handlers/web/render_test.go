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
	for _, late := range []bool{false, true} {
		ctx := models.WithAsOf(t.Context())
		if late {
			models.NoteAsOf(ctx, noon)
			models.NoteAsOf(ctx, noon.Add(time.Second))
		}
		answer := httptest.NewRecorder()
		c := echo.New().NewContext(httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil), answer)
		if err := web.Render(c, http.StatusOK, layout.Admin(layout.Page{Title: "Uses"})); err != nil {
			t.Fatal(err)
		}
		said := strings.Contains(answer.Body.String(), "This page is as of 12:00:00 UTC.")
		if header := answer.Header().Get(web.HeaderAsOf); said != late || (header == "2026-11-23T12:00:00Z") != late {
			t.Errorf("late %t: says so %t, header %q", late, said, header)
		}
	}
}
