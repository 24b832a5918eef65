package handlers

import (
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
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

// formatDateTimeLocal is the value of a date and time input, in UTC.
func formatDateTimeLocal(t time.Time) string {
	t = t.UTC()
	if t.Second() != 0 {
		return t.Format(dateTimeLocalSeconds)
	}
	return t.Format(dateTimeLocal)
}

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

// text reads a line of text; white space around it does not count.
func (p *formParser) text(field, raw string) string {
	value := strings.TrimSpace(raw)
	if f := models.CheckText(field, value, models.MaxIdentifierLength, false); f != nil {
		p.fields = append(p.fields, *f)
	}
	return value
}

// lines reads a text of several lines; browsers send CR LF between them.
func (p *formParser) lines(field, raw string, limit int) string {
	value := strings.TrimSpace(strings.ReplaceAll(raw, "\r\n", "\n"))
	if f := models.CheckText(field, value, limit, true); f != nil {
		p.fields = append(p.fields, *f)
	}
	return value
}

// count reads a count; nil when it is blank or no number.
func (p *formParser) count(raw string) *int {
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < 1 || n > models.MaxCount {
		p.fail("count", "The count must be a whole number between 1 and 1,000,000.")
		return nil
	}
	return &n
}

// product reads a count as users times instances.
func (p *formParser) product(users, instances string) *int {
	total := 1
	for _, factor := range []struct{ field, label, raw string }{{"users", "users", users}, {"instances", "instances of each", instances}} {
		n, err := strconv.Atoi(strings.TrimSpace(factor.raw))
		if err != nil || n < 1 || n > models.MaxCount {
			p.fail(factor.field, "The number of "+factor.label+" must be a whole number between 1 and 1,000,000.")
			return nil
		}
		total *= n
	}
	if total > models.MaxCount {
		p.fail("users", "Users times instances is more than 1,000,000, the largest count.")
		return nil
	}
	return &total
}

// expiry reads the choice of an expiry; nil when it is blank.
func (p *formParser) expiry(preset, date string, now time.Time) *time.Time {
	date = strings.TrimSpace(date)
	switch {
	case preset == "" && date == "":
		return nil
	case preset == "" || preset == views.ExpiryCustom:
		return p.date(date)
	}
	for _, option := range views.ExpiryPresets {
		days, err := strconv.Atoi(strings.TrimSuffix(option.Value, "d"))
		if err == nil && option.Value == preset {
			t := now.UTC().Add(time.Duration(days) * day).Truncate(time.Second)
			return &t
		}
	}
	p.fail("expiryPreset", "Choose one of the offered times, or give a date and time.")
	return nil
}

func (p *formParser) date(date string) *time.Time {
	for _, layout := range []string{dateTimeLocal, dateTimeLocalSeconds, time.RFC3339} {
		if t, err := time.Parse(layout, date); err == nil && t.Year() < 10_000 {
			t = t.UTC()
			return &t
		}
	}
	p.fail("expirationDate", "Give the date and time of the expiry, like 2026-12-31T23:59 (UTC).")
	return nil
}

// expiryField tells which input of a form the expiry came from.
func expiryField(preset string) map[string]string {
	if preset == "" || preset == views.ExpiryCustom {
		return nil
	}
	return map[string]string{"expirationDate": "expiryPreset"}
}

// parseNewRegistrationToken reads the form of a new registration token, with
// who may redeem it.
func parseNewRegistrationToken(form views.RegistrationTokenForm, now time.Time) (models.RegistrationTokenSettings, error) {
	s, err := parseRegistrationToken(form, now)
	form.Mode, form.Version = string(models.ListAdd), ""
	admission, invalid := parseAdmission(form.AdmissionForm)
	s.Admission = &admission
	return s, mergeInvalid(err, invalid)
}

// mergeInvalid is one error of the fields of both.
func mergeInvalid(first, second error) error {
	a, ok := errors.AsType[*models.Error](first)
	b, both := errors.AsType[*models.Error](second)
	switch {
	case ok && both:
		return models.Invalid(append(slices.Clone(a.Fields), b.Fields...)...)
	case both:
		return second
	default:
		return first
	}
}

// parseRegistrationToken reads what new and edited ones have in common.
func parseRegistrationToken(form views.RegistrationTokenForm, now time.Time) (models.RegistrationTokenSettings, error) {
	var p formParser
	s := models.RegistrationTokenSettings{
		Identifier: new(p.text("identifier", form.Identifier)),
		Count:      p.count(form.Count),
		ExpiresAt:  p.expiry(form.ExpiryPreset, form.ExpirationDate, now),
		Note:       new(p.lines("note", form.Note, models.MaxNoteLength)),
		RefID1:     new(p.text("refId1", form.RefID1)),
		RefID2:     new(p.text("refId2", form.RefID2)),
	}
	if strings.TrimSpace(form.Count) == "" {
		if strings.TrimSpace(form.Users+form.Instances) == "" {
			p.fail("count", "Say how many times the registration token may be used.")
		} else {
			s.Count = p.product(form.Users, form.Instances)
		}
	}
	return s, p.err()
}

// parseEditedRegistrationToken reads the form of an existing one. An expiry
// that was left as shown is left alone.
func parseEditedRegistrationToken(form views.RegistrationTokenForm, expires, now time.Time) (models.RegistrationTokenSettings, error) {
	s, err := parseRegistrationToken(form, now)
	if form.ExpiryPreset == views.ExpiryCustom && strings.TrimSpace(form.ExpirationDate) == formatDateTimeLocal(expires) {
		s.ExpiresAt = nil
	}
	return s, err
}

// parseReplacement reads the form of a replacement; what is blank is carried
// over.
func parseReplacement(form views.RegistrationTokenReplaceForm, now time.Time) (models.RegistrationTokenSettings, error) {
	var p formParser
	s := models.RegistrationTokenSettings{
		Count:     p.count(form.Count),
		ExpiresAt: p.expiry(form.ExpiryPreset, form.ExpirationDate, now),
	}
	return s, p.err()
}

// parseAuthTokenDeletion reads the confirmation of a deletion.
func parseAuthTokenDeletion(form views.AuthTokenDeleteForm) (models.AuthTokenDeletion, error) {
	var p formParser
	expected := p.expected(form.Expected)
	if expected > mostDeleted {
		p.fail("expected", "At most 10,000 auth tokens can be deleted at once: narrow the list.")
	}
	d := models.AuthTokenDeletion{
		Reason:      p.lines("reason", form.Reason, models.MaxReasonLength),
		ReturnCount: form.ReturnCount == "true",
		Expected:    &expected,
	}
	if form.ReturnCount != "" && form.ReturnCount != "true" && form.ReturnCount != "false" {
		p.fail("returnCount", "Say whether the counts are given back.")
	}
	return d, p.err()
}

// expected reads the number of auth tokens that a confirmation named.
func (p *formParser) expected(raw string) int {
	n, err := strconv.Atoi(raw)
	if err != nil || n < 0 {
		p.fail("expected", "The number of auth tokens is missing; open the confirmation again.")
		return 0
	}
	return n
}
