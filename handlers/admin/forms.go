package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
	views "muster/views/admin"
	"muster/views/ui"
)

// noFailure shows a form for the first time.
var noFailure = web.FormFailure{Status: http.StatusOK}

// formParser reads the fields that forms of the room have in common.
type formParser struct{ web.FormParser }

// count reads a count; nil when it is blank or no number.
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

// product reads a count as users times instances.
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

// defaultExpiryPreset is the expiry that a fresh form starts with.
const defaultExpiryPreset = "30d"

// expiry reads the choice of an expiry; nil when it is blank.
func (p *formParser) expiry(preset, date string, now time.Time) *time.Time {
	date = strings.TrimSpace(date)
	switch {
	case preset == "" && date == "":
		return nil
	case preset == "" || preset == views.ExpiryCustom:
		if t, ok := web.ParseDateTime(date); ok {
			return &t
		}
		p.Fail("expirationDate", "Give the date and time of the expiry, like 2026-12-31T23:59 (UTC).")
		return nil
	}
	t := daysAhead(views.ExpiryPresets, preset, now)
	if t == nil {
		p.Fail("expiryPreset", "Choose one of the offered times, or give a date and time.")
	}
	return t
}

// daysAhead is now and the number of days that was chosen among options
// ("30d"); nil when it is none of them.
func daysAhead(options []ui.Option, chosen string, now time.Time) *time.Time {
	days, err := strconv.Atoi(strings.TrimSuffix(chosen, "d"))
	if err != nil || !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == chosen }) {
		return nil
	}
	return new(now.UTC().Add(time.Duration(days) * web.Day).Truncate(time.Second))
}

// expiryField tells which input of a form the expiry came from.
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

// selection is the ids of a form without doubles, and without what is no id.
func selection(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return !tokens.ValidID(id) })
}
