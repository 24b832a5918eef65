package handlers

import (
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// bindForm reads a submitted form into target, a form struct of views. Only
// the body counts, never the query string.
func bindForm(c echo.Context, target any) error {
	request := c.Request()
	if kind := request.Header.Get(echo.HeaderContentType); kind != "" {
		media, _, err := mime.ParseMediaType(kind)
		if err != nil || media != echo.MIMEApplicationForm {
			return echo.ErrUnsupportedMediaType
		}
	}
	if err := request.ParseForm(); err != nil {
		if f := asFailure(err); f.status == http.StatusRequestEntityTooLarge {
			return f.Error
		}
		return badRequest("The form cannot be read.")
	}
	request.Form = request.PostForm
	if len(request.PostForm) == 0 {
		return nil
	}
	return (&echo.DefaultBinder{}).BindBody(c, target)
}

// fieldLabels are the words of the forms for the fields of the API.
var fieldLabels = map[string]string{
	"identifier": "The label", "note": "The note", "refId1": "Reference 1", "refId2": "Reference 2",
	"systemUserName": "The user name", "fqdn": "The host name", "macAddress": "The MAC address",
	"reason": "The reason", "q": "The search text",
}

// fieldErrors turns the fields of an error into those of a form: names that
// differ are renamed, and messages speak of the form's labels.
func fieldErrors(err *models.Error, renamed map[string]string) ui.FieldErrors {
	errs := ui.FieldErrors{}
	for _, f := range err.Fields {
		name, message := f.Field, f.Message
		if to, ok := renamed[name]; ok {
			name = to
		}
		if rest, ok := strings.CutPrefix(message, f.Field+" "); ok && fieldLabels[f.Field] != "" {
			message = fieldLabels[f.Field] + " " + rest
		}
		if errs[name] == "" {
			errs[name] = message
		}
	}
	return errs
}

// formFailure is why a form has to be shown again.
type formFailure struct {
	status  int
	errors  ui.FieldErrors
	notices []layout.Notice
}

// asFormFailure reports whether err is for the form to tell: input that
// breaks a rule, or a state that forbids it. To htmx a conflict is a notice,
// and the form stays as it is.
func asFormFailure(c echo.Context, err error, renamed map[string]string) (formFailure, bool) {
	f := asFailure(err)
	switch {
	case f.Kind == models.KindInvalid && len(f.Fields) > 0:
		return formFailure{status: f.status, errors: fieldErrors(f.Error, renamed)}, true
	case f.Kind == models.KindConflict && !wantsPart(c):
		return formFailure{status: f.status, notices: []layout.Notice{noticeOf(f.Error)}}, true
	}
	return formFailure{}, false
}

func noticeOf(e *models.Error) layout.Notice {
	return layout.Notice{Tone: layout.NoticeDanger, Text: e.Message, Next: e.NextStep, Code: e.SupportCode}
}

// dateTimeLocal is how browsers send a date and time; seconds only if set.
const (
	dateTimeLocal        = "2006-01-02T15:04"
	dateTimeLocalSeconds = "2006-01-02T15:04:05"
)

// formParser gathers what is wrong with a form, to be told at once.
type formParser struct{ fields []models.FieldError }

func (p *formParser) fail(field, message string) {
	p.fields = append(p.fields, models.FieldError{Field: field, Message: message})
}

func (p *formParser) err() error {
	if len(p.fields) == 0 {
		return nil
	}
	return models.Invalid(p.fields...)
}

// lines reads a text of several lines; browsers send CR LF between them.
func (p *formParser) lines(field, raw string, limit int) string {
	value := strings.TrimSpace(strings.ReplaceAll(raw, "\r\n", "\n"))
	if f := models.CheckText(field, value, limit, true); f != nil {
		p.fields = append(p.fields, *f)
	}
	return value
}
