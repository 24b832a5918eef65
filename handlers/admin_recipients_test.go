package handlers_test

import (
	"bytes"
	"encoding/csv"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
)

const (
	recipientsPath       = registrationTokens + "/new/recipients"
	createRecipientsPath = registrationTokens + "/recipients"
)

// upload posts a form as browsers send one with a file.
func (b *browser) upload(path string, form url.Values, file string) *answer {
	b.w.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, values := range form {
		for _, value := range values {
			must(b.w.t, parts.WriteField(name, value))
		}
	}
	if file != "" {
		part, err := parts.CreateFormFile("file", "people.csv")
		must(b.w.t, err)
		_, err = part.Write([]byte(file))
		must(b.w.t, err)
	}
	must(b.w.t, parts.Close())
	r, err := http.NewRequestWithContext(b.w.t.Context(), http.MethodPost, b.w.base+path, &body)
	must(b.w.t, err)
	r.Header.Set("Content-Type", parts.FormDataContentType())
	return b.send(r)
}

// fields are what a form would send as rendered.
func (a *answer) fields(form string) url.Values {
	values := url.Values{}
	a.doc.Find(form + " [name]").Each(func(_ int, field *goquery.Selection) {
		if name := field.AttrOr("name", ""); name != "file" && goquery.NodeName(field) != "button" {
			values.Add(name, fieldValue(field))
		}
	})
	return values
}

// registrationTokens reads the first page of them.
func (w *world) registrationTokens() []models.RegistrationToken {
	w.t.Helper()
	found, err := w.store.RegistrationTokens(w.t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{}, w.clock.Now())
	must(w.t, err)
	return found.Items
}

func rows(t *testing.T, a *answer) [][]string {
	t.Helper()
	if kind := a.header.Get("Content-Type"); kind != "text/csv; charset=utf-8" {
		t.Fatalf("Content-Type %q\n%s", kind, squeeze(a.doc.Text()))
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	must(t, err)
	return records
}

func TestRecipients_ExpiryThatIsLeftOutIsTheUsualOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	list := url.Values{"recipients": {"Ada"}, "count": {"1"}}
	checked := b.upload(recipientsPath, list, "").wants(http.StatusOK).has("#recipients-check", "in 30 days")
	if preset := checked.value("expiryPreset"); preset != "30d" {
		t.Errorf("the form goes on with the expiry %q", preset)
	}
	made := checked.fields(`form[action="` + createRecipientsPath + `"]`)
	made.Del("expiryPreset")
	if got := rows(t, b.upload(createRecipientsPath, made, "").wants(http.StatusOK)); got[1][5] != "2026-12-23T10:00:00Z" {
		t.Errorf("made with the expiry %s", got[1][5])
	}
}

func TestRecipients_GetASecretEachAndTheFileComesOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	form := b.get(recipientsPath).wants(http.StatusOK).fields("form")
	form.Set("recipients", "Ada Lovelace <ada@example.com>\r\nada@example.com\r\n=cmd|' /C calc'!A0\r\nname,not an @ address")
	form.Set("count", "2")
	form.Set("refId1", "PO-7")
	check := b.upload(recipientsPath, form, "name;email\nZoë;zoe@example.com\n").wants(http.StatusOK)
	check.has("#will-be-made", "3 registration tokens will be created").has("#left-out", "2 lines are left out").
		has(".left-out", "The same as line 1.").has(".left-out", "is not an e-mail address")
	if n := len(w.registrationTokens()); n != 0 {
		t.Fatalf("the check made %d registration tokens", n)
	}

	create := check.fields("form[data-download]")
	made := b.upload(createRecipientsPath, create, "").wants(http.StatusOK)
	if cache := made.header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("Cache-Control is %q", cache)
	}
	if d := made.header.Get("Content-Disposition"); !strings.HasPrefix(d, `attachment; filename="registration-tokens-`) {
		t.Errorf("Content-Disposition is %q", d)
	}
	records := rows(t, made)
	if len(records) != 4 {
		t.Fatalf("%d rows, want a heading and 3: %q", len(records), records)
	}
	if got := records[1][:2]; got[0] != "Ada Lovelace" || got[1] != "ada@example.com" {
		t.Errorf("first row %q", got)
	}
	if got := records[2][0]; got != "'=cmd|' /C calc'!A0" {
		t.Errorf("a formula was left as it is: %q", got)
	}
	for _, row := range records[1:] {
		if row[3] != w.base+"/redeem#"+row[2] || row[4] != "2" {
			t.Errorf("row %q", row)
		}
		w.redeem(models.Secret(row[2]), "somebody", "host.example")
	}
	stored := w.registrationTokens()
	if len(stored) != 3 || stored[0].RefID1 != "PO-7" || stored[0].Count != 2 {
		t.Errorf("stored %+v", stored)
	}

	again := b.follow(b.upload(createRecipientsPath, create, "").wants(http.StatusSeeOther)).wants(http.StatusOK).has("h1", "already created")
	if strings.Contains(again.body, records[1][2]) || len(w.registrationTokens()) != 3 {
		t.Error("the second sending showed a secret or made more")
	}
}

