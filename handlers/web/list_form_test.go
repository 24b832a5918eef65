package web_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

// What no list of 5,000 entries needs is refused before it is read.
func TestBindListForm_RefusesMoreLinesOrCellsThanAListNeeds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		list  string
		taken bool
	}{
		"20,000 lines":   {strings.Repeat("a\n", 20_000), true},
		"more lines":     {strings.Repeat("a\n", 20_001) + "a", false},
		"old Mac lines":  {strings.Repeat("a\r", 20_001) + "a", false},
		"200,000 cells":  {strings.Repeat("a;", 200_000), true},
		"more cells":     {strings.Repeat("a;", 200_001), false},
		"mixed":          {strings.Repeat("a;b,c\td|", 60_000), false},
		"one short line": {"anna", true},
	} {
		var form struct {
			Expected string `form:"expected"`
		}
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(url.Values{"expected": {c.list}}.Encode()))
		request.Header.Set(echo.HeaderContentType, echo.MIMEApplicationForm)
		_, err := web.BindListForm(echo.New().NewContext(request, httptest.NewRecorder()), &form, &form.Expected)
		invalid, _ := errors.AsType[*models.Error](err)
		if taken := err == nil && form.Expected != ""; taken != c.taken {
			t.Errorf("%s: taken %t, %v", name, taken, err)
		}
		if !c.taken && (invalid == nil || invalid.Kind != models.KindInvalid || invalid.Fields[0].Field != "file" || form.Expected != "") {
			t.Errorf("%s: refused with %v", name, err)
		}
	}
}
