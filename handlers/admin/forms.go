package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/ui"
)

// formFrame starts the page of a form below a list. failed is why the form is
// shown again, nil at first; an error that no form can show is returned. Fields
// of failed that have another name in the form are renamed.
func formFrame(
	c echo.Context, frame *web.Frame, list layout.Link, nav layout.NavItem, title string, failed error, renamed map[string]string, trail ...layout.Link,
) (layout.Page, web.FormFailure, error) {
	failure := web.FormFailure{Status: http.StatusOK}
	switch {
	case failed == nil:
	case web.ShownOnFormPage(c, failed):
		return layout.Page{}, failure, failed
	case models.ErrorCode(failed) == models.CodeUnexpectedNumber:
		failure = numberChanged(web.WantsPart(c))
		if c.Request().Method != http.MethodPost {
			failure.Status = http.StatusOK
		}
	default:
		var ok bool
		if failure, ok = web.AsFormFailure(c, failed, renamed); !ok {
			return layout.Page{}, failure, failed
		}
	}
	page, err := frame.Below(c, list, title, nav, trail...)
	page.Notices = append(page.Notices, failure.Notices...)
	return page, failure, err
}

// numberChanged asks again, because the number that was confirmed is not the
// present one: it is said above the page, or in the form where that stands alone.
func numberChanged(alone bool) web.FormFailure {
	failure := web.FormFailure{Status: http.StatusConflict}
	if alone {
		failure.Errors = ui.FieldErrors{"expected": "The number changed meanwhile: check it and confirm again."}
		return failure
	}
	failure.Notices = []layout.Notice{{
		Tone: layout.NoticeWarning, Text: "Something changed in the meantime, so nothing was deleted or changed. These are the numbers now.",
		Next: "Check them and confirm again.",
	}}
	return failure
}

// formParser reads the fields that the forms share.
type formParser struct{ web.FormParser }

// terms reads count, expiry, note and references.
func (p *formParser) terms(form views.TermsForm, now time.Time) models.RegistrationTokenSettings {
	return models.RegistrationTokenSettings{
		Count:     p.count(form.Count),
		ExpiresAt: p.expiry(form, now),
		Note:      new(p.Lines("note", form.Note, models.MaxNoteLength)),
		RefID1:    new(p.Text("refId1", form.RefID1)),
		RefID2:    new(p.Text("refId2", form.RefID2)),
	}
}

// count reads a count; nil when it is blank or invalid.
func (p *formParser) count(raw string) *int {
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < 1 || n > models.MaxCount {
		p.Fail("count", "The count must be a whole number between 1 and 1,000,000.")
		return nil
	}
	return &n
}

// product reads a count given as users times instances.
func (p *formParser) product(users, instances string) *int {
	total := 1
	for _, factor := range []struct{ field, label, raw string }{{"users", "users", users}, {"instances", "instances of each", instances}} {
		n, err := strconv.Atoi(strings.TrimSpace(factor.raw))
		if err != nil || n < 1 || n > models.MaxCount {
			p.Fail(factor.field, "The number of "+factor.label+" must be a whole number between 1 and 1,000,000.")
			return nil
		}
		total *= n
	}
	if total > models.MaxCount {
		p.Fail("users", "Users times instances is more than 1,000,000, the largest count.")
		return nil
	}
	return &total
}

// defaultExpiryPreset is the expiry that a new form starts with.
const defaultExpiryPreset = "30d"

// expiry reads the expiry; nil when it is blank or invalid.
func (p *formParser) expiry(form views.TermsForm, now time.Time) *time.Time {
	preset, date := form.ExpiryPreset, strings.TrimSpace(form.ExpirationDate)
	switch {
	case preset == "" && date == "":
		return nil
	case preset == "" || preset == views.ExpiryCustom:
		return p.expiryAt(date, web.ZoneOfForm(form.Zone, now))
	}
	t := daysAhead(views.ExpiryPresets, preset, now)
	if t == nil {
		p.Fail("expiryPreset", "Choose one of the expiries offered, or give a date and time.")
	}
	return t
}

// expiryAt reads a date and time in a zone; nil when there is none. Of two times that
// clocks show alike it is the later one; a date alone is the end of that day.
func (p *formParser) expiryAt(date string, zone *time.Location) *time.Time {
	if _, last, ok := web.ParseDateTime(date, zone); ok {
		return &last
	}
	if _, over, ok := web.ParseDay(date, zone); ok {
		return new(over.Add(-time.Second))
	}
	p.Fail("expirationDate", web.DateTimeFault(date, zone))
	return nil
}

// daysAhead adds the chosen number of days ("30d") to now; nil when it is not
// among the options.
func daysAhead(options []ui.Option, chosen string, now time.Time) *time.Time {
	days, err := strconv.Atoi(strings.TrimSuffix(chosen, "d"))
	if err != nil || !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == chosen }) {
		return nil
	}
	return new(now.UTC().Add(time.Duration(days) * web.Day).Truncate(time.Second))
}

// expiryField renames the field of an error about the expiry to the input that
// it came from.
func expiryField(preset string) map[string]string {
	if preset == "" || preset == views.ExpiryCustom {
		return nil
	}
	return map[string]string{"expirationDate": "expiryPreset"}
}

// expected reads the number of auth tokens that a confirmation named.
func (p *formParser) expected(raw string) int {
	n, err := strconv.Atoi(raw)
	if err != nil || n < 0 {
		p.Fail("expected", "The number of auth tokens is missing; open the confirmation again.")
		return 0
	}
	return n
}

// selection is the ids of a form without duplicates and invalid ones.
func selection(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return !tokens.ValidID(id) })
}