// A sheet is read by its headings, whatever wrote it; people say which column is
// which, and what they said counts when the tokens are made.
func TestRecipients_ComeFromASheetWithItsColumns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	form := b.get(recipientsPath).wants(http.StatusOK).fields("form#recipients-form")
	sheet := "sep=;\r\nNachname;Vorname;E-Mail-Adresse;Firma\r\nGro\xdf;J\xfcrgen;juergen@contoso.example;Contoso\r\n"
	check := b.upload(recipientsPath, form, sheet).wants(http.StatusOK)
	check.has(".recipients", "Jürgen Groß <juergen@contoso.example>").has("#reading", "read as Windows-1252 text").
		has("#reading .reading-counts", "1 cell is not used").has(".recipients", "Jürgen")
	answers := check.fields("form#recipients-form")
	answers["column"] = []string{"firma=name", "nachname=none", "vorname=none", "e-mail-adresse=email"}
	again := b.upload(recipientsPath, answers, "").wants(http.StatusOK).has(".recipients", "Contoso <juergen@contoso.example>")
	made := rows(t, b.upload(createRecipientsPath, again.fields("form[data-download]"), "").wants(http.StatusOK))
	if got := made[1][:2]; got[0] != "Contoso" || got[1] != "juergen@contoso.example" {
		t.Errorf("made for %q", got)
	}
}

func TestRecipients_SayWhatIsWrongAndMakeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	form := b.get(recipientsPath).wants(http.StatusOK).fields("form")
	with := func(name, value string) url.Values {
		f := url.Values{}
		for n := range form {
			f.Set(n, form.Get(n))
		}
		f.Set(name, value)
		return f
	}
	late := with("expiryPreset", "custom")
	late.Set("expirationDate", "2027-11-25T10:00")
	for name, c := range map[string]struct {
		form     url.Values
		file     string
		selector string
		text     string
	}{
		"nobody":                  {form, "", "#recipients-error", "at least one recipient"},
		"too many":                {with("recipients", ""), manyPeople(models.MaxRecipients + 1), "#recipients-error", "at most 5,000"},
		"no text":                 {form, "\x89PNG\x00\x01", "#file-error", "holds no text"},
		"a workbook":              {form, "PK\x03\x04", "#file-error", "save the sheet as CSV"},
		"a bad count":             {with("count", "0"), "Ada", "#count-error", "whole number"},
		"a past expiry":           {with("expiryPreset", "never"), "Ada", "#expiryPreset-error", "Choose one"},
		"a note too long":         {with("note", strings.Repeat("x", models.MaxNoteLength+1)), "Ada", "#note-error", "at most 4000"},
		"an expiry too far ahead": {late, "Ada", "#expirationDate-error", "at most 366 days ahead"},
	} {
		t.Run(name, func(t *testing.T) {
			b.upload(recipientsPath, c.form, c.file).wants(http.StatusUnprocessableEntity).has(c.selector, c.text)
		})
	}
	b.upload(recipientsPath, form, strings.Repeat("a", 3<<20)).wants(http.StatusUnprocessableEntity).has("#file-error", "too long")

	check := b.upload(recipientsPath, form, "Ada\nGrace").wants(http.StatusOK)
	create := check.fields("form[data-download]")
	create.Set("recipients", "Ada\nGrace\nMallory")
	b.upload(createRecipientsPath, create, "").wants(http.StatusUnprocessableEntity).has(".notice", "differs from the one that was checked")
	create.Set("nonce", "made-up")
	create.Set("expected", "3")
	b.upload(createRecipientsPath, create, "").wants(http.StatusConflict)
	if n := len(w.registrationTokens()); n != 0 {
		t.Errorf("%d registration tokens were made", n)
	}

	helpdesk := w.login("helpdesk")
	helpdesk.get(recipientsPath).wants(http.StatusForbidden)
	helpdesk.upload(createRecipientsPath, create, "").wants(http.StatusForbidden)
}

func manyPeople(n int) string {
	var text strings.Builder
	for i := range n {
		text.WriteString("Person " + strconv.Itoa(i) + "\n")
	}
	return text.String()
}

func TestNewRegistrationToken_CountFromUsersAndInstances(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	page := b.get(registrationTokens + "/new").wants(http.StatusOK)
	for _, c := range []struct{ users, instances, field string }{
		{"x", "2", "users"}, {"10", "", "instances"}, {"1000000", "2", "users"}, {"-1", "1", "users"},
	} {
		form := newForm(page, map[string]string{"count": "", "users": c.users, "instances": c.instances, "expiryPreset": "7d"})
		b.post(registrationTokens, form).wants(http.StatusUnprocessableEntity).has("#"+c.field+"-error", "1,000,000")
	}
	form := newForm(page, map[string]string{"count": "", "users": "100", "instances": " 2 ", "expiryPreset": "7d"})
	created := b.post(registrationTokens, form).wants(http.StatusOK)
	created.has("#invitation", created.text("#redeem-link")).has("#invitation", "200 times").has("svg.qr path", "")
	if n := w.registrationTokens()[0].Count; n != 200 {
		t.Errorf("count %d, want 200", n)
	}
}
