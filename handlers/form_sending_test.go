package handlers_test

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// sending is one way to send a form.
type sending struct {
	// change is what is not as on the page.
	change string
	values url.Values
	// file goes into the file field, if there is one.
	file string
	// typed is what of the values was typed over.
	typed map[string]string
	// as is another content type than the form's.
	as *string
	// htmx tells that a script sends it.
	htmx bool
}

func (s sending) clone() sending {
	s.values = maps.Clone(s.values)
	for name, values := range s.values {
		s.values[name] = slices.Clone(values)
	}
	return s
}

// usual is what a person types into fields that stand blank.
var usual = map[string]string{
	"count": "5", "identifier": "Lab two", "recipients": "Ada Lovelace <ada@corp.example>\ngrace@corp.example", "expected": "dora",
	"systemUserName": "fred", "fqdn": "fred-pc.corp.example", "macAddress": "00:53:00:12:34:56", "ip": "192.0.2.7", "email": "fred@corp.example",
	"query": "ann", "name": "Robot two", "reason": "lost", "text": "called twice", "ticket": "HD-1", "note": "for the lab\nin Berlin", "username": "user", "password": "user",
}

// asItStands is the form filled in.
func (k *formFinder) asItStands(f *foundForm) sending {
	s := sending{change: "nothing", values: url.Values{}}
	for _, field := range f.fields {
		if field.kind == "file" {
			continue
		}
		for _, value := range field.values {
			if value == "" && field.kind != "hidden" {
				value = usual[field.name]
			}
			if field.name == "registrationToken" && field.kind == "text" {
				value = k.secret
			}
			s.values.Add(field.name, value)
		}
	}
	return s
}

// send sends the form from a browser of its own: a sign-out must not last.
func (k *formFinder) send(f *foundForm, s sending) *answer {
	t := k.w.t
	t.Helper()
	if k.sent++; k.sent%50 == 0 {
		// What is limited for a minute is not to hide what is behind it.
		k.minute = -k.minute
		k.w.clock.Advance(k.minute)
	}
	k.sender = k.browser.copyOf()
	if f.method == http.MethodGet {
		address, _, _ := strings.Cut(f.action, "?")
		return k.sender.get(strings.TrimPrefix(address, k.w.base) + "?" + s.values.Encode())
	}
	body, kind := bytes.NewBufferString(s.values.Encode()), "application/x-www-form-urlencoded"
	if f.multipart {
		body.Reset()
		kind = writeMultipart(t, body, f, s)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.action, body)
	must(t, err)
	if s.as != nil {
		kind = *s.as
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if s.htmx {
		r.Header.Set("HX-Request", "true")
	}
	return k.sender.send(r)
}

func writeMultipart(t testing.TB, body io.Writer, f *foundForm, s sending) (kind string) {
	t.Helper()
	w := multipart.NewWriter(body)
	for name, values := range s.values {
		for _, value := range values {
			must(t, w.WriteField(name, value))
		}
	}
	for _, field := range f.fields {
		if field.kind == "file" {
			part, err := w.CreateFormFile(field.name, "list.csv")
			must(t, err)
			_, err = io.WriteString(part, s.file)
			must(t, err)
		}
	}
	must(t, w.Close())
	return w.FormDataContentType()
}
