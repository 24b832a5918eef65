package admin

import (
	"errors"
	"testing"
	"time"

	"muster/handlers/web"
	"muster/models"
	views "muster/views/admin"
)

func failedFields(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Kind != models.KindInvalid {
		t.Fatalf("%v is not about input", err)
	}
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Field)
	}
	return names
}

func TestFormParser_Expiry(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 123, time.UTC)
	at := func(text string) *time.Time {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return &when
	}
	for name, c := range map[string]struct {
		preset, date string
		want         *time.Time
		field        string
	}{
		"preset":              {"30d", "", at("2026-12-23T10:00:00Z"), ""},
		"preset beats date":   {"1d", "2027-01-01T00:00", at("2026-11-24T10:00:00Z"), ""},
		"date":                {views.ExpiryCustom, "2027-01-01T00:00", at("2027-01-01T00:00:00Z"), ""},
		"date with seconds":   {views.ExpiryCustom, "2027-01-01T23:59:59", at("2027-01-01T23:59:59Z"), ""},
		"date without script": {"", " 2027-01-01T00:00 ", at("2027-01-01T00:00:00Z"), ""},
		"with a zone":         {views.ExpiryCustom, "2027-01-01T02:00:00+02:00", at("2027-01-01T00:00:00Z"), ""},
		"nothing":             {"", "", nil, ""},
		"no such preset":      {"2d", "", nil, "expiryPreset"},
		"preset overflows":    {"99999999999d", "", nil, "expiryPreset"},
		"date missing":        {views.ExpiryCustom, "", nil, "expirationDate"},
		"no such day":         {views.ExpiryCustom, "2027-02-30T00:00", nil, "expirationDate"},
		"text":                {views.ExpiryCustom, "tomorrow", nil, "expirationDate"},
	} {
		var p formParser
		got := p.expiry(views.TermsForm{ExpiryPreset: c.preset, ExpirationDate: c.date}, now)
		failed := failedFields(t, p.Err())
		switch {
		case c.field != "" && (len(failed) != 1 || failed[0] != c.field):
			t.Errorf("%s: failed %v, want %s", name, failed, c.field)
		case c.field == "" && failed != nil:
			t.Errorf("%s: failed %v", name, failed)
		case (got == nil) != (c.want == nil) || got != nil && !got.Equal(*c.want):
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestFormParser_ExpiryIsInTheZoneOfTheForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ viewers, form, date, want string }{
		{"Europe/Berlin", "", "2026-12-31T23:59", "2026-12-31T22:59:00Z"},
		{"Europe/Berlin", "Pacific/Auckland", "2026-12-31T23:59", "2026-12-31T10:59:00Z"},
		{"Europe/Berlin", "no/zone", "2026-12-31T23:59", "2026-12-31T22:59:00Z"},
		{"Asia/Kolkata", "", "2026-12-31T23:59", "2026-12-31T18:29:00Z"},
		{"America/St_Johns", "", "2026-12-31T23:59", "2027-01-01T03:29:00Z"},
		// A date alone is the end of that day, however long it is.
		{"Europe/Berlin", "", "2026-10-25", "2026-10-25T22:59:59Z"},
		{"Pacific/Auckland", "", "2026-12-31", "2026-12-31T10:59:59Z"},
		// Of two times that read alike it is the later one; one that never comes is none.
		{"Europe/Berlin", "", "2026-10-25T02:30", "2026-10-25T01:30:00Z"},
		{"Europe/Berlin", "", "2026-03-29T02:30", ""},
	} {
		zone, err := models.LoadZone(c.viewers)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 1, 23, 10, 0, 0, 0, time.UTC).In(zone)
		var p formParser
		got := p.expiry(views.TermsForm{ExpiryPreset: views.ExpiryCustom, ExpirationDate: c.date, Zone: c.form}, now)
		switch {
		case c.want == "" && (got != nil || p.Err() == nil):
			t.Errorf("%s in %s is %v", c.date, c.viewers, got)
		case c.want != "" && (got == nil || got.UTC().Format(time.RFC3339) != c.want):
			t.Errorf("%s in %s%s is %v, want %s, %v", c.date, c.viewers, c.form, got, c.want, p.Err())
		}
	}
}

func TestFormParser_Count(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]int{"1": 1, " 20 ": 20, "1000000": 1000000, "": 0, "0": -1, "-1": -1, "1.5": -1, "1e3": -1, "1,000": -1, "٣": -1, "0x10": -1, "9223372036854775808": -1} {
		var p formParser
		got := p.count(raw)
		if failed := p.Err() != nil; failed != (want == -1) {
			t.Errorf("%q: failed %v", raw, failed)
		}
		if want > 0 && (got == nil || *got != want) || want <= 0 && got != nil {
			t.Errorf("%q: %v, want %d", raw, got, want)
		}
	}
}

func TestParseEdited_ExpiryThatWasLeftAsShownIsLeftAlone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for _, expires := range []time.Time{now.Add(time.Second * 30), now.Add(time.Hour)} {
		form := views.RegistrationTokenForm{TermsForm: views.TermsForm{Count: "1", ExpiryPreset: views.ExpiryCustom, ExpirationDate: web.FormatDateTime(expires, time.UTC)}}
		s, err := parseEditedRegistrationToken(form, expires, now)
		if err != nil || s.ExpiresAt != nil {
			t.Errorf("%v: %v, %v", expires, s.ExpiresAt, err)
		}
	}
}

func TestParseReplacement_BlankIsCarriedOver(t *testing.T) {
	t.Parallel()
	s, err := parseReplacement(views.TermsForm{}, time.Now())
	if err != nil || s.Count != nil || s.ExpiresAt != nil {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestFieldErrors_SpeakOfTheForm(t *testing.T) {
	t.Parallel()
	err := models.Invalid(
		models.FieldError{Field: "refId1", Message: "refId1 must not be blank."},
		models.FieldError{Field: "expirationDate", Message: "Too late."},
		models.FieldError{Field: "expirationDate", Message: "Said already."},
	)
	got := web.FieldErrors(err, expiryField("7d"))
	if len(got) != 2 || got["refId1"] != "Reference 1 must not be blank." || got["expiryPreset"] != "Too late." {
		t.Errorf("%v", got)
	}
	if web.FieldErrors(err, expiryField(views.ExpiryCustom))["expirationDate"] != "Too late." {
		t.Error("the error of a typed date is not beside it")
	}
}
