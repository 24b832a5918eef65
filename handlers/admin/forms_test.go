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
		form := views.RegistrationTokenForm{TermsForm: views.TermsForm{Count: "1", ExpiryPreset: views.ExpiryCustom, ExpirationDate: web.FormatDateTime(expires)}}
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
