package web

import (
	"cmp"
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
	"muster/views/words"
)

// BindForm reads a submitted form into target, a struct with form tags. Only
// the body counts, never the query string. KindInvalid when it cannot be read.
func BindForm(c echo.Context, target any) error {
	request := c.Request()
	if kind := request.Header.Get(echo.HeaderContentType); kind != "" {
		media, _, err := mime.ParseMediaType(kind)
		if err != nil || media != echo.MIMEApplicationForm {
			return echo.ErrUnsupportedMediaType
		}
	}
	if err := request.ParseForm(); err != nil {
		return UnreadBody(c, err, "The form cannot be read.")
	}
	request.Form = request.PostForm
	if len(request.PostForm) == 0 {
		return nil
	}
	return (&echo.DefaultBinder{}).BindBody(c, target)
}

// FieldErrors turns the field errors of err into those of a form: fields are
// renamed where the form has other names, and messages use the form's labels.
func FieldErrors(err *models.Error, renamed map[string]string) ui.FieldErrors {
	errs := ui.FieldErrors{}
	for _, f := range err.Fields {
		name, message := cmp.Or(renamed[f.Field], f.Field), f.Message
		if rest, ok := strings.CutPrefix(message, f.Field+" "); ok {
			if label := words.FieldLabel(f.Field); label != "" {
				message = label + " " + rest
			}
		}
		if errs[name] == "" {
			errs[name] = message
		}
	}
	return errs
}

// FormFailure is why a form is shown again.
type FormFailure struct {
	Status  int
	Errors  ui.FieldErrors
	Notices []layout.Notice
}

// AsFormFailure reports whether the form that is rendered now shows err: input that
// breaks a rule, or a state that forbids it. What was sent in vain is shown on the
// form's page, if that can be; err is then to be returned. For htmx a conflict is a
// notice, and the form stays as it is.
func AsFormFailure(c echo.Context, err error, renamed map[string]string) (FormFailure, bool) {
	if ShownOnFormPage(c, err) {
		return FormFailure{}, false
	}
	f, onPage := AsFailure(err), c.Request().Method != http.MethodPost
	if onPage {
		f.Status = http.StatusOK
	}
	switch {
	case f.Kind == models.KindInvalid && len(f.Fields) > 0:
		errs := FieldErrors(f.Error, renamed)
		for field, message := range errs {
			errs[field] = Rezoned(c, message)
		}
		return FormFailure{Status: f.Status, Errors: errs}, true
	case f.Kind == models.KindStale:
		return FormFailure{Status: f.Status, Notices: []layout.Notice{{
			Tone: layout.NoticeWarning, Text: "Somebody else saved a change while this form was open, so nothing was saved now.",
			Next: "Compare both below. Saving again keeps what the form holds.",
		}}}, true
	case f.Kind == models.KindConflict && !WantsPart(c), onPage && forFormPage(f):
		notice := NoticeOf(f.Error)
		notice.Text = Rezoned(c, notice.Text)
		return FormFailure{Status: f.Status, Notices: []layout.Notice{notice}}, true
	}
	return FormFailure{}, false
}

// NoticeOf is an error as a notice.
func NoticeOf(e *models.Error) layout.Notice {
	return layout.Notice{Tone: layout.NoticeDanger, Text: e.Message, Next: e.NextStep, Code: e.SupportCode}
}

// FormParser collects everything that is wrong with a form, to show it at once.
type FormParser struct{ fields []models.FieldError }

// Fail records what is wrong with a field.
func (p *FormParser) Fail(field, message string) {
	p.fields = append(p.fields, models.FieldError{Field: field, Message: message})
}

// Err is KindInvalid with the fields that are wrong; nil when none is.
func (p *FormParser) Err() error {
	if len(p.fields) == 0 {
		return nil
	}
	return models.Invalid(p.fields...)
}

// Text reads a line of text without the white space around it.
func (p *FormParser) Text(field, raw string) string {
	value := strings.TrimSpace(raw)
	p.check(models.CheckText(field, value, models.MaxIdentifierLength, false))
	return value
}

// Lines reads a multi-line text; browsers send CR LF between lines.
func (p *FormParser) Lines(field, raw string, limit int) string {
	value := strings.TrimSpace(strings.ReplaceAll(raw, "\r\n", "\n"))
	p.check(models.CheckText(field, value, limit, true))
	return value
}

func (p *FormParser) check(f *models.FieldError) {
	if f != nil {
		p.fields = append(p.fields, *f)
	}
}
